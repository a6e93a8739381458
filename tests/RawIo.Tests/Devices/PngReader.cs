using System.Buffers.Binary;
using System.IO.Compression;

namespace RawIo.Tests;

/// <summary>Reads back PNGs of 8 bits red, green and blue without filter, checking every checksum bit by bit.</summary>
internal static class PngReader
{
    public static (int Width, int Height, uint[] Pixels) Read(byte[] png)
    {
        Assert.That(png.AsSpan(0, 8).ToArray(), Is.EqualTo(new byte[] { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a }));
        var chunks = new List<(string Type, byte[] Data)>();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var body = png.AsSpan(at + 4, length + 4);
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)), Is.EqualTo(Crc(body)));
            chunks.Add((System.Text.Encoding.ASCII.GetString(body[..4]), body[4..].ToArray()));
            at += 12 + length;
        }
        Assert.That(chunks.Select(c => c.Type), Is.EqualTo(new[] { "IHDR", "IDAT", "IEND" }));
        var header = chunks[0].Data;
        Assert.That(header[8..], Is.EqualTo(new byte[] { 8, 2, 0, 0, 0 }));
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        using var zlib = new ZLibStream(new MemoryStream(chunks[1].Data), CompressionMode.Decompress);
        var raw = new MemoryStream();
        zlib.CopyTo(raw);
        var bytes = raw.ToArray();
        Assert.That(bytes, Has.Length.EqualTo(height * (1 + 3 * width)));
        var pixels = new uint[width * height];
        for (var y = 0; y < height; y++)
        {
            var row = y * (1 + 3 * width);
            Assert.That(bytes[row], Is.Zero, "no filter");
            for (var x = 0; x < width; x++)
                pixels[y * width + x] = (uint)(bytes[row + 1 + 3 * x] << 16 | bytes[row + 2 + 3 * x] << 8 | bytes[row + 3 + 3 * x]);
        }
        return (width, height, pixels);
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
            for (var i = 0; i < 8; i++)
                crc = ((crc ^ (uint)b >> i) & 1) != 0 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
        return ~crc;
    }
}
