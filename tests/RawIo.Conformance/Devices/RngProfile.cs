namespace RawIo.Conformance;

/// <summary>BCM2835's random number generator. There is no datasheet of it: drivers/char/hw_random/bcm2835-rng.c knows its registers.</summary>
internal sealed class RngProfile : DeviceProfile
{
    private const ulong Registers = 0x3f10_4000;
    private const int Ctrl = 0x00, Status = 0x04, Data = 0x08, IntMask = 0x10;

    public override string Name => "BCM2835 RNG";

    public override string Machine => "raspi3b";

    public override string Board => "pi3";

    public override ulong Base => Registers;

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("random", "RNG_DATA", "host's random numbers", "random numbers", "random numbers by the machine's seed", c => c.Reads(Registers + Data) ? uint.MaxValue : 0),
        new("status", "RNG_STATUS", "always one word, on or off; the warm-up count is what was written",
            "words in the FIFO (bits 31 to 24) while it is on; the count runs down (bcm2835-rng.c; there is no datasheet)", "a FIFO of four that fills, after the warm-up",
            c => c.Reads(Registers + Status) ? 0xff0f_ffff : 0),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("switched on, it collects words", """
            writel 0x3f104004 0x40000     # RNG_STATUS: the first 0x40000 bits are warm-up
            writel 0x3f104000 1           # RNG_CTRL: on
            readl 0x3f104000 & 1 -> 1
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        switch (random.Next(8))
        {
            case 0: steps.Write(Ctrl, (ulong)random.Next(2)); break;
            case < 3: steps.Read(Ctrl); break;
            case < 5: steps.Read(Status); break;
            case 5: steps.Write(IntMask, (ulong)random.Next(2)); break;
            default: steps.Read(Data); break;
        }
    }
}
