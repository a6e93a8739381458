using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A device on a DMA channel: it gives what it was given to give, and keeps what it gets.</summary>
internal sealed class TestPeripheral(int channel) : Device, IDmaPeripheral
{
    public SignalLine Request { get; } = new();

    public Queue<ushort> ToGive { get; } = [];

    public List<ushort> Got { get; } = [];

    public int TerminalCounts { get; private set; }

    /// <summary>Drops its request after so many transfers.</summary>
    public int DropAfter { get; set; } = int.MaxValue;

    public override string Name => "test peripheral";

    public override IReadOnlyList<string> Compatible => [];

    public override IReadOnlyList<DmaRequest> DmaRequests => [new(channel, Request)];

    public ushort ReadDma(int channel)
    {
        Count();
        return ToGive.TryDequeue(out var value) ? value : (ushort)0xeeee;
    }

    public void WriteDma(int channel, ushort value)
    {
        Count();
        Got.Add(value);
    }

    public void TerminalCount(int channel) => TerminalCounts++;

    public override ulong Read(int offset, int size) => 0;

    public override void Write(int offset, int size, ulong value)
    {
    }

    public override void Reset()
    {
    }

    private void Count()
    {
        if (--DropAfter == 0) Request.Set(false);
    }
}
