namespace RawIo.QTest;

/// <summary>A controller whose inputs the server tells of themselves: QEMU's I/O APIC, or a simulated machine's controller.</summary>
internal sealed class PinController : QTestInterruptController
{
    public PinController(QTestMachine machine, string path) : base(machine.Connection)
    {
        Connection.InterruptTold += Told;
        Connection.InterceptIrqIn(path);
    }

    public override void Unmask(QTestInterrupt interrupt)
    {
        if (interrupt.IsEdge ? interrupt.TakeEdge() : Connection.InterruptLevel(interrupt.Pin)) interrupt.Come();
    }

    public override void Mask(QTestInterrupt interrupt)
    {
    }

    private void Told(int number, bool raised)
    {
        if (raised) Find(number)?.Rise();
    }
}
