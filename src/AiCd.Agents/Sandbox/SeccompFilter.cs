using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AiCd.Agents.Sandbox;

/// <summary>
/// The program by which the kernel judges every system call in the sandbox. It is no list of what is allowed: it closes what leads
/// past the other walls (new namespaces and mounts, sockets that no network namespace holds, the terminal's input) and the parts of
/// the kernel that builds and tests never need and attacks do.
/// </summary>
internal static class SeccompFilter
{
    private const ushort LoadWord = 0x20;
    private const ushort JumpEqual = 0x15;
    private const ushort JumpAtLeast = 0x35;
    private const ushort JumpAnyBit = 0x45;
    private const ushort Return = 0x06;

    private const uint Allow = 0x7fff0000;
    private const uint Kill = 0x80000000;
    private const uint Error = 0x00050000;
    private const uint NotPermitted = Error | 1;
    private const uint NotImplemented = Error | 38;
    private const uint NoSuchFamily = Error | 97;

    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint FirstArgument = 16;
    private const uint SecondArgument = 24;

    // CLONE_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET; and _NEWTIME, which clone takes for a part of the signal.
    private const uint NewNamespaces = 0x7e020000;
    private const uint NewTime = 0x80;

    /// <summary>Beyond 64-bit calls lies the x32 table, which no program here uses.</summary>
    private const uint FirstX32Call = 0x40000000;

    private static readonly uint[] Families = [1, 2, 10, 16];

    private static readonly uint[] PushedInput = [0x5412, 0x541C];

    /// <returns>Null on an architecture whose numbers are not known here.</returns>
    public static byte[]? ForThisMachine() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => Build(SystemCalls.X64),
        Architecture.Arm64 => Build(SystemCalls.Arm64),
        _ => null,
    };

    public static byte[] Build(SystemCalls calls)
    {
        var program = new Program();
        program.Add(LoadWord, ArchitectureOffset);
        program.Add(JumpEqual, calls.Architecture, 1, 0);
        program.Add(Return, Kill);
        program.Add(LoadWord, NumberOffset);
        if (calls.HasX32)
        {
            program.Add(JumpAtLeast, FirstX32Call, 0, 1);
            program.Add(Return, NotImplemented);
        }

        foreach (var call in calls.Absent)
        {
            program.Add(JumpEqual, call, 0, 1);
            program.Add(Return, NotImplemented);
        }

        foreach (var call in calls.Refused)
        {
            program.Add(JumpEqual, call, 0, 1);
            program.Add(Return, NotPermitted);
        }

        RefuseBits(program, calls.CloneCall, NewNamespaces);
        RefuseBits(program, calls.Unshare, NewNamespaces | NewTime);
        AllowOnly(program, calls.Socket, Families);
        RefuseValues(program, calls.IoControl, PushedInput);
        program.Add(Return, Allow);
        return program.ToBytes();
    }

    private static void RefuseBits(Program program, uint call, uint bits)
    {
        program.Add(JumpEqual, call, 0, 4);
        program.Add(LoadWord, FirstArgument);
        program.Add(JumpAnyBit, bits, 0, 1);
        program.Add(Return, NotPermitted);
        program.Add(Return, Allow);
    }

    private static void AllowOnly(Program program, uint call, uint[] values)
    {
        program.Add(JumpEqual, call, 0, (byte)((2 * values.Length) + 2));
        program.Add(LoadWord, FirstArgument);
        foreach (var value in values)
        {
            program.Add(JumpEqual, value, 0, 1);
            program.Add(Return, Allow);
        }

        program.Add(Return, NoSuchFamily);
    }

    private static void RefuseValues(Program program, uint call, uint[] values)
    {
        program.Add(JumpEqual, call, 0, (byte)((2 * values.Length) + 1));
        program.Add(LoadWord, SecondArgument);
        foreach (var value in values)
        {
            program.Add(JumpEqual, value, 0, 1);
            program.Add(Return, NotPermitted);
        }
    }

    /// <summary>Instructions of classic BPF: operation, two relative jumps, operand.</summary>
    private sealed class Program
    {
        private readonly List<byte> _bytes = [];

        public void Add(ushort operation, uint operand, byte whenTrue = 0, byte whenFalse = 0)
        {
            Span<byte> instruction = stackalloc byte[8];
            BinaryPrimitives.WriteUInt16LittleEndian(instruction, operation);
            (instruction[2], instruction[3]) = (whenTrue, whenFalse);
            BinaryPrimitives.WriteUInt32LittleEndian(instruction[4..], operand);
            _bytes.AddRange(instruction);
        }

        public byte[] ToBytes() => [.. _bytes];
    }
}
