namespace RawIo.Native;

// Repeating accesses and blocks.
public sealed unsafe partial class NativeMmio
{
    /// <inheritdoc/>
    public void ReadRep(long offset, Span<byte> destination)
    {
        DeviceMemory.ReadRep(At(offset, 0, _reads.Of8, write: false), destination);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void ReadRep(long offset, Span<ushort> destination)
    {
        DeviceMemory.ReadRep(At(offset, 1, _reads.Of16, write: false), destination);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void ReadRep(long offset, Span<uint> destination)
    {
        DeviceMemory.ReadRep(At(offset, 2, _reads.Of32, write: false), destination);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void ReadRep(long offset, Span<ulong> destination)
    {
        DeviceMemory.ReadRep(At(offset, 3, _reads.Of64, write: false), destination);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void WriteRep(long offset, ReadOnlySpan<byte> source)
    {
        DeviceMemory.WriteRep(At(offset, 0, _writes.Of8, write: true), source);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void WriteRep(long offset, ReadOnlySpan<ushort> source)
    {
        DeviceMemory.WriteRep(At(offset, 1, _writes.Of16, write: true), source);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void WriteRep(long offset, ReadOnlySpan<uint> source)
    {
        DeviceMemory.WriteRep(At(offset, 2, _writes.Of32, write: true), source);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void WriteRep(long offset, ReadOnlySpan<ulong> source)
    {
        DeviceMemory.WriteRep(At(offset, 3, _writes.Of64, write: true), source);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Fill(long offset, byte value, long length)
    {
        DeviceMemory.Fill(Block(offset, length, write: true), value, length);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void CopyFrom(long offset, Span<byte> destination)
    {
        DeviceMemory.CopyFrom(Block(offset, destination.Length, write: false), destination);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void CopyTo(long offset, ReadOnlySpan<byte> source)
    {
        DeviceMemory.CopyTo(Block(offset, source.Length, write: true), source);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void FillMemory(long offset, byte value, long length)
    {
        DeviceMemory.FillWide(Block(offset, length, write: true), value, length);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void CopyFromMemory(long offset, Span<byte> destination)
    {
        DeviceMemory.CopyFromWide(Block(offset, destination.Length, write: false), destination);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void CopyToMemory(long offset, ReadOnlySpan<byte> source)
    {
        DeviceMemory.CopyToWide(Block(offset, source.Length, write: true), source);
        GC.KeepAlive(this);
    }

    private byte* Block(long offset, long length, bool write)
    {
        ThrowIfRetired();
        AccessCheck.Range(offset, length, Length);
        if (write && !CanWrite) throw ReadOnly(offset);
        return _base + offset;
    }
}
