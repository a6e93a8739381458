using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>A way to make one access at an address that was checked; a struct, so that each way is compiled into its window.</summary>
internal interface IAccessPath
{
    /// <summary>Reads 1, 2, 4 or 8 bytes.</summary>
    ulong Load(ulong address, int size);

    /// <summary>Writes 1, 2, 4 or 8 bytes.</summary>
    void Store(ulong address, int size, ulong value);

    /// <summary>Throws where the mapping is gone: what an access of no bytes needs.</summary>
    void ThrowIfGone();
}

/// <summary>Every member of a window, written once over the one way that differs. The simulated bus is in order, so the relaxed forms are the ordered ones.</summary>
internal abstract class PathWindow<TPath>(TPath path, ulong first, ulong physicalAddress, long length) : IMmio
    where TPath : struct, IAccessPath
{
    private readonly TPath _path = path;
    private readonly ulong _first = first;
    private readonly long _length = length;

    public ulong PhysicalAddress { get; } = physicalAddress;

    public long Length => _length;

    protected TPath Path => _path;

    public byte Read8(long offset) => (byte)Load(offset, 1);

    public ushort Read16(long offset) => (ushort)Load(offset, 2);

    public uint Read32(long offset) => (uint)Load(offset, 4);

    public ulong Read64(long offset) => Load(offset, 8);

    public void Write8(long offset, byte value) => Store(offset, 1, value);

    public void Write16(long offset, ushort value) => Store(offset, 2, value);

    public void Write32(long offset, uint value) => Store(offset, 4, value);

    public void Write64(long offset, ulong value) => Store(offset, 8, value);

    public byte ReadRelaxed8(long offset) => (byte)Load(offset, 1);

    public ushort ReadRelaxed16(long offset) => (ushort)Load(offset, 2);

    public uint ReadRelaxed32(long offset) => (uint)Load(offset, 4);

    public ulong ReadRelaxed64(long offset) => Load(offset, 8);

    public void WriteRelaxed8(long offset, byte value) => Store(offset, 1, value);

    public void WriteRelaxed16(long offset, ushort value) => Store(offset, 2, value);

    public void WriteRelaxed32(long offset, uint value) => Store(offset, 4, value);

    public void WriteRelaxed64(long offset, ulong value) => Store(offset, 8, value);

    public void ReadRep(long offset, Span<byte> destination)
    {
        CheckRep(offset, 1);
        foreach (ref var value in destination) value = (byte)Load(offset, 1);
    }

    public void ReadRep(long offset, Span<ushort> destination)
    {
        CheckRep(offset, 2);
        foreach (ref var value in destination) value = (ushort)Load(offset, 2);
    }

    public void ReadRep(long offset, Span<uint> destination)
    {
        CheckRep(offset, 4);
        foreach (ref var value in destination) value = (uint)Load(offset, 4);
    }

    public void ReadRep(long offset, Span<ulong> destination)
    {
        CheckRep(offset, 8);
        foreach (ref var value in destination) value = Load(offset, 8);
    }

    public void WriteRep(long offset, ReadOnlySpan<byte> source)
    {
        CheckRep(offset, 1);
        foreach (var value in source) Store(offset, 1, value);
    }

    public void WriteRep(long offset, ReadOnlySpan<ushort> source)
    {
        CheckRep(offset, 2);
        foreach (var value in source) Store(offset, 2, value);
    }

    public void WriteRep(long offset, ReadOnlySpan<uint> source)
    {
        CheckRep(offset, 4);
        foreach (var value in source) Store(offset, 4, value);
    }

    public void WriteRep(long offset, ReadOnlySpan<ulong> source)
    {
        CheckRep(offset, 8);
        foreach (var value in source) Store(offset, 8, value);
    }

    public void Fill(long offset, byte value, long length)
    {
        CheckBlock(offset, length);
        var word = value * 0x0101_0101_0101_0101ul;
        for (int size; length > 0; offset += size, length -= size)
        {
            size = Step(offset, length);
            _path.Store(_first + (ulong)offset, size, word & BusLanes.Mask(size));
        }
    }

    public void CopyFrom(long offset, Span<byte> destination)
    {
        CheckBlock(offset, destination.Length);
        for (int size; destination.Length > 0; offset += size, destination = destination[size..])
        {
            size = Step(offset, destination.Length);
            var value = _path.Load(_first + (ulong)offset, size);
            for (var i = 0; i < size; i++) destination[i] = (byte)(value >> (8 * i));
        }
    }

    public void CopyTo(long offset, ReadOnlySpan<byte> source)
    {
        CheckBlock(offset, source.Length);
        for (int size; source.Length > 0; offset += size, source = source[size..])
        {
            size = Step(offset, source.Length);
            ulong value = 0;
            for (var i = 0; i < size; i++) value |= (ulong)source[i] << (8 * i);
            _path.Store(_first + (ulong)offset, size, value);
        }
    }

    public IMmio Window(long offset, long length)
    {
        _path.ThrowIfGone();
        AccessCheck.Window(offset, length, _length);
        return MakeWindow(_first + (ulong)offset, PhysicalAddress + (ulong)offset, length);
    }

    protected abstract IMmio MakeWindow(ulong first, ulong physicalAddress, long length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Load(long offset, int size)
    {
        AccessCheck.Access(offset, size, _length);
        return _path.Load(_first + (ulong)offset, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(long offset, int size, ulong value)
    {
        AccessCheck.Access(offset, size, _length);
        _path.Store(_first + (ulong)offset, size, value);
    }

    private void CheckRep(long offset, int size)
    {
        _path.ThrowIfGone();
        AccessCheck.Access(offset, size, _length);
    }

    private void CheckBlock(long offset, long length)
    {
        _path.ThrowIfGone();
        AccessCheck.Range(offset, length, _length);
    }

    /// <summary>A word where the device address is aligned and one is left, else a byte.</summary>
    private int Step(long offset, long left) => ((_first + (ulong)offset) & 7) == 0 && left >= 8 ? 8 : 1;
}
