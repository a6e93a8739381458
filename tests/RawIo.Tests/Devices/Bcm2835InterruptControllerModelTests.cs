using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835InterruptControllerModelTests
{
    private Bcm2835InterruptControllerModel _ic = null!;
    private SignalLine[] _lines = null!;

    [SetUp]
    public void PowerOn()
    {
        _ic = new Bcm2835InterruptControllerModel();
        _lines = [.. Enumerable.Range(0, 72).Select(_ => new SignalLine())];
        for (var i = 0; i < 72; i++) _ic.Inputs[i]!.Connect(_lines[i]);
    }

    private uint Read(int offset) => (uint)_ic.Read(offset, 4);

    private void Write(int offset, uint value) => _ic.Write(offset, 4, value);

    private bool Irq => _ic.InterruptLines[0].Level;

    private bool Fiq => _ic.Cpus[0].Fiq.Level;

    private static int EnableOffset(int pin) => pin >= 64 ? 0x18 : pin >= 32 ? 0x14 : 0x10;

    [Test]
    public void Specifiers_name_the_banks_and_nothing_else()
    {
        for (uint n = 0; n < 32; n++)
        {
            Assert.That(Bcm2835InterruptControllerModel.Pin([1, n]), Is.EqualTo((int?)n));
            Assert.That(Bcm2835InterruptControllerModel.Pin([2, n]), Is.EqualTo((int?)(32 + n)));
            Assert.That(Bcm2835InterruptControllerModel.Pin([0, n]), n < 8 ? Is.EqualTo((int?)(64 + n)) : Is.Null);
        }
        foreach (var bad in (uint[][])[[3, 0], [1, 32], [1], [], [1, 2, 3], [uint.MaxValue, 0]])
            Assert.That(Bcm2835InterruptControllerModel.Pin(bad), Is.Null);
        Assert.That(_ic.Input([2, 25]), Is.SameAs(_ic.Inputs[57]));
        Assert.That(_ic.Input([2, 25])!.Name, Is.EqualTo("GPU 57"));
        Assert.That(_ic.Input([0, 3])!.Name, Is.EqualTo("ARM 3"));
        Assert.That(_ic.Inputs, Has.Count.EqualTo(72));
    }

    /// <summary>Page 113: bits 10 to 20 are these, and bits 8 and 9 tell only of the others.</summary>
    [Test]
    public void Each_input_shows_where_the_datasheet_says([Range(0, 71)] int pin)
    {
        var shortcut = Array.IndexOf([7, 9, 10, 18, 19, 53, 54, 55, 56, 57, 62], pin);
        _lines[pin].Set(true);
        Assert.That((Read(0x00), Read(0x04), Read(0x08), Irq), Is.EqualTo((0u, 0u, 0u, false)), "disabled");
        Write(EnableOffset(pin), 1u << pin % 32);
        var basic = pin >= 64 ? 1u << pin - 64 : shortcut >= 0 ? 1u << 10 + shortcut : pin < 32 ? 0x100u : 0x200u;
        Assert.That((Read(0x00), Read(0x04), Read(0x08), Irq),
            Is.EqualTo((basic, pin < 32 ? 1u << pin : 0, pin is >= 32 and < 64 ? 1u << pin - 32 : 0, true)));
        Write(EnableOffset(pin) + 0x0c, 1u << pin % 32);
        Assert.That((Read(0x00), Irq), Is.EqualTo((0u, false)));
        Write(EnableOffset(pin), 1u << pin % 32);
        _lines[pin].Set(false);
        Assert.That((Read(0x00), Read(0x04), Read(0x08), Irq), Is.EqualTo((0u, 0u, 0u, false)), "nothing is latched");
    }

    [Test]
    public void Ones_enable_and_disable_and_zeros_do_nothing()
    {
        Write(0x10, 0xf0f0_0001);
        Write(0x10, 0x0000_0002);
        Write(0x14, 0x8000_0000);
        Write(0x18, 0xffff_ffff);
        Assert.That((Read(0x10), Read(0x14), Read(0x18)), Is.EqualTo((0xf0f0_0003u, 0x8000_0000u, 0xffu)));
        Write(0x1c, 0x00f0_0001);
        Write(0x20, 0x7fff_ffff);
        Write(0x24, 0x0f);
        Assert.That((Read(0x10), Read(0x14), Read(0x18)), Is.EqualTo((0xf000_0002u, 0x8000_0000u, 0xf0u)));
        Assert.That((Read(0x1c), Read(0x20), Read(0x24)), Is.EqualTo((0x0fff_fffdu, 0x7fff_ffffu, 0x0fu)));
    }

    [Test]
    public void The_fiq_is_of_one_source_enabled_or_not([Values(0, 31, 32, 63, 64, 71)] int pin)
    {
        _lines[pin].Set(true);
        Write(0x0c, (uint)pin);
        Assert.That(Fiq, Is.False);
        Write(0x0c, 0xffff_ff80 | (uint)pin);
        Assert.That((Fiq, Irq, Read(0x0c)), Is.EqualTo((true, false, 0x80u | (uint)pin)));
        _lines[pin].Set(false);
        Assert.That(Fiq, Is.False);
        _lines[(pin + 1) % 72].Set(true);
        Assert.That(Fiq, Is.False);
    }

    [Test]
    public void A_fiq_source_that_is_none_never_comes()
    {
        foreach (var line in _lines) line.Set(true);
        foreach (var source in (uint[])[72, 95, 96, 127])
        {
            Write(0x0c, 0x80 | source);
            Assert.That((Fiq, Read(0x0c)), Is.EqualTo((false, 0x80 | source)));
        }
    }

    [Test]
    public void Only_inputs_that_make_an_output_somebody_waits_for_are_waited_for()
    {
        Write(0x10, 0b11);
        Write(0x0c, 0x82);
        Assert.That(_lines.Any(l => l.IsWanted), Is.False);
        _ic.InterruptLines[0].Want(true);
        Assert.That(_lines.Select((l, i) => (l, i)).Where(x => x.l.IsWanted).Select(x => x.i), Is.EqualTo(new[] { 0, 1 }));
        _ic.Cpus[0].Fiq.Want(true);
        Assert.That(_lines[2].IsWanted, Is.True);
        Write(0x1c, 1);
        Write(0x0c, 0);
        Assert.That(_lines.Select((l, i) => (l, i)).Where(x => x.l.IsWanted).Select(x => x.i), Is.EqualTo(new[] { 1 }));
        _ic.InterruptLines[0].Want(false);
        Assert.That(_lines.Any(l => l.IsWanted), Is.False);
    }

    [Test]
    public void Pending_registers_are_read_only_and_the_rest_is_not_there()
    {
        foreach (var offset in (int[])[0x00, 0x04, 0x08, 0x28, 0x1fc]) Assert.That(() => Write(offset, 1), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Read(0x28), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void Reset_and_snapshots()
    {
        _lines[3].Set(true);
        Write(0x10, 8);
        Write(0x0c, 0x83);
        var saved = _ic.Save();
        _ic.Reset();
        Assert.That((Irq, Fiq, Read(0x10), Read(0x0c)), Is.EqualTo((false, false, 0u, 0u)));
        _ic.Restore(saved);
        Assert.That((Irq, Fiq, Read(0x10), Read(0x0c)), Is.EqualTo((true, true, 8u, 0x83u)));
        Assert.That((_ic.Name.Length > 0, _ic.Compatible.Count), Is.EqualTo((true, 2)));
    }

    [Test]
    public void On_the_Pi_1_bare_metal_code_gets_the_system_timer_s_interrupt_by_the_processor_s_line()
    {
        using var machine = SimMachine.Create("pi1", new SimOptions { SteppedClock = true });
        var memory = machine.PhysicalMemory;
        Assert.That(machine.CpuLines, Has.Count.EqualTo(1));
        using var cpu = machine.OpenCpuInterrupt(0);
        Assert.That(() => machine.OpenCpuInterrupt(0), Throws.TypeOf<ResourceBusyException>());
        Assert.That(() => machine.OpenCpuInterrupt(1), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENXIO));
        memory.Write32(0x2000_3010, 1000); // C1
        memory.Write32(0x2000_b210, 2); // enable GPU 1
        machine.Clock.Step(999_000);
        Assert.That(cpu.Count, Is.Zero);
        machine.Clock.Step(2_000);
        Assert.That((cpu.Count, memory.Read32(0x2000_b200), memory.Read32(0x2000_b204)), Is.EqualTo((1L, 0x100u, 2u)));
        Assert.That(cpu.WaitAsync().AsTask().Wait(0), Is.True);
        memory.Write32(0x2000_3000, 2);
        Assert.That(machine.CpuLines[0].Irq.Level, Is.False);
        cpu.Enable();
        Assert.That(cpu.Count, Is.EqualTo(1));
    }
}
