namespace RawIo.Drivers;

/// <summary>The registers of SPI0 (BCM2835 ARM Peripherals, section 10.5, pages 152 to 157).</summary>
public static class SpiRegisters
{
    /// <summary>Control and status. Its FIFO clear bits act when they are written.</summary>
    public static readonly ReadWriteRegister<uint> CS = new("CS", 0x00, writeActs: true);

    /// <summary>What came in; reading takes it out.</summary>
    public static readonly ConsumingRegister<uint> FIFO = new("FIFO", 0x04);

    /// <summary>What is to go out, at the offset of <see cref="FIFO"/>.</summary>
    public static readonly WriteOnlyRegister<uint> TxFIFO = new("TX FIFO", 0x04);

    /// <summary>The clock divider.</summary>
    public static readonly ReadWriteRegister<uint> CLK = new("CLK", 0x08);

    /// <summary>How many bytes a DMA transfer has.</summary>
    public static readonly ReadWriteRegister<uint> DLEN = new("DLEN", 0x0c);

    /// <summary>The output hold delay of LoSSI mode.</summary>
    public static readonly ReadWriteRegister<uint> LTOH = new("LTOH", 0x10);

    /// <summary>The FIFO levels of the DMA requests.</summary>
    public static readonly ReadWriteRegister<uint> DC = new("DC", 0x14);

    /// <summary>CS: the transmit FIFO takes a byte; the receive FIFO has one; the transfer is done.</summary>
    public static readonly BitField TXD = new(18), RXD = new(17), DONE = new(16);

    /// <summary>CS: interrupts of three quarters received, and of done; the transfer is active.</summary>
    public static readonly BitField INTR = new(10), INTD = new(9), TA = new(7);

    /// <summary>CS: clears the FIFOs, bit 4 the transmit one, bit 5 the receive one.</summary>
    public static readonly BitField CLEAR = new(5, 4);

    /// <summary>CS: the idle level and the phase of the clock, and the chip select.</summary>
    public static readonly BitField CPOL = new(3), CPHA = new(2), ChipSelect = new(1, 0);

    /// <summary>The block.</summary>
    public static RegisterMap Map { get; } = new("BCM2835 SPI0", CS, FIFO, TxFIFO, CLK, DLEN, LTOH, DC);
}
