using System.Runtime.CompilerServices;

namespace RawIo;

/// <summary>A window whose accesses are recorded.</summary>
/// <param name="log">Where to.</param>
/// <param name="io">The window below.</param>
/// <param name="life">The mapping's life.</param>
internal sealed partial class RecordedMmio(RecordingLog log, IMmio io, RecordedLife life) : IMmioMapping, IGuardedMmio
{
    private const int R = (int)RecordingKind.Read, W = (int)RecordingKind.Write;
    private const int RR = (int)RecordingKind.ReadRelaxed, WR = (int)RecordingKind.WriteRelaxed;

    private readonly ulong _start = io.PhysicalAddress;
    private readonly long _length = io.Length;

    public ulong PhysicalAddress => _start;

    public long Length => _length;

    public byte Read8(long offset) => (byte)Load(R | 0, offset);

    public ushort Read16(long offset) => (ushort)Load(R | 1, offset);

    public uint Read32(long offset) => (uint)Load(R | 2, offset);

    public ulong Read64(long offset) => Load(R | 3, offset);

    public void Write8(long offset, byte value) => Store(W | 0, offset, value);

    public void Write16(long offset, ushort value) => Store(W | 1, offset, value);

    public void Write32(long offset, uint value) => Store(W | 2, offset, value);

    public void Write64(long offset, ulong value) => Store(W | 3, offset, value);

    public byte ReadRelaxed8(long offset) => (byte)Load(RR | 0, offset);

    public ushort ReadRelaxed16(long offset) => (ushort)Load(RR | 1, offset);

    public uint ReadRelaxed32(long offset) => (uint)Load(RR | 2, offset);

    public ulong ReadRelaxed64(long offset) => Load(RR | 3, offset);

    public void WriteRelaxed8(long offset, byte value) => Store(WR | 0, offset, value);

    public void WriteRelaxed16(long offset, ushort value) => Store(WR | 1, offset, value);

    public void WriteRelaxed32(long offset, uint value) => Store(WR | 2, offset, value);

    public void WriteRelaxed64(long offset, ulong value) => Store(WR | 3, offset, value);

    public bool TryRead(long offset, int size, out ulong value)
    {
        if (size is not (1 or 2 or 4 or 8)) throw AccessCheck.NoSuchSize(size, "1, 2, 4 or 8");
        Check(offset, size);
        var code = RecordingCode.Of(RecordingKind.TryRead, size);
        lock (log.Gate)
        {
            bool answered;
            try
            {
                answered = io.TryRead(offset, size, out value);
            }
            catch (Exception error)
            {
                log.RefusedScalar(code, At(offset), 0, size, error);
                throw;
            }
            log.Scalar(answered ? code : RecordingCode.Of(RecordingKind.TryReadNothing, size), At(offset), value, size);
            return answered;
        }
    }

    public IMmio Window(long offset, long length)
    {
        ThrowIfGone();
        AccessCheck.Window(offset, length, Length);
        return new RecordedMmio(log, io.Window(offset, length), life);
    }

    public void Dispose()
    {
        if (life.End()) log.GiveBack(RecordingKind.Unmap, _start, (ulong)_length, life.GiveBack);
    }

    private ulong Load(int code, long offset)
    {
        var size = 1 << (code & 3);
        Check(offset, size);
        lock (log.Gate)
        {
            ulong value;
            try
            {
                value = code switch
                {
                    R | 0 => io.Read8(offset),
                    R | 1 => io.Read16(offset),
                    R | 2 => io.Read32(offset),
                    R | 3 => io.Read64(offset),
                    RR | 0 => io.ReadRelaxed8(offset),
                    RR | 1 => io.ReadRelaxed16(offset),
                    RR | 2 => io.ReadRelaxed32(offset),
                    _ => io.ReadRelaxed64(offset),
                };
            }
            catch (Exception error)
            {
                log.RefusedScalar(code, At(offset), 0, size, error);
                throw;
            }
            log.Scalar(code, At(offset), value, size);
            return value;
        }
    }

    private void Store(int code, long offset, ulong value)
    {
        var size = 1 << (code & 3);
        Check(offset, size);
        lock (log.Gate)
        {
            try
            {
                switch (code)
                {
                    case W | 0: io.Write8(offset, (byte)value); break;
                    case W | 1: io.Write16(offset, (ushort)value); break;
                    case W | 2: io.Write32(offset, (uint)value); break;
                    case W | 3: io.Write64(offset, value); break;
                    case WR | 0: io.WriteRelaxed8(offset, (byte)value); break;
                    case WR | 1: io.WriteRelaxed16(offset, (ushort)value); break;
                    case WR | 2: io.WriteRelaxed32(offset, (uint)value); break;
                    default: io.WriteRelaxed64(offset, value); break;
                }
            }
            catch (Exception error)
            {
                log.RefusedScalar(code, At(offset), value, size, error);
                throw;
            }
            log.Scalar(code, At(offset), value, size);
        }
    }

    private ulong At(long offset) => _start + (ulong)offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Check(long offset, int size)
    {
        ThrowIfGone();
        AccessCheck.Access(offset, size, _length);
    }

    private void ThrowIfGone()
    {
        if (life.HasEnded) ThrowGone();
    }

    private void ThrowGone() => throw new ObjectDisposedException(nameof(IMmioMapping), $"The mapping of 0x{_start:x} was given back.");
}
