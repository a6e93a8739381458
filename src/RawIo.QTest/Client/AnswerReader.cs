namespace RawIo.QTest;

/// <summary>
/// Lines from the server, without those that tell of interrupts: these are told as they come. Until
/// <see cref="Watch"/>, whoever waits for an answer reads; from then on a thread does, so that an interrupt is told
/// also while nobody asks for anything.
/// </summary>
/// <param name="input">What the server sends.</param>
/// <param name="told">Is told of an interrupt line, and its new level, before the answer that follows it.</param>
/// <param name="ended">Is told, by the thread, that nothing more will come.</param>
internal sealed class AnswerReader(Stream input, Action<int, bool> told, Action<Exception?> ended)
{
    // The longest answer is a block's: two digits a byte.
    private const int Longest = 2 * QTestServer.LargestBlock + 256;

    private readonly LineReader _lines = new(input, Longest);
    private readonly object _inbox = new();
    private byte[] _waiting = new byte[1024];
    private byte[] _taken = [];
    private int _start, _end;
    private bool _watched, _ended;
    private Exception? _failure;

    /// <summary>The next answer; valid until the next call. False where the server has gone.</summary>
    /// <exception cref="IOException">The connection failed.</exception>
    /// <exception cref="InvalidDataException">The line is too long for any answer.</exception>
    public bool Read(out ReadOnlySpan<byte> line) => _watched ? Take(out line) : ReadAnswer(out line);

    /// <summary>Starts the thread. Not while an answer is waited for.</summary>
    public void Watch()
    {
        if (_watched) return;
        _watched = true;
        new Thread(Run) { IsBackground = true, Name = "qtest answers" }.Start();
    }

    private bool ReadAnswer(out ReadOnlySpan<byte> line)
    {
        while (_lines.Read(out line, out var tooLong))
        {
            if (tooLong) throw new InvalidDataException($"The qtest server sent a line longer than {Longest} bytes");
            if (!line.StartsWith("IRQ "u8)) return true;
            var words = new Words(line[4..]);
            var raised = words.Next().SequenceEqual("raise"u8);
            if (Words.TryNumber(words.Next(), out var number) && number <= int.MaxValue) told((int)number, raised);
        }
        return false;
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            while (ReadAnswer(out var line))
            {
                lock (_inbox)
                {
                    Add(line);
                    Monitor.PulseAll(_inbox);
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException || QTestConnection.MeansGone(error))
        {
            failure = error;
        }
        End(failure);
        ended(failure);
    }

    /// <summary>Lets whoever waits for the thread's answers go: none will come.</summary>
    public void End(Exception? failure)
    {
        lock (_inbox)
        {
            if (_ended) return;
            (_ended, _failure) = (true, failure);
            Monitor.PulseAll(_inbox);
        }
    }

    private void Add(ReadOnlySpan<byte> line)
    {
        if (_waiting.Length - _end <= line.Length)
        {
            var held = _waiting.AsSpan(_start, _end - _start);
            var larger = held.Length + line.Length + 1 > _waiting.Length / 2 ? new byte[(held.Length + line.Length + 1) * 2] : _waiting;
            held.CopyTo(larger);
            (_waiting, _start, _end) = (larger, 0, held.Length);
        }
        line.CopyTo(_waiting.AsSpan(_end));
        _end += line.Length;
        _waiting[_end++] = (byte)'\n';
    }

    private bool Take(out ReadOnlySpan<byte> line)
    {
        lock (_inbox)
        {
            while (_start == _end)
            {
                if (_failure is InvalidDataException) throw new InvalidDataException(_failure.Message, _failure);
                if (_failure is not null) throw new IOException("The connection to the qtest server failed.", _failure);
                line = default;
                if (_ended) return false;
                Monitor.Wait(_inbox);
            }
            var length = _waiting.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (_taken.Length < length) _taken = new byte[Math.Max(256, length * 2)];
            _waiting.AsSpan(_start, length).CopyTo(_taken);
            _start += length + 1;
            if (_start == _end) (_start, _end) = (0, 0);
            line = _taken.AsSpan(0, length);
            return true;
        }
    }
}
