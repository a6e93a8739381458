using System.Buffers.Binary;

namespace RawIo.QTest;

public sealed partial class QTestServer
{
    /// <summary>The accesses of one value; false where the command is another.</summary>
    private bool Accesses(ReadOnlySpan<byte> command, Words words)
    {
        // "inb", "outb", "readb", "writeb" and their like: the last letter is the width.
        if (command.Length < 3) return false;
        var size = command[^1] switch { (byte)'b' => 1, (byte)'w' => 2, (byte)'l' => 4, (byte)'q' => 8, _ => 0 };
        if (size == 0) return false;
        var kind = command[..^1];
        if (size < 8 && kind.SequenceEqual("in"u8)) In(size, words);
        else if (size < 8 && kind.SequenceEqual("out"u8)) Out(size, words);
        else if (kind.SequenceEqual("read"u8)) ReadValue(size, words);
        else if (kind.SequenceEqual("write"u8)) WriteValue(size, words);
        else return false;
        return true;
    }

    private void In(int size, Words words)
    {
        if (!Port(words.Next(), out var port)) return;
        var value = ports!.In(port, size);
        _reply.Text("OK 0x"u8);
        _reply.Number(value, "x4");
    }

    private void Out(int size, Words words)
    {
        if (!Port(words.Next(), out var port) || !Number("the value"u8, words.Next(), out var value)) return;
        ports!.Out(port, size, (uint)value);
        _reply.Text("OK"u8);
    }

    private bool Port(ReadOnlySpan<byte> word, out int port)
    {
        port = 0;
        if (ports is null)
        {
            _reply.Fail("This machine has no ports; only a PC has");
            return false;
        }
        if (!Number("the port"u8, word, out var value)) return false;
        if (value > 0xffff)
        {
            _reply.Fail("Ports are 0 to 0xffff, not"u8, word);
            return false;
        }
        port = (int)value;
        return true;
    }

    private void ReadValue(int size, Words words)
    {
        if (!Place(words.Next(), size, out var offset)) return;
        ulong value;
        if ((offset & (size - 1)) != 0)
        {
            Span<byte> bytes = stackalloc byte[8];
            bytes.Clear();
            BlockAccess.Read(memory!, offset, bytes[..size]);
            value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }
        else
        {
            value = memory!.Read(offset, size);
        }
        _reply.Text("OK 0x"u8);
        _reply.Number(value, "x16");
    }

    private void WriteValue(int size, Words words)
    {
        if (!Place(words.Next(), size, out var offset) || !Number("the value"u8, words.Next(), out var value)) return;
        if ((offset & (size - 1)) != 0)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            BlockAccess.Write(memory!, offset, bytes[..size]);
        }
        else memory!.Write(offset, size, value);
        _reply.Text("OK"u8);
    }

    /// <summary>From an address to an offset in the window, or a failure.</summary>
    private bool Place(ReadOnlySpan<byte> word, ulong size, out long offset)
    {
        offset = 0;
        if (memory is null)
        {
            _reply.Fail("This machine has no memory");
            return false;
        }
        if (!Number("the address"u8, word, out var address)) return false;
        var place = address - memory.PhysicalAddress;
        if (address < memory.PhysicalAddress || place > (ulong)memory.Length || size > (ulong)memory.Length - place)
        {
            _reply.Fail($"0x{address:x} to 0x{unchecked(address + size - (size > 0 ? 1u : 0u)):x} leaves the memory at 0x{memory.PhysicalAddress:x} to 0x{memory.PhysicalAddress + (ulong)memory.Length - 1:x}");
            return false;
        }
        offset = (long)place;
        return true;
    }

    private bool Place(ReadOnlySpan<byte> word, int size, out long offset) => Place(word, (ulong)size, out offset);
}
