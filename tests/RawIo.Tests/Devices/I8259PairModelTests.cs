using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Two 8259A as a PC has them, by script: ports of the PC, lines by number.</summary>
[TestFixture]
public partial class I8259PairModelTests
{
    private I8259PairModel _pic = null!;
    private SignalLine[] _lines = null!;

    [SetUp]
    public void MakePair() => Make(new I8259PairModel());

    private void Make(I8259PairModel pic)
    {
        _pic = pic;
        _lines = [.. Enumerable.Range(0, 16).Select(_ => new SignalLine())];
        for (uint i = 0; i < 16; i++)
            if (i != 2) _pic.Input([i])!.Connect(_lines[i]);
    }

    private void Out(int port, byte value) => _pic.Write(port - 0x20, 1, value);

    private byte In(int port) => (byte)_pic.Read(port - 0x20, 1);

    /// <summary>As Linux initializes them, with all unmasked.</summary>
    private void Initialize(byte icw4Master = 0x01, byte icw4Slave = 0x01)
    {
        foreach (var value in (byte[])[0x30, 0x04, icw4Master]) Out(0x21, value, first: 0x11);
        foreach (var value in (byte[])[0x38, 0x02, icw4Slave]) Out(0xa1, value, first: 0x11);
        _begun = 0;
    }

    private int _begun;

    private void Out(int port, byte value, byte first)
    {
        if (_begun != port) Out(port - 1, first);
        _begun = port;
        Out(port, value);
    }

    private byte Irr(int port) => Select(port, 0x0a);

    private byte Isr(int port) => Select(port, 0x0b);

    private byte Select(int port, byte ocw3)
    {
        Out(port, ocw3);
        return In(port);
    }

    private void Pulse(int irq)
    {
        _lines[irq].Set(false);
        _lines[irq].Set(true);
    }

    [Test]
    public void A_request_asserts_INTR_and_is_acknowledged_with_the_vector_of_ICW2()
    {
        Initialize();
        Assert.That(_pic.Interrupt.Level, Is.False);
        _lines[4].Set(true);
        Assert.That(_pic.Interrupt.Level, Is.True);
        Assert.That((Irr(0x20), Isr(0x20)), Is.EqualTo(((byte)0x10, (byte)0)));
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x34));
        Assert.That((Irr(0x20), Isr(0x20)), Is.EqualTo(((byte)0, (byte)0x10)));
        Assert.That(_pic.Interrupt.Level, Is.False);
        Out(0x20, 0x20);
        Assert.That(Isr(0x20), Is.Zero);
        Assert.That(_pic.Interrupt.Level, Is.False, "an edge is one interrupt");
    }

    [Test]
    public void The_second_controller_answers_through_input_2_of_the_first()
    {
        Initialize();
        _lines[8].Set(true);
        Assert.That((Irr(0x20), Irr(0xa0)), Is.EqualTo(((byte)0x04, (byte)0x01)));
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x38));
        Assert.That((Isr(0x20), Isr(0xa0)), Is.EqualTo(((byte)0x04, (byte)0x01)));
        _lines[12].Set(true);
        Assert.That(_pic.Interrupt.Level, Is.False, "IRQ 12 comes after IRQ 8");
        Out(0xa0, 0x20);
        Out(0x20, 0x20);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x3c));
        Out(0xa0, 0x20);
        Out(0x20, 0x20);
        Assert.That((_pic.Interrupt.Level, Irr(0x20), Irr(0xa0), Isr(0x20), Isr(0xa0)), Is.EqualTo((false, (byte)0, (byte)0, (byte)0, (byte)0)));
    }

    [Test]
    public void A_more_urgent_request_nests_and_a_less_urgent_one_waits()
    {
        Initialize();
        _lines[5].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x35));
        _lines[6].Set(true);
        Assert.That(_pic.Interrupt.Level, Is.False);
        _lines[1].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x31));
        Assert.That(Isr(0x20), Is.EqualTo(0x22));
        Out(0x20, 0x20); // non-specific: the most urgent, 1
        Assert.That(Isr(0x20), Is.EqualTo(0x20));
        Out(0x20, 0x65); // specific: 5
        Assert.That(Isr(0x20), Is.Zero);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x36));
    }

    [Test]
    public void A_masked_input_waits_latched_until_it_is_unmasked()
    {
        Initialize();
        Out(0x21, 0x08);
        Assert.That(In(0x21), Is.EqualTo(0x08));
        _lines[3].Set(true);
        Assert.That((_pic.Interrupt.Level, Irr(0x20)), Is.EqualTo((false, (byte)0x08)));
        Out(0x21, 0);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x33));
    }

    [Test]
    public void A_request_that_goes_away_before_its_acknowledge_is_level_7_and_leaves_no_ISR_bit()
    {
        Initialize();
        _lines[3].Set(true);
        _lines[3].Set(false);
        Assert.That((_pic.Interrupt.Level, Irr(0x20)), Is.EqualTo((false, (byte)0)));
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x37));
        Assert.That(Isr(0x20), Is.Zero);
    }

    [Test]
    public void A_spurious_interrupt_of_the_second_is_its_level_7_with_the_first_in_service()
    {
        Initialize();
        // The slave is masked while its INT is on the way.
        _pic.Interrupt.Changed += level =>
        {
            if (level) Out(0xa1, 0xff);
        };
        Out(0x4d0, 0);
        _lines[9].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x37), "the first finds nothing either: its input fell");
        Assert.That((Isr(0x20), Isr(0xa0)), Is.EqualTo(((byte)0, (byte)0)));
    }

    [Test]
    public void A_level_input_asks_again_until_its_device_is_quiet_and_ELCR_keeps_its_fixed_bits()
    {
        Initialize();
        Out(0x4d0, 0xff);
        Out(0x4d1, 0xff);
        Assert.That((In(0x4d0), In(0x4d1)), Is.EqualTo(((byte)0xf8, (byte)0xde)));
        Assert.That(_pic.Input([11])!.IsEdgeTriggered, Is.False);
        Assert.That(_pic.Input([8])!.IsEdgeTriggered, Is.True);
        _lines[11].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x3b));
        Assert.That(Irr(0xa0), Is.EqualTo(0x08), "a level is not taken by the acknowledge");
        Out(0xa0, 0x20);
        Out(0x20, 0x20);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x3b));
        _lines[11].Set(false);
        Out(0xa0, 0x20);
        Out(0x20, 0x20);
        Assert.That((_pic.Interrupt.Level, Irr(0xa0)), Is.EqualTo((false, (byte)0)));
    }

    [Test]
    public void Without_ELCR_the_LTIM_bit_of_ICW1_makes_every_input_a_level()
    {
        Make(new I8259PairModel(hasElcr: false));
        foreach (var (port, value) in (ReadOnlySpan<(int, byte)>)[(0x20, 0x19), (0x21, 0x30), (0x21, 0x04), (0x21, 0x01)]) Out(port, value);
        _lines[1].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x31));
        Out(0x20, 0x20);
        Assert.That(_pic.Interrupt.Level, Is.True);
        Assert.That(() => In(0x4d0), Throws.InstanceOf<BusFaultException>());
        Assert.That(() => Out(0x4d1, 1), Throws.InstanceOf<BusFaultException>());
    }

    [Test]
    public void With_ELCR_the_LTIM_bit_does_nothing()
    {
        Initialize();
        foreach (var (port, value) in (ReadOnlySpan<(int, byte)>)[(0x20, 0x19), (0x21, 0x30), (0x21, 0x04), (0x21, 0x01)]) Out(port, value);
        _lines[1].Set(true);
        _pic.Acknowledge();
        Out(0x20, 0x20);
        Assert.That(_pic.Interrupt.Level, Is.False);
    }

    [Test]
    public void ICW1_forgets_edges_masks_rotation_and_what_is_read()
    {
        Initialize();
        _lines[3].Set(true);
        Out(0x21, 0xf0);
        Out(0x20, 0xc2); // lowest priority: 2
        Out(0x20, 0x0b);
        Initialize();
        Assert.That((In(0x20), In(0x21)), Is.EqualTo(((byte)0, (byte)0)), "IRR is read, without the edge");
        Assert.That(_pic.Interrupt.Level, Is.False, "a line that is high already needs a new edge");
        Pulse(3);
        Pulse(1);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x31));
    }

    [Test]
    public void Without_IC4_automatic_EOI_is_off_and_with_SNGL_there_is_no_ICW3()
    {
        Initialize(icw4Master: 0x03);
        Out(0x20, 0x12); // ICW1: single, no ICW4
        Out(0x21, 0x47); // ICW2: only T7 to T3 count
        Out(0x21, 0x01); // OCW1 already
        Assert.That(In(0x21), Is.EqualTo(0x01));
        Pulse(3);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x43));
        Assert.That(Isr(0x20), Is.EqualTo(0x08));
        Out(0x20, 0x20);
        _lines[10].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x42), "a single controller has no slave at input 2");
        Assert.That(Isr(0xa0), Is.Zero);
    }

    [Test]
    public void A_slave_of_another_number_does_not_answer()
    {
        foreach (var (port, value) in (ReadOnlySpan<(int, byte)>)[
            (0x20, 0x11), (0x21, 0x30), (0x21, 0x04), (0x21, 0x01), (0xa0, 0x11), (0xa1, 0x38), (0xa1, 0x03), (0xa1, 0x01)]) Out(port, value);
        _lines[8].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0xff));
        Assert.That(Isr(0xa0), Is.Zero);
    }

    [Test]
    public void An_uninitialized_controller_latches_but_does_not_interrupt_nor_wait_for_anybody()
    {
        Assert.That(_lines.Any(l => l.IsWanted), Is.False);
        _lines[4].Set(true);
        Assert.That((_pic.Interrupt.Level, In(0x20)), Is.EqualTo((false, (byte)0x10)));
        Initialize();
        Assert.That(_lines.Where((_, i) => i != 2).All(l => l.IsWanted), Is.True);
        Out(0x21, 0xfb);
        Out(0xa1, 0xfe);
        Assert.That(Enumerable.Range(0, 16).Where(i => _lines[i].IsWanted), Is.EqualTo(new[] { 8 }));
        _pic.Reset();
        Assert.That(_lines.Any(l => l.IsWanted), Is.False);
    }

    [Test]
    public void Inputs_are_0_to_15_and_the_same_each_time()
    {
        Assert.That(_pic.Input([16]), Is.Null);
        Assert.That(_pic.Input([1, 2]), Is.Null);
        var last = _pic.Input([15])!;
        Assert.That(_pic.Input([15]), Is.SameAs(last));
        Assert.That(last.Name, Is.EqualTo("IRQ 15"));
    }

    [Test]
    public void Ports_between_are_nobodys()
    {
        Assert.That(() => In(0x22), Throws.InstanceOf<BusFaultException>());
        Assert.That(() => Out(0x22, 0), Throws.InstanceOf<BusFaultException>());
    }
}
