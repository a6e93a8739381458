using System.Buffers.Binary;
using System.IO.Compression;

namespace RawIo.Sim;

/// <summary>Writes pictures as PNG (RFC 2083): 8 bits each of red, green and blue, no filter, one chunk of pixels.</summary>
internal static class PngWriter
{
    private static readonly uint[] s_crc = MakeTable();

    /// <summary>Writes a picture.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="color">A pixel's colour as 0xRRGGBB, by column and row.</param>
    public static void Write(Stream stream, int width, int height, Func<int, int, uint> color)
    {
        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        Chunk(stream, "IHDR"u8, header);
        Chunk(stream, "IDAT"u8, Pixels(width, height, color));
        Chunk(stream, "IEND"u8, []);
    }

    private static byte[] Pixels(int width, int height, Func<int, int, uint> color)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[1 + 3 * width];
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    var rgb = color(x, y);
                    (row[3 * x + 1], row[3 * x + 2], row[3 * x + 3]) = ((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
                }
                zlib.Write(row);
            }
        }
        return packed.ToArray();
    }

    private static void Chunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        stream.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var b in data) crc = s_crc[(byte)(crc ^ b)] ^ crc >> 8;
        return crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xedb8_8320 ^ crc >> 1 : crc >> 1;
            table[i] = crc;
        }
        return table;
    }
}
