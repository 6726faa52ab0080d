using System.Buffers.Binary;
using AiCd.Agents.Sandbox;

namespace AiCd.Agents.Tests.Sandbox;

/// <summary>Runs the program as the kernel would, for both architectures.</summary>
public sealed class SeccompFilterTests
{
    private const uint Allow = 0x7fff0000;
    private const uint Kill = 0x80000000;
    private const uint NotPermitted = 0x00050001;
    private const uint NotImplemented = 0x00050026;
    private const uint NoSuchFamily = 0x00050061;

    private const uint X64 = 0xC000003E;
    private const uint Arm64 = 0xC00000B7;

    [Theory]
    [InlineData(X64, 0, 0, 0, Allow)] // read
    [InlineData(X64, 59, 0, 0, Allow)] // execve
    [InlineData(X64, 56, 0x11, 0, Allow)] // clone, as fork does
    [InlineData(X64, 56, 0x003d0f00, 0, Allow)] // clone, as a thread library does
    [InlineData(X64, 56, 0x10000011, 0, NotPermitted)] // CLONE_NEWUSER
    [InlineData(X64, 56, 0x40000011, 0, NotPermitted)] // CLONE_NEWNET
    [InlineData(X64, 272, 0x00020000, 0, NotPermitted)] // unshare CLONE_NEWNS
    [InlineData(X64, 272, 0x00000080, 0, NotPermitted)] // unshare CLONE_NEWTIME
    [InlineData(X64, 272, 0x00000400, 0, Allow)] // unshare CLONE_FILES
    [InlineData(X64, 435, 0, 0, NotImplemented)] // clone3
    [InlineData(X64, 425, 0, 0, NotImplemented)] // io_uring_setup
    [InlineData(X64, 165, 0, 0, NotPermitted)] // mount
    [InlineData(X64, 308, 0, 0, NotPermitted)] // setns
    [InlineData(X64, 321, 0, 0, NotPermitted)] // bpf
    [InlineData(X64, 250, 0, 0, NotPermitted)] // keyctl
    [InlineData(X64, 41, 1, 0, Allow)] // socket AF_UNIX
    [InlineData(X64, 41, 10, 0, Allow)] // AF_INET6
    [InlineData(X64, 41, 40, 0, NoSuchFamily)] // AF_VSOCK
    [InlineData(X64, 41, 38, 0, NoSuchFamily)] // AF_ALG
    [InlineData(X64, 16, 0, 0x5412, NotPermitted)] // ioctl TIOCSTI
    [InlineData(X64, 16, 0, 0x541C, NotPermitted)] // ioctl TIOCLINUX
    [InlineData(X64, 16, 0, 0x5413, Allow)] // ioctl TIOCGWINSZ
    [InlineData(X64, 0x40000000 + 165, 0, 0, NotImplemented)] // mount in the x32 table
    [InlineData(0x40000003, 21, 0, 0, Kill)] // mount of 32 bits
    [InlineData(Arm64, 63, 0, 0, Allow)] // read
    [InlineData(Arm64, 220, 0x10000011, 0, NotPermitted)]
    [InlineData(Arm64, 40, 0, 0, NotPermitted)] // mount
    [InlineData(Arm64, 198, 40, 0, NoSuchFamily)]
    [InlineData(Arm64, 29, 0, 0x5412, NotPermitted)]
    public void A_system_call_gets_its_verdict(uint architecture, uint number, uint first, uint second, uint verdict)
    {
        var program = SeccompFilter.Build(architecture == Arm64 ? SystemCalls.Arm64 : SystemCalls.X64);

        Run(program, architecture, number, first, second).ShouldBe(verdict);
    }

    private static uint Run(byte[] program, uint architecture, uint number, uint first, uint second)
    {
        var accumulator = 0u;
        for (var at = 0; ; at++)
        {
            var instruction = program.AsSpan(at * 8, 8);
            var operand = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            bool Jump(bool holds, Span<byte> jumps) => (at += holds ? jumps[2] : jumps[3]) >= 0;
            switch (BinaryPrimitives.ReadUInt16LittleEndian(instruction))
            {
                case 0x20:
                    accumulator = operand switch { 0 => number, 4 => architecture, 16 => first, 24 => second, _ => throw new InvalidOperationException() };
                    break;
                case 0x15:
                    Jump(accumulator == operand, instruction);
                    break;
                case 0x35:
                    Jump(accumulator >= operand, instruction);
                    break;
                case 0x45:
                    Jump((accumulator & operand) != 0, instruction);
                    break;
                case 0x06:
                    return operand;
                default:
                    throw new InvalidOperationException("No such operation");
            }
        }
    }
}
