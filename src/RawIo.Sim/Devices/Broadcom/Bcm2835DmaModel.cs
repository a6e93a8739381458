using static RawIo.Sim.DmaRegisters;

namespace RawIo.Sim;

/// <summary>
/// The DMA controller of BCM2835 to BCM2711 (BCM2835 ARM Peripherals, chapter 4): channels 0 to 14, of which 7 and up
/// are lite; on BCM2711 0 to 10 (11 and up are another engine there). Channel 15 sits elsewhere and is VideoCore's.
/// </summary>
/// <remarks>
/// <para>A transfer takes the machine's time: 200 ns to fetch a control block, 32 ns a 32-bit word (125 MB/s) and the
/// WAITS cycles of 4 ns, twice a word. It is made in pieces, of 256 words at first and 16384 at last, each at the end of
/// the time it takes, so that a driver sees ACTIVE, TXFR_LEN and the addresses move. After 64 MiB of one block it goes on
/// at a 64th of the speed, so that a step of time costs the host little whatever a block's length says. A paced channel moves one word, at most each 100 ns,
/// while its DREQ is asserted, and rests while it is not.</para>
/// <para>Where the datasheet is silent or wrong: 2D mode moves YLENGTH + 1 rows (its errata). SRC_IGNORE fills with zeros
/// as Linux and QEMU use it (4.2.1.3 has it write nothing). A block whose address nobody answers, or a read that is
/// refused, sets READ_ERROR, and zeros are moved: the channel goes on. A channel is PAUSED while a block is being
/// worked at and ACTIVE is off. ACTIVE stays set while CONBLK_AD is 0, and the transfer begins when that is written.
/// QEMU (hw/dma/bcm2835_dma.c) makes the whole transfer within the write of ACTIVE, ignores DREQ, never ends with a length
/// that is no multiple of 4, takes every channel as a full one and knows no errors.</para>
/// </remarks>
public sealed class Bcm2835DmaModel : Device, IDmaController
{
    private const int FirstLite = 7, BytesPerChannel = 0x100;

    private readonly DmaChannel[] _channels;
    private readonly SignalLine[] _interrupts;
    private readonly List<SignalLine>[] _requests = [.. Enumerable.Range(0, 32).Select(_ => new List<SignalLine>())];
    private uint _disabled;

    /// <summary>The controller after power-on, every channel enabled and none active.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="bus">The way to RAM and to the devices.</param>
    /// <param name="channels">How many channels: 15, on BCM2711 11.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 or more than 15 channels.</exception>
    public Bcm2835DmaModel(TimeProvider time, IBusMaster bus, int channels = 15)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(bus);
        if (channels is < 1 or > 15) throw new ArgumentOutOfRangeException(nameof(channels), channels, "There are 1 to 15 channels in the block.");
        _channels = [.. Enumerable.Range(0, channels).Select(i => new DmaChannel(this, time, bus, i, i >= FirstLite))];
        _interrupts = [.. Enumerable.Range(0, channels == 15 ? 16 : channels).Select(_ => new SignalLine())];
    }

    private sealed record Saved(DmaChannel.State[] Channels, uint Disabled);

    /// <inheritdoc/>
    public override string Name => "BCM2835 DMA";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2835-dma"];

    /// <summary>0x1000: the device trees' length ends before INT_STATUS and ENABLE.</summary>
    public override int DecodedLength => 0x1000;

    /// <inheritdoc/>
    public override string LeavesOut =>
        "Channel 15, and BCM2711's 40-bit channels 11 to 14. Bursts, priorities and outstanding writes: WAITING_FOR_OUTSTANDING_WRITES is never set, DMA_STATE is 0. BCM2711's PAGE bits of ENABLE.";

    /// <summary>A line for each channel, high while its INT is set; with 15 channels a last one, high while any is.</summary>
    public override IReadOnlyList<SignalLine> InterruptLines => _interrupts;

    /// <inheritdoc/>
    public void Connect(DmaRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Number is < 1 or > 31) throw new ArgumentOutOfRangeException(nameof(request), request.Number, "PERMAP has the requests 1 to 31; 0 is none.");
        _requests[request.Number].Add(request.Line);
        request.Line.Changed += _ => KickAll();
        KickAll();
    }

    internal override string? BrokenInvariant()
    {
        for (var i = 0; i < _channels.Length; i++)
        {
            if (_channels[i].BrokenInvariant() is { } broken) return $"channel {i}: {broken}";
            if (_interrupts[i].Level != _channels[i].IsInterrupting) return $"line {i} is {_interrupts[i].Level}";
        }
        return null;
    }

    /// <inheritdoc/>
    public override object Save() => new Saved([.. _channels.Select(c => c.Save())], _disabled);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        var (channels, disabled) = (Saved)saved;
        _disabled = disabled;
        for (var i = 0; i < channels.Length; i++) _channels[i].Restore(channels[i]);
        UpdateInterrupts();
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        if (ChannelAt(offset) is { } channel) return channel.Read(offset % BytesPerChannel);
        return offset switch
        {
            INT_STATUS => Interrupting(),
            ENABLE => ~_disabled & All,
            _ => BadRead(offset, size, "no register is there"),
        };
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        if (ChannelAt(offset) is { } channel)
        {
            WriteChannel(channel, offset, size, (uint)value);
        }
        else if (offset == ENABLE)
        {
            _disabled = ~(uint)value & All;
            KickAll();
        }
        else
        {
            BadWrite(offset, size, offset == INT_STATUS ? "the register is read-only" : "no register is there");
            return;
        }
        UpdateInterrupts();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _disabled = 0;
        foreach (var channel in _channels) channel.Reset();
        UpdateInterrupts();
    }

    internal bool IsEnabled(int channel) => (_disabled >> channel & 1) == 0;

    internal bool IsRequested(int request)
    {
        foreach (var line in _requests[request])
            if (line.Sample()) return true;
        return false;
    }

    internal void Want(int request, bool on)
    {
        foreach (var line in _requests[request]) line.Want(on);
    }

    /// <summary>Owns the lines.</summary>
    internal void UpdateInterrupts()
    {
        for (var i = 0; i < _channels.Length; i++) _interrupts[i].Set(_channels[i].IsInterrupting);
        if (_interrupts.Length > _channels.Length) _interrupts[^1].Set(Interrupting() != 0);
    }

    private uint All => (1u << _channels.Length) - 1;

    private DmaChannel? ChannelAt(int offset) =>
        offset / BytesPerChannel < _channels.Length && offset % BytesPerChannel <= DEBUG ? _channels[offset / BytesPerChannel] : null;

    private void WriteChannel(DmaChannel channel, int offset, int size, uint value)
    {
        switch (offset % BytesPerChannel)
        {
            case CS: channel.WriteCs(value); break;
            case CONBLK_AD when channel.IsBusy: BadWrite(offset, size, "a transfer is going on; pause or reset the channel first"); break;
            case CONBLK_AD:
                if ((value & 0x1f) != 0) BadWrite(offset, size, "a control block is at a multiple of 32 bytes");
                channel.WriteConblkAd(value & ~0x1fu);
                break;
            case NEXTCONBK: channel.WriteNextConbk(value & ~0x1fu); break;
            case DEBUG: channel.WriteDebug(value & DebugErrors); break;
            default: BadWrite(offset, size, "the register is loaded from control blocks and cannot be written"); break;
        }
    }

    private uint Interrupting()
    {
        var all = 0u;
        for (var i = 0; i < _channels.Length; i++)
            if (_channels[i].IsInterrupting) all |= 1u << i;
        return all;
    }

    private void KickAll()
    {
        foreach (var channel in _channels) channel.Kick();
    }
}
