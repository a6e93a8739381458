using System.Buffers;
using System.Buffers.Text;

namespace RawIo.QTest;

public sealed partial class QTestServer
{
    /// <summary>The accesses of many bytes; false where the command is another.</summary>
    private bool Blocks(ReadOnlySpan<byte> command, Words words)
    {
        if (command.SequenceEqual("read"u8)) ReadBlock(words, base64: false);
        else if (command.SequenceEqual("write"u8)) WriteHex(words);
        else if (command.SequenceEqual("memset"u8)) Memset(words);
        else if (command.SequenceEqual("b64read"u8)) ReadBlock(words, base64: true);
        else if (command.SequenceEqual("b64write"u8)) WriteBase64(words);
        else return false;
        return true;
    }

    private void ReadBlock(Words words, bool base64)
    {
        if (!Block(ref words, out var offset, out var size)) return;
        if (size == 0 && !base64)
        {
            _reply.Fail("A read needs at least one byte");
            return;
        }
        var bytes = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            BlockAccess.Read(memory!, offset, bytes.AsSpan(0, size));
            _reply.Text(base64 ? "OK "u8 : "OK 0x"u8);
            if (base64) _reply.Base64(bytes.AsSpan(0, size));
            else _reply.Hex(bytes.AsSpan(0, size));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void WriteHex(Words words)
    {
        if (!Block(ref words, out var offset, out var size) || !Data(ref words, out var text)) return;
        if (text[0] != '0' || (text[1] | 0x20) != 'x')
        {
            _reply.Fail("Data start with 0x, not"u8, text);
            return;
        }
        text = text[2..];
        var bytes = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            // As QEMU: what the data lack is zero, a lone last digit too; what they have too much is ignored.
            bytes.AsSpan(0, size).Clear();
            for (var i = 0; i < size && i * 2 + 2 <= text.Length; i++)
            {
                var value = Words.Nibble(text[i * 2]) << 4 | Words.Nibble(text[i * 2 + 1]);
                if (value < 0)
                {
                    _reply.Fail("Not two hexadecimal digits:"u8, text.Slice(i * 2, 2));
                    return;
                }
                bytes[i] = (byte)value;
            }
            BlockAccess.Write(memory!, offset, bytes.AsSpan(0, size));
            _reply.Text("OK"u8);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void WriteBase64(Words words)
    {
        if (!Block(ref words, out var offset, out var size) || !Data(ref words, out var text)) return;
        var bytes = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(text.Length));
        try
        {
            if (Base64.DecodeFromUtf8(text, bytes, out _, out var count) != OperationStatus.Done)
            {
                _reply.Fail("Not base64:"u8, text);
                return;
            }
            BlockAccess.Write(memory!, offset, bytes.AsSpan(0, Math.Min(count, size)));
            _reply.Text("OK"u8);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Memset(Words words)
    {
        if (!Block(ref words, out var offset, out var size) || !Number("the value"u8, words.Next(), out var value)) return;
        BlockAccess.Fill(memory!, offset, (byte)value, size);
        _reply.Text("OK"u8);
    }

    private bool Block(ref Words words, out long offset, out int size)
    {
        (offset, size) = (0, 0);
        var address = words.Next();
        if (!Number("the address"u8, address, out _)) return false;
        if (!Number("the size"u8, words.Next(), out var wide)) return false;
        if (!Place(address, wide, out offset)) return false;
        if (wide > LargestBlock)
        {
            _reply.Fail($"A block has at most {LargestBlock} bytes, not {wide}; use several");
            return false;
        }
        size = (int)wide;
        return true;
    }

    private bool Data(ref Words words, out ReadOnlySpan<byte> text)
    {
        text = words.Next();
        if (text.Length >= 3) return true;
        _reply.Fail("invalid argument size");
        return false;
    }
}
