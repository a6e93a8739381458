using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>
/// The general purpose I/O block of BCM2711, the Pi 4 (BCM2711 ARM Peripherals, chapter 5): BCM2835's with 58 pins and
/// pulls that are set, and read back, in GPIO_PUP_PDN_CNTRL_REG0 to 3. GPPUD and GPPUDCLK are there and do nothing.
/// </summary>
public sealed class Bcm2711GpioModel : Bcm2835GpioModel
{
    /// <summary>
    /// How many bytes the registers take. The device tree's <c>reg</c> says 0xb4 here too: Linux reaches the pulls
    /// behind it only because it maps whole pages.
    /// </summary>
    public new const int Length = 0xf4;

    private const int GPIO_PUP_PDN_CNTRL_REG0 = 0xe4, GPIO_PUP_PDN_CNTRL_REG3 = 0xf0;

    private PullControl _pulls;

    /// <summary>The block after power-on, its pins joined to nothing.</summary>
    public Bcm2711GpioModel() : base(58) => ResetPulls();

    [InlineArray(4)]
    private struct PullControl
    {
        private uint _first;
    }

    /// <inheritdoc/>
    public override string Name => "BCM2711 GPIO";

    /// <inheritdoc/>
    public override int DecodedLength => Length;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["brcm,bcm2711-gpio"];

    /// <inheritdoc/>
    public override string LeavesOut => "The alternate functions drive no pin. The set-up time of the synchronous detectors is not timed.";

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        ResetPulls();
    }

    /// <inheritdoc/>
    public override object Save() => (base.Save(), _pulls);

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        (var gpio, _pulls) = ((object, PullControl))saved;
        base.Restore(gpio);
    }

    internal override string? BrokenInvariant()
    {
        for (var i = 0; i < Pins.Count; i++)
            if (PullOf(i) != Decode(_pulls[i >> 4] >> 2 * (i & 15) & 3)) return $"GPIO{i} is pulled {PullOf(i)}, not as its register says";
        return base.BrokenInvariant();
    }

    private protected override ulong ReadOther(int offset, int size) =>
        offset is >= GPIO_PUP_PDN_CNTRL_REG0 and <= GPIO_PUP_PDN_CNTRL_REG3
            ? _pulls[offset - GPIO_PUP_PDN_CNTRL_REG0 >> 2]
            : ReadReserved(offset, size);

    private protected override void WriteOther(int offset, int size, uint value)
    {
        if (offset is >= GPIO_PUP_PDN_CNTRL_REG0 and <= GPIO_PUP_PDN_CNTRL_REG3)
            WritePulls(offset - GPIO_PUP_PDN_CNTRL_REG0 >> 2, value);
        else
            WriteReserved(offset, size);
    }

    private protected override void ClockPulls(ulong pins)
    {
        // The pads of BCM2711 do not listen to GPPUD.
    }

    private void WritePulls(int register, uint value)
    {
        var first = register * 16;
        var fields = Math.Min(16, Pins.Count - first);
        value &= (uint)((1UL << 2 * fields) - 1);
        var changed = _pulls[register] ^ value;
        _pulls[register] = value;
        for (var i = 0; i < fields; i++)
            if ((changed >> 2 * i & 3) != 0)
                SetPull(first + i, Decode(value >> 2 * i & 3));
    }

    // 11 is reserved.
    private static PinPull Decode(uint control) => control switch { 1 => PinPull.Up, 2 => PinPull.Down, _ => PinPull.None };

    private void ResetPulls()
    {
        _pulls = default;
        for (var i = 0; i < Pins.Count; i++)
        {
            var control = PullAtReset(i) switch { PinPull.Up => 1u, PinPull.Down => 2u, _ => 0u };
            _pulls[i >> 4] |= control << 2 * (i & 15);
        }
    }
}
