namespace AiCd.Agents.Sandbox;

/// <summary>Numbers of the system calls that the sandbox cares for, on one architecture.</summary>
/// <param name="Absent">Said not to exist, so that programs fall back on older calls that can be judged.</param>
internal sealed record SystemCalls(
    uint Architecture, bool HasX32, uint CloneCall, uint Unshare, uint Socket, uint IoControl, IReadOnlyList<uint> Absent, IReadOnlyList<uint> Refused)
{
    // clone3 hides its flags in memory, where no filter can look; io_uring makes calls that no filter sees.
    private const uint Clone3 = 435;

    private static readonly uint[] RingCalls = [425, 426, 427];

    // open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr, quotactl_fd, open_tree_attr: the same everywhere.
    private static readonly uint[] MountCalls = [428, 429, 430, 431, 432, 433, 442, 443, 467];

    public static SystemCalls X64 { get; } = new(0xC000003E, true, 56, 272, 41, 16, [Clone3, .. RingCalls],
    [
        .. MountCalls,
        165, 166, 155, 161, 308, // mount, umount2, pivot_root, chroot, setns
        250, 248, 249, // keyctl, add_key, request_key
        321, 298, 323, // bpf, perf_event_open, userfaultfd
        246, 320, 175, 313, 176, // kexec_load, kexec_file_load, init_module, finit_module, delete_module
        303, 304, 300, // name_to_handle_at, open_by_handle_at, fanotify_init
        163, 167, 168, 169, 179, 153, // acct, swapon, swapoff, reboot, quotactl, vhangup
        164, 227, 305, 159, // settimeofday, clock_settime, clock_adjtime, adjtimex
        170, 171, 103, // sethostname, setdomainname, syslog
        172, 173, 154, 134, 180, 212, // iopl, ioperm, modify_ldt, uselib, nfsservctl, lookup_dcookie
    ]);

    public static SystemCalls Arm64 { get; } = new(0xC00000B7, false, 220, 97, 198, 29, [Clone3, .. RingCalls],
    [
        .. MountCalls,
        40, 39, 41, 51, 268, // mount, umount2, pivot_root, chroot, setns
        219, 217, 218, // keyctl, add_key, request_key
        280, 241, 282, // bpf, perf_event_open, userfaultfd
        104, 294, 105, 273, 106, // kexec_load, kexec_file_load, init_module, finit_module, delete_module
        264, 265, 262, // name_to_handle_at, open_by_handle_at, fanotify_init
        89, 224, 225, 142, 60, 58, // acct, swapon, swapoff, reboot, quotactl, vhangup
        170, 112, 266, 171, // settimeofday, clock_settime, clock_adjtime, adjtimex
        161, 162, 116, // sethostname, setdomainname, syslog
        42, 18, // nfsservctl, lookup_dcookie
    ]);
}
