using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The built-in PC with an interrupt controller in front whose inputs are all open.</summary>
internal static class PcWithPic
{
    public static SimMachine Make(out OpenPic pic, SimOptions? options = null)
    {
        var made = pic = new OpenPic();
        var plan = PcBoard.Plan();
        return new(plan with { Devices = [new(_ => made, 0, 1, Ports: []), .. plan.Devices] }, options ?? new() { SteppedClock = true });
    }
}

/// <summary>Sixteen inputs, and nothing a driver could set.</summary>
internal sealed class OpenPic : Device, IInterruptController
{
    private readonly InterruptInput[] _inputs = [.. Enumerable.Range(0, 16).Select(i => new InterruptInput($"IRQ {i}"))];

    public override string Name => "open PIC";

    public override IReadOnlyList<string> Compatible => [];

    public bool Level(int irq) => _inputs[irq].Line.Sample();

    public IReadOnlyList<InterruptInput> Inputs => _inputs;

    public InterruptInput? Input(IReadOnlyList<uint> specifier) => specifier is [< 16 and var irq] ? _inputs[irq] : null;

    public override ulong Read(int offset, int size) => 0;

    public override void Write(int offset, int size, ulong value)
    {
    }

    public override void Reset()
    {
    }

    public override object Save() => 0;

    public override void Restore(object saved)
    {
    }
}
