using RawIo.Sim;

namespace RawIo.Tests;

public class Gic400ModelTests
{
    private const int CTLR = 0x1000, PMR = 0x1004, BPR = 0x1008, IAR = 0x100c, EOIR = 0x1010, RPR = 0x1014, HPPIR = 0x1018, AIAR = 0x1020, APR0 = 0x10d0, NSAPR0 = 0x10e0, DIR = 0x2000, PPISR = 0xd00, SPISR0 = 0xd04;

    private Gic400Model _gic = null!;
    private SignalLine[] _lines = null!;

    /// <summary>As a driver without an operating system: everything on, every shared interrupt to core 0.</summary>
    [SetUp]
    public void Start()
    {
        _gic = new Gic400Model();
        _lines = [.. Enumerable.Range(0, 224).Select(_ => new SignalLine())];
        for (var i = 0; i < 224; i++) _gic.Inputs[i]!.Connect(_lines[i]);
        Write(0x000, 1);
        Write(CTLR, 1);
        Write(PMR, 0xf0);
        for (var i = 0x820; i < 0x900; i += 4) Write(i, 0x0101_0101);
    }

    private uint Read(int offset) => (uint)_gic.Read(offset, 4);

    private void Write(int offset, uint value) => _gic.Write(offset, 4, value);

    private bool Irq => _gic.Cpus[0].Irq.Level;

    private void Enable(int number) => Write(0x100 + number / 32 * 4, 1u << number % 32);

    [Test]
    public void Reset_values_and_identification()
    {
        _gic.Reset();
        Assert.That((Read(0x000), Read(0x004), Read(0x008), Read(0x100), Read(0x104), Read(0x800), Read(0xc00), Read(0xc08)),
            Is.EqualTo((0u, 0x467u, 0x0200_143bu, 0xffffu, 0u, 0x0101_0101u, 0xaaaa_aaaau, 0x5555_5555u)));
        Assert.That((Read(CTLR), Read(PMR), Read(BPR), Read(IAR), Read(RPR), Read(HPPIR), Read(0x10fc)), Is.EqualTo((0u, 0u, 2u, 1023u, 0xffu, 1023u, 0x0202_143bu)));
        Assert.That(Enumerable.Range(0, 12).Select(i => Read(0xfd0 + 4 * i)), Is.EqualTo(new uint[] { 4, 0, 0, 0, 0x90, 0xb4, 0x2b, 0, 0x0d, 0xf0, 0x05, 0xb1 }));
        Assert.That((_gic.DecodedLength, _gic.Compatible[0], _gic.Name, _gic.LeavesOut.Length > 0), Is.EqualTo((0x3000, "arm,gic-400", "GIC-400", true)));
    }

    [Test]
    public void A_level_goes_through_acknowledge_and_end_and_comes_again_while_it_is_high()
    {
        Enable(32 + 121);
        _lines[121].Set(true);
        Assert.That((Irq, Read(0x200 + 16) >> 25 & 1, Read(HPPIR)), Is.EqualTo((true, 1u, 153u)));
        Assert.That((Read(IAR), Irq, Read(0x300 + 16) >> 25 & 1, Read(RPR)), Is.EqualTo((153u, false, 1u, 0u)));
        Assert.That(Read(IAR), Is.EqualTo(1023u), "it is active");
        Write(EOIR, 153);
        Assert.That((Irq, Read(RPR)), Is.EqualTo((true, 0xffu)));
        _lines[121].Set(false);
        Assert.That((Irq, Read(IAR)), Is.EqualTo((false, 1023u)));
    }

    [Test]
    public void An_edge_is_kept_until_it_is_acknowledged_and_comes_once()
    {
        Write(0xc08, 2);
        Assert.That((Read(0xc08), _gic.Inputs[0]!.IsEdgeTriggered), Is.EqualTo((0x5555_5557u, true)));
        Enable(32);
        _lines[0].Set(true);
        _lines[0].Set(false);
        Assert.That((Irq, Read(IAR)), Is.EqualTo((true, 32u)));
        _lines[0].Set(true);
        Write(EOIR, 32);
        Assert.That(Read(IAR), Is.EqualTo(32u), "an edge during the handler");
        Write(EOIR, 32);
        Assert.That((Irq, _lines[0].Level), Is.EqualTo((false, true)));
        Write(0x204, 1);
        Assert.That(Irq, Is.True);
        Write(0x284, 1);
        Assert.That(Irq, Is.False);
    }

    [Test]
    public void Nothing_comes_that_any_of_its_switches_holds()
    {
        Enable(40);
        _lines[8].Set(true);
        foreach (var (offset, off, on) in ((int, uint, uint)[])[(0x000, 0, 1), (CTLR, 0, 1), (PMR, 0, 0xf0), (0x828, 0x0101_0102, 0x0101_0101), (0x080 + 4, 0x100, 0)])
        {
            Assert.That(Irq, Is.True, $"0x{offset:x}");
            Write(offset, off);
            Assert.That(Irq, Is.False, $"0x{offset:x}");
            Write(offset, on);
        }
        Write(0x184, 0x100);
        Assert.That((Irq, Read(0x104)), Is.EqualTo((false, 0u)));
    }

    [Test]
    public void The_more_urgent_comes_first_and_preempts_by_its_group_priority()
    {
        foreach (var number in (int[])[50, 60, 70]) Enable(number);
        _gic.Write(0x400 + 50, 1, 0x80);
        _gic.Write(0x400 + 60, 1, 0x47);
        _gic.Write(0x400 + 70, 1, 0x40);
        Assert.That((Read(0x43c), _gic.Read(0x400 + 60, 1)), Is.EqualTo((0x0000_0040u, 0x40UL)), "five bits");
        _lines[18].Set(true);
        Assert.That(Read(IAR), Is.EqualTo(50u));
        _lines[28].Set(true);
        _lines[38].Set(true);
        Assert.That((Irq, Read(IAR), Read(RPR)), Is.EqualTo((true, 60u, 0x40u)), "of equals the lowest number");
        Assert.That((Irq, Read(HPPIR)), Is.EqualTo((false, 70u)), "it does not preempt its equal");
        _lines[28].Set(false);
        Write(EOIR, 60);
        Assert.That(Read(IAR), Is.EqualTo(70u));
        Write(EOIR, 70);
        Assert.That(Read(RPR), Is.EqualTo(0x80u));
        Write(EOIR, 50);
        _lines[28].Set(true);
        Write(BPR, 7);
        Assert.That(Read(IAR), Is.EqualTo(60u));
        Assert.That((Irq, Read(IAR)), Is.EqualTo((false, 1023u)), "no bit of the priority preempts");
    }

    [Test]
    public void Deactivation_is_apart_where_the_control_register_says_so()
    {
        Write(CTLR, 1 | 1 << 9);
        Enable(33);
        _lines[1].Set(true);
        Assert.That(Read(IAR), Is.EqualTo(33u));
        Write(EOIR, 33);
        Assert.That((Irq, Read(RPR), Read(0x304)), Is.EqualTo((false, 0xffu, 2u)));
        Write(DIR, 33);
        Assert.That((Irq, Read(0x304)), Is.EqualTo((true, 0u)));
    }

    [Test]
    public void Software_interrupts_reach_the_core_that_makes_them()
    {
        Write(0xf00, 2u << 24 | 5);
        Assert.That((Irq, Read(0xf24), Read(IAR)), Is.EqualTo((true, 0x100u, 5u)));
        Write(EOIR, 5);
        Write(0xf00, 1u << 24 | 5);
        Write(0xf00, 0x0e_0000 | 5);
        Assert.That(Irq, Is.False, "for the others");
        Write(0xf00, 0x01_0000 | 15);
        Assert.That(Irq, Is.True);
        Write(0xf1c, 0x0100_0000);
        Assert.That(Irq, Is.False);
        Write(0xf20, 0x0000_0001);
        Assert.That(Read(IAR), Is.Zero);
    }

    [Test]
    public void Group_0_may_be_the_FIQ_and_group_1_wants_its_own_register()
    {
        Write(0x000, 3);
        Write(CTLR, 3 | 1 << 3);
        Write(0x084, 1);
        Enable(32);
        Enable(33);
        _lines[0].Set(true);
        Assert.That((Irq, _gic.Cpus[0].Fiq.Level, Read(IAR), Read(AIAR)), Is.EqualTo((true, false, 1022u, 32u)));
        Write(0x1024, 32);
        _lines[0].Set(false);
        _lines[1].Set(true);
        Assert.That((Irq, _gic.Cpus[0].Fiq.Level, Read(AIAR), Read(IAR)), Is.EqualTo((false, true, 1023u, 33u)));
    }

    [Test]
    public void Active_priorities_show_by_group_and_words_that_five_bits_do_not_need_read_0()
    {
        // As Linux's irq-gic.c does it at every start of a core.
        for (var i = 0; i < 4; i++) Write(APR0 + 4 * i, 0xffff_ffff);
        Assert.That(Enumerable.Range(0, 4).Select(i => Read(APR0 + 4 * i)), Is.EqualTo(new[] { 0xffff_ffffu, 0u, 0u, 0u }));
        for (var i = 0; i < 4; i++) Write(APR0 + 4 * i, 0);
        for (var i = 0; i < 4; i++) Write(NSAPR0 + 4 * i, 0);

        Write(0x000, 3);
        Write(CTLR, 7);
        Write(0x084, 2);
        Write(0x420, 0x0000_4080);
        Enable(32);
        Enable(33);
        _lines[0].Set(true);
        Assert.That((Read(IAR), Read(APR0), Read(NSAPR0), Read(RPR)), Is.EqualTo((32u, 1u << 16, 0u, 0x80u)));
        _lines[1].Set(true);
        Assert.That((Read(IAR), Read(APR0), Read(NSAPR0), Read(RPR)), Is.EqualTo((33u, 1u << 16, 1u << 8, 0x40u)));
        Write(EOIR, 33);
        Assert.That((Read(APR0), Read(NSAPR0), Read(RPR)), Is.EqualTo((1u << 16, 0u, 0x80u)));
        Write(EOIR, 32);
        Assert.That((Read(APR0), Read(RPR)), Is.EqualTo((0u, 0xffu)));
    }

    [Test]
    public void The_lines_themselves_show_whatever_is_enabled()
    {
        _lines[0].Set(true);
        _lines[223].Set(true);
        _gic.Input([1, 14, 4])!.Line.Set(true);
        Assert.That((Read(PPISR), Read(SPISR0), Read(SPISR0 + 4), Read(SPISR0 + 4 * 6)), Is.EqualTo((1u << 14, 1u, 0u, 1u << 31)));
        Assert.That(() => Write(PPISR, 0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(SPISR0, 0), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void Wrong_accesses_are_mistakes()
    {
        foreach (var offset in (int[])[0x00c, 0xf00, 0xe00, EOIR, DIR, 0x1030, 0x2ffc]) Assert.That(() => Read(offset), Throws.TypeOf<BusFaultException>(), $"0x{offset:x}");
        foreach (var offset in (int[])[0x004, 0x008, 0xfe0, IAR, RPR, 0x10fc, 0x00c, 0x1030]) Assert.That(() => Write(offset, 0), Throws.TypeOf<BusFaultException>(), $"0x{offset:x}");
        Assert.That(() => _gic.Read(0x100, 1), Throws.TypeOf<BusFaultException>());
        Assert.That(() => _gic.Write(0x100, 1, 1), Throws.TypeOf<BusFaultException>());
        Assert.That(_gic.Input([2, 0, 4]), Is.Null);
        Assert.That(_gic.Input([0, 224, 4]), Is.Null);
        Assert.That(_gic.Input([1, 16, 4]), Is.Null);
        Assert.That(_gic.Input([1, 14, 4])!.Name, Is.EqualTo("PPI 14"));
        Assert.That(_gic.Input([0, 121, 4]), Is.SameAs(_gic.Inputs[121]));
    }

    [Test]
    public void Snapshots_are_not_changed_by_what_comes_after()
    {
        Enable(32);
        _lines[0].Set(true);
        Read(IAR);
        var saved = _gic.Save();
        Write(EOIR, 32);
        _gic.Reset();
        Assert.That((Irq, Read(0x104)), Is.EqualTo((false, 0u)));
        for (var i = 0; i < 2; i++)
        {
            _gic.Restore(saved);
            Assert.That((Irq, Read(0x304), Read(RPR)), Is.EqualTo((false, 1u, 0u)));
            Write(EOIR, 32);
            Assert.That(Irq, Is.True);
        }
    }

    [Test]
    public void On_the_Pi_4_a_compare_of_the_system_timer_reaches_core_0()
    {
        using var machine = SimMachine.Create("pi4", new SimOptions { SteppedClock = true });
        var memory = machine.PhysicalMemory;
        const long Gic = 0xff84_1000;
        using var cpu = machine.OpenCpuInterrupt(0);
        memory.Write32(Gic, 1);
        memory.Write32(Gic + CTLR, 1);
        memory.Write32(Gic + PMR, 0xff);
        memory.Write8(Gic + 0x800 + 97, 1);
        memory.Write32(Gic + 0x100 + 12, 2);
        memory.Write32(0xfe00_3010, 500);
        machine.Clock.Step(501_000);
        Assert.That((cpu.Count, memory.Read32(Gic + IAR)), Is.EqualTo((1L, 97u)));
        memory.Write32(0xfe00_3000, 2);
        memory.Write32(Gic + EOIR, 97);
        Assert.That((machine.CpuLines[0].Irq.Level, memory.Read32(Gic + IAR)), Is.EqualTo((false, 1023u)));
    }
}
