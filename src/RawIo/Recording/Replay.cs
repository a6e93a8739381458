namespace RawIo;

/// <summary>
/// A recording as a machine: it answers as the recorded machine did, and checks that the driver does what it did then:
/// the same steps in the same order, each at the same place, of the same width and, where it writes, with the same value.
/// </summary>
/// <remarks>
/// <para>The order is that of the whole recording, over all windows, ports and threads. A step that differs throws
/// <see cref="ReplayException"/>, and so does every step after it; where something is given back nothing is thrown, and
/// <see cref="Difference"/> or <see cref="Verify"/> tells. Where several threads were recorded, one that comes before its turn
/// waits for it, for <see cref="Patience"/> at most.</para>
/// <para>Time is the recording's: the clock shows what it showed, timers fire and interrupts come when their entry is next,
/// and nobody waits in between. Relaxed accesses are the ordered ones here. The resource trees begin as the recorded
/// machine's did.</para>
/// </remarks>
public sealed class Replay : IHardware
{
    private readonly ReplayCursor _cursor;
    private readonly RecordingReader _reader;
    private readonly ReplayTime _time;
    private volatile bool _disposed;

    internal Replay(Stream stream, bool leaveOpen)
    {
        if (!stream.CanSeek)
        {
            var copy = new MemoryStream();
            stream.CopyTo(copy);
            if (!leaveOpen) stream.Dispose();
            copy.Position = 0;
            (stream, leaveOpen) = (copy, false);
        }
        _reader = new(stream, leaveOpen);
        _cursor = new(_reader);
        _time = new(_cursor, _reader.Header);
    }

    /// <summary>Which machine was recorded: "recording of sim:pi3".</summary>
    public string Name => $"recording of {_reader.Name}";

    /// <inheritdoc/>
    public DeviceTree? DeviceTree => _reader.DeviceTree;

    /// <inheritdoc/>
    public ResourceTree Memory => _reader.Memory;

    /// <inheritdoc/>
    public ResourceTree Ports => _reader.Ports;

    /// <summary>The recording's time.</summary>
    public TimeProvider Time => _time;

    /// <summary>How many entries were replayed.</summary>
    public long Position => _cursor.Position;

    /// <summary>How many entries are left.</summary>
    public long Remaining => _cursor.Total - _cursor.Position;

    /// <summary>Whether all entries were replayed.</summary>
    public bool IsAtEnd => Remaining == 0;

    /// <summary>Whether the recording was ended by its recorder. False: it is cut off, and replays to its last whole entry.</summary>
    public bool IsComplete => _cursor.IsComplete;

    /// <summary>The first difference between the driver and the recording; null where there was none.</summary>
    public ReplayException? Difference => _cursor.Difference;

    /// <summary>How long a thread waits for others whose turn it is, and a wait for an interrupt whose arrival is not next; 5 s of the host's time unless told. A driver of one thread does not wait.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan Patience
    {
        get => _cursor.Patience;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _cursor.Patience = value;
        }
    }

    /// <summary>Checks that the driver did all that was recorded, and nothing else: call it where the driver has come to its end.</summary>
    /// <exception cref="ReplayException">There was a difference, or entries are left.</exception>
    public void Verify() => _cursor.Verify();

    /// <inheritdoc/>
    public MemRegion RequestMemRegion(ulong start, long length, string name)
    {
        Take(RecordingKind.ClaimMemory, start, (ulong)length, Recorder.Text(name));
        var claim = Claim(Memory, start, (ulong)length, name);
        return new(this, claim, () =>
        {
            Release(Memory, claim);
            _cursor.GiveBack(new(0, RecordingKind.ReleaseMemory, 0, start, (ulong)length));
        });
    }

    /// <inheritdoc/>
    public PortRegion RequestRegion(int first, int count, string name)
    {
        Take(RecordingKind.ClaimPorts, (ulong)first, (ulong)count, Recorder.Text(name));
        var claim = Claim(Ports, (ulong)first, (ulong)count, name);
        return new(new ReplayPorts(_cursor, first, count, isOwner: false), claim, () =>
        {
            Release(Ports, claim);
            _cursor.GiveBack(new(0, RecordingKind.ReleasePorts, 0, (ulong)first, (ulong)count));
        });
    }

    /// <inheritdoc/>
    public IMmioMapping IoRemap(ulong physicalAddress, long length)
    {
        Take(RecordingKind.Map, physicalAddress, (ulong)length);
        return new ReplayMmio(_cursor, physicalAddress, length, new(null), isOwner: true);
    }

    /// <inheritdoc/>
    public IPortGrant OpenPorts(int first, int count)
    {
        Take(RecordingKind.OpenPorts, (ulong)first, (ulong)count);
        return new ReplayPorts(_cursor, first, count, isOwner: true);
    }

    /// <inheritdoc/>
    public IInterrupt OpenInterrupt(int irq, string name)
    {
        var opened = Take(RecordingKind.OpenInterrupt, 0, (ulong)irq, Recorder.Text(name));
        return new ReplayInterrupt(_cursor, opened.Address, name);
    }

    /// <inheritdoc/>
    public IInterrupt OpenInterrupt(DeviceTreeNode node, int index, string name)
    {
        ArgumentNullException.ThrowIfNull(node);
        var opened = Take(RecordingKind.OpenNodeInterrupt, 0, (ulong)index, Recorder.Text(name, node.Path));
        return new ReplayInterrupt(_cursor, opened.Address, name);
    }

    /// <summary>Ends the replay; it checks nothing: <see cref="Verify"/> does. Waits end, and every later use throws <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _disposed = true;
        _cursor.Dispose();
    }

    private RecordingEntry Take(RecordingKind kind, ulong place, ulong length, byte[]? names = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return ReplayStep.Take(_cursor, new(0, kind, 0, place, length) { Data = names });
    }

    // The recorded machine has granted it. Where its own tree would not have, as that of a forced claim, the claim stands alone.
    private static Resource Claim(ResourceTree tree, ulong start, ulong length, string name)
    {
        if (!tree.AddressesHidden && tree.TryRequest(start, length, name, ResourceFlags.None, out var claim, out _)) return claim;
        return new(start, start + length - 1, name, ResourceFlags.Busy | (tree.Root.Flags & Resource.TypeBits));
    }

    private static void Release(ResourceTree tree, Resource claim)
    {
        if (claim.Parent is not null) tree.Release(claim);
    }
}

/// <summary>A step whose recorded refusal is thrown again.</summary>
internal static class ReplayStep
{
    public static RecordingEntry Take(ReplayCursor cursor, RecordingEntry attempt)
    {
        var entry = cursor.Take(attempt);
        return entry.Refusal is { } refusal ? throw refusal : entry;
    }

    /// <summary>A block that is read: what a refused one had read before it was refused is there as well.</summary>
    public static void TakeInto(ReplayCursor cursor, RecordingEntry attempt, Span<byte> bytes)
    {
        var entry = cursor.Take(attempt);
        entry.Data.Span.CopyTo(bytes);
        if (entry.Refusal is { } refusal) throw refusal;
    }
}
