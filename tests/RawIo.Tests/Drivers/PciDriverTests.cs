using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

// PciConfig and Edu on the simulated PC: what firmware and a driver do.
public class PciDriverTests
{
    private static readonly PciLocation s_isa = new(0, 1, 0), s_edu = new(0, 4, 0);

    /// <summary>As firmware: BAR 0, the interrupt's route and line.</summary>
    private static void Assign(PciConfig config, int irq)
    {
        config.AssignBar(s_edu, config.SizeBars(s_edu)[0], 0xfea0_0000);
        config.Write8(s_isa, 0x63, (byte)irq);
        config.Write8(s_edu, 0x3c, (byte)irq);
        config.Enable(s_edu);
    }

    [Test]
    public void Enumeration_finds_every_function_and_its_bars()
    {
        using var machine = SimMachine.Create("pc");
        using var config = new PciConfig(machine);
        Assert.That(config.Enumerate().Select(l => l.ToString()), Is.EqualTo(new[] { "00:00.0", "00:01.0", "00:04.0" }));
        Assert.That((config.Find(0x1234, 0x11e8), config.Find(0x1234, 0x5678)), Is.EqualTo(((PciLocation?)s_edu, (PciLocation?)null)));
        Assert.That((config.Read8(s_edu, 0), config.Read16(s_edu, 2), config.Read32(s_edu, 8)), Is.EqualTo((0x34, 0x11e8, 0x00ff_0010)));
        config.Write16(s_edu, 4, 3);
        Assert.That(config.SizeBars(s_edu), Is.EqualTo(new PciBarInfo[] { new(0, false, false, false, 0, 0x10_0000), new(1, true, false, false, 0, 0x100) }));
        Assert.That(config.Read16(s_edu, 4), Is.EqualTo(3), "put back");
        Assert.That(config.SizeBars(s_isa), Is.Empty);
        Assert.That(machine.Ports.ToProcText(), Does.Contain("0cf8-0cff : PCI conf1"));
    }

    [Test]
    public void Places_that_do_not_exist_are_refused()
    {
        using var machine = SimMachine.Create("pc");
        using var config = new PciConfig(machine);
        Assert.That(() => config.Read8(new(0, 32, 0), 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => config.Read8(new(0, 0, 8), 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => config.Read8(s_edu, 256), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => config.Read16(s_edu, 1), Throws.TypeOf<DataMisalignedException>());
        Assert.That(() => config.Write32(s_edu, 2, 0), Throws.TypeOf<DataMisalignedException>());
        Assert.That(() => config.AssignBar(s_edu, config.SizeBars(s_edu)[0], 0xfea8_0000), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => config.AssignBar(s_edu, config.SizeBars(s_edu)[0], 0x1_0000_0000), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new PciConfig(machine), Throws.TypeOf<ResourceBusyException>());
    }

    [Test]
    public void A_bar_that_was_assigned_is_mapped_and_answers()
    {
        using var machine = SimMachine.Create("pc");
        using var config = new PciConfig(machine);
        Assign(config, 11);
        using var registers = machine.IoRemap(config.SizeBars(s_edu)[0].Address, 0x100);
        var edu = new Edu(registers, machine.Time);
        Assert.That((edu.Version, edu.IsAlive(0x1234_5678), edu.Factorial(10)), Is.EqualTo((new Version(1, 0), true, 3_628_800u)));
        using var elsewhere = machine.IoRemap(0xfea0_0004, 0x100);
        Assert.That(Assert.Throws<RawIoException>(() => new Edu(elsewhere, machine.Time))!.Errno, Is.EqualTo(Errno.ENODEV));
        using var little = machine.IoRemap(0xfea0_0000, 0x80);
        Assert.That(() => new Edu(little, machine.Time), Throws.ArgumentException);
    }

    [TestCase(11)]
    [TestCase(5)]
    public void The_factorial_comes_by_interrupt_and_memory_through_the_device(int irq)
    {
        using var machine = SimMachine.Create("pc", new() { SteppedClock = true });
        using var config = new PciConfig(machine);
        Assign(config, irq);
        using var registers = machine.IoRemap(0xfea0_0000, 0x1000);
        using var interrupt = machine.OpenInterrupt(config.Read8(s_edu, 0x3c), "edu");
        var edu = new Edu(registers, machine.Time);
        for (var n = 1u; n <= 5; n++)
        {
            var factorial = edu.FactorialAsync(n, interrupt).AsTask();
            Assert.That(factorial.IsCompleted, Is.False);
            machine.Clock.Step(2000);
            Assert.That((factorial.Wait(TimeSpan.FromSeconds(20)), factorial.Result), Is.EqualTo((true, Enumerable.Range(1, (int)n).Aggregate(1u, (a, b) => a * (uint)b))));
        }
        for (var i = 0; i < 4096; i += 4) machine.PhysicalMemory.Write32(0x20_0000 + i, (uint)(i * 0x01020304));
        var there = edu.CopyToDevice(0x20_0000, 0, 4096, interrupt).AsTask();
        machine.Clock.Step(100_000_000);
        Assert.That(there.Wait(TimeSpan.FromSeconds(20)), Is.True);
        var back = edu.CopyFromDevice(16, 0x30_0000, 4080, interrupt).AsTask();
        machine.Clock.Step(100_000_000);
        Assert.That(back.Wait(TimeSpan.FromSeconds(20)), Is.True);
        for (var i = 0; i < 4080; i += 4) Assert.That(machine.PhysicalMemory.Read32(0x30_0000 + i), Is.EqualTo((uint)((i + 16) * 0x01020304)));
        Assert.That(interrupt.Count, Is.EqualTo(7));
        Assert.That(() => edu.CopyToDevice(0, 4090, 7, interrupt), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => edu.CopyFromDevice(-1, 0, 7, interrupt), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void The_dma_controller_copies_memory()
    {
        using var machine = SimMachine.Create("pc", new() { SteppedClock = true });
        using var dma = machine.OpenPorts(0, 0x100);
        for (var i = 0; i < 0x1000; i += 4) machine.PhysicalMemory.Write32(0x12_0000 + i, (uint)i * 7);
        foreach (var (port, value) in new (int, byte)[]
        {
            (0x0d, 0), (0xda, 0), (0xd6, 0xc0), (0xd4, 0x00), (0x87, 0x12), (0x83, 0x13), (0x00, 0x00), (0x00, 0x00), (0x02, 0x00), (0x02, 0x80),
            (0x01, 0xff), (0x01, 0x0f), (0x03, 0xff), (0x03, 0x0f), (0x0b, 0x88), (0x0b, 0x85), (0x08, 0x01), (0x09, 0x04),
        }) dma.Out8(port, value);
        machine.Clock.Step(0x1000 * 2000 + 10_000);
        Assert.That(dma.In8(0x08), Is.EqualTo(0x02));
        for (var i = 0; i < 0x1000; i += 4) Assert.That(machine.PhysicalMemory.Read32(0x13_8000 + i), Is.EqualTo((uint)i * 7));
        Assert.That(machine.PhysicalMemory.Read32(0x13_9000), Is.Zero);
    }
}
