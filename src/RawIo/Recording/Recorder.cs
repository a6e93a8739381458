using System.Globalization;
using System.Text;

namespace RawIo;

/// <summary>
/// A machine that is recorded: every access, claim, interrupt, refusal and look at the clock that drivers make through
/// it is kept, in the order in which the machine had it. <see cref="Recording.Open(string)"/> makes a machine of what
/// was kept.
/// </summary>
/// <remarks>
/// <para>All members may be called from any thread. An access and its entry are one step under one lock: a device's own
/// callback must not wait for another thread that accesses through the recorder. A modify is its read and its write.</para>
/// <para>What is wrong with the arguments of an access, and what is used after it was given back, is no entry: a replay finds it by
/// itself. What is done to the machine behind the recorder (a test that steps its clock or drives its wires) is
/// not recorded; what drivers see of it is.</para>
/// <para>Full chunks of 64 KiB are in the stream, should the process die; <see cref="Flush"/> sends the rest. A write of
/// the recording that fails does not disturb the driver: <see cref="Flush"/> and <see cref="Dispose"/> tell it.</para>
/// </remarks>
public sealed class Recorder : IHardware, IDeviceBarriers
{
    private readonly RecordingLog _log;
    private readonly RecordedTime _time;
    private ulong _interrupts;

    internal Recorder(IHardware hardware, Stream stream, bool leaveOpen)
    {
        Hardware = hardware;
        _log = new(stream, leaveOpen, RecordingHeader.Encode(hardware));
        _time = new(_log, hardware.Time);
    }

    /// <summary>The machine that is recorded.</summary>
    public IHardware Hardware { get; }

    /// <summary>How many entries the recording has.</summary>
    public long EntryCount
    {
        get
        {
            lock (_log.Gate) return _log.Count;
        }
    }

    /// <inheritdoc/>
    public string Name => Hardware.Name;

    /// <inheritdoc/>
    public DeviceTree? DeviceTree => Hardware.DeviceTree;

    /// <inheritdoc/>
    public ResourceTree Memory => Hardware.Memory;

    /// <inheritdoc/>
    public ResourceTree Ports => Hardware.Ports;

    /// <inheritdoc/>
    public TimeProvider Time => _time;

    /// <inheritdoc/>
    public MemRegion RequestMemRegion(ulong start, long length, string name)
    {
        var inner = _log.Do(RecordingKind.ClaimMemory, start, (ulong)length, Text(name), () => Hardware.RequestMemRegion(start, length, name));
        return new(this, inner.Resource, () => _log.GiveBack(RecordingKind.ReleaseMemory, start, (ulong)length, inner.Dispose));
    }

    /// <inheritdoc/>
    public PortRegion RequestRegion(int first, int count, string name)
    {
        var inner = _log.Do(RecordingKind.ClaimPorts, (ulong)first, (ulong)count, Text(name), () => Hardware.RequestRegion(first, count, name));
        return new(new RecordedPorts(_log, inner.Ports, null), inner.Resource,
            () => _log.GiveBack(RecordingKind.ReleasePorts, (ulong)first, (ulong)count, inner.Dispose));
    }

    /// <inheritdoc/>
    public IMmioMapping IoRemap(ulong physicalAddress, long length)
    {
        var inner = _log.Do(RecordingKind.Map, physicalAddress, (ulong)length, default, () => Hardware.IoRemap(physicalAddress, length));
        return new RecordedMmio(_log, inner, new(inner.Dispose));
    }

    /// <inheritdoc/>
    public IPortGrant OpenPorts(int first, int count)
    {
        var inner = _log.Do(RecordingKind.OpenPorts, (ulong)first, (ulong)count, default, () => Hardware.OpenPorts(first, count));
        return new RecordedPorts(_log, inner, inner.Dispose);
    }

    /// <inheritdoc/>
    public IInterrupt OpenInterrupt(int irq, string name) =>
        Open(RecordingKind.OpenInterrupt, (ulong)irq, Text(name), () => Hardware.OpenInterrupt(irq, name));

    /// <inheritdoc/>
    public IInterrupt OpenInterrupt(DeviceTreeNode node, int index, string name)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Open(RecordingKind.OpenNodeInterrupt, (ulong)index, Text(name, node.Path), () => Hardware.OpenInterrupt(node, index, name));
    }

    /// <inheritdoc/>
    public void ReadBarrier()
    {
        if (Hardware is IDeviceBarriers device) device.ReadBarrier();
        else Interlocked.MemoryBarrier();
    }

    /// <inheritdoc/>
    public void WriteBarrier()
    {
        if (Hardware is IDeviceBarriers device) device.WriteBarrier();
        else Interlocked.MemoryBarrier();
    }

    /// <inheritdoc/>
    public void FullBarrier()
    {
        if (Hardware is IDeviceBarriers device) device.FullBarrier();
        else Interlocked.MemoryBarrier();
    }

    /// <summary>Writes to the stream what is still in memory.</summary>
    /// <exception cref="RawIoException">The recording could not be written, now or before (EIO); the accesses were made all the same.</exception>
    public void Flush() => _log.Flush();

    /// <summary>Ends the recording, then disposes the machine. A second call does nothing.</summary>
    /// <exception cref="RawIoException">The recording could not be written (EIO); the machine was disposed.</exception>
    public void Dispose()
    {
        if (!_log.Close()) return;
        Hardware.Dispose();
        _log.ThrowIfFailed();
    }

    /// <summary>Names as a recording has them. They must not be null; the machine refuses those itself.</summary>
    internal static byte[] Text(params ReadOnlySpan<string?> names)
    {
        var text = new StringBuilder();
        foreach (var name in names)
        {
            if (text.Length > 0) text.Append('\0');
            text.Append(CultureInfo.InvariantCulture, $"{name?.Replace('\0', '?')}");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private RecordedInterrupt Open(RecordingKind kind, ulong place, byte[] names, Func<IInterrupt> open)
    {
        lock (_log.Gate)
        {
            var id = ++_interrupts;
            return new(_log, _log.Do(kind, id, place, names, open), id);
        }
    }
}
