using RawIo.Sim;

namespace RawIo.Tests;

public partial class I8254ModelTests
{
    [Test]
    public void Before_its_clock_pulse_a_count_reads_as_the_old_one_with_NULL_COUNT()
    {
        _rig.Program(1, 0, 0x1000);
        _rig.Clock(1);
        _rig.Load(1, 0x2000);
        Assert.That(_rig.ReadBack(1), Is.EqualTo(((byte)0x70, (ushort)0x1000)));
        _rig.Clock(1);
        Assert.That(_rig.ReadBack(1), Is.EqualTo(((byte)0x30, (ushort)0x2000)));
    }

    [Test]
    public void One_byte_counts_set_the_other_byte_to_zero()
    {
        _rig.Out(0x43, 0x50); // counter 1, low byte, mode 0
        _rig.Out(0x41, 0x12);
        _rig.Clock(1);
        Assert.That(_rig.In(0x41), Is.EqualTo(0x12));
        Assert.That(_rig.In(0x41), Is.EqualTo(0x12));
        _rig.Out(0x43, 0x60); // high byte
        _rig.Out(0x41, 0x12);
        _rig.Clock(2);
        Assert.That(_rig.In(0x41), Is.EqualTo(0x11));
        _rig.Clock(0xff);
        Assert.That(_rig.In(0x41), Is.EqualTo(0x11));
        _rig.Clock(1);
        Assert.That(_rig.In(0x41), Is.EqualTo(0x10));
    }

    [Test]
    public void Two_byte_reads_take_the_count_of_their_moment_low_then_high()
    {
        _rig.Program(1, 0, 0x0100);
        _rig.Clock(1);
        Assert.That(_rig.In(0x41), Is.Zero);
        _rig.Clock(1); // 0x00ff: without a latch the bytes do not fit
        Assert.That(_rig.In(0x41), Is.Zero);
        Assert.That(_rig.In(0x41), Is.EqualTo(0xff));
    }

    [Test]
    public void A_latched_count_stays_until_it_is_read_and_a_second_latch_is_ignored()
    {
        _rig.Program(1, 0, 0x1234);
        _rig.Clock(1);
        _rig.Out(0x43, 0x40);
        _rig.Clock(5);
        _rig.Out(0x43, 0x40);
        Assert.That(_rig.In(0x41), Is.EqualTo(0x34));
        _rig.Out(0x43, 0x40);
        Assert.That(_rig.In(0x41), Is.EqualTo(0x12));
        Assert.That(_rig.In(0x41), Is.EqualTo(0x2f), "not latched any more");
    }

    [Test]
    public void A_control_word_takes_the_latches_back_and_starts_the_byte_order_anew()
    {
        _rig.Program(1, 0, 0x1234);
        _rig.Clock(1);
        _rig.Out(0x43, 0xc4); // count and status
        _rig.Out(0x43, 0x70);
        _rig.Load(1, 0x5678);
        _rig.Clock(1);
        Assert.That((_rig.In(0x41), _rig.In(0x41)), Is.EqualTo(((byte)0x78, (byte)0x56)));
        _rig.In(0x41);
        _rig.Out(0x41, 0x11);
        _rig.Out(0x43, 0x70);
        _rig.Load(1, 0x2233);
        _rig.Clock(1);
        Assert.That((_rig.In(0x41), _rig.In(0x41)), Is.EqualTo(((byte)0x33, (byte)0x22)));
    }

    [Test]
    public void The_control_word_stops_the_counter_with_its_count_as_it_was()
    {
        _rig.Program(1, 2, 0x1234);
        _rig.Clock(3);
        _rig.Out(0x43, 0x77); // mode 3, BCD: the element keeps its bits
        _rig.Clock(100);
        Assert.That(_rig.ReadBack(1), Is.EqualTo(((byte)0xf7, (ushort)0x1232)));
    }

    [Test]
    public void Read_back_latches_several_counters_status_before_count()
    {
        for (var c = 0; c < 3; c++) _rig.Program(c, 4, 0x1000 * (c + 1));
        _rig.Clock(1);
        _rig.Out(0x43, 0xc2 | 0x08); // counters 0 and 2
        _rig.Clock(1000);
        Assert.That((_rig.In(0x40), _rig.In(0x40), _rig.In(0x40)), Is.EqualTo(((byte)0xb8, (byte)0x00, (byte)0x10)));
        Assert.That((_rig.In(0x42), _rig.In(0x42), _rig.In(0x42)), Is.EqualTo(((byte)0xb8, (byte)0x00, (byte)0x30)));
        Assert.That((_rig.In(0x41), _rig.In(0x41)), Is.EqualTo(((byte)(0x2000 - 1000 & 0xff), (byte)(0x2000 - 1000 >> 8))));
        _rig.Out(0x43, 0xd2); // count only
        Assert.That(_rig.In(0x40), Is.EqualTo((0x1000 - 1000) & 0xff));
        _rig.In(0x40);
        _rig.Out(0x43, 0xe2); // status only, twice: the first stays
        _rig.Out(0x43, 0x38);
        Assert.That(_rig.ReadBack(0).Status, Is.EqualTo(0xf8));
    }

    [Test]
    public void Lines_move_on_time_when_wanted_and_arm_nothing_else()
    {
        _rig.Program(0, 2, 1193);
        Assert.That(_rig.Time.ArmedTimers, Is.Zero);
        var rises = new List<long>();
        var line = _rig.Model.Output(0);
        line.Changed += level =>
        {
            if (level) rises.Add(_rig.Time.Now);
        };
        line.Want(true);
        _rig.Time.Advance(1_000_000_000);
        Assert.That(rises, Has.Count.EqualTo((1_193_182 - 1) / 1193));
        for (var i = 0; i < rises.Count; i++)
        {
            // Loaded with pulse 1; each further 1193 pulses end a period. Alarms come in whole 100 ns.
            var exact = (1 + (i + 1) * 1193L) * 1_000_000_000 / 1_193_182.0;
            Assert.That(rises[i] - exact, Is.InRange(0, 100.0));
        }
        line.Want(false);
        Assert.That(_rig.Time.ArmedTimers, Is.Zero);
    }

    [Test]
    public void An_edge_that_nobody_waited_for_is_seen_at_the_next_look()
    {
        _rig.Program(0, 2, 100);
        _rig.Clock(50);
        var line = _rig.Model.Output(0);
        Assert.That(line.Sample(), Is.True);
        var changes = new List<bool>();
        line.Changed += changes.Add;
        _rig.Clock(100);
        Assert.That(line.Sample(), Is.True);
        Assert.That(changes, Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public void A_snapshot_goes_on_as_the_original_did()
    {
        var clock = new MachineClock(null, default);
        var timer = new I8254Model(clock);
        foreach (var (port, value) in (ReadOnlySpan<(int, ulong)>)[(3, 0x34), (0, 0x99), (0, 0x09), (3, 0x72), (1, 5), (1, 0)]) timer.Write(port, 1, value);
        var rises = 0;
        timer.Output(0).Changed += level => rises += level ? 1 : 0;
        timer.Output(0).Want(true);
        clock.Step(1_234_567);
        timer.Write(3, 1, 0x00);
        timer.Read(0, 1);
        timer.SetGate(1, false);
        timer.SetGate(1, true);
        var (saved, time) = (timer.Save(), clock.Now);
        (byte[] Bytes, int Rises) Continue()
        {
            rises = 0;
            var bytes = new List<byte> { (byte)timer.Read(0, 1) };
            for (var i = 0; i < 5000; i++)
            {
                clock.Step(i < 20 ? 500 : 7_777);
                timer.Write(3, 1, 0xc6);
                foreach (var port in (ReadOnlySpan<int>)[0, 0, 0, 1, 1, 1]) bytes.Add((byte)timer.Read(port, 1));
            }
            return ([.. bytes], rises);
        }

        var first = Continue();
        Assert.That(first.Rises, Is.GreaterThan(15));
        for (var i = 0; i < 2; i++)
        {
            timer.Reset();
            clock.SetBack(time);
            timer.Restore(saved);
            Assert.That(Continue(), Is.EqualTo(first));
        }
    }

    [Test]
    public void Random_programs_count_as_the_datasheets_words_do_pulse_by_pulse()
    {
        var random = new Random(8254);
        for (var round = 0; round < 1500; round++)
        {
            var rig = new I8254Rig();
            var (mode, bcd, gate) = (random.Next(6), random.Next(3) == 0, random.Next(4) != 0);
            rig.Model.SetGate(1, gate);
            rig.Out(0x43, 0x70 | mode << 1 | (bcd ? 1 : 0));
            var naive = new NaiveI8254(mode, bcd, gate);
            for (var step = 0; step < 40; step++)
            {
                var act = random.Next(10);
                if (step == 0 || act == 0)
                {
                    var count = random.Next(8) == 0 ? 0 : random.Next(2, random.Next(2) == 0 ? 12 : bcd ? 9999 : 65535);
                    rig.Load(1, bcd ? Convert.ToInt32($"{count}", 16) : count);
                    naive.Write(count);
                }
                else if (act <= 2)
                {
                    gate = random.Next(2) == 0;
                    rig.Model.SetGate(1, gate);
                    naive.SetGate(gate);
                }
                else
                {
                    var pulses = random.Next(4) switch { 0 => 1, 1 => random.Next(5), 2 => random.Next(40), _ => random.Next(3000) };
                    rig.Clock(pulses);
                    for (var i = 0; i < pulses; i++) naive.Pulse();
                }
                // The element's value before the first load is whatever it was.
                var (status, counted) = rig.ReadBack(1);
                var what = $"round {round} step {step} mode {mode} bcd {bcd}";
                Assert.That((status & 0x80) != 0, Is.EqualTo(naive.Out), what);
                Assert.That((status & 0x40) != 0, Is.EqualTo(naive.NullCount), what);
                if (naive.HasLoaded) Assert.That(counted, Is.EqualTo(naive.Count), what);
            }
        }
    }

    [Test]
    public void Edges_of_a_wanted_line_are_those_of_the_plain_counter()
    {
        var random = new Random(4528);
        for (var round = 0; round < 200; round++)
        {
            var rig = new I8254Rig();
            var (mode, count) = (random.Next(6), random.Next(2, 300));
            rig.Out(0x43, 0x70 | mode << 1);
            var naive = new NaiveI8254(mode, bcd: false, gate: true);
            var rises = 0;
            rig.Model.Output(1).Changed += level => rises += level ? 1 : 0;
            rig.Model.Output(1).Want(true);
            rises = 0;
            rig.Load(1, count);
            naive.Write(count);
            for (var i = 0; i < 10; i++)
            {
                if (random.Next(3) == 0)
                {
                    foreach (var level in (bool[])[false, true])
                    {
                        rig.Model.SetGate(1, level);
                        naive.SetGate(level);
                    }
                }
                var pulses = random.Next(1000);
                rig.Clock(pulses);
                for (var p = 0; p < pulses; p++) naive.Pulse();
            }
            Assert.That(rises, Is.EqualTo(naive.Rises), $"round {round} mode {mode} count {count}");
        }
    }
}
