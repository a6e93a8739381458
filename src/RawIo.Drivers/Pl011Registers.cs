namespace RawIo.Drivers;

/// <summary>The registers of ARM's PL011 UART (DDI 0183, chapter 3), by the names the manual gives them.</summary>
public static class Pl011Registers
{
    /// <summary>The data register, read: the oldest character received and its errors; reading takes it out.</summary>
    public static readonly ConsumingRegister<uint> UARTDR = new("UARTDR", 0x00);

    /// <summary>The data register, written: a character to send.</summary>
    public static readonly WriteOnlyRegister<uint> UARTDR_TX = new("UARTDR", 0x00);

    /// <summary>The errors of the character last read; any write clears them, and the overrun.</summary>
    public static readonly ReadWriteRegister<uint> UARTRSR = new("UARTRSR", 0x04, writeActs: true);

    /// <summary>Flags: FIFOs, modem inputs, busy.</summary>
    public static readonly ReadOnlyRegister<uint> UARTFR = new("UARTFR", 0x18);

    /// <summary>IrDA low-power divisor.</summary>
    public static readonly ReadWriteRegister<uint> UARTILPR = new("UARTILPR", 0x20);

    /// <summary>The divisor's whole part; a write of UARTLCR_H takes it over.</summary>
    public static readonly ReadWriteRegister<uint> UARTIBRD = new("UARTIBRD", 0x24);

    /// <summary>The divisor's 64ths; a write of UARTLCR_H takes them over.</summary>
    public static readonly ReadWriteRegister<uint> UARTFBRD = new("UARTFBRD", 0x28);

    /// <summary>Line control: word length, parity, stop bits, FIFOs, break.</summary>
    public static readonly ReadWriteRegister<uint> UARTLCR_H = new("UARTLCR_H", 0x2c);

    /// <summary>Control: what is on, loopback, modem outputs, flow control.</summary>
    public static readonly ReadWriteRegister<uint> UARTCR = new("UARTCR", 0x30);

    /// <summary>At which FIFO levels the interrupts come.</summary>
    public static readonly ReadWriteRegister<uint> UARTIFLS = new("UARTIFLS", 0x34);

    /// <summary>Which interrupts are enabled.</summary>
    public static readonly ReadWriteRegister<uint> UARTIMSC = new("UARTIMSC", 0x38);

    /// <summary>Interrupts, enabled or not.</summary>
    public static readonly ReadOnlyRegister<uint> UARTRIS = new("UARTRIS", 0x3c);

    /// <summary>Interrupts that are enabled.</summary>
    public static readonly ReadOnlyRegister<uint> UARTMIS = new("UARTMIS", 0x40);

    /// <summary>Ones clear interrupts.</summary>
    public static readonly WriteOnlyRegister<uint> UARTICR = new("UARTICR", 0x44);

    /// <summary>Requests to the DMA controller.</summary>
    public static readonly ReadWriteRegister<uint> UARTDMACR = new("UARTDMACR", 0x48);

    /// <summary>UARTDR: framing error.</summary>
    public static readonly BitField FE = new(8);

    /// <summary>UARTDR: parity error.</summary>
    public static readonly BitField PE = new(9);

    /// <summary>UARTDR: break.</summary>
    public static readonly BitField BE = new(10);

    /// <summary>UARTDR: characters were lost before this one.</summary>
    public static readonly BitField OE = new(11);

    /// <summary>UARTFR: something is still being sent.</summary>
    public static readonly BitField BUSY = new(3);

    /// <summary>UARTFR: the receive FIFO is empty.</summary>
    public static readonly BitField RXFE = new(4);

    /// <summary>UARTFR: the transmit FIFO is full.</summary>
    public static readonly BitField TXFF = new(5);

    /// <summary>UARTLCR_H: parity is on.</summary>
    public static readonly BitField PEN = new(1);

    /// <summary>UARTLCR_H: parity is even.</summary>
    public static readonly BitField EPS = new(2);

    /// <summary>UARTLCR_H: two stop bits.</summary>
    public static readonly BitField STP2 = new(3);

    /// <summary>UARTLCR_H: the FIFOs are on.</summary>
    public static readonly BitField FEN = new(4);

    /// <summary>UARTLCR_H: data bits less five.</summary>
    public static readonly BitField WLEN = new(6, 5);

    /// <summary>UARTCR: the UART is on.</summary>
    public static readonly BitField UARTEN = new(0);

    /// <summary>UARTCR: what is sent comes back.</summary>
    public static readonly BitField LBE = new(7);

    /// <summary>UARTCR: the transmitter is on.</summary>
    public static readonly BitField TXE = new(8);

    /// <summary>UARTCR: the receiver is on.</summary>
    public static readonly BitField RXE = new(9);

    /// <summary>UARTCR: request to send.</summary>
    public static readonly BitField RTS = new(11);

    /// <summary>UARTCR: request to send follows the receive FIFO.</summary>
    public static readonly BitField RTSEn = new(14);

    /// <summary>UARTCR: clear to send holds the transmitter.</summary>
    public static readonly BitField CTSEn = new(15);

    /// <summary>UARTIMSC and its like: the receive FIFO has come to its level.</summary>
    public static readonly BitField RXIM = new(4);

    /// <summary>UARTIMSC and its like: characters wait, and for 32 bit times none has come.</summary>
    public static readonly BitField RTIM = new(6);

    /// <summary>The block.</summary>
    public static RegisterMap Map { get; } = new("PL011 UART", UARTDR, UARTDR_TX, UARTRSR, UARTFR, UARTILPR, UARTIBRD, UARTFBRD, UARTLCR_H, UARTCR, UARTIFLS,
        UARTIMSC, UARTRIS, UARTMIS, UARTICR, UARTDMACR);
}
