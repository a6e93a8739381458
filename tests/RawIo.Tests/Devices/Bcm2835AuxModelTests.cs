using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835AuxModelTests
{
    [Test]
    public void Each_module_interrupts_only_while_it_is_on_and_shows_in_its_bit([Range(0, 2)] int module)
    {
        var aux = new Bcm2835AuxModel();
        var line = new SignalLine();
        aux.Connect(module, line);
        line.Set(true);
        Assert.That((aux.Read(0, 4), aux.Enabled(module), aux.InterruptLines[0].Level), Is.EqualTo((0UL, false, false)));
        var changes = 0;
        aux.EnablesChanged += () => changes++;
        aux.Write(4, 4, 0xffff_ffff);
        Assert.That((aux.Read(0, 4), aux.Read(4, 4), aux.Enabled(module), aux.InterruptLines[0].Level, changes), Is.EqualTo((1UL << module, 7UL, true, true, 1)));
        aux.Write(4, 4, 7ul & ~(1ul << module));
        Assert.That((aux.Read(0, 4), aux.InterruptLines[0].Level), Is.EqualTo((0UL, false)));
        aux.Write(4, 4, 7);
        var saved = aux.Save();
        aux.Reset();
        Assert.That((aux.Read(4, 4), aux.InterruptLines[0].Level), Is.EqualTo((0UL, false)));
        aux.Restore(saved);
        line.Set(false);
        Assert.That((aux.Read(4, 4), aux.InterruptLines[0].Level), Is.EqualTo((7UL, false)));
        Assert.That(() => aux.Write(0, 4, 1), Throws.TypeOf<BusFaultException>());
        Assert.That(() => aux.Write(8, 4, 1), Throws.TypeOf<BusFaultException>());
        Assert.That(() => aux.Read(8, 4), Throws.TypeOf<BusFaultException>());
        Assert.That(() => aux.Connect(3, line), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That((aux.Name, aux.Compatible[0]), Is.EqualTo(("BCM2835 AUX", "brcm,bcm2835-aux")));
    }

    [Test]
    public void Who_waits_for_the_shared_line_waits_for_the_modules()
    {
        var aux = new Bcm2835AuxModel();
        var line = new SignalLine();
        aux.Connect(1, line);
        aux.InterruptLines[0].Want(true);
        Assert.That(line.IsWanted, Is.True);
        aux.InterruptLines[0].Want(false);
        Assert.That(line.IsWanted, Is.False);
    }

    [TestCase("pi3", 0x3f21_5000L, 0x3f00_b200L)]
    [TestCase("pi1", 0x2021_5000L, 0x2000_b200L)]
    public void On_a_board_the_mini_UART_interrupts_by_GPU_29_and_is_gone_when_switched_off(string board, long aux, long controller)
    {
        using var machine = SimMachine.Create(board, new SimOptions { SteppedClock = true });
        var memory = machine.PhysicalMemory;
        memory.Write32(controller + 0x10, 1u << 29);
        memory.Write32(aux + 4, 1);
        memory.Write32(aux + 0x44, 2);
        Assert.That((memory.Read32(controller + 4), memory.Read32(aux)), Is.EqualTo((1u << 29, 1u)));
        memory.Write32(aux + 4, 0);
        Assert.That(memory.Read32(controller + 4), Is.Zero);
        memory.Write32(aux + 4, 1);
        Assert.That(memory.Read32(controller + 4), Is.EqualTo(1u << 29));
        memory.Write32(aux + 0x44, 0);
        Assert.That(memory.Read32(controller + 4), Is.Zero);
    }
}
