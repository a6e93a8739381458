using System.Buffers.Binary;

namespace RawIo;

/// <summary>Where a recording's entries go: a chunk in memory, which whoever fills it writes to the stream.</summary>
internal sealed class RecordingLog
{
    private const int ChunkSize = 0x10000;

    // What an entry may take at once: a mark of the thread and a scalar of 64 bits, or the head of any other.
    private const int Room = 32;

    private readonly byte[] _chunk = new byte[ChunkSize];
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private int _used;
    private int _thread = Environment.CurrentManagedThreadId;
    private Exception? _failure;
    private bool _closed;

    public RecordingLog(Stream stream, bool leaveOpen, ReadOnlySpan<byte> header)
    {
        (_stream, _leaveOpen) = (stream, leaveOpen);
        Put(RecordingCode.Magic);
        Put(RecordingCode.Version, 2);
        Put((uint)header.Length, 4);
        Put(header);
        Spill();
    }

    /// <summary>Held over an access and its entry, so that the recording's order is the device's.</summary>
    public Lock Gate { get; } = new();

    /// <summary>How many entries there are. Under the gate.</summary>
    public long Count { get; private set; }

    /// <summary>An access of one value. Under the gate.</summary>
    public void Scalar(int code, ulong address, ulong value, int size)
    {
        Begin();
        var at = _chunk.AsSpan(_used, 17);
        at[0] = (byte)code;
        BinaryPrimitives.WriteUInt64LittleEndian(at[1..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(at[9..], value);
        _used += 9 + size;
    }

    /// <summary>An access of one value that was refused. Under the gate.</summary>
    public void RefusedScalar(int code, ulong address, ulong value, int size, Exception error)
    {
        Scalar(code | RecordingCode.Refused, address, value, size);
        Refusal(error);
    }

    /// <summary>Any other entry. Under the gate.</summary>
    public void Entry(int code, ulong a, ulong b, ReadOnlySpan<byte> rest = default)
    {
        Begin();
        var at = _chunk.AsSpan(_used, 21);
        at[0] = (byte)code;
        BinaryPrimitives.WriteUInt32LittleEndian(at[1..], 16 + (uint)rest.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(at[5..], a);
        BinaryPrimitives.WriteUInt64LittleEndian(at[13..], b);
        _used += 21;
        Put(rest);
    }

    /// <summary>Any other entry, refused. Under the gate.</summary>
    public void RefusedEntry(int code, ulong a, ulong b, ReadOnlySpan<byte> rest, Exception error)
    {
        Entry(code | RecordingCode.Refused, a, b, rest);
        Refusal(error);
    }

    /// <summary>Does something that is no access, and keeps that it was done, or what it was refused with.</summary>
    public T Do<T>(RecordingKind kind, ulong a, ulong b, ReadOnlySpan<byte> rest, Func<T> step)
    {
        lock (Gate)
        {
            T made;
            try
            {
                made = step();
            }
            catch (Exception error)
            {
                RefusedEntry((int)kind, a, b, rest, error);
                throw;
            }
            Entry((int)kind, a, b, rest);
            return made;
        }
    }

    /// <summary>Gives something back, and keeps that it was. Not under the gate: it may wait for a thread that comes to it.</summary>
    public void GiveBack(RecordingKind kind, ulong a, ulong b, Action giveBack)
    {
        lock (Gate) Entry((int)kind, a, b);
        giveBack();
    }

    /// <summary>Writes what there is to the stream.</summary>
    public void Flush()
    {
        lock (Gate)
        {
            Spill();
            ThrowIfFailed();
        }
    }

    /// <summary>Ends the recording; what comes later is not in it.</summary>
    /// <returns>False where it had ended before.</returns>
    public bool Close()
    {
        lock (Gate)
        {
            if (_closed) return false;
            Put([RecordingCode.End]);
            Spill();
            _closed = true;
            if (_leaveOpen) return true;
            var errors = new List<Exception>();
            DeviceScope.Collect(_stream.Dispose, errors);
            if (errors.Count > 0) _failure ??= errors[0];
            return true;
        }
    }

    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw new RawIoException(Errno.EIO, $"The recording could not be written, and ends where that failed: {failure.Message} Record again where there is room.", failure);
    }

    private void Begin()
    {
        if (_used > ChunkSize - Room) Spill();
        var thread = Environment.CurrentManagedThreadId;
        if (thread != _thread) Switch(thread);
        if (!_closed) Count++;
    }

    private void Switch(int thread)
    {
        _thread = thread;
        _chunk[_used] = RecordingCode.Thread;
        BinaryPrimitives.WriteInt32LittleEndian(_chunk.AsSpan(_used + 1), thread);
        _used += 5;
    }

    private void Refusal(Exception error)
    {
        var bytes = RecordedRefusal.Encode(error);
        Put((uint)bytes.Length, 4);
        Put(bytes);
    }

    private void Put(uint value, int size)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Put(bytes[..size]);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > ChunkSize - _used)
        {
            var part = ChunkSize - _used;
            bytes[..part].CopyTo(_chunk.AsSpan(_used));
            _used = ChunkSize;
            Spill();
            bytes = bytes[part..];
        }
        bytes.CopyTo(_chunk.AsSpan(_used));
        _used += bytes.Length;
    }

    // A disk that is full must not come between a driver and its device: the failure is kept, and told at the end.
    private void Spill()
    {
        if (_used > 0 && !_closed && _failure is null)
        {
            try
            {
                _stream.Write(_chunk, 0, _used);
                _stream.Flush();
            }
#pragma warning disable CA1031 // Whatever the stream throws, Flush and Dispose tell it.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _failure = error;
            }
        }
        _used = 0;
    }
}
