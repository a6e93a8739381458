namespace RawIo.Native;

/// <summary>The ways to the ports of an x86 machine.</summary>
internal static class PortProbes
{
    // The power-on self-test's port, which nothing reads; it is not touched here either.
    private const int HarmlessPort = 0x80;

    public static IEnumerable<HostWay> All(HostProbe probe)
    {
        if (!probe.Kernel.HasPorts) yield break;
        yield return Right(probe, "ioperm", probe.Calls.TryIoPerm(HarmlessPort), "the ports asked for, thread by thread");
        yield return Right(probe, "iopl", probe.Calls.TryIoPl(), "all ports, thread by thread");
        yield return DevPort(probe);
    }

    private static HostWay Right(HostProbe probe, string name, Errno errno, string what)
    {
        switch (errno)
        {
            case Errno.None:
                return probe.Calls.HasLibRawIo ? new(name, true, what)
                    : new(name, false, "the kernel grants it, but in and out need the native library", "install librawio.so beside the program");
            case Errno.EPERM or Errno.EACCES:
                var (why, remedy) = probe.NotPermitted("");
                return new(name, false, $"{errno}: {why}", remedy);
            case Errno.ENOSYS:
                return new(name, false, "ENOSYS: this kernel is built without CONFIG_X86_IOPL_IOPERM", "boot a kernel with that option; /dev/port does bytes without it");
            case Errno.EINVAL:
                return new(name, false, "EINVAL: this kernel does not know the call's arguments (an emulated kernel?)", "use /dev/port, or run on a real kernel");
            default:
                return new(name, false, $"{errno}: {name}(2) fails", $"see {name}(2)");
        }
    }

    private static HostWay DevPort(HostProbe probe)
    {
        const string Name = "/dev/port";
        var errno = probe.Calls.Open(probe.Files.Path("dev/port"));
        switch (errno)
        {
            case Errno.None:
                return new(Name, true, "opens; bytes only, a system call each");
            case Errno.ENOENT when probe.Kernel.IsBuiltWith("CONFIG_DEVPORT") == false:
            case Errno.ENXIO:
                return new(Name, false, $"{errno}: this kernel is built without it (CONFIG_DEVPORT)", "boot a kernel with CONFIG_DEVPORT; ioperm and iopl do without it");
            case Errno.ENOENT:
                return new(Name, false, "ENOENT: there is no such file", probe.Kernel.Container is null ? "sudo mknod -m 640 /dev/port c 1 4" : probe.AsRoot(Name));
            default:
                return probe.NotOpened(Name, errno);
        }
    }
}
