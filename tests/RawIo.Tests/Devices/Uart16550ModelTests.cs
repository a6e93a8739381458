using RawIo.Sim;

namespace RawIo.Tests;

// Registers, interrupts and the modem lines; PC16550D data sheet, section 8.
public partial class Uart16550ModelTests
{
    [Test]
    public void After_power_on_it_is_as_table_I_has_it()
    {
        var model = new Uart16550Model(new ManualTime());
        Assert.That(Enumerable.Range(1, 6).Select(i => (int)model.Read(i, 1)), Is.EqualTo(new[] { 0x00, 0x01, 0x00, 0x00, 0x60, 0x00 }));
        model.Write(3, 1, 0x80);
        Assert.That((model.Read(0, 1), model.Read(1, 1)), Is.EqualTo((12ul, 0ul)), "9600 baud, as on QEMU");
        Assert.That((model.InterruptLines[0].Level, model.Compatible[0], model.LeavesOut.Length > 0), Is.EqualTo((false, "ns16550a", true)));
    }

    [Test]
    public void Registers_keep_the_bits_they_have()
    {
        var rig = new Uart16550Rig();
        foreach (var (register, bits) in new[] { (1, 0x0f), (3, 0x7f), (4, 0x1f), (7, 0xff) })
        {
            rig.W(register, 0xff & (register == 3 ? 0x7f : 0xff));
            Assert.That(rig.R(register), Is.EqualTo(bits), $"register {register}");
            rig.W(register, 0);
            Assert.That(rig.R(register), Is.Zero);
        }
    }

    [Test]
    public void Dlab_shows_the_divisor_in_the_place_of_data_and_ier()
    {
        var rig = new Uart16550Rig();
        rig.W(1, 0x05);
        rig.W(3, 0x83);
        rig.W(0, 0x34);
        rig.W(1, 0x12);
        Assert.That((rig.R(0), rig.R(1)), Is.EqualTo((0x34, 0x12)));
        rig.W(3, 0x03);
        Assert.That((rig.R(0), rig.R(1)), Is.EqualTo((0, 0x05)));
        Assert.That(rig.Lsr, Is.EqualTo(0x60), "the divisor is no character");
    }

    [Test]
    public void Status_registers_are_read_only()
    {
        var rig = new Uart16550Rig();
        Assert.That(() => rig.W(5, 0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => rig.W(6, 0), Throws.TypeOf<BusFaultException>());
        Assert.That((rig.Lsr, rig.Msr), Is.EqualTo((0x60, 0)));
        Assert.That(() => rig.R(8), Throws.TypeOf<BusFaultException>());
        Assert.That(() => rig.W(8, 0), Throws.TypeOf<BusFaultException>());
        rig.Line.Send(7);
        rig.Pass(1);
        Assert.That(rig.R(0), Is.EqualTo(7), "a refused access leaves nothing half done");
    }

    [Test]
    public void The_highest_of_the_pending_interrupts_shows_and_each_is_cleared_in_its_own_way()
    {
        var rig = new Uart16550Rig();
        rig.W(4, 0x08);
        rig.W(2, 0x01);
        rig.W(1, 0x0f);
        rig.Line.Cts.Set(true);
        rig.Line.SendFaulty(0x41, SerialFault.Parity);
        rig.Pass(1);
        Assert.That((rig.Iir, rig.Irq), Is.EqualTo((0xc6, true)));
        Assert.That(rig.Iir, Is.EqualTo(0xc6), "reading IIR takes back the transmitter's interrupt only where it is shown");
        Assert.That(rig.Lsr, Is.EqualTo(0xe5));
        Assert.That(rig.Iir, Is.EqualTo(0xc4));
        Assert.That(rig.R(0), Is.EqualTo(0x41));
        Assert.That(rig.Iir, Is.EqualTo(0xc2));
        Assert.That((rig.Iir, rig.Irq), Is.EqualTo((0xc0, true)));
        Assert.That(rig.Msr, Is.EqualTo(0x11));
        Assert.That((rig.Iir, rig.Irq), Is.EqualTo((0xc1, false)));
    }

    [Test]
    public void The_transmitter_s_interrupt_comes_by_enabling_and_goes_by_a_character()
    {
        var rig = new Uart16550Rig();
        Assert.That(rig.Iir, Is.EqualTo(0x01));
        rig.W(1, 0x02);
        Assert.That((rig.Iir, rig.Iir), Is.EqualTo((0x02, 0x01)));
        rig.W(1, 0x02);
        Assert.That(rig.Iir, Is.EqualTo(0x01), "it was on already");
        rig.W(1, 0x00);
        rig.W(1, 0x02);
        Assert.That(rig.Iir, Is.EqualTo(0x02));
        rig.W(1, 0x00);
        rig.W(1, 0x02);
        rig.W(0, 1);
        rig.W(0, 2);
        Assert.That(rig.Iir, Is.EqualTo(0x01), "the holding register is full");
        rig.Pass(1);
        Assert.That(rig.Iir, Is.EqualTo(0x02));
    }

    [Test]
    public void Out2_opens_the_way_of_the_interrupt_and_loopback_closes_it()
    {
        var rig = new Uart16550Rig();
        rig.W(1, 0x02);
        Assert.That(rig.Irq, Is.False);
        rig.W(4, 0x08);
        Assert.That(rig.Irq, Is.True);
        rig.W(4, 0x18);
        Assert.That(rig.Irq, Is.False);
        rig.W(4, 0x08);
        Assert.That(rig.Irq, Is.True);
        _ = rig.Iir;
        Assert.That(rig.Irq, Is.False);
    }

    [Test]
    public void Modem_inputs_show_with_their_changes_until_they_are_read()
    {
        var rig = new Uart16550Rig();
        var lines = rig.Line;
        foreach (var (input, level, delta) in new[] { (lines.Cts, 0x10, 0x01), (lines.Dsr, 0x20, 0x02), (lines.Dcd, 0x80, 0x08) })
        {
            input.Set(true);
            Assert.That((rig.Msr, rig.Msr), Is.EqualTo((level | delta, level)));
            input.Set(false);
            Assert.That((rig.Msr, rig.Msr), Is.EqualTo((delta, 0)));
            input.Set(true);
            input.Set(false);
            Assert.That(rig.Msr, Is.EqualTo(delta), "a pulse is a change");
        }
        lines.Ri.Set(true);
        Assert.That(rig.Msr, Is.EqualTo(0x40), "the beginning of a ring is none");
        lines.Ri.Set(false);
        Assert.That((rig.Msr, rig.Msr), Is.EqualTo((0x04, 0)));
    }

    [Test]
    public void Modem_outputs_reach_the_other_end_and_in_loopback_the_inputs()
    {
        var rig = new Uart16550Rig();
        rig.W(4, 0x03);
        Assert.That((rig.Line.Dtr.Level, rig.Line.Rts.Level), Is.EqualTo((true, true)));
        rig.W(4, 0x13);
        Assert.That((rig.Line.Dtr.Level, rig.Line.Rts.Level), Is.EqualTo((false, false)));
        foreach (var (outputs, inputs) in new[] { (1, 0x20), (2, 0x10), (4, 0x40), (8, 0x80), (0, 0), (15, 0xf0) })
        {
            rig.W(4, 0x10 | outputs);
            Assert.That(rig.Msr & 0xf0, Is.EqualTo(inputs), $"outputs {outputs}");
        }
        rig.W(4, 0x1f);
        _ = rig.Msr;
        rig.W(4, 0x10);
        Assert.That(rig.Msr, Is.EqualTo(0x0f), "8.7: the sources are the lower bits of MCR; OUT1 has let RI go");
        rig.Line.Cts.Set(true);
        Assert.That(rig.Msr, Is.Zero, "the pin is disconnected");
        rig.W(4, 0);
        Assert.That(rig.Msr, Is.EqualTo(0x11));
    }

    [Test]
    public void A_break_is_seen_outside_but_not_in_loopback()
    {
        var rig = new Uart16550Rig();
        var breaks = new List<bool>();
        rig.Line.BreakSent += breaks.Add;
        rig.W(3, 0x43);
        rig.W(0, 0x55);
        rig.W(4, 0x10);
        rig.W(4, 0x00);
        rig.W(3, 0x03);
        Assert.That(breaks, Is.EqualTo(new[] { true, false, true, false }));
        Assert.That(rig.Line.Receive(), Is.Empty, "the line was low");
    }

    [Test]
    public void A_snapshot_goes_on_as_before_any_number_of_times()
    {
        var rig = new Uart16550Rig();
        rig.W(4, 0x08);
        rig.W(2, 0x41);
        rig.W(1, 0x0f);
        rig.W(0, 1);
        rig.W(0, 2);
        rig.Line.Send(10, 11, 12, 13, 14, 15);
        rig.Pass(3.5);
        var (saved, at) = (rig.Model.Save(), rig.Time.Now);
        var runs = new List<string>();
        for (var run = 0; run < 3; run++)
        {
            rig.Model.Restore(saved);
            var log = $"{rig.Irq} ";
            for (var i = 0; i < 8; i++) log += $"{rig.Iir:x2} {rig.R(0):x2} {rig.Lsr:x2} ";
            rig.W(7, run);
            rig.W(0, 0x99);
            runs.Add(log);
        }
        Assert.That(runs.Distinct().Count(), Is.EqualTo(1), string.Join('\n', runs));
        rig.Model.Restore(saved);
        rig.Pass(4);
        Assert.That((rig.Iir, rig.R(0), rig.R(0)), Is.EqualTo((0xc4, 10, 11)), "what was on the wire has come");
    }

    [Test]
    public void Reset_forgets_what_was_on_its_way()
    {
        var rig = new Uart16550Rig();
        rig.W(2, 1);
        rig.W(1, 1);
        rig.W(0, 1);
        rig.Line.Send(1);
        rig.Pass(0.5);
        rig.Model.Reset();
        rig.Pass(20);
        Assert.That((rig.R(1), rig.Iir, rig.Lsr, rig.Time.ArmedTimers), Is.EqualTo((0, 1, 0x60, 0)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_hundred_thousand_random_accesses_leave_it_consistent(bool instant)
    {
        var random = new Random(16550);
        var rig = new Uart16550Rig(instant);
        rig.Model.BehaveAsHardware();
        for (var i = 0; i < 100_000; i++)
        {
            switch (random.Next(8))
            {
                case < 3: rig.R(random.Next(8)); break;
                case < 6: rig.W(random.Next(8), random.Next(256)); break;
                case 6: rig.Line.SendFaulty((byte)random.Next(256), (SerialFault)random.Next(8)); break;
                default:
                    rig.Time.Advance(random.Next(1_000_000));
                    rig.Line.Cts.Set(random.Next(2) == 0);
                    break;
            }
            if (random.Next(100) == 0) rig.Model.Restore(rig.Model.Save());
            var (iir, lsr) = (rig.Iir, rig.Lsr);
            if ((iir & 0x30) != 0 || (rig.Irq && (rig.Iir & 1) != 0) || (lsr & 0x60) == 0x40 || rig.Time.ArmedTimers > 1)
                Assert.Fail($"step {i}: IIR {iir:x2}, LSR {lsr:x2}, IRQ {rig.Irq}, {rig.Time.ArmedTimers} timers");
        }
    }
}
