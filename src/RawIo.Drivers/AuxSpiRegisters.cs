namespace RawIo.Drivers;

/// <summary>The registers of SPI1 and SPI2 (BCM2835 ARM Peripherals, section 2.3, pages 20 to 27), with STAT and CNTL1 as Linux's spi-bcm2835aux.c has them: the datasheet's tables are wrong.</summary>
public static class AuxSpiRegisters
{
    /// <summary>Control. Its FIFO clear bit acts for as long as it is set.</summary>
    public static readonly ReadWriteRegister<uint> CNTL0 = new("CNTL0", 0x00);

    /// <summary>Control of the interrupts, the input and the pause between words.</summary>
    public static readonly ReadWriteRegister<uint> CNTL1 = new("CNTL1", 0x04);

    /// <summary>Status.</summary>
    public static readonly ReadOnlyRegister<uint> STAT = new("STAT", 0x08);

    /// <summary>The next word that came in; reading leaves it there.</summary>
    public static readonly ReadOnlyRegister<uint> PEEK = new("PEEK", 0x0c);

    /// <summary>The next word that came in; reading takes it out.</summary>
    public static readonly ConsumingRegister<uint> IO = new("IO", 0x20);

    /// <summary>A word to send, after which the chip selects go inactive; at the offset of <see cref="IO"/>.</summary>
    public static readonly WriteOnlyRegister<uint> TxIO = new("TX IO", 0x20);

    /// <summary>A word to send, after which the chip selects stay active.</summary>
    public static readonly WriteOnlyRegister<uint> TXHOLD = new("TXHOLD", 0x30);

    /// <summary>CNTL0: the divider, half the system clock divided by one more; the levels of the chip selects during a word.</summary>
    public static readonly BitField Speed = new(31, 20), ChipSelects = new(19, 17);

    /// <summary>CNTL0: the length is in the word; on; take in at the rising edge; clear the FIFOs; put out at the rising edge; the clock idles high; highest bit first.</summary>
    public static readonly BitField VariableWidth = new(14), Enable = new(11), InRising = new(10), ClearFifo = new(9), OutRising = new(8), Cpol = new(7), MsbFirstOut = new(6);

    /// <summary>CNTL1: the highest bit comes in first.</summary>
    public static readonly BitField MsbFirstIn = new(1);

    /// <summary>STAT: the FIFOs are full or empty, and a word is on the wire.</summary>
    public static readonly BitField TxFull = new(10), TxEmpty = new(9), RxFull = new(8), RxEmpty = new(7), Busy = new(6);

    /// <summary>The block.</summary>
    public static RegisterMap Map { get; } = new("BCM2835 auxiliary SPI", CNTL0, CNTL1, STAT, PEEK, IO, TxIO, TXHOLD);
}
