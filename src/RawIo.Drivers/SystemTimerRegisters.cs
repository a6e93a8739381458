namespace RawIo.Drivers;

/// <summary>The registers of the system timer (BCM2835 ARM Peripherals, section 12.1, pages 172 to 175).</summary>
public static class SystemTimerRegisters
{
    /// <summary>Control/status: the match bits M0 to M3 in bits 0 to 3; cleared by writing 1, so write it, never modify it.</summary>
    public static readonly ReadWriteRegister<uint> CS = new("CS", 0x00, writeActs: true);

    /// <summary>The counter's low 32 bits, in microseconds.</summary>
    public static readonly ReadOnlyRegister<uint> CLO = new("CLO", 0x04);

    /// <summary>The counter's high 32 bits.</summary>
    public static readonly ReadOnlyRegister<uint> CHI = new("CHI", 0x08);

    /// <summary>Compare: matches when CLO comes to it. On a Pi the GPU uses C0 and C2.</summary>
    public static readonly ReadWriteRegister<uint> C0 = new("C0", 0x0c), C1 = new("C1", 0x10), C2 = new("C2", 0x14), C3 = new("C3", 0x18);

    internal static readonly ReadWriteRegister<uint>[] Compares = [C0, C1, C2, C3];

    /// <summary>The block.</summary>
    public static RegisterMap Map { get; } = new("BCM2835 system timer", [CS, CLO, CHI, .. Compares]);
}
