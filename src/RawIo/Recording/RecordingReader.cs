using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace RawIo;

/// <summary>Reads a recording entry by entry, whatever its length. One thread at a time.</summary>
/// <remarks>
/// A file that ends early, because the process died or the disk was full, is read up to its last whole entry, and
/// <see cref="IsComplete"/> says so. What no recorder writes is a <see cref="MalformedInputException"/>.
/// </remarks>
public sealed class RecordingReader : IDisposable
{
    private readonly RecordingInput _input;
    private readonly RecordingHeader _header;
    private readonly long _first;
    private ulong _interrupts, _timers;
    private int _thread;
    private bool _ended;

    /// <summary>Reads the head of a recording.</summary>
    /// <param name="stream">The stream, from its current position; disposed with this.</param>
    /// <exception cref="MalformedInputException">It is no recording; the position is the byte.</exception>
    public RecordingReader(Stream stream) : this(stream, leaveOpen: false)
    {
    }

    internal RecordingReader(Stream stream, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _input = new(stream, leaveOpen);
        Span<byte> head = stackalloc byte[14];
        if (!_input.TryFill(head) || !head[..8].SequenceEqual(RecordingCode.Magic))
            throw new MalformedInputException("this is no recording: it does not begin with RAWIOREC and a header", 0, "byte");
        var version = BinaryPrimitives.ReadUInt16LittleEndian(head[8..]);
        if (version != RecordingCode.Version)
            throw new MalformedInputException($"the recording has version {version}; this program reads {RecordingCode.Version}", 8, "byte");
        var bytes = _input.TryTake(BinaryPrimitives.ReadUInt32LittleEndian(head[10..]))
            ?? throw new MalformedInputException("the recording ends inside its header", _input.Position, "byte");
        _header = RecordingHeader.Decode(bytes, 14);
        _first = _input.Position;
    }

    /// <summary>Which machine was recorded: "sim:pi3".</summary>
    public string Name => _header.Name;

    /// <summary>Its device tree, if any.</summary>
    public DeviceTree? DeviceTree => _header.DeviceTree;

    /// <summary>Who held which memory when the recording began.</summary>
    public ResourceTree Memory => _header.Memory;

    /// <summary>Who held which ports when the recording began.</summary>
    public ResourceTree Ports => _header.Ports;

    /// <summary>How many entries were read.</summary>
    public long Count { get; private set; }

    /// <summary>After the last entry: whether the recording was ended by its recorder. False: it is cut off.</summary>
    public bool IsComplete { get; private set; }

    internal RecordingHeader Header => _header;

    /// <summary>Whether entries after the first came from another thread.</summary>
    internal bool HasSeveralThreads { get; private set; }

    /// <summary>Reads the next entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="MalformedInputException">The file is damaged here; the position is the byte.</exception>
    public bool TryRead([NotNullWhen(true)] out RecordingEntry? entry)
    {
        entry = null;
        if (_ended) return false;
        Span<byte> one = stackalloc byte[1];
        while (true)
        {
            var start = _input.Position;
            if (!_input.TryFill(one)) return End();
            var code = one[0];
            if (code == RecordingCode.End)
            {
                IsComplete = true;
                if (_input.TryFill(one)) throw Error(start + 1, "bytes after the recording's end");
                return End();
            }
            if (code == RecordingCode.Thread)
            {
                Span<byte> number = stackalloc byte[4];
                if (!_input.TryFill(number)) return End();
                _thread = BinaryPrimitives.ReadInt32LittleEndian(number);
                HasSeveralThreads |= Count > 0;
                continue;
            }
            entry = Entry(code & ~RecordingCode.Refused, (code & RecordingCode.Refused) != 0, start);
            if (entry is null) return End();
            Check(entry, start);
            Count++;
            return true;
        }
    }

    /// <summary>Closes the recording.</summary>
    public void Dispose() => _input.Dispose();

    /// <summary>Goes back to the first entry.</summary>
    internal void Rewind()
    {
        _input.Seek(_first);
        (_interrupts, _timers, _thread, _ended, Count, IsComplete) = (0, 0, 0, false, 0, false);
    }

    private bool End()
    {
        _ended = true;
        return false;
    }

    /// <summary>Null where the file ends inside it.</summary>
    private RecordingEntry? Entry(int code, bool refused, long start)
    {
        var kind = (RecordingKind)(RecordingCode.HasSize(code) ? code & ~3 : code);
        var size = RecordingCode.HasSize(code) ? 1 << (code & 3) : 0;
        var isPort = kind is RecordingKind.In or RecordingKind.Out or RecordingKind.InRep or RecordingKind.OutRep;
        if (kind == RecordingKind.None || !Enum.IsDefined(kind) || (isPort && size == 8)) throw Error(start, $"0x{code:x2} is no kind of entry");
        Span<byte> head = stackalloc byte[20];
        ulong address, value;
        byte[] data = [];
        if (RecordingCode.IsScalar(code))
        {
            head.Clear();
            if (!_input.TryFill(head[..(8 + size)])) return null;
            (address, value) = (BinaryPrimitives.ReadUInt64LittleEndian(head), BinaryPrimitives.ReadUInt64LittleEndian(head[8..]));
        }
        else
        {
            if (!_input.TryFill(head)) return null;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head);
            if (length < 16) throw Error(start, $"an entry of {length} bytes, and 16 are the least");
            (address, value) = (BinaryPrimitives.ReadUInt64LittleEndian(head[4..]), BinaryPrimitives.ReadUInt64LittleEndian(head[12..]));
            if (_input.TryTake(length - 16) is not { } rest) return null;
            data = rest;
        }
        Exception? refusal = null;
        if (refused)
        {
            if (!_input.TryFill(head[..4]) || _input.TryTake(BinaryPrimitives.ReadUInt32LittleEndian(head)) is not { } bytes) return null;
            refusal = RecordedRefusal.Decode(bytes) ?? throw Error(start, "a refusal of no known type");
        }
        return new(Count + 1, kind, size, address, value) { Data = data, Refusal = refusal, Thread = _thread };
    }

    /// <summary>Whether the entry has the shape of its kind, and what it speaks of was made before.</summary>
    private void Check(RecordingEntry entry, long start)
    {
        var length = (ulong)entry.Data.Length;
        var fits = entry.Kind switch
        {
            RecordingKind.ReadRep or RecordingKind.WriteRep or RecordingKind.InRep or RecordingKind.OutRep => entry.Value == length && length % (ulong)entry.Size == 0,
            RecordingKind.CopyFrom or RecordingKind.CopyTo => entry.Value == length,
            RecordingKind.Fill => length == 1,
            RecordingKind.WaitEnds or RecordingKind.CreateTimer or RecordingKind.ChangeTimer => length == 8,
            RecordingKind.UtcNow => entry.Value <= (ulong)DateTime.MaxValue.Ticks,
            _ => true,
        };
        if (!fits) throw Error(start, $"an entry ({entry.Kind}) of the wrong length");
        if (entry.Kind is RecordingKind.OpenInterrupt or RecordingKind.OpenNodeInterrupt && entry.Address != ++_interrupts)
            throw Error(start, $"interrupt {entry.Address} where {_interrupts} is the next");
        if (entry.Kind == RecordingKind.CreateTimer && entry.Address != ++_timers) throw Error(start, $"timer {entry.Address} where {_timers} is the next");
        if (entry.Kind is >= RecordingKind.CloseInterrupt and <= RecordingKind.WaitEnds && (entry.Address == 0 || entry.Address > _interrupts))
            throw Error(start, $"an interrupt {entry.Address} that nobody opened");
        if (entry.Kind is >= RecordingKind.ChangeTimer && (entry.Address == 0 || entry.Address > _timers))
            throw Error(start, $"a timer {entry.Address} that nobody made");
    }

    private static MalformedInputException Error(long position, string what) => new(what, position, "byte");
}
