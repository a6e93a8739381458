namespace RawIo.QTest;

/// <summary>
/// Blocks moved as QEMU's memory core moves them to a device that declares nothing (<c>memory_access_size</c>): the
/// widest aligned pieces of at most four bytes. RAM does not mind.
/// </summary>
internal static class BlockAccess
{
    /// <summary>Reads a block.</summary>
    public static void Read(IMmio memory, long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var size = Piece(offset, destination.Length);
            var value = memory.Read(offset, size);
            for (var i = 0; i < size; i++) destination[i] = (byte)(value >> (8 * i));
            offset += size;
            destination = destination[size..];
        }
    }

    /// <summary>Writes a block.</summary>
    public static void Write(IMmio memory, long offset, ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            var size = Piece(offset, source.Length);
            ulong value = 0;
            for (var i = 0; i < size; i++) value |= (ulong)source[i] << (8 * i);
            memory.Write(offset, size, value);
            offset += size;
            source = source[size..];
        }
    }

    /// <summary>Fills a block.</summary>
    public static void Fill(IMmio memory, long offset, byte value, long length)
    {
        Span<byte> piece = [value, value, value, value];
        while (length > 0)
        {
            var size = Piece(offset, length);
            Write(memory, offset, piece[..size]);
            offset += size;
            length -= size;
        }
    }

    private static int Piece(long offset, long left) =>
        (offset & 3) == 0 && left >= 4 ? 4 : (offset & 1) == 0 && left >= 2 ? 2 : 1;
}
