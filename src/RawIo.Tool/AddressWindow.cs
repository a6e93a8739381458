namespace RawIo.Tool;

/// <summary>A window onto an address space: every access goes on, as it is, to the window that has it. Ordered reads serve for relaxed ones.</summary>
internal sealed class AddressWindow(AddressSpace space, long start, long length) : IMmio
{
    public ulong PhysicalAddress => (ulong)start;

    public long Length => length;

    public byte Read8(long offset) => (byte)Load(offset, 1);

    public ushort Read16(long offset) => (ushort)Load(offset, 2);

    public uint Read32(long offset) => (uint)Load(offset, 4);

    public ulong Read64(long offset) => Load(offset, 8);

    public byte ReadRelaxed8(long offset) => (byte)Load(offset, 1);

    public ushort ReadRelaxed16(long offset) => (ushort)Load(offset, 2);

    public uint ReadRelaxed32(long offset) => (uint)Load(offset, 4);

    public ulong ReadRelaxed64(long offset) => Load(offset, 8);

    public void Write8(long offset, byte value)
    {
        var (io, at) = At(offset, 1, write: true);
        io.Write8(at, value);
    }

    public void Write16(long offset, ushort value)
    {
        var (io, at) = At(offset, 2, write: true);
        io.Write16(at, value);
    }

    public void Write32(long offset, uint value)
    {
        var (io, at) = At(offset, 4, write: true);
        io.Write32(at, value);
    }

    public void Write64(long offset, ulong value)
    {
        var (io, at) = At(offset, 8, write: true);
        io.Write64(at, value);
    }

    public void WriteRelaxed8(long offset, byte value)
    {
        var (io, at) = At(offset, 1, write: true);
        io.WriteRelaxed8(at, value);
    }

    public void WriteRelaxed16(long offset, ushort value)
    {
        var (io, at) = At(offset, 2, write: true);
        io.WriteRelaxed16(at, value);
    }

    public void WriteRelaxed32(long offset, uint value)
    {
        var (io, at) = At(offset, 4, write: true);
        io.WriteRelaxed32(at, value);
    }

    public void WriteRelaxed64(long offset, ulong value)
    {
        var (io, at) = At(offset, 8, write: true);
        io.WriteRelaxed64(at, value);
    }

    public void ReadRep(long offset, Span<byte> destination)
    {
        var (io, at) = At(offset, 1);
        io.ReadRep(at, destination);
    }

    public void ReadRep(long offset, Span<ushort> destination)
    {
        var (io, at) = At(offset, 2);
        io.ReadRep(at, destination);
    }

    public void ReadRep(long offset, Span<uint> destination)
    {
        var (io, at) = At(offset, 4);
        io.ReadRep(at, destination);
    }

    public void ReadRep(long offset, Span<ulong> destination)
    {
        var (io, at) = At(offset, 8);
        io.ReadRep(at, destination);
    }

    public void WriteRep(long offset, ReadOnlySpan<byte> source)
    {
        var (io, at) = At(offset, 1, write: true);
        io.WriteRep(at, source);
    }

    public void WriteRep(long offset, ReadOnlySpan<ushort> source)
    {
        var (io, at) = At(offset, 2, write: true);
        io.WriteRep(at, source);
    }

    public void WriteRep(long offset, ReadOnlySpan<uint> source)
    {
        var (io, at) = At(offset, 4, write: true);
        io.WriteRep(at, source);
    }

    public void WriteRep(long offset, ReadOnlySpan<ulong> source)
    {
        var (io, at) = At(offset, 8, write: true);
        io.WriteRep(at, source);
    }

    public void Fill(long offset, byte value, long length)
    {
        AccessCheck.Range(offset, length, Length);
        for (int size; length > 0; offset += size, length -= size)
        {
            size = AddressSpace.Piece(start + offset, length);
            var (io, at) = space.Enter(start + offset, write: true, size);
            io.Fill(at, value, size);
        }
    }

    public void CopyFrom(long offset, Span<byte> destination)
    {
        AccessCheck.Range(offset, destination.Length, Length);
        for (int size; !destination.IsEmpty; offset += size, destination = destination[size..])
        {
            size = AddressSpace.Piece(start + offset, destination.Length);
            var (io, at) = space.Enter(start + offset);
            io.CopyFrom(at, destination[..size]);
        }
    }

    public void CopyTo(long offset, ReadOnlySpan<byte> source)
    {
        AccessCheck.Range(offset, source.Length, Length);
        for (int size; !source.IsEmpty; offset += size, source = source[size..])
        {
            size = AddressSpace.Piece(start + offset, source.Length);
            var (io, at) = space.Enter(start + offset, write: true, size);
            io.CopyTo(at, source[..size]);
        }
    }

    public IMmio Window(long offset, long length)
    {
        AccessCheck.Window(offset, length, Length);
        return new AddressWindow(space, start + offset, length);
    }

    private ulong Load(long offset, int size)
    {
        AccessCheck.Access(offset, size, Length);
        return space.Read(start + offset, size);
    }

    private (IMmio Io, long At) At(long offset, int size, bool write = false)
    {
        AccessCheck.Access(offset, size, Length);
        return space.Enter(start + offset, write, size);
    }
}
