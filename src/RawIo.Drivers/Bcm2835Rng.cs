using System.Buffers.Binary;

namespace RawIo.Drivers;

/// <summary>The random number generator of a Raspberry Pi 1 to 3 (drivers/char/hw_random/bcm2835-rng.c). One reader at a time: the FIFO has no other side.</summary>
public sealed class Bcm2835Rng
{
    /// <summary>What the first numbers' quality asks for: this much is thrown away after the start, about a quarter of a second's worth.</summary>
    public const uint WarmUpCount = 0x4_0000;

    private readonly IMmio _registers;
    private readonly TimeProvider _time;
    private TimeSpan _timeout = TimeSpan.FromSeconds(1);

    /// <summary>A driver over the block's registers. It touches nothing: <see cref="Start"/> does.</summary>
    /// <param name="registers">A window of at least 0x10 bytes from RNG_CTRL.</param>
    /// <param name="time">The machine's time, for the timeout.</param>
    /// <exception cref="ArgumentException">The window is too short.</exception>
    public Bcm2835Rng(IMmio registers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(time);
        if (registers.Length < 0x10)
            throw new ArgumentException($"The RNG's registers take 0x10 bytes; the window has 0x{registers.Length:x}.", nameof(registers));
        (_registers, _time) = (registers, time);
    }

    /// <summary>How long <see cref="Read"/> waits for each word by the machine's time; 1 s unless told, four warm-ups.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not longer than nothing.</exception>
    public TimeSpan Timeout
    {
        get => _timeout;
        set => _timeout = Deadline.Check(value, nameof(value));
    }

    /// <summary>How many words wait in the FIFO: one read.</summary>
    public int WordsAvailable => (int)RngRegisters.RNG_STATUS.Read(_registers, RngRegisters.VAL);

    /// <summary>Sets the warm-up count and switches the generator on: two writes, as bcm2835_rng_probe does.</summary>
    public void Start()
    {
        RngRegisters.RNG_STATUS.Write(_registers, WarmUpCount);
        RngRegisters.RNG_CTRL.Write(_registers, (uint)RngRegisters.RBGEN.Mask);
    }

    /// <summary>Switches the generator off: one write.</summary>
    public void Stop() => RngRegisters.RNG_CTRL.Write(_registers, 0);

    /// <summary>Takes one word if one waits: a read, and a second if there is.</summary>
    public bool TryRead(out uint word)
    {
        word = 0;
        if (WordsAvailable == 0) return false;
        word = RngRegisters.RNG_DATA.Consume(_registers);
        return true;
    }

    /// <summary>Fills a span with random bytes. It takes only words that STATUS says are there: an empty FIFO reads 0.</summary>
    /// <param name="destination">What to fill; zeros again if this throws.</param>
    /// <exception cref="RawIoException">No word came in time (ETIMEDOUT).</exception>
    public void Read(Span<byte> destination)
    {
        var rest = destination;
        Span<byte> word = stackalloc byte[4];
        var deadline = new Deadline(_time, _timeout);
        while (rest.Length > 0)
        {
            var available = WordsAvailable;
            if (available == 0)
            {
                if (!deadline.HasPassed()) continue;
                destination.Clear();
                throw deadline.Exception("The RNG (is it started?) gave no word");
            }
            for (; available > 0 && rest.Length > 0; available--)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(word, RngRegisters.RNG_DATA.Consume(_registers));
                var taken = Math.Min(4, rest.Length);
                word[..taken].CopyTo(rest);
                rest = rest[taken..];
            }
            deadline.Restart();
        }
    }
}
