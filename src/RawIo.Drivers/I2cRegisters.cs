namespace RawIo.Drivers;

/// <summary>The registers of a Broadcom Serial Controller, an I2C master (BCM2835 ARM Peripherals, section 3.2, pages 28 to 35).</summary>
public static class I2cRegisters
{
    /// <summary>Control. ST starts and CLEAR clears the FIFO when they are written.</summary>
    public static readonly ReadWriteRegister<uint> C = new("C", 0x00, writeActs: true);

    /// <summary>Status. CLKT, ERR and DONE are cleared by writing 1.</summary>
    public static readonly ReadWriteRegister<uint> S = new("S", 0x04, writeActs: true);

    /// <summary>How many bytes; during a transfer and after it, how many are left.</summary>
    public static readonly ReadWriteRegister<uint> DLEN = new("DLEN", 0x08);

    /// <summary>The part's address, 7 bits.</summary>
    public static readonly ReadWriteRegister<uint> A = new("A", 0x0c);

    /// <summary>What came in; reading takes it out.</summary>
    public static readonly ConsumingRegister<uint> FIFO = new("FIFO", 0x10);

    /// <summary>What is to go out, at the offset of <see cref="FIFO"/>.</summary>
    public static readonly WriteOnlyRegister<uint> TxFIFO = new("TX FIFO", 0x10);

    /// <summary>The clock divider, the data delays, the clock stretch timeout in clocks.</summary>
    public static readonly ReadWriteRegister<uint> DIV = new("DIV", 0x14), DEL = new("DEL", 0x18), CLKT = new("CLKT", 0x1c);

    /// <summary>C: the controller is on; interrupts of data to read, of data to write, of done; start; read.</summary>
    public static readonly BitField I2CEN = new(15), INTR = new(10), INTT = new(9), INTD = new(8), ST = new(7), READ = new(0);

    /// <summary>C: clears the FIFO.</summary>
    public static readonly BitField CLEAR = new(5, 4);

    /// <summary>S: the clock was held too long; nobody acknowledged; the FIFO has a byte, takes one.</summary>
    public static readonly BitField StretchTimeout = new(9), ERR = new(8), RXD = new(5), TXD = new(4);

    /// <summary>S: the FIFO needs reading; the transfer is done; it is active.</summary>
    public static readonly BitField RXR = new(3), DONE = new(1), TA = new(0);

    /// <summary>The block.</summary>
    public static RegisterMap Map { get; } = new("BCM2835 I2C", C, S, DLEN, A, FIFO, TxFIFO, DIV, DEL, CLKT);
}
