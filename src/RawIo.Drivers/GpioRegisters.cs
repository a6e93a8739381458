namespace RawIo.Drivers;

/// <summary>
/// The registers of the GPIO block (BCM2835 ARM Peripherals, section 6.1, pages 90 to 105), and the pull registers of
/// BCM2711 (BCM2711 ARM Peripherals, section 5.2). Where a register is a pair, 0 is for pins 0 to 31 and 1 for the rest.
/// </summary>
public static class GpioRegisters
{
    // As numbers too: what writes and reads a pin is compiled to an access at a known offset.
    internal const long Gpset = 0x1c, Gpclr = 0x28, Gplev = 0x34;

    /// <summary>Function select, three bits a pin, ten pins a register.</summary>
    public static readonly ReadWriteRegister<uint>
        GPFSEL0 = new("GPFSEL0", 0x00), GPFSEL1 = new("GPFSEL1", 0x04), GPFSEL2 = new("GPFSEL2", 0x08),
        GPFSEL3 = new("GPFSEL3", 0x0c), GPFSEL4 = new("GPFSEL4", 0x10), GPFSEL5 = new("GPFSEL5", 0x14);

    /// <summary>Output set: a 1 sets the pin's output latch, a 0 does nothing.</summary>
    public static readonly WriteOnlyRegister<uint> GPSET0 = new("GPSET0", Gpset), GPSET1 = new("GPSET1", Gpset + 4);

    /// <summary>Output clear: a 1 clears the pin's output latch, a 0 does nothing.</summary>
    public static readonly WriteOnlyRegister<uint> GPCLR0 = new("GPCLR0", Gpclr), GPCLR1 = new("GPCLR1", Gpclr + 4);

    /// <summary>The level on the pad, whatever the pin's function.</summary>
    public static readonly ReadOnlyRegister<uint> GPLEV0 = new("GPLEV0", Gplev), GPLEV1 = new("GPLEV1", Gplev + 4);

    /// <summary>Event detect status; cleared by writing 1, so write it, never modify it.</summary>
    public static readonly ReadWriteRegister<uint> GPEDS0 = new("GPEDS0", 0x40, writeActs: true), GPEDS1 = new("GPEDS1", 0x44, writeActs: true);

    /// <summary>Rising edge detect enable: samples 011.</summary>
    public static readonly ReadWriteRegister<uint> GPREN0 = new("GPREN0", 0x4c), GPREN1 = new("GPREN1", 0x50);

    /// <summary>Falling edge detect enable: samples 100.</summary>
    public static readonly ReadWriteRegister<uint> GPFEN0 = new("GPFEN0", 0x58), GPFEN1 = new("GPFEN1", 0x5c);

    /// <summary>High detect enable.</summary>
    public static readonly ReadWriteRegister<uint> GPHEN0 = new("GPHEN0", 0x64), GPHEN1 = new("GPHEN1", 0x68);

    /// <summary>Low detect enable.</summary>
    public static readonly ReadWriteRegister<uint> GPLEN0 = new("GPLEN0", 0x70), GPLEN1 = new("GPLEN1", 0x74);

    /// <summary>Asynchronous rising edge detect enable: not sampled, sees very short pulses.</summary>
    public static readonly ReadWriteRegister<uint> GPAREN0 = new("GPAREN0", 0x7c), GPAREN1 = new("GPAREN1", 0x80);

    /// <summary>Asynchronous falling edge detect enable: not sampled, sees very short pulses.</summary>
    public static readonly ReadWriteRegister<uint> GPAFEN0 = new("GPAFEN0", 0x88), GPAFEN1 = new("GPAFEN1", 0x8c);

    /// <summary>Pull-up/down control: what the pins clocked by GPPUDCLK take over. Without effect on BCM2711.</summary>
    public static readonly ReadWriteRegister<uint> GPPUD = new("GPPUD", 0x94);

    /// <summary>Pull-up/down clock: the pins written as 1 take over GPPUD, and which resistor they had nobody can read. Without effect on BCM2711.</summary>
    public static readonly ReadWriteRegister<uint> GPPUDCLK0 = new("GPPUDCLK0", 0x98, writeActs: true), GPPUDCLK1 = new("GPPUDCLK1", 0x9c, writeActs: true);

    /// <summary>Test, four bits. Not on BCM2711.</summary>
    public static readonly ReadWriteRegister<uint> TEST = new("TEST", 0xb0);

    /// <summary>BCM2711 only: pulls, two bits a pin, sixteen pins a register: 0 none, 1 up, 2 down.</summary>
    public static readonly ReadWriteRegister<uint>
        GPIO_PUP_PDN_CNTRL_REG0 = new("GPIO_PUP_PDN_CNTRL_REG0", 0xe4),
        GPIO_PUP_PDN_CNTRL_REG1 = new("GPIO_PUP_PDN_CNTRL_REG1", 0xe8),
        GPIO_PUP_PDN_CNTRL_REG2 = new("GPIO_PUP_PDN_CNTRL_REG2", 0xec),
        GPIO_PUP_PDN_CNTRL_REG3 = new("GPIO_PUP_PDN_CNTRL_REG3", 0xf0);

    /// <summary>PUD, bits 1:0 of GPPUD: 0 off, 1 pull-down, 2 pull-up.</summary>
    public static readonly BitField PUD = new(1, 0);

    // By register number, or by bank.
    internal static readonly ReadWriteRegister<uint>[] Fsel = [GPFSEL0, GPFSEL1, GPFSEL2, GPFSEL3, GPFSEL4, GPFSEL5];
    internal static readonly WriteOnlyRegister<uint>[] Set = [GPSET0, GPSET1];
    internal static readonly WriteOnlyRegister<uint>[] Clr = [GPCLR0, GPCLR1];
    internal static readonly ReadOnlyRegister<uint>[] Lev = [GPLEV0, GPLEV1];
    internal static readonly ReadWriteRegister<uint>[] Eds = [GPEDS0, GPEDS1];
    internal static readonly ReadWriteRegister<uint>[] PudClk = [GPPUDCLK0, GPPUDCLK1];

    internal static readonly ReadWriteRegister<uint>[] Pulls =
        [GPIO_PUP_PDN_CNTRL_REG0, GPIO_PUP_PDN_CNTRL_REG1, GPIO_PUP_PDN_CNTRL_REG2, GPIO_PUP_PDN_CNTRL_REG3];

    private static readonly Register[] Common =
    [
        .. Fsel, .. Set, .. Clr, .. Lev, .. Eds, GPREN0, GPREN1, GPFEN0, GPFEN1, GPHEN0, GPHEN1, GPLEN0, GPLEN1,
        GPAREN0, GPAREN1, GPAFEN0, GPAFEN1, GPPUD, .. PudClk,
    ];

    /// <summary>The block of BCM2835, BCM2836 and BCM2837.</summary>
    public static RegisterMap Map { get; } = new("BCM2835 GPIO", [.. Common, TEST]);

    /// <summary>The block of BCM2711.</summary>
    public static RegisterMap Bcm2711Map { get; } = new("BCM2711 GPIO", [.. Common, .. Pulls]);
}
