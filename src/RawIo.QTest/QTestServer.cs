using System.Buffers;

namespace RawIo.QTest;

/// <summary>
/// Serves QEMU's qtest line protocol (system/qtest.c) for any backend: a request a line, a reply a line, in QEMU's
/// words and number formats, so that a client written for QEMU drives a simulated or a real machine.
/// </summary>
/// <remarks>
/// Numbers are read as C's <c>strtoull</c> does in base 0; values wider than the access are cut, words too many are
/// ignored, as QEMU does. Where QEMU would abort (a missing or malformed word, a read of no bytes) or answers
/// <c>ERR</c>, this server answers <c>FAIL</c> and goes on. Not safe for several threads.
/// </remarks>
/// <param name="memory">The physical address space, or the part of it at <see cref="IMmio.PhysicalAddress"/>; null where there is none.</param>
/// <param name="ports">The ports; null where there are none.</param>
/// <param name="clock">The clock; null where the client cannot move it.</param>
/// <param name="world">The lines and what is outside the chips; null where the client cannot reach them.</param>
public sealed partial class QTestServer(IMmio? memory, IPortIo? ports = null, IQTestClock? clock = null, IQTestWorld? world = null)
{
    /// <summary>The largest block of <c>read</c>, <c>write</c>, <c>memset</c> and the base64 forms, in bytes.</summary>
    public const int LargestBlock = 16 << 20;

    private const int LongestLine = 2 * LargestBlock + 256;

    private const int MostKept = 32 << 10;

    private readonly Reply _reply = new();
    private readonly ArrayBufferWriter<byte> _replies = new(256);

    /// <summary>Serves until the input ends. Each reply has been flushed before the server waits for input.</summary>
    /// <param name="input">Requests, a line each; LF or CR LF.</param>
    /// <param name="output">Replies, a line each.</param>
    /// <exception cref="IOException">The streams fail; a machine's faults are replies.</exception>
    public void Serve(Stream input, Stream output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        var lines = new LineReader(input, LongestLine);
        lock (_outputLock) _output = output;
        try
        {
            while (lines.Read(out var line, out var tooLong))
            {
                _reply.Clear();
                if (tooLong) _reply.Fail($"The line is longer than {LongestLine} bytes.");
                else Answer(line);
                _reply.Text("\n"u8);
                // A client that sent many requests at once reads their replies at once.
                Keep(output, send: !lines.HasLine);
            }
        }
        finally
        {
            lock (_outputLock)
            {
                _output = null;
                _replies.ResetWrittenCount();
            }
        }
    }

    private void Keep(Stream output, bool send)
    {
        lock (_outputLock)
        {
            if (_before.WrittenCount > 0)
            {
                _replies.Write(_before.WrittenSpan);
                _before.ResetWrittenCount();
            }
            _replies.Write(_reply.Line);
            if (send || _replies.WrittenCount >= MostKept) Send(output);
        }
    }

    /// <summary>Sends what is kept; the lock is held.</summary>
    private void Send(Stream output)
    {
        output.Write(_replies.WrittenSpan);
        output.Flush();
        _replies.ResetWrittenCount();
    }

    private void Answer(ReadOnlySpan<byte> line)
    {
        Volatile.Write(ref _answering, Environment.CurrentManagedThreadId);
        try
        {
            Do(line);
            // Also after a refusal: half way there, a request has set off what it did before.
            Finish();
        }
        finally
        {
            Volatile.Write(ref _answering, 0);
        }
    }

    private void Do(ReadOnlySpan<byte> line)
    {
        try
        {
            var words = new Words(line);
            var command = words.Next();
            if (!Accesses(command, words) && !Blocks(command, words) && !Clock(command, words) && !World(command, words))
            {
                if (command.SequenceEqual("endianness"u8)) _reply.Text("OK little"u8);
                else if (command.IsEmpty) _reply.Fail("No command");
                else _reply.Fail("Unknown command"u8, command);
            }
        }
        catch (Exception error) when (IsRefusal(error))
        {
            _reply.Fail(OneLine.Of(error));
        }
    }

    /// <summary>A refusal here takes the place of the reply, unless that is one already: the first is the cause.</summary>
    private void Finish()
    {
        try
        {
            world?.Finish();
        }
        catch (Exception error) when (IsRefusal(error))
        {
            if (!_reply.Line.StartsWith("FAIL "u8)) _reply.Fail(OneLine.Of(error));
        }
    }

    private static bool IsRefusal(Exception error) => error is RawIoException or ArgumentException
        or DataMisalignedException or InvalidOperationException or NotSupportedException;

    private bool Clock(ReadOnlySpan<byte> command, Words words)
    {
        var step = command.SequenceEqual("clock_step"u8);
        if (!step && !command.SequenceEqual("clock_set"u8)) return false;
        if (clock is null) _reply.Fail("This machine's clock cannot be moved");
        else if (step) Step(clock, words.Next());
        else Set(clock, words.Next());
        return true;
    }

    private void Step(IQTestClock clock, ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty)
        {
            if (clock.StepToNextTimer()) Now(clock);
            else _reply.Fail("cannot advance clock to the next deadline because there is no pending deadline");
            return;
        }
        if (!Nanoseconds(word, out var nanoseconds)) return;
        if (nanoseconds <= 0 || nanoseconds > long.MaxValue - clock.Now)
        {
            _reply.Fail("could not advance time");
            return;
        }
        clock.Step(nanoseconds);
        Now(clock);
    }

    private void Set(IQTestClock clock, ReadOnlySpan<byte> word)
    {
        if (!Nanoseconds(word, out var nanoseconds)) return;
        var now = clock.Now;
        if (nanoseconds < now)
        {
            _reply.Text("FAIL "u8);
            _reply.Number((ulong)now, "d");
            return;
        }
        if (nanoseconds > now) clock.Step(nanoseconds - now);
        Now(clock);
    }

    private void Now(IQTestClock clock)
    {
        _reply.Text("OK "u8);
        _reply.Number((ulong)clock.Now, "d");
    }

    private bool Nanoseconds(ReadOnlySpan<byte> word, out long value)
    {
        // strtoll: unlike the unsigned numbers, a sign here means it, and the range ends at 2^63.
        var negative = word.StartsWith("-"u8);
        var good = Words.TryNumber(negative ? word[1..] : word, out var magnitude)
            && magnitude <= long.MaxValue && !(negative && word[1..].IndexOfAny("+-"u8) == 0);
        value = negative ? -(long)magnitude : (long)magnitude;
        if (!good) BadNumber("nanoseconds"u8, word);
        return good;
    }

    private bool Number(ReadOnlySpan<byte> what, ReadOnlySpan<byte> word, out ulong value)
    {
        if (Words.TryNumber(word, out value)) return true;
        BadNumber(what, word);
        return false;
    }

    private void BadNumber(ReadOnlySpan<byte> what, ReadOnlySpan<byte> word)
    {
        Span<byte> reason = stackalloc byte[64];
        var start = word.IsEmpty ? "Missing "u8 : "Not a number for "u8;
        start.CopyTo(reason);
        what.CopyTo(reason[start.Length..]);
        if (word.IsEmpty) _reply.Fail(System.Text.Encoding.ASCII.GetString(reason[..(start.Length + what.Length)]));
        else _reply.Fail(reason[..(start.Length + what.Length)], word);
    }
}
