using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RawIo.QTest;

// Accesses of registers: each is one line, and one access of that width on the server's machine.
public sealed partial class QTestConnection
{
    /// <summary>Reads memory once.</summary>
    /// <param name="address">The physical address.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    internal ulong Read(ulong address, int size) => One("read"u8, address, size);

    internal void Write(ulong address, int size, ulong value) => One("write"u8, address, size, value);

    internal uint In(int port, int size) => (uint)One("in"u8, (ulong)port, size);

    internal void Out(int port, int size, uint value) => One("out"u8, (ulong)port, size, value);

    /// <summary>Reads one register once per element.</summary>
    internal void ReadRep<T>(ulong address, Span<T> destination) where T : unmanaged =>
        ReadMany("read"u8, new(address, Marshal.SizeOf<T>(), destination.Length), MemoryMarshal.AsBytes(destination));

    internal void WriteRep<T>(ulong address, ReadOnlySpan<T> source) where T : unmanaged =>
        WriteMany("write"u8, new(address, Marshal.SizeOf<T>(), source.Length), MemoryMarshal.AsBytes(source));

    internal void InRep<T>(int port, Span<T> destination) where T : unmanaged =>
        ReadMany("in"u8, new((ulong)port, Marshal.SizeOf<T>(), destination.Length), MemoryMarshal.AsBytes(destination));

    internal void OutRep<T>(int port, ReadOnlySpan<T> source) where T : unmanaged =>
        WriteMany("out"u8, new((ulong)port, Marshal.SizeOf<T>(), source.Length), MemoryMarshal.AsBytes(source));

    /// <summary>Reads a block: bytes until aligned, 64-bit words, bytes.</summary>
    internal void ReadBlock(ulong address, Span<byte> destination) => ReadMany("read"u8, new(address, destination.Length), destination);

    internal void WriteBlock(ulong address, ReadOnlySpan<byte> source) => WriteMany("write"u8, new(address, source.Length), source);

    internal void FillBlock(ulong address, byte value, long length)
    {
        Span<byte> some = stackalloc byte[512];
        some.Fill(value);
        // The first piece ends where words are aligned, so that the pieces together are one block's accesses.
        for (var piece = (int)Math.Min(length, 512 - (int)(address & 7)); length > 0; piece = (int)Math.Min(length, 512))
        {
            WriteBlock(address, some[..piece]);
            address += (ulong)piece;
            length -= piece;
        }
    }

    private ulong One(ReadOnlySpan<byte> verb, ulong address, int size)
    {
        lock (_gate)
        {
            ThrowIfGone();
            _request.Line(verb, size, address);
            Send();
            var value = Number();
            if (_failure is not null) ThrowFailure(verb, size, address);
            return value;
        }
    }

    private void One(ReadOnlySpan<byte> verb, ulong address, int size, ulong value)
    {
        lock (_gate)
        {
            ThrowIfGone();
            _request.Line(verb, size, address, value);
            Send();
            if (!Answer(out _)) ThrowFailure(verb, size, address);
        }
    }

    private void ReadMany(ReadOnlySpan<byte> verb, Walk walk, Span<byte> destination)
    {
        lock (_gate)
        {
            ThrowIfGone();
            for (var behind = walk; !destination.IsEmpty;)
            {
                for (var lines = 0; lines < MostLinesInFlight && _request.Count < MostBytesInFlight && walk.Next(out var address, out var size); lines++)
                    _request.Line(verb, size, address);
                Send();
                while (behind.Left != walk.Left)
                {
                    behind.Next(out _, out var size);
                    Put(destination, size, Number(), behind.IsRep);
                    destination = destination[size..];
                }
                if (_failure is not null) ThrowFailure(verb, 0, walk.Address);
            }
        }
    }

    private void WriteMany(ReadOnlySpan<byte> verb, Walk walk, ReadOnlySpan<byte> source)
    {
        lock (_gate)
        {
            ThrowIfGone();
            while (!source.IsEmpty)
            {
                var lines = 0;
                while (lines < MostLinesInFlight && _request.Count < MostBytesInFlight && walk.Next(out var address, out var size))
                {
                    _request.Line(verb, size, address, Get(source, size, walk.IsRep));
                    source = source[size..];
                    lines++;
                }
                Send();
                while (lines-- > 0) Answer(out _);
                if (_failure is not null) ThrowFailure(verb, 0, walk.Address);
            }
        }
    }

    // A block's bytes are the device's, low first; an element of the rep forms is a number of the host's.
    private static void Put(Span<byte> place, int size, ulong value, bool isRep)
    {
        if (isRep && !BitConverter.IsLittleEndian) value = BinaryPrimitives.ReverseEndianness(value) >> (64 - 8 * size);
        for (var i = 0; i < size; i++) place[i] = (byte)(value >> (8 * i));
    }

    private static ulong Get(ReadOnlySpan<byte> place, int size, bool isRep)
    {
        ulong value = 0;
        for (var i = 0; i < size; i++) value |= (ulong)place[i] << (8 * i);
        return isRep && !BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) >> (64 - 8 * size) : value;
    }

    private void ThrowFailure(ReadOnlySpan<byte> verb, int size, ulong address)
    {
        var width = size == 0 ? "" : $"{8 * size}-bit ";
        ThrowFailure($"the {width}{System.Text.Encoding.ASCII.GetString(verb)} at 0x{address:x}");
    }

    /// <summary>The accesses of a block or of a rep form, one after the other.</summary>
    private struct Walk
    {
        private readonly int _rep;
        private ulong _address;

        /// <summary>A block.</summary>
        public Walk(ulong address, long length) => (_address, Left) = (address, length);

        /// <summary>One register, again and again.</summary>
        public Walk(ulong address, int size, int count) => (_address, _rep, Left) = (address, size, (long)size * count);

        public long Left { get; private set; }

        public readonly bool IsRep => _rep != 0;

        public readonly ulong Address => _address;

        public bool Next(out ulong address, out int size)
        {
            (address, size) = (_address, _rep != 0 ? _rep : (_address & 7) == 0 && Left >= 8 ? 8 : 1);
            if (Left == 0) return false;
            Left -= size;
            if (_rep == 0) _address += (ulong)size;
            return true;
        }
    }
}
