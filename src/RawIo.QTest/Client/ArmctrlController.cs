namespace RawIo.QTest;

/// <summary>
/// BCM2835's interrupt controller (BCM2835 ARM Peripherals, chapter 7) behind QEMU, which tells of the processor's IRQ
/// input alone: its registers say which interrupt it is, and they switch it, as Linux' irq-bcm2835.c does.
/// </summary>
internal sealed class ArmctrlController : QTestInterruptController
{
    private const int Arm = 64; // GPU interrupts are 0 to 63, the ARM's own 64 to 71
    private const long BasicPending = 0x00, Pending1 = 0x04, Pending2 = 0x08;
    private const long Enable1 = 0x10, Enable2 = 0x14, EnableBasic = 0x18;
    private const long Disable1 = 0x1c, Disable2 = 0x20, DisableBasic = 0x24;
    private const int Irq = 0; // QEMU's number of the processor's IRQ input; FIQ is 1

    private readonly ulong _registers;
    private readonly Lock _service = new();

    private ArmctrlController(QTestConnection connection, ulong registers) : base(connection)
    {
        _registers = registers;
        connection.InterruptChanged += Changed;
        connection.InterceptIrqIn("/machine/soc/cpu[0]");
    }

    /// <summary>The controller's input of an interrupt; null where it is another controller.</summary>
    public static int? Pin(DeviceTreeInterrupt interrupt) =>
        interrupt.Controller.Compatible.Any(c => c is "brcm,bcm2835-armctrl-ic" or "brcm,bcm2836-armctrl-ic") && interrupt.Specifier is [var bank, var bit, ..]
            ? (bank, bit) switch
            {
                (0, < 8) => Arm + (int)bit,
                (1 or 2, < 32) => (int)((bank - 1) * 32 + bit),
                _ => null,
            }
            : null;

    /// <summary>The controller of a machine: QEMU tells of the processor, a simulated machine of the controller's inputs.</summary>
    public static QTestInterruptController Make(QTestMachine machine, DeviceTreeNode node)
    {
        // Only a simulated machine has this verb.
        if (machine.Connection.Exchange(["reset_requested"])[0].Ok) return new PinController(machine, "ic");
        return new ArmctrlController(machine.Connection, node.Resources[0].Start);
    }

    public override void Unmask(QTestInterrupt interrupt)
    {
        lock (_service)
        {
            Write(interrupt.Pin, Enable1, Enable2, EnableBasic);
            Service();
        }
    }

    public override void Mask(QTestInterrupt interrupt) => Write(interrupt.Pin, Disable1, Disable2, DisableBasic);

    private void Changed(int number, bool raised)
    {
        if (number != Irq || !raised) return;
        try
        {
            lock (_service) Service();
        }
        catch (Exception error) when (error is RawIoException or ObjectDisposedException)
        {
            // The server has gone: whoever waits or makes the next access is told.
        }
    }

    /// <summary>Hands on what is pending, each switched off before.</summary>
    private void Service()
    {
        Span<uint> pending = stackalloc uint[3];
        var opened = Opened();
        pending[0] = Read(Pending1);
        pending[1] = Read(Pending2);
        pending[2] = Read(BasicPending) & 0xff;
        foreach (var interrupt in opened)
        {
            if ((pending[interrupt.Pin / 32] >> (interrupt.Pin % 32) & 1) == 0) continue;
            Mask(interrupt);
            interrupt.Rise();
        }
    }

    private uint Read(long offset) => (uint)Connection.Read(_registers + (ulong)offset, 4);

    private void Write(int pin, long one, long two, long basic) =>
        Connection.Write(_registers + (ulong)(pin < 32 ? one : pin < Arm ? two : basic), 4, 1u << (pin % 32));
}
