using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>An interrupt controller that does nothing but take lines, and counts the edges of its input 3 as a latch would.</summary>
internal sealed class BenchController : Device, IInterruptController
{
    private readonly InterruptInput[] _inputs = [.. Enumerable.Range(0, 16).Select(i => new InterruptInput($"IRQ {i}"))];

    public BenchController(bool edge = false)
    {
        foreach (var input in _inputs) input.IsEdgeTriggered = edge;
        _inputs[3].Line.Changed += level => Edges += level ? 1 : 0;
    }

    public int Edges { get; private set; }

    public override string Name => "bench controller";

    public override IReadOnlyList<string> Compatible => [];

    public InterruptInput? Input(IReadOnlyList<uint> specifier) => specifier is [< 16 and var number] ? _inputs[number] : null;

    public IReadOnlyList<InterruptInput> Inputs => _inputs;

    public override ulong Read(int offset, int size) => (ulong)Edges;

    public override void Write(int offset, int size, ulong value)
    {
    }

    public override void Reset() => Edges = 0;

    public override object Save() => Edges;

    public override void Restore(object saved) => Edges = (int)saved;
}

/// <summary>A device whose line is asserted while something is pending: writes to 0 add, to 4 take one away, to 8 all. With a bus it counts each rise in RAM.</summary>
internal sealed class BenchSource(IBusMaster? bus = null, bool hasSnapshot = true) : Device
{
    private readonly SignalLine _line = new();
    private ulong _pending;

    public SignalLine Line => _line;

    public override string Name => "bench source";

    public override IReadOnlyList<string> Compatible => [];

    public override IReadOnlyList<SignalLine> InterruptLines => [_line];

    public override ulong Read(int offset, int size) => _pending;

    public override void Write(int offset, int size, ulong value)
    {
        _pending = offset switch { 0 => _pending + value, 4 => _pending - 1, _ => 0 };
        Update();
    }

    public override void Reset()
    {
        _pending = 0;
        Update();
    }

    public override object Save() => hasSnapshot ? _pending : base.Save();

    public override void Restore(object saved)
    {
        _pending = (ulong)saved;
        Update();
    }

    private void Update()
    {
        var rises = _pending > 0 && !_line.Level;
        _line.Set(_pending > 0);
        if (rises && bus is not null && bus.TryRead(0x2000, 4, out var count)) bus.TryWrite(0x2000, 4, count + 1);
    }
}

/// <summary>A machine with these two: the source at IRQ 3.</summary>
internal static class InterruptBench
{
    private const ulong Controller = 0x2000_0000, Source = 0x2000_1000;

    public static SimMachine Make(bool edge = false, bool dma = false, bool hasSnapshot = true) => TestBoards.Make(TestBoards.Plan() with
    {
        Devices =
        [
            new(_ => new BenchController(edge), Controller, 16),
            new(context => new BenchSource(dma ? context.Bus : null, hasSnapshot), Source, 16) { Irqs = [3] },
        ],
    });

    public static void Raise(this IHardware machine) => ((SimMachine)machine).PhysicalMemory.Write32((long)Source, 1);

    public static void QuietOne(this IHardware machine) => ((SimMachine)machine).PhysicalMemory.Write32((long)Source + 4, 0);

    public static void Quiet(this IHardware machine) => ((SimMachine)machine).PhysicalMemory.Write32((long)Source + 8, 0);

    public static uint Pending(this SimMachine machine) => machine.PhysicalMemory.Read32((long)Source);
}
