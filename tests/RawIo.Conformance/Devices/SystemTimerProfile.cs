namespace RawIo.Conformance;

/// <summary>BCM2835's system timer with its clock stopped: compares, and the status.</summary>
internal sealed class SystemTimerProfile : DeviceProfile
{
    private const int Cs = 0x00, Clo = 0x04, Chi = 0x08, C0 = 0x0c;

    public override string Name => "BCM2835 system timer";

    public override string Machine => "raspi3b";

    public override string Board => "pi3";

    public override ulong Base => 0x3f00_3000;

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("the compare registers keep 32 bits, and the status is clear at first", """
            readl 0x3f003000 -> 0
            writel 0x3f00300c 0x12345678
            writel 0x3f003018 0xffffffff
            readl 0x3f00300c -> 0x12345678
            readl 0x3f003018 -> 0xffffffff
            readl 0x3f003010 -> 0
            readl 0x3f003008 -> 0       # CHI: less than 71 minutes since power-on
            """),
        new("the counter cannot be written", """
            writel 0x3f003004 0x1000
            writel 0x3f003008 0x1000
            readl 0x3f003008 -> 0
            readl 0x3f003004 & 0xfffff000 -> 0
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        // Far ahead, so that none is reached.
        var value = (ulong)random.NextInt64(0x1000_0000, 0x1_0000_0000);
        switch (random.Next(10))
        {
            case < 4: steps.Write(C0 + 4 * random.Next(4), value); break;
            case < 8: steps.Read(C0 + 4 * random.Next(4)); break;
            case 8: steps.Write(random.Next(3) switch { 0 => Cs, 1 => Clo, _ => Chi }, value); break;
            default: steps.Read(random.Next(3) switch { 0 => Cs, 1 => Clo, _ => Chi }); break;
        }
    }
}
