using System.Diagnostics.CodeAnalysis;

namespace RawIo;

/// <summary>
/// The kernel's own names, so that a driver ports line by line: <c>using static RawIo.LinuxKernel;</c>. Failures are
/// the kernel's too: NULL, an error pointer, a negative errno. What C cannot say, such as an access outside the
/// mapping, throws as in the rest of RawIo.
/// </summary>
/// <remarks>The functions work on the machine chosen by <see cref="On"/>. The choice follows the flow of control into awaits and tasks.</remarks>
[SuppressMessage("Style", "IDE1006", Justification = "The kernel's names are the point.")]
public static partial class LinuxKernel
{
    /// <summary>A resource of ports.</summary>
    public const ResourceFlags IORESOURCE_IO = ResourceFlags.Io;

    /// <summary>A resource of memory-mapped registers.</summary>
    public const ResourceFlags IORESOURCE_MEM = ResourceFlags.Mem;

    /// <summary>An interrupt resource.</summary>
    public const ResourceFlags IORESOURCE_IRQ = ResourceFlags.Irq;

    /// <summary>Operation not permitted.</summary>
    public const int EPERM = (int)Errno.EPERM;

    /// <summary>Input/output error.</summary>
    public const int EIO = (int)Errno.EIO;

    /// <summary>No such device or address.</summary>
    public const int ENXIO = (int)Errno.ENXIO;

    /// <summary>Out of memory.</summary>
    public const int ENOMEM = (int)Errno.ENOMEM;

    /// <summary>Device or resource busy.</summary>
    public const int EBUSY = (int)Errno.EBUSY;

    /// <summary>No such device.</summary>
    public const int ENODEV = (int)Errno.ENODEV;

    /// <summary>Invalid argument.</summary>
    public const int EINVAL = (int)Errno.EINVAL;

    /// <summary>Connection timed out: what a driver answers when its device does not.</summary>
    public const int ETIMEDOUT = (int)Errno.ETIMEDOUT;

    /// <summary>Chooses the machine that the kernel-named functions work on, until the result is disposed.</summary>
    public static IDisposable On(IHardware hardware)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        return KernelState.Enter(hardware);
    }

    /// <summary>Whether a pointer is an error.</summary>
    public static bool IS_ERR(IoMem addr) => addr.Error != Errno.None;

    /// <summary>Whether a pointer is an error or NULL.</summary>
    public static bool IS_ERR_OR_NULL(IoMem addr) => IS_ERR(addr) || addr.IsNull;

    /// <summary>The negative errno of an error pointer.</summary>
    public static int PTR_ERR(IoMem addr) => -(int)addr.Error;

    /// <summary>Orders reads before it against reads after it, on the chosen machine's devices too.</summary>
    public static void rmb()
    {
        if (KernelState.Barriers is { } device) device.ReadBarrier();
        else Interlocked.MemoryBarrier();
    }

    /// <summary>Orders writes before it against writes after it, on the chosen machine's devices too.</summary>
    public static void wmb()
    {
        if (KernelState.Barriers is { } device) device.WriteBarrier();
        else Interlocked.MemoryBarrier();
    }

    /// <summary>Orders everything before it against everything after it, on the chosen machine's devices too.</summary>
    public static void mb()
    {
        if (KernelState.Barriers is { } device) device.FullBarrier();
        else Interlocked.MemoryBarrier();
    }
}
