using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace RawIo.Native;

/// <summary>
/// A device that the kernel gives to user space: its memory and its interrupt through /dev/uioN (drivers/uio/uio.c,
/// Documentation/driver-api/uio-howto.rst).
/// </summary>
/// <remarks>
/// Every member may be used from any thread. Interrupts are counted from the moment of opening: one that comes between
/// two waits is told by the next. The descriptor is close-on-exec.
/// </remarks>
public sealed partial class UioDevice : IDisposable
{
    private readonly Descriptor _file;
    private readonly string _path;

    private UioDevice(UioInfo info, string path, Descriptor file, bool canWrite)
    {
        (Info, _path, _file, CanWrite) = (info, path, file, canWrite);
        _stop = new();
        _lastCount = info.EventCount;
    }

    /// <summary>What the kernel told of it when it was opened.</summary>
    public UioInfo Info { get; }

    /// <summary>The device's name, as its driver gave it.</summary>
    public string Name => Info.Name;

    /// <summary>The driver's version.</summary>
    public string Version => Info.Version;

    /// <summary>The device memory it offers, by index.</summary>
    public IReadOnlyList<UioMap> Maps => Info.Maps;

    /// <summary>The ports it tells of, by index.</summary>
    public IReadOnlyList<UioPortIo> PortIos => Info.PortIos;

    /// <summary>How many interrupts there were since the driver was bound (32 bits, wraps). Read anew at each use.</summary>
    /// <exception cref="RawIoException">The device has gone (ENOENT, ENODEV).</exception>
    public uint EventCount => Info.EventCount;

    /// <summary>Whether the device file is open for writing. If not, maps are read-only and the interrupt cannot be switched.</summary>
    public bool CanWrite { get; }

    /// <summary>The UIO devices of this machine, by number; none where the kernel has no UIO. None of them is opened.</summary>
    /// <exception cref="MalformedInputException">A file in /sys/class/uio has a text that no kernel prints.</exception>
    public static IReadOnlyList<UioInfo> All(HostOptions? options = null) => UioInfo.All(options ?? new());

    /// <summary>Opens a device.</summary>
    /// <param name="device">"uio0", "/dev/uio0", "0", or the device's name.</param>
    /// <param name="options">How this machine is opened.</param>
    /// <exception cref="ArgumentException">Several devices have that name; the message lists them.</exception>
    /// <exception cref="RawIoException">There is none (ENODEV), or its file cannot be opened; the message has the remedy.</exception>
    /// <exception cref="MalformedInputException">A file in /sys/class/uio has a text that no kernel prints.</exception>
    public static UioDevice Open(string device, HostOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(device);
        options ??= new();
        return Open(UioInfo.Find(options, device), options);
    }

    /// <summary>Opens /dev/uioN.</summary>
    /// <param name="number">N, from 0.</param>
    /// <param name="options">How this machine is opened.</param>
    /// <exception cref="RawIoException">There is none (ENODEV), or its file cannot be opened; the message has the remedy.</exception>
    /// <exception cref="MalformedInputException">A file in /sys/class/uio has a text that no kernel prints.</exception>
    public static UioDevice Open(int number, HostOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        options ??= new();
        return Open(UioInfo.Find(options, number), options);
    }

    /// <summary>Maps device memory by its index. The window lives until it is disposed, also after this object.</summary>
    /// <param name="index">N of maps/mapN.</param>
    /// <exception cref="ArgumentOutOfRangeException">The device has no such map; the message lists those it has.</exception>
    /// <exception cref="RawIoException">The kernel refuses; the message has the remedy.</exception>
    /// <exception cref="ObjectDisposedException">The device was closed.</exception>
    public NativeMmio Map(int index)
    {
        foreach (var map in Maps)
            if (map.Index == index) return Map(map);
        throw new ArgumentOutOfRangeException(nameof(index), index, $"{Info} has no map {index}: {ListMaps()}");
    }

    /// <summary>Maps device memory by its name, or by "mapN". The window lives until it is disposed, also after this object.</summary>
    /// <param name="name">The name the driver gave it.</param>
    /// <exception cref="ArgumentException">The device has no such map, or several; the message lists them.</exception>
    /// <exception cref="RawIoException">The kernel refuses; the message has the remedy.</exception>
    /// <exception cref="ObjectDisposedException">The device was closed.</exception>
    public NativeMmio Map(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var found = Maps.Where(map => map.Name == name).ToList();
        if (found.Count == 0) found = [.. Maps.Where(map => Sysfs.Number(name, "map") == map.Index)];
        return found.Count switch
        {
            1 => Map(found[0]),
            0 => throw new ArgumentException($"{Info} has no map '{name}': {ListMaps()}", nameof(name)),
            _ => throw new ArgumentException($"{Info} has several maps '{name}': say which by its index, {string.Join(", ", found.Select(map => map.Index))}.", nameof(name)),
        };
    }

    /// <summary>
    /// Lets the device interrupt (writes 1; the driver's <c>irqcontrol</c>). Many drivers switch the interrupt off when
    /// it comes, and wait for this before the next.
    /// </summary>
    /// <exception cref="RawIoException">
    /// The device has no interrupt (EIO), its driver cannot switch it (ENOSYS), the device has gone (ENODEV), or its
    /// file is not open for writing (EACCES).
    /// </exception>
    /// <exception cref="ObjectDisposedException">The device was closed.</exception>
    public void EnableInterrupt() => SwitchInterrupt(1);

    /// <summary>Keeps the device from interrupting (writes 0; the driver's <c>irqcontrol</c>).</summary>
    /// <exception cref="RawIoException">As for <see cref="EnableInterrupt"/>.</exception>
    /// <exception cref="ObjectDisposedException">The device was closed.</exception>
    public void DisableInterrupt() => SwitchInterrupt(0);

    /// <summary>Closes the device. Whoever waits for its interrupt gets <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_countLock)
        {
            if (_file.IsClosed) return;
            // A thread that waits holds a lease: the descriptor is closed when the last of them has let go.
            _file.Dispose();
            _stop.Signal();
            _stop.Dispose();
        }
    }

    private static UioDevice Open(UioInfo info, HostOptions options)
    {
        var path = Path.Join(options.Root, $"dev/uio{info.Number}");
        // Not blocking: several threads may be woken for one event, and the one that comes late must not sleep in read(2).
        const OpenFlags Flags = OpenFlags.O_NONBLOCK | OpenFlags.O_SYNC | OpenFlags.O_NOCTTY;
        var canWrite = true;
        var fd = Kernel.Open(path, Flags | OpenFlags.O_RDWR, out var errno);
        if (fd < 0 && errno is Errno.EACCES or Errno.EPERM or Errno.EROFS)
        {
            canWrite = false;
            fd = Kernel.Open(path, Flags | OpenFlags.O_RDONLY, out errno);
        }
        if (fd < 0) throw FileRefusal.OfOpen(path, canWrite, errno);
        var file = new Descriptor(fd);
        try
        {
            return new(info, path, file, canWrite);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private NativeMmio Map(UioMap map)
    {
        using var lease = _file.Lease(this);
        var offset = ((ulong)map.Index * (ulong)Kernel.PageSize) + (ulong)map.Offset;
        return DeviceFile.Map(lease.Number, _path, offset, map.Length, map.PhysicalAddress, CanWrite);
    }

    private string ListMaps() => Maps.Count == 0 ? "it has none." : $"it has {string.Join(", ", Maps.Select(map => map.Name.Length == 0 ? $"{map.Index}" : $"{map.Index} ('{map.Name}')"))}.";

    private void SwitchInterrupt(int on)
    {
        using var lease = _file.Lease(this);
        var what = on != 0 ? "enable" : "disable";
        if (!CanWrite)
            throw new RawIoException(Errno.EACCES, $"Cannot {what} the interrupt of {Info}: {_path} is open for reading only; run as root, or let a udev rule give it to your group.");
        var count = Kernel.Write(lease.Number, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in on)), out var errno);
        if (count == sizeof(int)) return;
        if (errno == Errno.ENOSYS)
        {
            var remedy = Info.PciAddress is { } address
                ? $"switch it in PCI configuration space: PciDevice.Open(\"{address}\").InterruptEnabled = {(on != 0 ? "true" : "false")}."
                : "switch it in the device itself.";
            throw new RawIoException(errno, $"Cannot {what} the interrupt of {Info}: its driver has no irqcontrol (ENOSYS); {remedy}");
        }
        throw count < 0 ? NoInterrupt($"{what} the interrupt", errno) : NoInterrupt($"{what} the interrupt", Errno.EIO);
    }

    private RawIoException NoInterrupt(string what, Errno errno)
    {
        if (!Info.Exists || errno is Errno.ENODEV)
            return new(Errno.ENODEV, $"Cannot {what} of {Info}: the device has gone, its driver was unbound; open it again when it is back.");
        var remedy = errno == Errno.EIO ? "it has none; its driver was given no interrupt line, so poll the device." : "see drivers/uio/uio.c.";
        return new(errno, $"Cannot {what} of {Info} ({errno}): {remedy}");
    }
}
