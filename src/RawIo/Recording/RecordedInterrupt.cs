using System.Buffers.Binary;

namespace RawIo;

/// <summary>An interrupt whose arrivals and switches are recorded.</summary>
/// <param name="log">Where to.</param>
/// <param name="interrupt">The one below.</param>
/// <param name="id">Which of the recording's.</param>
internal sealed class RecordedInterrupt(RecordingLog log, IInterrupt interrupt, ulong id) : IInterrupt
{
    private readonly RecordedLife _life = new(interrupt.Dispose);
    private ulong _waits; // under the gate

    public string Name => interrupt.Name;

    public long Count
    {
        get
        {
            if (_life.HasEnded) return interrupt.Count;
            lock (log.Gate)
            {
                var count = interrupt.Count;
                log.Entry((int)RecordingKind.InterruptCount, id, (ulong)count);
                return count;
            }
        }
    }

    public async ValueTask<long> WaitAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfGone();
        var wait = Begin();
        try
        {
            // Not under the gate: the device comes to its interrupt by accesses.
            return Came(wait, await interrupt.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception error)
        {
            lock (log.Gate) log.RefusedEntry((int)RecordingKind.WaitEnds, id, wait, new byte[8], error);
            throw;
        }
    }

    public void Enable()
    {
        ThrowIfGone();
        Switch(RecordingKind.EnableInterrupt, interrupt.Enable);
    }

    public void Disable()
    {
        ThrowIfGone();
        Switch(RecordingKind.DisableInterrupt, interrupt.Disable);
    }

    public void Dispose()
    {
        if (_life.End()) log.GiveBack(RecordingKind.CloseInterrupt, id, 0, _life.GiveBack);
    }

    private ulong Begin()
    {
        lock (log.Gate)
        {
            log.Entry((int)RecordingKind.WaitBegins, id, ++_waits);
            return _waits;
        }
    }

    private long Came(ulong wait, long count)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, count);
        lock (log.Gate) log.Entry((int)RecordingKind.WaitEnds, id, wait, bytes);
        return count;
    }

    private void Switch(RecordingKind kind, Action step) => log.Do(kind, id, 0, default, () =>
    {
        step();
        return true;
    });

    private void ThrowIfGone()
    {
        if (_life.HasEnded) throw new ObjectDisposedException(Name, $"The interrupt {Name} was given back, or its machine disposed.");
    }
}
