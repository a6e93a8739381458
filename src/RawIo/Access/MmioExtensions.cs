using System.Buffers.Binary;

namespace RawIo;

/// <summary>What every window can do on top of its exact accesses: widths chosen at run time, big-endian registers, block copies of one declared width, 64-bit registers on a 32-bit bus.</summary>
public static class MmioExtensions
{
    extension(IMmio io)
    {
        /// <summary>Reads a width known only at run time: one ordered read.</summary>
        /// <param name="offset">Bytes from the start of the window.</param>
        /// <param name="size">1, 2, 4 or 8 bytes.</param>
        /// <exception cref="ArgumentOutOfRangeException">No access has that size; the device was not touched.</exception>
        public ulong Read(long offset, int size) => size switch
        {
            1 => io.Read8(offset),
            2 => io.Read16(offset),
            4 => io.Read32(offset),
            8 => io.Read64(offset),
            _ => throw AccessCheck.NoSuchSize(size, "1, 2, 4 or 8"),
        };

        /// <summary>Writes a width known only at run time: one ordered write of the low bits.</summary>
        /// <param name="offset">Bytes from the start of the window.</param>
        /// <param name="size">1, 2, 4 or 8 bytes.</param>
        /// <param name="value">The value; bits above the size are left out.</param>
        /// <exception cref="ArgumentOutOfRangeException">No access has that size; the device was not touched.</exception>
        public void Write(long offset, int size, ulong value)
        {
            switch (size)
            {
                case 1: io.Write8(offset, (byte)value); break;
                case 2: io.Write16(offset, (ushort)value); break;
                case 4: io.Write32(offset, (uint)value); break;
                case 8: io.Write64(offset, value); break;
                default: throw AccessCheck.NoSuchSize(size, "1, 2, 4 or 8");
            }
        }

        /// <summary>Reads a big-endian 16-bit register (kernel: <c>ioread16be</c>).</summary>
        public ushort ReadBigEndian16(long offset) => BinaryPrimitives.ReverseEndianness(io.Read16(offset));

        /// <summary>Reads a big-endian 32-bit register (kernel: <c>ioread32be</c>).</summary>
        public uint ReadBigEndian32(long offset) => BinaryPrimitives.ReverseEndianness(io.Read32(offset));

        /// <summary>Reads a big-endian 64-bit register (kernel: <c>ioread64be</c>).</summary>
        public ulong ReadBigEndian64(long offset) => BinaryPrimitives.ReverseEndianness(io.Read64(offset));

        /// <summary>Writes a big-endian 16-bit register (kernel: <c>iowrite16be</c>).</summary>
        public void WriteBigEndian16(long offset, ushort value) => io.Write16(offset, BinaryPrimitives.ReverseEndianness(value));

        /// <summary>Writes a big-endian 32-bit register (kernel: <c>iowrite32be</c>).</summary>
        public void WriteBigEndian32(long offset, uint value) => io.Write32(offset, BinaryPrimitives.ReverseEndianness(value));

        /// <summary>Writes a big-endian 64-bit register (kernel: <c>iowrite64be</c>).</summary>
        public void WriteBigEndian64(long offset, ulong value) => io.Write64(offset, BinaryPrimitives.ReverseEndianness(value));

        /// <summary>A 64-bit register on a 32-bit bus, low word read first (kernel: <c>lo_hi_readq</c>).</summary>
        public ulong ReadLoHi64(long offset)
        {
            AccessCheck.Range(offset, 8, io.Length, 4);
            ulong low = io.Read32(offset);
            return low | (ulong)io.Read32(offset + 4) << 32;
        }

        /// <summary>A 64-bit register on a 32-bit bus, high word read first (kernel: <c>hi_lo_readq</c>).</summary>
        public ulong ReadHiLo64(long offset)
        {
            AccessCheck.Range(offset, 8, io.Length, 4);
            ulong high = io.Read32(offset + 4);
            return high << 32 | io.Read32(offset);
        }

        /// <summary>A 64-bit register on a 32-bit bus, low word written first (kernel: <c>lo_hi_writeq</c>).</summary>
        public void WriteLoHi64(long offset, ulong value)
        {
            AccessCheck.Range(offset, 8, io.Length, 4);
            io.Write32(offset, (uint)value);
            io.Write32(offset + 4, (uint)(value >> 32));
        }

        /// <summary>A 64-bit register on a 32-bit bus, high word written first (kernel: <c>hi_lo_writeq</c>).</summary>
        public void WriteHiLo64(long offset, ulong value)
        {
            AccessCheck.Range(offset, 8, io.Length, 4);
            io.Write32(offset + 4, (uint)(value >> 32));
            io.Write32(offset, (uint)value);
        }

        /// <summary>Copies consecutive 16-bit words from the device, each in one 16-bit read.</summary>
        public void CopyFrom(long offset, Span<ushort> destination)
        {
            AccessCheck.Range(offset, destination.Length * 2L, io.Length, 2);
            for (var i = 0; i < destination.Length; i++) destination[i] = io.ReadRelaxed16(offset + i * 2L);
        }

        /// <summary>Copies consecutive 32-bit words from the device, each in one 32-bit read: for blocks that take nothing else.</summary>
        public void CopyFrom(long offset, Span<uint> destination)
        {
            AccessCheck.Range(offset, destination.Length * 4L, io.Length, 4);
            for (var i = 0; i < destination.Length; i++) destination[i] = io.ReadRelaxed32(offset + i * 4L);
        }

        /// <summary>Copies consecutive 64-bit words from the device, each in one 64-bit read.</summary>
        public void CopyFrom(long offset, Span<ulong> destination)
        {
            AccessCheck.Range(offset, destination.Length * 8L, io.Length, 8);
            for (var i = 0; i < destination.Length; i++) destination[i] = io.ReadRelaxed64(offset + i * 8L);
        }

        /// <summary>Copies consecutive 16-bit words to the device, each in one 16-bit write.</summary>
        public void CopyTo(long offset, ReadOnlySpan<ushort> source)
        {
            AccessCheck.Range(offset, source.Length * 2L, io.Length, 2);
            for (var i = 0; i < source.Length; i++) io.WriteRelaxed16(offset + i * 2L, source[i]);
        }

        /// <summary>Copies consecutive 32-bit words to the device, each in one 32-bit write: for blocks that take nothing else.</summary>
        public void CopyTo(long offset, ReadOnlySpan<uint> source)
        {
            AccessCheck.Range(offset, source.Length * 4L, io.Length, 4);
            for (var i = 0; i < source.Length; i++) io.WriteRelaxed32(offset + i * 4L, source[i]);
        }

        /// <summary>Copies consecutive 64-bit words to the device, each in one 64-bit write.</summary>
        public void CopyTo(long offset, ReadOnlySpan<ulong> source)
        {
            AccessCheck.Range(offset, source.Length * 8L, io.Length, 8);
            for (var i = 0; i < source.Length; i++) io.WriteRelaxed64(offset + i * 8L, source[i]);
        }
    }
}
