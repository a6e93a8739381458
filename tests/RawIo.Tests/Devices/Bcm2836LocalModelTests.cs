using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2836LocalModelTests
{
    private ManualTime _time = null!;
    private Bcm2836LocalModel _local = null!;

    [SetUp]
    public void PowerOn()
    {
        _time = new ManualTime();
        _time.Advance(777);
        _local = new Bcm2836LocalModel(_time);
    }

    private uint Read(int offset) => (uint)_local.Read(offset, 4);

    private void Write(int offset, uint value) => _local.Write(offset, 4, value);

    private uint[] IrqSources => [.. Enumerable.Range(0, 4).Select(i => Read(0x60 + 4 * i))];

    private uint[] FiqSources => [.. Enumerable.Range(0, 4).Select(i => Read(0x70 + 4 * i))];

    [Test]
    public void The_GPU_s_lines_go_to_the_cores_they_are_routed_to()
    {
        SignalLine irq = new(), fiq = new();
        _local.Input([8, 4])!.Connect(irq);
        _local.GpuFiq.Connect(fiq);
        Assert.That(_local.Input([9, 4]), Is.Null);
        Assert.That(_local.Inputs, Is.EqualTo(new InterruptInput?[] { null, null, null, null, null, null, null, null, _local.Input([8]) }));
        irq.Set(true);
        fiq.Set(true);
        for (uint core = 0; core < 4; core++)
        {
            Write(0x0c, core | (3 - core) << 2);
            Assert.That(Read(0x0c), Is.EqualTo(core | (3 - core) << 2));
            Assert.That(IrqSources, Is.EqualTo(Enumerable.Range(0, 4).Select(i => i == core ? 0x100u : 0u)));
            Assert.That(FiqSources, Is.EqualTo(Enumerable.Range(0, 4).Select(i => i == 3 - core ? 0x100u : 0u)));
            Assert.That(_local.Cpus.Select(c => (c.Irq.Level, c.Fiq.Level)), Is.EqualTo(Enumerable.Range(0, 4).Select(i => (i == core, i == 3 - core))));
        }
        irq.Set(false);
        Assert.That(_local.Cpus.Any(c => c.Irq.Level), Is.False);
    }

    [Test]
    public void Mailboxes_are_set_and_cleared_by_ones_and_interrupt_their_core([Range(0, 3)] int core, [Range(0, 3)] int mailbox)
    {
        var (set, clear) = (0x80 + 16 * core + 4 * mailbox, 0xc0 + 16 * core + 4 * mailbox);
        Write(set, 0x8000_0001);
        Write(set, 0x10);
        Assert.That((Read(clear), _local.Cpus[core].Irq.Level), Is.EqualTo((0x8000_0011u, false)));
        Write(0x50 + 4 * core, 1u << mailbox);
        Assert.That((Read(0x60 + 4 * core), Read(0x70 + 4 * core), _local.Cpus[core].Irq.Level), Is.EqualTo((0x10u << mailbox, 0u, true)));
        Write(0x50 + 4 * core, 0x11u << mailbox);
        Assert.That((Read(0x60 + 4 * core), Read(0x70 + 4 * core), _local.Cpus[core].Fiq.Level), Is.EqualTo((0u, 0x10u << mailbox, true)), "a FIQ wins");
        Write(clear, 0x8000_0010);
        Assert.That((Read(clear), _local.Cpus[core].Fiq.Level), Is.EqualTo((1u, true)));
        Write(clear, 1);
        Assert.That(_local.Cpus[core].Fiq.Level, Is.False);
        Assert.That(() => Read(set), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void The_cores_timers_and_performance_monitors_have_their_bits([Range(0, 3)] int core)
    {
        for (var timer = 0; timer < 4; timer++)
        {
            var line = new SignalLine();
            _local.CoreTimer(core, timer).Connect(line);
            line.Set(true);
            Assert.That(Read(0x60 + 4 * core), Is.Zero);
            Write(0x40 + 4 * core, 1u << timer);
            Assert.That(IrqSources[core], Is.EqualTo(1u << timer));
            Write(0x40 + 4 * core, 0x10u << timer);
            Assert.That((IrqSources[core], FiqSources[core]), Is.EqualTo((0u, 1u << timer)));
            line.Set(false);
        }
        var pmu = new SignalLine();
        _local.PerformanceMonitor(core).Connect(pmu);
        pmu.Set(true);
        Write(0x10, 1u << core);
        Assert.That((Read(0x10), IrqSources[core]), Is.EqualTo((1u << core, 0x200u)));
        Write(0x10, 0x10u << core);
        Assert.That((Read(0x10), IrqSources[core], FiqSources[core]), Is.EqualTo((0x11u << core, 0u, 0x200u)));
        Write(0x14, 0x11u << core);
        Assert.That((Read(0x10), IrqSources[core], FiqSources[core]), Is.EqualTo((0u, 0u, 0u)));
        Assert.That(() => _local.CoreTimer(4, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _local.PerformanceMonitor(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void The_local_timer_comes_to_0_every_reload_and_its_flag_stays_until_cleared()
    {
        Write(0x34, 0x9000_0000 | 38_400); // the flag is not written here; no interrupt yet
        Assert.That(Read(0x34), Is.EqualTo(0x1000_0000u | 38_400));
        _time.Advance(999_999);
        Assert.That(Read(0x34) >> 31, Is.Zero);
        _time.Advance(1);
        Assert.That(Read(0x34) >> 31, Is.EqualTo(1u));
        Assert.That(IrqSources.Sum(s => s), Is.Zero);
        Write(0x24, 6);
        Write(0x34, 0x3000_0000 | 38_400);
        Assert.That((Read(0x34) >> 31, FiqSources[2]), Is.EqualTo((1u, 0x800u)));
        Write(0x24, 1);
        Assert.That((FiqSources[2], IrqSources[1]), Is.EqualTo((0u, 0x800u)));
        Write(0x38, 0x8000_0000);
        Assert.That((Read(0x34) >> 31, IrqSources[1]), Is.EqualTo((0u, 0u)));
        _time.Advance(999_999);
        Assert.That(Read(0x34) >> 31, Is.Zero);
        _time.Advance(1);
        Assert.That(Read(0x34) >> 31, Is.EqualTo(1u), "it went round without being written");
    }

    [Test]
    public void A_reload_begins_anew_and_a_new_value_counts_from_the_next_round()
    {
        Write(0x34, 0x1000_0000 | 38_400);
        _time.Advance(900_000);
        Write(0x38, 0x4000_0000);
        _time.Advance(900_000);
        Assert.That(Read(0x34) >> 31, Is.Zero);
        Write(0x34, 0x1000_0000 | 3_840);
        _time.Advance(99_000);
        Assert.That(Read(0x34) >> 31, Is.Zero);
        _time.Advance(1_000);
        Write(0x38, 0x8000_0000);
        _time.Advance(100_000);
        Assert.That(Read(0x34) >> 31, Is.EqualTo(1u));
    }

    [Test]
    public void A_reload_value_of_0_and_a_timer_that_is_off_never_come()
    {
        Write(0x34, 0x1000_0000);
        _time.Advance(1_000_000_000);
        Assert.That(Read(0x34) >> 31, Is.Zero);
        Write(0x34, 100);
        _time.Advance(1_000_000_000);
        Assert.That(Read(0x34) >> 31, Is.Zero);
    }

    [Test]
    public void A_core_that_waits_gets_the_local_timer_on_time_and_nobody_else_arms_anything()
    {
        Write(0x24, 3);
        Write(0x34, 0x3000_0000 | 38_400);
        Assert.That(_time.ArmedTimers, Is.Zero);
        var rises = new List<long>();
        var start = _time.Now;
        _local.Cpus[3].Irq.Changed += level =>
        {
            if (level) rises.Add(_time.Now - start);
        };
        _local.Cpus[3].Irq.Want(true);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(1_000_000);
            Write(0x38, 0x8000_0000);
        }
        Assert.That(rises, Is.EqualTo(new[] { 1_000_000L, 2_000_000, 3_000_000, 4_000_000, 5_000_000 }));
        _local.Cpus[3].Irq.Want(false);
        Assert.That(_time.ArmedTimers, Is.Zero);
    }

    [Test]
    public void The_core_timer_counts_its_clock_by_the_prescaler()
    {
        Assert.That((Read(0x1c), Read(0x20)), Is.EqualTo((0u, 0u)));
        _time.Advance(1_000_000);
        Assert.That(Read(0x1c), Is.Zero, "a prescaler of 0 stops it");
        Write(0x08, 0x8000_0000);
        _time.Advance(1_000_000);
        Assert.That((Read(0x08), Read(0x1c)), Is.EqualTo((0x8000_0000u, 19_200u)));
        Write(0x00, 0xffff_ffff);
        Assert.That(Read(0x00), Is.EqualTo(0x300u));
        _time.Advance(1_000_000);
        Assert.That(Read(0x1c), Is.EqualTo(19_200u + 500_000));
        Write(0x00, 0);
        Write(0x08, 0x06aa_aaab); // 1 MHz, as QA7 has it
        Write(0x1c, 0xffff_fff0);
        Assert.That(Read(0x1c), Is.EqualTo(519_200u), "the low word waits for the high one");
        Write(0x20, 5);
        Assert.That(Read(0x1c), Is.EqualTo(0xffff_fff0u));
        _time.Advance(20_001);
        Assert.That(Read(0x20), Is.EqualTo(5u), "as the last read of the low word found it");
        Assert.That((Read(0x1c), Read(0x20)), Is.EqualTo((4u, 6u)));
    }

    [Test]
    public void Registers_keep_their_bits_and_the_rest_is_a_mistake()
    {
        foreach (var (offset, mask) in ((int, uint)[])[(0x0c, 0xf), (0x24, 7), (0x30, 0x1f_ffff), (0x40, 0xff), (0x4c, 0xff), (0x50, 0xff), (0x5c, 0xff)])
        {
            Write(offset, 0xffff_ffff);
            Assert.That(Read(offset), Is.EqualTo(mask), $"0x{offset:x}");
        }
        foreach (var offset in (int[])[0x04, 0x14, 0x18, 0x28, 0x38, 0x3c, 0x80, 0xbc]) Assert.That(() => Read(offset), Throws.TypeOf<BusFaultException>(), $"0x{offset:x}");
        foreach (var offset in (int[])[0x04, 0x18, 0x28, 0x2c, 0x3c, 0x60, 0x7c]) Assert.That(() => Write(offset, 0), Throws.TypeOf<BusFaultException>(), $"0x{offset:x}");
        Assert.That((Read(0x2c), _local.Compatible[0], _local.LeavesOut.Length > 0), Is.EqualTo((0u, "brcm,bcm2836-l1-intc", true)));
    }

    [Test]
    public void A_snapshot_is_not_changed_by_what_comes_after_it()
    {
        Write(0x80, 3);
        Write(0x50, 1);
        var saved = _local.Save();
        Write(0x80, 0xff);
        Write(0x54, 1);
        _local.Reset();
        Assert.That((_local.Cpus[0].Irq.Level, Read(0xc0)), Is.EqualTo((false, 0u)));
        for (var i = 0; i < 2; i++)
        {
            _local.Restore(saved);
            Assert.That((_local.Cpus[0].Irq.Level, Read(0xc0), Read(0x54)), Is.EqualTo((true, 3u, 0u)));
            Write(0x80, 0xff);
        }
    }

    [TestCase("pi2")]
    [TestCase("pi3")]
    public void On_a_board_a_UART_reaches_a_core_through_both_controllers_and_as_a_FIQ_too(string board)
    {
        using var machine = SimMachine.Create(board, new SimOptions { SteppedClock = true });
        var memory = machine.PhysicalMemory;
        Assert.That(machine.CpuLines, Has.Count.EqualTo(4));
        memory.Write32(0x4000_000c, 0b10_01); // FIQ to core 2, IRQ to core 1
        using var cpu = machine.OpenCpuInterrupt(1, "kernel");
        memory.Write32(0x3f00_b214, 1u << 25);
        memory.Write32(0x3f20_1024, 26);
        memory.Write32(0x3f20_102c, 0x60);
        memory.Write32(0x3f20_1030, 0x301);
        memory.Write32(0x3f20_1038, 0x10);
        machine.Device<Pl011Model>("uart0").Line.Send((byte)'x');
        Assert.That(cpu.Count, Is.Zero);
        machine.Clock.Step(100_000);
        Assert.That((cpu.Count, memory.Read32(0x4000_0064), memory.Read32(0x3f00_b200)), Is.EqualTo((1L, 0x100u, 1u << 19)));
        memory.Write32(0x3f00_b20c, 0x80 | 57);
        Assert.That((machine.CpuLines[2].Fiq.Level, memory.Read32(0x4000_0078)), Is.EqualTo((true, 0x100u)));
        memory.Read32(0x3f20_1000);
        Assert.That((machine.CpuLines[1].Irq.Level, machine.CpuLines[2].Fiq.Level), Is.EqualTo((false, false)));
    }
}
