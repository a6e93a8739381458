namespace RawIo;

// Claims and mappings: include/linux/ioport.h, arch io.h, lib/devres.c.
public static partial class LinuxKernel
{
    /// <summary>Claims memory-mapped registers. NULL when somebody holds part of the range.</summary>
    /// <param name="start">The first physical address.</param>
    /// <param name="n">The length in bytes.</param>
    /// <param name="name">Who claims.</param>
    public static Resource? request_mem_region(ulong start, ulong n, string name)
    {
        var state = KernelState.Current;
        return Attempt(() =>
        {
            var region = state.Hardware.RequestMemRegion(start, checked((long)n), name);
            state.MemRegions[(start, n)] = region;
            return region.Resource;
        }, out _);
    }

    /// <summary>Gives a claim back, whoever made it. As in the kernel, one that nobody made only warns (<see cref="ResourceTree.Warning"/>).</summary>
    public static void release_mem_region(ulong start, ulong n)
    {
        var state = KernelState.Current;
        // One that was given back behind our back may be another's claim of the same range by now.
        if (state.MemRegions.TryRemove((start, n), out var region) && region.Resource.Parent is not null) region.Dispose();
        else state.Hardware.Memory.Release(start, n);
    }

    /// <summary>Claims ports. NULL when somebody holds part of the range.</summary>
    /// <param name="start">The first port.</param>
    /// <param name="n">How many.</param>
    /// <param name="name">Who claims.</param>
    public static Resource? request_region(ulong start, ulong n, string name)
    {
        var state = KernelState.Current;
        return Attempt(() =>
        {
            var region = state.Hardware.RequestRegion(checked((int)start), checked((int)n), name);
            state.PortRegions[(start, n)] = region;
            return region.Resource;
        }, out _);
    }

    /// <summary>Gives a claim back, whoever made it. As in the kernel, one that nobody made only warns (<see cref="ResourceTree.Warning"/>).</summary>
    public static void release_region(ulong start, ulong n)
    {
        var state = KernelState.Current;
        if (state.PortRegions.TryRemove((start, n), out var region) && region.Resource.Parent is not null) region.Dispose();
        else state.Hardware.Ports.Release(start, n);
    }

    /// <summary>Maps registers. NULL when the machine refuses.</summary>
    /// <param name="offset">The first physical address.</param>
    /// <param name="size">The length in bytes.</param>
    public static IoMem ioremap(ulong offset, ulong size)
    {
        var hardware = KernelState.Current.Hardware;
        var mapping = Attempt(() => hardware.IoRemap(offset, checked((long)size)), out _);
        return mapping is null ? default : new IoMem(mapping);
    }

    /// <summary>Unmaps what <see cref="ioremap"/> returned. An access after it throws <see cref="ObjectDisposedException"/>.</summary>
    /// <exception cref="ArgumentException">The pointer is not one that ioremap returned.</exception>
    public static void iounmap(IoMem addr)
    {
        if (addr.IsNull) return;
        if (addr.Window is not IMmioMapping mapping || addr.Offset != 0)
            throw new ArgumentException($"{addr} is no mapping of its own: pass what ioremap returned.", nameof(addr));
        mapping.Dispose();
    }

    /// <summary>The resource's length in bytes or ports.</summary>
    public static ulong resource_size(Resource res) => res.Size;

    /// <summary>The device's resource of that type, or NULL.</summary>
    /// <param name="dev">The platform device.</param>
    /// <param name="type">IORESOURCE_MEM, IORESOURCE_IO or IORESOURCE_IRQ.</param>
    /// <param name="num">Which of that type, from 0.</param>
    public static Resource? platform_get_resource(PlatformDevice dev, ResourceFlags type, int num) => dev.GetResource(type, num);

    /// <summary>Claims for as long as the device is bound. NULL when somebody holds part of the range.</summary>
    public static Resource? devm_request_mem_region(PlatformDevice dev, ulong start, ulong n, string name) =>
        Attempt(() => dev.Devm.RequestMemRegion(dev.Hardware, start, checked((long)n), name).Resource, out _);

    /// <summary>Maps for as long as the device is bound. NULL when the machine refuses.</summary>
    public static IoMem devm_ioremap(PlatformDevice dev, ulong offset, ulong size)
    {
        var mapping = Attempt(() => dev.Devm.IoRemap(dev.Hardware, offset, checked((long)size)), out _);
        return mapping is null ? default : new IoMem(mapping);
    }

    /// <summary>Checks, claims and maps for as long as the device is bound. An error pointer when one of the three fails.</summary>
    public static IoMem devm_ioremap_resource(PlatformDevice dev, Resource? res)
    {
        var mapping = Attempt(() => dev.Devm.IoRemapResource(dev.Hardware, res), out var error);
        return mapping is null ? IoMem.FromError(error) : new IoMem(mapping);
    }

    /// <summary><see cref="platform_get_resource"/> and <see cref="devm_ioremap_resource"/> in one.</summary>
    public static IoMem devm_platform_ioremap_resource(PlatformDevice dev, int index) =>
        devm_ioremap_resource(dev, platform_get_resource(dev, IORESOURCE_MEM, index));

    // The kernel's functions answer an errno or NULL where ours throw. A bad argument is EINVAL to the kernel.
    private static T? Attempt<T>(Func<T> attempt, out Errno error) where T : class
    {
        try
        {
            error = Errno.None;
            return attempt();
        }
        catch (RawIoException e)
        {
            error = e.Errno;
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            error = Errno.EINVAL;
        }
        return null;
    }
}
