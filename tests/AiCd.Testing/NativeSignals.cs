using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AiCd.Testing;

internal static partial class NativeSignals
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends the signal; false if there is no such process any more.</summary>
    public static bool Send(int processId, Signal signal)
    {
        // Zero and negative ids address whole process groups, this one among them.
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        if (Kill(processId, (int)signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess
            ? false
            : throw new Win32Exception(error, $"Sending {signal} to process {processId}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);
}
