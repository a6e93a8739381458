using System.Buffers;
using System.Text;

namespace RawIo.QTest;

// Lines, keys, mouse, serial ports, reset: irq_intercept_* as QEMU has them, the rest are this server's own.
public sealed partial class QTestServer
{
    private readonly Lock _outputLock = new();
    private readonly ArrayBufferWriter<byte> _before = new();
    private Stream? _output;
    private int _answering;
    private bool _watchesInterrupts;
    private bool _watchesOutputs;

    private bool World(ReadOnlySpan<byte> command, Words words)
    {
        if (command.SequenceEqual("irq_intercept_in"u8)) InterceptIn(words.Next());
        else if (command.SequenceEqual("irq_intercept_out"u8)) InterceptOut(words.Next());
        else if (command.SequenceEqual("key"u8)) Key(words);
        else if (command.SequenceEqual("button"u8)) Button(words);
        else if (command.SequenceEqual("mouse"u8)) Mouse(words);
        else if (command.SequenceEqual("chr_send"u8)) Send(words);
        else if (command.SequenceEqual("chr_recv"u8)) Receive(words);
        else if (command.SequenceEqual("reset_requested"u8)) Flag(World().ResetRequested);
        else return false;
        return true;
    }

    private IQTestWorld World() => world ?? throw new NotSupportedException("This machine has no interrupt lines, keyboard, mouse or serial ports that can be reached from here");

    private void InterceptIn(ReadOnlySpan<byte> path)
    {
        if (_watchesOutputs)
        {
            _reply.Fail("IRQ intercept already enabled");
            return;
        }
        if (!_watchesInterrupts) World().WatchInterrupts(Tell);
        _watchesInterrupts = true;
        _reply.Text("OK"u8);
    }

    private void InterceptOut(ReadOnlySpan<byte> device)
    {
        if (_watchesInterrupts)
        {
            _reply.Fail("IRQ intercept already enabled");
            return;
        }
        if (!_watchesOutputs) World().WatchOutputs(device.IsEmpty ? "gpio" : Encoding.UTF8.GetString(device), Tell);
        _watchesOutputs = true;
        _reply.Text("OK"u8);
    }

    private void Key(Words words)
    {
        var code = Encoding.UTF8.GetString(words.Next());
        if (!Bit("the key's state"u8, words.Next(), out var down)) return;
        World().Key(code, down);
        _reply.Text("OK"u8);
    }

    private void Button(Words words)
    {
        var name = Encoding.UTF8.GetString(words.Next());
        if (!Bit("the button's state"u8, words.Next(), out var down)) return;
        World().Button(name, down);
        _reply.Text("OK"u8);
    }

    private void Mouse(Words words)
    {
        if (!Counts("the way right"u8, words.Next(), out var dx) || !Counts("the way down"u8, words.Next(), out var dy)) return;
        World().Move(dx, dy);
        _reply.Text("OK"u8);
    }

    private void Send(Words words)
    {
        var line = Encoding.UTF8.GetString(words.Next());
        var text = words.Next();
        if (text.Length < 2 || text[0] != '0' || (text[1] | 0x20) != 'x' || text.Length % 2 != 0)
        {
            _reply.Fail("Characters are 0x and two hexadecimal digits each, not"u8, text);
            return;
        }
        var characters = new byte[text.Length / 2 - 1];
        for (var i = 0; i < characters.Length; i++)
        {
            var value = Words.Nibble(text[i * 2 + 2]) << 4 | Words.Nibble(text[i * 2 + 3]);
            if (value < 0)
            {
                _reply.Fail("Not two hexadecimal digits:"u8, text.Slice(i * 2 + 2, 2));
                return;
            }
            characters[i] = (byte)value;
        }
        World().Send(line, characters);
        _reply.Text("OK"u8);
    }

    private void Receive(Words words)
    {
        var characters = World().Receive(Encoding.UTF8.GetString(words.Next()));
        _reply.Text("OK 0x"u8);
        _reply.Hex(characters);
    }

    private void Flag(bool on) => _reply.Text(on ? "OK 1"u8 : "OK 0"u8);

    private bool Bit(ReadOnlySpan<byte> what, ReadOnlySpan<byte> word, out bool on)
    {
        on = word.SequenceEqual("1"u8);
        if (on || word.SequenceEqual("0"u8)) return true;
        BadNumber(what, word);
        return false;
    }

    private bool Counts(ReadOnlySpan<byte> what, ReadOnlySpan<byte> word, out int value)
    {
        value = 0;
        if (!Words.TryNumber(word, out var number) || (long)number is < int.MinValue or > int.MaxValue)
        {
            BadNumber(what, word);
            return false;
        }
        value = (int)(long)number;
        return true;
    }

    /// <summary>A line changed: told before the answer of the request that did it, or at once where none is being answered.</summary>
    private void Tell(int number, bool raised)
    {
        Span<byte> text = stackalloc byte[32];
        var start = raised ? "IRQ raise "u8 : "IRQ lower "u8;
        start.CopyTo(text);
        number.TryFormat(text[start.Length..], out var digits, provider: System.Globalization.CultureInfo.InvariantCulture);
        var length = start.Length + digits;
        text[length++] = (byte)'\n';
        if (Volatile.Read(ref _answering) == Environment.CurrentManagedThreadId)
        {
            _before.Write(text[..length]);
            return;
        }
        lock (_outputLock)
        {
            if (_output is not { } output) return;
            try
            {
                // After the replies to what was asked before.
                _replies.Write(text[..length]);
                Send(output);
            }
            catch (IOException)
            {
                // The client has gone; the server finds out at its next answer.
            }
        }
    }
}
