namespace RawIo.Drivers;

/// <summary>
/// The registers of BCM2835's random number generator. No datasheet describes them; names and bits are those of
/// drivers/char/hw_random/bcm2835-rng.c and FreeBSD's bcm2835_rng.c.
/// </summary>
public static class RngRegisters
{
    /// <summary>Control.</summary>
    public static readonly ReadWriteRegister<uint> RNG_CTRL = new("RNG_CTRL", 0x00);

    /// <summary>Status: how many words wait, and the warm-up count, which alone is written.</summary>
    public static readonly ReadWriteRegister<uint> RNG_STATUS = new("RNG_STATUS", 0x04);

    /// <summary>A word of the FIFO; reading takes it out.</summary>
    public static readonly ConsumingRegister<uint> RNG_DATA = new("RNG_DATA", 0x08);

    /// <summary>How many words raise the interrupt.</summary>
    public static readonly ReadWriteRegister<uint> RNG_FF_THRESHOLD = new("RNG_FF_THRESHOLD", 0x0c);

    /// <summary>Interrupt mask; behind the 16 bytes the Pi's device trees give the block.</summary>
    public static readonly ReadWriteRegister<uint> RNG_INT_MASK = new("RNG_INT_MASK", 0x10);

    /// <summary>RNG_CTRL: the generator is on.</summary>
    public static readonly BitField RBGEN = new(0);

    /// <summary>RNG_CTRL: twice the speed.</summary>
    public static readonly BitField RBG2X = new(1);

    /// <summary>RNG_STATUS: words in the FIFO.</summary>
    public static readonly BitField VAL = new(31, 24);

    /// <summary>RNG_STATUS: how much is still to be thrown away.</summary>
    public static readonly BitField WARM_CNT = new(19, 0);

    /// <summary>RNG_INT_MASK: the interrupt is off.</summary>
    public static readonly BitField INT_OFF = new(0);

    /// <summary>The block.</summary>
    public static RegisterMap Map { get; } = new("BCM2835 RNG", RNG_CTRL, RNG_STATUS, RNG_DATA, RNG_FF_THRESHOLD, RNG_INT_MASK);
}
