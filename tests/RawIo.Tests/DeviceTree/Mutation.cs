using System.Buffers.Binary;

namespace RawIo.Tests;

/// <summary>Damages bytes in the ways that find parsers out.</summary>
internal static class Mutation
{
    private static readonly uint[] Edges = [0, 1, 2, 3, 4, 9, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff];

    public static byte[] Of(byte[] seed, Random random)
    {
        var bytes = (byte[])seed.Clone();
        for (var count = random.Next(1, 4); count > 0 && bytes.Length > 8; count--)
        {
            var word = random.Next(bytes.Length / 4) * 4;
            switch (random.Next(7))
            {
                case 0:
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(word), Edges[random.Next(Edges.Length)]);
                    break;
                case 3:
                    var old = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(word));
                    BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(word), old + (uint)random.Next(-8, 9));
                    break;
                case 4:
                    bytes.AsSpan(random.Next(bytes.Length / 4) * 4, 4).CopyTo(bytes.AsSpan(word));
                    break;
                case 5:
                    bytes = bytes[..random.Next(bytes.Length)];
                    if (bytes.Length >= 8 && random.Next(2) == 0) BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), (uint)bytes.Length);
                    break;
                default:
                    var (from, to) = (random.Next(bytes.Length), random.Next(bytes.Length));
                    bytes.AsSpan(from, random.Next(Math.Min(32, bytes.Length - Math.Max(from, to)))).CopyTo(bytes.AsSpan(to));
                    break;
            }
        }
        return bytes;
    }
}
