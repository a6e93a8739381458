using RawIo.Sim;

namespace RawIo.Tests;

public partial class I8259PairModelTests
{
    [Test]
    public void Automatic_EOI_leaves_nothing_in_service_and_rotates_when_told()
    {
        Initialize(icw4Master: 0x03);
        _lines[3].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x33));
        Assert.That(Isr(0x20), Is.Zero);
        Out(0x20, 0x80); // rotate in automatic EOI mode
        Pulse(1);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x31));
        Pulse(1);
        Pulse(5);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x35), "1 has become the lowest");
        Out(0x20, 0x00); // no more
        Pulse(3);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x31), "6, 7, 0, 1 ... since 5 was the last to rotate");
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x33));
    }

    [Test]
    public void Rotation_by_EOI_makes_the_served_level_the_lowest()
    {
        Initialize();
        _lines[4].Set(true);
        _lines[6].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x34));
        Out(0x20, 0xa0); // rotate on non-specific EOI
        Pulse(4);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x36));
        Out(0x20, 0xe6); // rotate on specific EOI
        Pulse(6);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x34));
        Assert.That(Isr(0x20), Is.EqualTo(0x10));
    }

    [Test]
    public void Set_priority_names_the_lowest_and_command_010_does_nothing()
    {
        Initialize();
        Out(0x20, 0xc5);
        Out(0x20, 0x40); // no operation
        _lines[0].Set(true);
        _lines[6].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x36));
        Assert.That(_pic.Interrupt.Level, Is.False, "0 comes after 6 and 7");
        Out(0x20, 0x20);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x30));
    }

    [Test]
    public void Special_mask_mode_lets_lower_levels_through_and_keeps_the_masked_level_in_service()
    {
        Initialize();
        _lines[1].Set(true);
        _pic.Acknowledge();
        _lines[6].Set(true);
        Assert.That(_pic.Interrupt.Level, Is.False);
        Out(0x21, 0x02);
        Assert.That(_pic.Interrupt.Level, Is.False, "the mask alone lets nothing through");
        Out(0x20, 0x68);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x36));
        Out(0x20, 0x20);
        Out(0x20, 0x20);
        Assert.That(Isr(0x20), Is.EqualTo(0x02), "a non-specific EOI passes the masked level over");
        Out(0x20, 0x28); // ESMM is 0: nothing happens
        Out(0x20, 0x48); // normal mask mode
        Out(0x20, 0x20);
        Assert.That(Isr(0x20), Is.Zero);
    }

    [Test]
    public void A_poll_takes_the_request_into_service_by_the_next_read_whatever_the_port()
    {
        Initialize();
        _lines[6].Set(true);
        Out(0x20, 0x0c);
        Assert.That(In(0x21), Is.EqualTo(0x86));
        Assert.That((In(0x21), Isr(0x20)), Is.EqualTo(((byte)0, (byte)0x40)));
        Out(0x20, 0x0c);
        Assert.That(In(0x20), Is.Zero);
        _lines[10].Set(true);
        Out(0x20, 0x0c);
        Assert.That(In(0x20), Is.EqualTo(0x82), "the slave has to be polled by itself");
        Out(0xa0, 0x0c);
        Assert.That(In(0xa0), Is.EqualTo(0x82));
        Assert.That((Isr(0x20), Isr(0xa0)), Is.EqualTo(((byte)0x44, (byte)0x04)));
    }

    [Test]
    public void In_special_fully_nested_mode_a_slave_interrupts_its_own_service()
    {
        foreach (var isNested in (bool[])[false, true])
        {
            MakePair();
            Initialize(icw4Master: (byte)(isNested ? 0x11 : 0x01));
            _lines[12].Set(true);
            Assert.That(_pic.Acknowledge(), Is.EqualTo(0x3c));
            _lines[9].Set(true);
            Assert.That(_pic.Interrupt.Level, Is.EqualTo(isNested));
            if (!isNested) continue;
            Assert.That(_pic.Acknowledge(), Is.EqualTo(0x39));
            Assert.That(Isr(0xa0), Is.EqualTo(0x12));
        }
    }

    [Test]
    public void In_special_fully_nested_mode_a_slave_in_service_still_locks_out_what_is_less_urgent()
    {
        Initialize(icw4Master: 0x11);
        _lines[12].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x3c));
        _lines[3].Set(true);
        Assert.That(_pic.Interrupt.Level, Is.False, "3 comes after the slave's 2");
        _lines[9].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x39), "within the slave 1 comes before 4");
        _lines[1].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x31));
        Assert.That((Isr(0x20), Isr(0xa0)), Is.EqualTo((0x06, 0x12)));
    }

    [Test]
    public void A_slave_with_more_to_say_asserts_its_output_anew_after_each_acknowledge()
    {
        Initialize(icw4Slave: 0x03);
        _lines[12].Set(true);
        _lines[14].Set(true);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x3c));
        Out(0x20, 0x20);
        Assert.That(_pic.Interrupt.Level, Is.True);
        Assert.That(_pic.Acknowledge(), Is.EqualTo(0x3e));
    }

    [Test]
    public void A_snapshot_brings_back_what_was_pending_and_in_service_and_the_triggers()
    {
        Initialize();
        Out(0x4d1, 0x08);
        _lines[3].Set(true);
        _pic.Acknowledge();
        _lines[1].Set(true);
        Out(0xa1, 0x0c);
        var saved = _pic.Save();
        var before = (Irr(0x20), Isr(0x20), In(0xa1));
        _pic.Reset();
        Assert.That((_pic.Interrupt.Level, Isr(0x20)), Is.EqualTo((false, (byte)0)));
        for (var i = 0; i < 2; i++)
        {
            _pic.Restore(saved);
            Assert.That((Irr(0x20), Isr(0x20), In(0xa1)), Is.EqualTo(before));
            Assert.That((_pic.Interrupt.Level, _pic.Input([11])!.IsEdgeTriggered, _lines[10].IsWanted), Is.EqualTo((true, false, false)));
            Assert.That(_pic.Acknowledge(), Is.EqualTo(0x31));
        }
    }

    /// <summary>Any sequence leaves it consistent: one in service by each acknowledge at most, INTR only for an unmasked request.</summary>
    [Test]
    public void Random_sequences_keep_the_promises_of_the_acknowledge()
    {
        var random = new Random(8259);
        for (var step = 0; step < 50_000; step++)
        {
            switch (random.Next(6))
            {
                case 0: _lines[random.Next(16)].Set(random.Next(2) == 0); break;
                case 1: Out(((int[])[0x20, 0x21, 0xa0, 0xa1, 0x4d0, 0x4d1])[random.Next(6)], (byte)random.Next(256)); break;
                case 2: In(((int[])[0x20, 0x21, 0xa0, 0xa1, 0x4d0, 0x4d1])[random.Next(6)]); break;
                case 3 when random.Next(20) == 0: Initialize(); break;
                default:
                    // A poll that was asked for takes the next read.
                    In(0x21);
                    In(0xa1);
                    var wasAsserted = _pic.Interrupt.Level;
                    var (master, slave) = (Isr(0x20), Isr(0xa0));
                    _pic.Acknowledge();
                    var added = (Isr(0x20) & ~master, Isr(0xa0) & ~slave);
                    Assert.That(int.PopCount(added.Item1) + int.PopCount(added.Item2), Is.LessThanOrEqualTo(2));
                    if (!wasAsserted) Assert.That(added.Item2, Is.Zero);
                    Out(0x20, 0x20);
                    Out(0xa0, 0x20);
                    break;
            }
        }
    }
}
