using System.Threading.Channels;

namespace RawIo.Sim;

/// <summary>A serial line joined to a stream (<see cref="SerialLine.Connect(Stream)"/>). Disposing it parts them; the stream stays open.</summary>
/// <remarks>
/// The machine never waits for the stream: what the chip sends is queued, <see cref="SerialLine.Capacity"/> characters
/// at most, of more the oldest are lost and counted. What comes from the stream waits there while the chip has not taken
/// what came before. Nothing else is lost, and order is kept.
/// </remarks>
public sealed class SerialConnection : IDisposable, IAsyncDisposable
{
    /// <summary>How long disposing waits for the stream to take what the chip has sent.</summary>
    private static readonly TimeSpan s_flushTime = TimeSpan.FromSeconds(2);

    private readonly SerialLine _line;
    private readonly Stream _input, _output;
    private readonly Channel<byte> _sent;
    private readonly SemaphoreSlim _room = new(0, 1);
    private readonly CancellationTokenSource _reading = new(), _writing = new();
    private readonly Task _in, _out;
    private long _lost;
    private int _parted;

    internal SerialConnection(SerialLine line, Stream input, Stream output)
    {
        (_line, _input, _output) = (line, input, output);
        _sent = Channel.CreateBounded<byte>(
            new BoundedChannelOptions(SerialLine.Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _lost));
        line.Sent += Queue;
        line.Drained += MakeRoom;
        _in = Task.Run(PumpIn);
        _out = Task.Run(PumpOut);
    }

    /// <summary>How many characters the stream was too slow for.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Ends when the stream has no more input, or fails; it holds the error.</summary>
    public Task InputEnded => _in;

    /// <summary>Ends when the connection is disposed and the stream has taken everything, or fails; it holds the error.</summary>
    public Task OutputEnded => _out;

    /// <summary>Parts line and stream, once the stream has taken what the chip has sent; a stream that takes nothing is given two seconds.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _parted, 1) != 0) return;
        _line.Sent -= Queue;
        _line.Drained -= MakeRoom;
        _sent.Writer.TryComplete();
        // A read of a terminal may not heed this; then it ends with the next character, which is dropped.
        await _reading.CancelAsync().ConfigureAwait(false);
        _writing.CancelAfter(s_flushTime);
        await _out.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
    }

    private void Queue(byte character) => _sent.Writer.TryWrite(character);

    private void MakeRoom()
    {
        // Called under the machine's lock alone, and released by nobody else.
        if (_room.CurrentCount == 0) _room.Release();
    }

    private async Task PumpOut()
    {
        var buffer = new byte[4096];
        while (await _sent.Reader.WaitToReadAsync(_writing.Token).ConfigureAwait(false))
        {
            var count = 0;
            while (count < buffer.Length && _sent.Reader.TryRead(out var character)) buffer[count++] = character;
            await _output.WriteAsync(buffer.AsMemory(0, count), _writing.Token).ConfigureAwait(false);
            await _output.FlushAsync(_writing.Token).ConfigureAwait(false);
        }
    }

    private async Task PumpIn()
    {
        var buffer = new byte[SerialLine.LowWater];
        try
        {
            while (true)
            {
                var count = await _input.ReadAsync(buffer, _reading.Token).ConfigureAwait(false);
                if (count == 0 || Volatile.Read(ref _parted) != 0) return;
                _line.Send(buffer.AsSpan(0, count));
                while (_line.Waiting > SerialLine.LowWater) await _room.WaitAsync(_reading.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_reading.IsCancellationRequested)
        {
            // Parted.
        }
    }
}
