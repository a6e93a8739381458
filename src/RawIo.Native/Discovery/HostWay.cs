namespace RawIo.Native;

/// <summary>A way to the registers, or a helper on the way, as this process finds it now.</summary>
/// <param name="Name">Its name: "/dev/mem", "/dev/gpiomem", "/dev/uio0", "PCI BARs", "ioperm", "iopl", "/dev/port".</param>
/// <param name="Usable">Whether it can be used.</param>
/// <param name="Detail">What it leads to, or why not: the errno, and what is behind it.</param>
/// <param name="Remedy">One line: what to do to make it usable, or wholly usable; null where nothing needs doing.</param>
public sealed record HostWay(string Name, bool Usable, string Detail, string? Remedy = null);
