using RawIo.Native;
using RawIo.Sim;

namespace RawIo.Samples;

/// <summary>
/// A device on PCI whose interrupt says that it is done: QEMU's teaching device (docs/specs/edu.rst; qemu -device edu).
/// The driver knows neither PCI nor a simulator, only registers and something to wait for.
/// </summary>
public sealed class Interrupt(IMmio edu, Func<CancellationToken, Task> interrupt)
{
    private static readonly ReadWriteRegister<uint> s_factorial = new("FACTORIAL", 0x08);
    private static readonly ReadWriteRegister<uint> s_status = new("STATUS", 0x20);
    private static readonly ReadOnlyRegister<uint> s_pending = new("INTERRUPT_STATUS", 0x24);
    private static readonly WriteOnlyRegister<uint> s_acknowledge = new("INTERRUPT_ACKNOWLEDGE", 0x64);

    /// <summary>n!, modulo 2^32.</summary>
    public async Task<uint> FactorialAsync(uint n, CancellationToken cancellationToken = default)
    {
        s_status.Write(edu, 0x80); // interrupt when done
        s_factorial.Write(edu, n);
        await interrupt(cancellationToken);
        s_acknowledge.Write(edu, s_pending.Read(edu));
        return s_factorial.Read(edu);
    }

    /// <summary>Once, as root: modprobe uio_pci_generic; echo 1234 11e8 > /sys/bus/pci/drivers/uio_pci_generic/new_id</summary>
    public static async Task OnHost(TextWriter output)
    {
        var pci = PciDevice.Find(0x1234, 0x11e8);
        pci.Enable();
        using var bar = pci.MapBar(0);
        using var uio = UioDevice.Open("uio_pci_generic");
        pci.InterruptEnabled = true; // uio_pci_generic switches it off each time it comes
        output.WriteLine(await new Interrupt(bar, token => uio.WaitForInterruptAsync(token)).FactorialAsync(10));
    }

    /// <summary>The same driver, with a model of the device.</summary>
    public static async Task OnSimulator(TextWriter output)
    {
        using var pc = SimMachine.Create("pc");
        using var line = new SemaphoreSlim(0);
        pc.Attach(new Edu(() => line.Release()), 0xfea00000, 0x100000);
        using var region = pc.RequestMemRegion(0xfea00000, 0x100, "edu");
        using var bar = region.Map();
        output.WriteLine(await new Interrupt(bar, line.WaitAsync).FactorialAsync(10));
    }

    /// <summary>As much of the device as the driver needs.</summary>
    private sealed class Edu(Action interrupt) : Device
    {
        private uint _factorial, _status, _pending;

        public override string Name => "edu";

        public override IReadOnlyList<string> Compatible => [];

        public override ulong Read(int offset, int size) => offset switch
        {
            0x08 => _factorial,
            0x20 => _status,
            0x24 => _pending,
            _ => BadRead(offset, size, "The model has no such register."),
        };

        public override void Write(int offset, int size, ulong value)
        {
            switch (offset)
            {
                case 0x08:
                    _factorial = 1;
                    for (var n = (uint)value; n > 1; n--) _factorial *= n;
                    if ((_status & 0x80) == 0) return;
                    _pending |= 1;
                    interrupt();
                    return;
                case 0x20:
                    _status = (uint)value & 0x80;
                    return;
                case 0x64:
                    _pending &= ~(uint)value;
                    return;
                default:
                    BadWrite(offset, size, "The model has no such register.");
                    return;
            }
        }

        public override void Reset() => (_factorial, _status, _pending) = (0, 0, 0);
    }
}
