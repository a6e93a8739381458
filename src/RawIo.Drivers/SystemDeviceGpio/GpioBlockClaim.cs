using System.Runtime.ExceptionServices;

namespace RawIo.Drivers;

/// <summary>The GPIO block of a machine: found in its device tree, claimed and mapped until disposed.</summary>
internal sealed class GpioBlockClaim : IDisposable
{
    private readonly PlatformBus _bus;

    /// <exception cref="RawIoException">There is none (ENODEV), or it cannot be had.</exception>
    public GpioBlockClaim(IHardware hardware)
    {
        _bus = new(hardware);
        try
        {
            if (_bus.Register(new Bcm2835GpioPlatformDriver()) is not [var device, ..])
            {
                if (_bus.Devices.FirstOrDefault(d => d.ProbeError is not null) is { ProbeError: { } error }) ExceptionDispatchInfo.Throw(error);
                throw new RawIoException(Errno.ENODEV, $"{hardware.Name} has no GPIO block known here: its device tree has no node that is compatible with "
                    + "brcm,bcm2835-gpio or brcm,bcm2711-gpio, as those of a Raspberry Pi 1 to 4 have.");
            }
            Gpio = (Bcm2835Gpio)device.DriverData!;
            IsAlone = KnowsHolders(hardware.Memory) && CountHolders(hardware.Memory, device.GetResource(ResourceFlags.Mem, 0)!) == 1;
        }
        catch
        {
            _bus.Dispose();
            throw;
        }
    }

    public Bcm2835Gpio Gpio { get; }

    /// <summary>Whether nobody else, such as a kernel driver, holds the block as well.</summary>
    public bool IsAlone { get; }

    public void Dispose() => _bus.Dispose();

    // A tree without RAM is the one of a reader who may not see what the kernel has.
    private static bool KnowsHolders(ResourceTree memory) =>
        !memory.AddressesHidden && memory.All().Any(r => (r.Flags & ResourceFlags.SysRam) != 0);

    private static int CountHolders(ResourceTree memory, Resource block) =>
        memory.All().Count(r => (r.Flags & ResourceFlags.Busy) != 0 && r.Overlaps(block));
}
