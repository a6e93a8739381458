using System.Runtime.InteropServices;

namespace RawIo;

/// <summary>A range of ports whose accesses are recorded.</summary>
/// <param name="log">Where to.</param>
/// <param name="io">The range below.</param>
/// <param name="close">Gives it back; null where its claim does.</param>
internal sealed class RecordedPorts(RecordingLog log, IPortIo io, Action? close) : IPortGrant
{
    private const int I = (int)RecordingKind.In, O = (int)RecordingKind.Out;
    private const int IR = (int)RecordingKind.InRep, OR = (int)RecordingKind.OutRep;

    private readonly RecordedLife _life = new(close);
    private readonly int _first = io.FirstPort;
    private readonly int _count = io.Count;

    public int FirstPort => _first;

    public int Count => _count;

    public byte In8(int port) => (byte)Load(I | 0, port);

    public ushort In16(int port) => (ushort)Load(I | 1, port);

    public uint In32(int port) => Load(I | 2, port);

    public void Out8(int port, byte value) => Store(O | 0, port, value);

    public void Out16(int port, ushort value) => Store(O | 1, port, value);

    public void Out32(int port, uint value) => Store(O | 2, port, value);

    public void InRep(int port, Span<byte> destination) => LoadRep(IR | 0, port, destination);

    public void InRep(int port, Span<ushort> destination) => LoadRep(IR | 1, port, MemoryMarshal.AsBytes(destination));

    public void InRep(int port, Span<uint> destination) => LoadRep(IR | 2, port, MemoryMarshal.AsBytes(destination));

    public void OutRep(int port, ReadOnlySpan<byte> source) => StoreRep(OR | 0, port, source);

    public void OutRep(int port, ReadOnlySpan<ushort> source) => StoreRep(OR | 1, port, MemoryMarshal.AsBytes(source));

    public void OutRep(int port, ReadOnlySpan<uint> source) => StoreRep(OR | 2, port, MemoryMarshal.AsBytes(source));

    public void Pause()
    {
        ThrowIfGone();
        lock (log.Gate)
        {
            try
            {
                io.Pause();
            }
            catch (Exception error)
            {
                log.RefusedEntry((int)RecordingKind.Pause, 0, 0, default, error);
                throw;
            }
            log.Entry((int)RecordingKind.Pause, 0, 0);
        }
    }

    public void Dispose()
    {
        if (_life.End() && close is not null) log.GiveBack(RecordingKind.ClosePorts, (ulong)_first, (ulong)_count, close);
    }

    private uint Load(int code, int port)
    {
        var size = 1 << (code & 3);
        Check(port, size);
        lock (log.Gate)
        {
            uint value;
            try
            {
                value = code switch { I | 0 => io.In8(port), I | 1 => io.In16(port), _ => io.In32(port) };
            }
            catch (Exception error)
            {
                log.RefusedScalar(code, (ulong)port, 0, size, error);
                throw;
            }
            log.Scalar(code, (ulong)port, value, size);
            return value;
        }
    }

    private void Store(int code, int port, uint value)
    {
        var size = 1 << (code & 3);
        Check(port, size);
        lock (log.Gate)
        {
            try
            {
                switch (code)
                {
                    case O | 0: io.Out8(port, (byte)value); break;
                    case O | 1: io.Out16(port, (ushort)value); break;
                    default: io.Out32(port, value); break;
                }
            }
            catch (Exception error)
            {
                log.RefusedScalar(code, (ulong)port, value, size, error);
                throw;
            }
            log.Scalar(code, (ulong)port, value, size);
        }
    }

    private void LoadRep(int code, int port, Span<byte> bytes)
    {
        Check(port, 1 << (code & 3));
        if (bytes.IsEmpty) return;
        lock (log.Gate)
        {
            try
            {
                switch (code)
                {
                    case IR | 0: io.InRep(port, bytes); break;
                    case IR | 1: io.InRep(port, MemoryMarshal.Cast<byte, ushort>(bytes)); break;
                    default: io.InRep(port, MemoryMarshal.Cast<byte, uint>(bytes)); break;
                }
            }
            catch (Exception error)
            {
                log.RefusedEntry(code, (ulong)port, (ulong)bytes.Length, bytes, error);
                throw;
            }
            log.Entry(code, (ulong)port, (ulong)bytes.Length, bytes);
        }
    }

    private void StoreRep(int code, int port, ReadOnlySpan<byte> bytes)
    {
        Check(port, 1 << (code & 3));
        if (bytes.IsEmpty) return;
        lock (log.Gate)
        {
            try
            {
                switch (code)
                {
                    case OR | 0: io.OutRep(port, bytes); break;
                    case OR | 1: io.OutRep(port, MemoryMarshal.Cast<byte, ushort>(bytes)); break;
                    default: io.OutRep(port, MemoryMarshal.Cast<byte, uint>(bytes)); break;
                }
            }
            catch (Exception error)
            {
                log.RefusedEntry(code, (ulong)port, (ulong)bytes.Length, bytes, error);
                throw;
            }
            log.Entry(code, (ulong)port, (ulong)bytes.Length, bytes);
        }
    }

    private void Check(int port, int size)
    {
        ThrowIfGone();
        AccessCheck.Port(port, size, _first, _count);
    }

    private void ThrowIfGone()
    {
        if (_life.HasEnded) throw new ObjectDisposedException(nameof(IPortGrant), $"The ports from 0x{_first:x4} were given back.");
    }
}
