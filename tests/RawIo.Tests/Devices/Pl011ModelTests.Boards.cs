using RawIo.Sim;

namespace RawIo.Tests;

public partial class Pl011ModelTests
{
    [TestCase("pi1", 0x2020_1000UL, 0x24u)]
    [TestCase("pi3", 0x3f20_1000UL, 0x24u)]
    public void On_a_board_the_identification_is_the_tree_s(string board, ulong address, uint id2)
    {
        using var machine = SimMachine.Create(board);
        Assert.That(machine.PhysicalMemory.Read32((long)address + 0xfe8), Is.EqualTo(id2));
        Assert.That(machine.Device<Pl011Model>("uart0").DecodedLength, Is.EqualTo(0x1000));
    }

    [Test]
    public void On_the_Pi_4_other_UARTs_are_in_its_page_and_its_FIFOs_are_deeper()
    {
        using var machine = SimMachine.Create("pi4");
        var uart = machine.Device<Pl011Model>("uart0");
        Assert.That(uart.DecodedLength, Is.Zero);
        uart.Write(LCRH, 4, 0x70);
        for (var i = 0; i < 32; i++) uart.Write(DR, 4, 0);
        Assert.That(uart.Read(FR, 4) & 0x20, Is.EqualTo(0x20UL));
    }
}
