using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>SPI0 fed and emptied by two DMA channels, as section 10.6.3 of BCM2835 ARM Peripherals has it.</summary>
public class Bcm2835SpiDmaTests
{
    private const ulong Dma = 0x3f00_7000, Spi = 0x3f20_4000, SpiFifo = 0x7e20_4004, Ram = 0xc000_0000;
    private const uint WaitResp = 1 << 3, DestInc = 1 << 4, DestDreq = 1 << 6, SrcInc = 1 << 8, SrcDreq = 1 << 10;

    private static void ControlBlock(IMmio memory, long at, uint information, ulong from, ulong to, int length)
    {
        uint[] block = [information, (uint)from, (uint)to, (uint)length, 0, 0, 0, 0];
        for (var i = 0; i < block.Length; i++) memory.Write32(at + 4 * i, block[i]);
    }

    [TestCase(4)]
    [TestCase(5)]
    [TestCase(64)]
    [TestCase(1000)]
    public void A_header_and_its_words_go_out_and_as_many_bytes_come_back(int length)
    {
        using var machine = SimMachine.Create("pi3", new SimOptions { SteppedClock = true });
        machine.Plug("spi0.0=loopback");
        var memory = machine.PhysicalMemory;
        var whole = length + 3 & ~3;
        memory.Write32(0x20000, (uint)length << 16 | 0x80);
        for (var i = 0; i < whole; i++) memory.Write8(0x20004 + i, (byte)(i * 7));
        ControlBlock(memory, 0x10000, WaitResp | DestDreq | SrcInc | 6 << 16, Ram + 0x20000, SpiFifo, whole + 4);
        ControlBlock(memory, 0x10020, SrcDreq | DestInc | 7 << 16, SpiFifo, Ram + 0x30000, whole);

        memory.Write32((long)Spi + 8, 250);
        memory.Write32((long)Spi, 0x900);
        memory.Write32((long)Dma + 0xff0, 0x7fff);
        for (var channel = 4; channel <= 5; channel++)
        {
            memory.Write32((long)Dma + channel * 0x100 + 4, (uint)Ram + 0x10000 + (uint)(channel - 4) * 0x20);
            memory.Write32((long)Dma + channel * 0x100, 1);
        }
        machine.Clock.Step(8000L * length + 1_000_000);
        for (var i = 0; i < length; i++) Assert.That(memory.Read8(0x30000 + i), Is.EqualTo((byte)(i * 7)), $"byte {i}");
        Assert.That((memory.Read32((long)Dma + 0x400) & 3, memory.Read32((long)Dma + 0x500) & 3), Is.EqualTo((2u, 2u)), "both channels have ended");
        Assert.That(memory.Read32((long)Spi) & 0x80, Is.Zero, "ADCS");
    }
}
