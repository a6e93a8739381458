using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace RawIo.Native;

/// <summary>
/// A window onto mapped device memory. Every access is one instruction of exactly that width on the device, as the
/// disassembly gate proves; the checks before it touch nothing but this object.
/// </summary>
/// <remarks>
/// The address must be aligned as well as the offset: what x86 would split and what arm64 would end the process for is
/// refused with <see cref="DataMisalignedException"/>. Held in a variable of this type, accesses are compiled into the caller.
/// Disposing the window that a mapping call returned ends the mapping; disposing one from <see cref="Window"/> does nothing.
/// </remarks>
public sealed unsafe partial class NativeMmio : IMmioMapping, IGuardedMmio
{
    private readonly byte* _base;
    private readonly MappingHandle _mapping;
    private readonly bool _owner;
    private Quick _reads;
    private Quick _writes;

    internal NativeMmio(MappingHandle mapping, byte* start, long length, ulong physicalAddress, bool writable, bool owner)
    {
        _base = start;
        (_mapping, _owner, Length, PhysicalAddress, CanWrite) = (mapping, owner, length, physicalAddress, writable);
        _reads = new(start, length);
        _writes = writable ? _reads : default;
        mapping.Add(this);
    }

    /// <inheritdoc/>
    public ulong PhysicalAddress { get; }

    /// <inheritdoc/>
    public long Length { get; }

    /// <summary>Whether the pages may be written; a write to read-only ones throws (EACCES).</summary>
    public bool CanWrite { get; }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Read8(long offset)
    {
        var value = DeviceMemory.Read8(At(offset, 0, _reads.Of8, write: false));
        GC.KeepAlive(this);
        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort Read16(long offset)
    {
        var value = DeviceMemory.Read16(At(offset, 1, _reads.Of16, write: false));
        GC.KeepAlive(this);
        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read32(long offset)
    {
        var value = DeviceMemory.Read32(At(offset, 2, _reads.Of32, write: false));
        GC.KeepAlive(this);
        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Read64(long offset)
    {
        var value = DeviceMemory.Read64(At(offset, 3, _reads.Of64, write: false));
        GC.KeepAlive(this);
        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write8(long offset, byte value)
    {
        DeviceMemory.Write8(At(offset, 0, _writes.Of8, write: true), value);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write16(long offset, ushort value)
    {
        DeviceMemory.Write16(At(offset, 1, _writes.Of16, write: true), value);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write32(long offset, uint value)
    {
        DeviceMemory.Write32(At(offset, 2, _writes.Of32, write: true), value);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write64(long offset, ulong value)
    {
        DeviceMemory.Write64(At(offset, 3, _writes.Of64, write: true), value);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Modify8(long offset, byte clear, byte set)
    {
        var p = At(offset, 0, _writes.Of8, write: true);
        DeviceMemory.Write8(p, (byte)((DeviceMemory.Read8(p) & ~clear) | set));
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Modify16(long offset, ushort clear, ushort set)
    {
        var p = At(offset, 1, _writes.Of16, write: true);
        DeviceMemory.Write16(p, (ushort)((DeviceMemory.Read16(p) & ~clear) | set));
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Modify32(long offset, uint clear, uint set)
    {
        var p = At(offset, 2, _writes.Of32, write: true);
        DeviceMemory.Write32(p, (DeviceMemory.Read32(p) & ~clear) | set);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Modify64(long offset, ulong clear, ulong set)
    {
        var p = At(offset, 3, _writes.Of64, write: true);
        DeviceMemory.Write64(p, (DeviceMemory.Read64(p) & ~clear) | set);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadRelaxed8(long offset) => Read8(offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort ReadRelaxed16(long offset) => Read16(offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadRelaxed32(long offset) => Read32(offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadRelaxed64(long offset) => Read64(offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteRelaxed8(long offset, byte value) => Write8(offset, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteRelaxed16(long offset, ushort value) => Write16(offset, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteRelaxed32(long offset, uint value) => Write32(offset, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteRelaxed64(long offset, ulong value) => Write64(offset, value);

    /// <inheritdoc/>
    public bool TryRead(long offset, int size, out ulong value)
    {
        if (size is not (1 or 2 or 4 or 8)) throw new ArgumentOutOfRangeException(nameof(size), size, $"No access has {size} bytes: it has 1, 2, 4 or 8.");
        Check(offset, size, write: false);
        var read = LibRawIo.TryRead(_base + offset, size, out value);
        GC.KeepAlive(this);
        return read;
    }

    /// <inheritdoc/>
    public IMmio Window(long offset, long length)
    {
        ThrowIfRetired();
        AccessCheck.Window(offset, length, Length);
        return new NativeMmio(_mapping, _base + offset, length, PhysicalAddress + (ulong)offset, CanWrite, owner: false);
    }

    /// <summary>Ends the mapping (<c>munmap</c>). No access through this or any window on it reaches the device afterwards, whichever thread makes it.</summary>
    public void Dispose()
    {
        if (_owner) _mapping.Retire();
    }

    /// <summary>Called by the mapping at its end.</summary>
    internal void End() => _reads = _writes = default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* At(long offset, int sizeLog2, ulong quick, bool write)
    {
        // Turned right by that many bits, an offset that is negative or no multiple of the size becomes a huge number: one comparison sees both ends and the alignment.
        var turned = ((ulong)offset >> sizeLog2) | ((ulong)offset << (64 - sizeLog2));
        if (turned >= quick) Refuse(offset, 1 << sizeLog2, write);
        return _base + offset;
    }

    /// <summary>Says in words what is wrong. It never returns, which the compiler sees by itself: a loop around an access then has no call in it.</summary>
    [DoesNotReturn]
    private void Refuse(long offset, int size, bool write)
    {
        Check(offset, size, write);
        throw new ObjectDisposedException(nameof(NativeMmio));
    }

    private void Check(long offset, int size, bool write)
    {
        ThrowIfRetired();
        AccessCheck.Access(offset, size, Length);
        if (((nuint)(_base + offset) & (nuint)(size - 1)) != 0)
            throw new DataMisalignedException(
                $"An access of {size} bytes at 0x{PhysicalAddress + (ulong)offset:x} is misaligned: the window begins at 0x{PhysicalAddress:x}, the address must be a multiple of {size}.");
        if (write && !CanWrite) throw ReadOnly(offset);
    }

    private void ThrowIfRetired() => ObjectDisposedException.ThrowIf(_mapping.Retired, this);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private RawIoException ReadOnly(long offset) => new(Errno.EACCES,
        $"Cannot write offset 0x{offset:x} of the window at 0x{PhysicalAddress:x}: it is mapped read-only; map it for writing.");

    /// <summary>
    /// How many registers of a size the window has. None of a size that its first address is no multiple of, none to write
    /// where the pages are read-only, and none after the mapping's end.
    /// </summary>
    private readonly struct Quick
    {
        public readonly ulong Of8, Of16, Of32, Of64;

        public Quick(byte* start, long length)
        {
            ulong Count(uint size) => (nuint)start % size == 0 ? (ulong)length / size : 0;
            (Of8, Of16, Of32, Of64) = (Count(1), Count(2), Count(4), Count(8));
        }
    }
}
