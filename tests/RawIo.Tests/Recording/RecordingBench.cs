using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Records what is done with a machine, and replays it.</summary>
internal static class RecordingBench
{
    /// <summary>Records a run.</summary>
    public static byte[] Record(IHardware machine, Action<IHardware> run)
    {
        using var stream = new MemoryStream();
        using (var recorder = Recording.Record(machine, stream, leaveOpen: true)) run(recorder);
        return stream.ToArray();
    }

    /// <summary>Opens a recording.</summary>
    public static Replay Open(byte[] recording) => Recording.Open(new MemoryStream(recording));

    /// <summary>All entries as text.</summary>
    public static string[] Text(byte[] recording) => [.. Entries(recording).Select(e => e.ToString())];

    /// <summary>All entries.</summary>
    public static List<RecordingEntry> Entries(byte[] recording)
    {
        using var reader = new RecordingReader(new MemoryStream(recording));
        var entries = new List<RecordingEntry>();
        while (reader.TryRead(out var entry)) entries.Add(entry);
        return entries;
    }
}

/// <summary>A simulated machine whose RAM is mapped as registers are, as a Pi's is through /dev/mem, and whose clock steps with each look.</summary>
internal sealed class SteppedMachine(SimMachine machine, TimeProvider? time = null) : IHardware
{
    public SimMachine Machine => machine;

    public string Name => machine.Name;

    public DeviceTree? DeviceTree => machine.DeviceTree;

    public ResourceTree Memory => machine.Memory;

    public ResourceTree Ports => machine.Ports;

    public TimeProvider Time { get; } = time ?? new SteppingTime(machine);

    public MemRegion RequestMemRegion(ulong start, long length, string name) => machine.RequestMemRegion(start, length, name);

    public PortRegion RequestRegion(int first, int count, string name) => machine.RequestRegion(first, count, name);

    public IMmioMapping IoRemap(ulong physicalAddress, long length) => machine.IsRam(physicalAddress)
        ? new OwnedWindow(machine.PhysicalMemory.Window((long)physicalAddress, length), static () => { })
        : machine.IoRemap(physicalAddress, length);

    public IPortGrant OpenPorts(int first, int count) => machine.OpenPorts(first, count);

    public IInterrupt OpenInterrupt(int irq, string name) => machine.OpenInterrupt(irq, name);

    public IInterrupt OpenInterrupt(DeviceTreeNode node, int index, string name) => machine.OpenInterrupt(node, index, name);

    public void Dispose() => machine.Dispose();
}
