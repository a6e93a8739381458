namespace RawIo.Drivers;

/// <summary>
/// The registers of a 16550 UART, by offset from its first port. Names and bits are those of National's PC16550D data sheet,
/// section 8.
/// </summary>
public static class Uart16550Registers
{
    /// <summary>Receiver buffer: reading takes the character. DLAB is 0.</summary>
    public static ConsumingRegister<byte> RBR { get; } = new("RBR", 0);

    /// <summary>Transmitter holding register. DLAB is 0.</summary>
    public static WriteOnlyRegister<byte> THR { get; } = new("THR", 0);

    /// <summary>Divisor latch, low byte. DLAB is 1.</summary>
    public static WriteOnlyRegister<byte> DLL { get; } = new("DLL", 0);

    /// <summary>Divisor latch, high byte. DLAB is 1.</summary>
    public static WriteOnlyRegister<byte> DLM { get; } = new("DLM", 1);

    /// <summary>Interrupt enable. DLAB is 0.</summary>
    public static ReadWriteRegister<byte> IER { get; } = new("IER", 1);

    /// <summary>Interrupt identification: reading takes the transmitter's interrupt back where it is shown.</summary>
    public static ConsumingRegister<byte> IIR { get; } = new("IIR", 2);

    /// <summary>FIFO control.</summary>
    public static WriteOnlyRegister<byte> FCR { get; } = new("FCR", 2);

    /// <summary>Line control.</summary>
    public static ReadWriteRegister<byte> LCR { get; } = new("LCR", 3);

    /// <summary>Modem control.</summary>
    public static ReadWriteRegister<byte> MCR { get; } = new("MCR", 4);

    /// <summary>Line status: reading clears the errors.</summary>
    public static ConsumingRegister<byte> LSR { get; } = new("LSR", 5);

    /// <summary>Modem status: reading clears the changes.</summary>
    public static ConsumingRegister<byte> MSR { get; } = new("MSR", 6);

    /// <summary>Scratch.</summary>
    public static ReadWriteRegister<byte> SCR { get; } = new("SCR", 7);

    /// <summary>All of them.</summary>
    public static RegisterMap Map { get; } = new("16550", RBR, THR, DLL, DLM, IER, IIR, FCR, LCR, MCR, LSR, MSR, SCR);
}

/// <summary>What is wrong with received characters: bits 4:1 of LSR.</summary>
[Flags]
public enum Uart16550Errors : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>OE: characters came faster than they were taken, and were lost.</summary>
    Overrun = 0x02,
    /// <summary>PE: the parity is wrong.</summary>
    Parity = 0x04,
    /// <summary>FE: there is no stop bit.</summary>
    Framing = 0x08,
    /// <summary>BI: the line was low for a whole character.</summary>
    Break = 0x10,
}

/// <summary>The parity bit, as bits 5:3 of LCR.</summary>
public enum Uart16550Parity : byte
{
    /// <summary>None.</summary>
    None = 0x00,
    /// <summary>Odd.</summary>
    Odd = 0x08,
    /// <summary>Even.</summary>
    Even = 0x18,
    /// <summary>Always 1.</summary>
    Mark = 0x28,
    /// <summary>Always 0.</summary>
    Space = 0x38,
}
