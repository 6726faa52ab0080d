namespace AiCd.Forge.Paths;

/// <summary>What lies at a path, links not followed.</summary>
internal readonly record struct FileStatus(ushort Mode)
{
    private const int TypeMask = 0xF000;

    private const int Executable = 0b001_001_001;

    public FileType Type => (FileType)(Mode & TypeMask);

    public bool IsExecutable => (Mode & Executable) != 0;
}

/// <summary>The values are the kernel's (S_IFMT).</summary>
internal enum FileType
{
    Pipe = 0x1000,
    CharacterDevice = 0x2000,
    Folder = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    Link = 0xA000,
    Socket = 0xC000,
}
