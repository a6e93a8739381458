namespace RawIo.Native;

/// <summary>What the ways are tried with, and the words they share.</summary>
internal sealed record HostProbe(HostFiles Files, IHostCalls Calls, HostKernel Kernel, HostBoard Board, DeviceTree? Tree, string Root)
{
    /// <summary>"run as root: sudo rawio …", or in a container what the one who starts it has to add.</summary>
    public string AsRoot(string device) => Kernel.Container is null
        ? Kernel.UserId == 0 ? "give the process CAP_SYS_RAWIO: root has lost it here (a service's CapabilityBoundingSet?)" : "run as root (sudo), which has CAP_SYS_RAWIO"
        : $"start the container with {(device.Length > 0 ? $"--device {device} " : "")}--cap-add SYS_RAWIO, or with --privileged, and be root in it";

    /// <summary>Why the kernel says EPERM where the right to the file is there.</summary>
    public (string Why, string Remedy) NotPermitted(string device)
    {
        if (Kernel.HasRawIo == true && Kernel.Lockdown is { } mode)
            return ($"the kernel is locked down ({mode})", "boot with Secure Boot off, or without lockdown= on the kernel's command line");
        if (Kernel.HasRawIo == false) return ("CAP_SYS_RAWIO is missing", AsRoot(device));
        return Kernel.Container is { } name ? ($"{name} does not let this container have it", AsRoot(device))
            : ("a security module or a device cgroup forbids it", "ask for it in the service's DeviceAllow=, or in the security module's rules");
    }

    /// <summary>A file that is root's, and is there.</summary>
    public HostWay NotOpened(string name, Errno errno)
    {
        if (errno == Errno.EACCES) return new(name, false, "EACCES: the file is root's", AsRoot(name));
        if (errno != Errno.EPERM) return new(name, false, $"{errno}: open(2) fails", "see open(2)");
        var (why, remedy) = NotPermitted(name);
        return new(name, false, $"EPERM: {why}", remedy);
    }

    /// <summary>A user who is not in the group that owns the file.</summary>
    public string JoinGroup(string group) => Kernel.Container is not null ? $"start the container with --group-add {group}, or be root in it"
        : Kernel.Groups.Contains(group) ? $"let a udev rule give the file to the group {group}, or run as root (sudo)"
        : $"sudo usermod -aG {group} $USER, then log in again; or run as root (sudo)";
}
