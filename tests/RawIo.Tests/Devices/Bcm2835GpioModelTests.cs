using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835GpioModelTests
{
    private Bcm2835GpioModel _gpio = null!;

    [SetUp]
    public void PowerOn() => _gpio = new Bcm2835GpioModel();

    private uint Read(int offset) => (uint)_gpio.Read(offset, 4);

    private void Write(int offset, uint value) => _gpio.Write(offset, 4, value);

    private void MakeOutput(int pin) => Write(pin / 10 * 4, Read(pin / 10 * 4) & ~(7u << pin % 10 * 3) | 1u << pin % 10 * 3);

    [Test]
    public void At_power_on_all_are_inputs_and_the_levels_are_the_default_pulls()
    {
        for (var offset = 0; offset <= 0x14; offset += 4) Assert.That(Read(offset), Is.Zero);
        Assert.That(Read(0x34), Is.EqualTo(0x0000_01ffu), "0 to 8 are pulled up, 9 to 27 down, 28 and 29 float, 30 and 31 down");
        Assert.That(Read(0x38), Is.EqualTo(0x003f_c01cu), "34 to 36 and 46 to 53 are pulled up");
        Assert.That(_gpio.PullOf(28), Is.EqualTo(PinPull.None));
        Assert.That(_gpio.Interrupts.Select(l => l.Level), Is.All.False);
        Assert.That(_gpio.Compatible, Is.EqualTo(new[] { "brcm,bcm2835-gpio" }));
        Assert.That((_gpio.Name, _gpio.Sizes, _gpio.LeavesOut.Length > 0), Is.EqualTo(("BCM2835 GPIO", AccessSizes.Four, true)));
    }

    [Test]
    public void There_are_41_words_and_a_test_register_and_each_is_what_the_datasheet_says()
    {
        int[] readable =
        [
            0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x34, 0x38, 0x40, 0x44, 0x4c, 0x50, 0x58, 0x5c, 0x64, 0x68, 0x70, 0x74,
            0x7c, 0x80, 0x88, 0x8c, 0x94, 0x98, 0x9c, 0xb0,
        ];
        int[] writable = [.. readable.Except([0x34, 0x38]), 0x1c, 0x20, 0x28, 0x2c];
        for (var offset = 0; offset < 0xb4; offset += 4)
        {
            var at = offset;
            Assert.That(() => Read(at), readable.Contains(at) ? Throws.Nothing : Throws.TypeOf<BusFaultException>(), $"read 0x{at:x}");
            Assert.That(() => Write(at, 0), writable.Contains(at) ? Throws.Nothing : Throws.TypeOf<BusFaultException>(), $"write 0x{at:x}");
        }
    }

    [Test]
    public void Where_the_policy_lets_them_pass_forbidden_accesses_do_what_the_hardware_does()
    {
        var errors = _gpio.BehaveAsHardware();
        foreach (var offset in (int[])[0x18, 0x1c, 0x20, 0x24, 0x28, 0x2c, 0x30, 0x3c, 0xa0, 0xf0])
            Assert.That(Read(offset), Is.EqualTo(0x6770_696fu), $"0x{offset:x} says 'gpio'");
        Assert.That(errors.Count, Is.EqualTo(10));
        var levels = Read(0x34);
        Write(0x34, 0xffff_ffff);
        Write(0x18, 0xffff_ffff);
        Assert.That(Read(0x34), Is.EqualTo(levels));
        Assert.That(errors.Count, Is.EqualTo(12));
    }

    [Test]
    public void Set_and_clear_drive_an_output_and_nothing_else()
    {
        MakeOutput(16);
        Assert.That(Read(0x04), Is.EqualTo(0x40000u));
        Write(0x1c, 0x0001_0000);
        Assert.That(Read(0x34), Is.EqualTo(0x0001_01ffu));
        Assert.That(_gpio.Pins[16].Level, Is.True);
        Write(0x1c, 0);
        Assert.That(_gpio.Pins[16].Level, Is.True, "zeros do nothing");
        Write(0x28, 0xffff_ffff);
        Assert.That(Read(0x34), Is.EqualTo(0x0000_01ffu), "clear takes only the output down, not the pulled-up inputs");
    }

    [Test]
    public void A_value_set_before_the_pin_becomes_an_output_is_driven_then()
    {
        Write(0x20, 1u << 53 - 32);
        _gpio.Pins[53].Pull(PinPull.Down);
        Assert.That(_gpio.Pins[53].Level, Is.False, "not yet");
        MakeOutput(53);
        Assert.That(_gpio.Pins[53].Level, Is.True);
        Write(0x14, 0);
        Assert.That(_gpio.Pins[53].Level, Is.False, "as an input it has an up and a down: low");
        MakeOutput(53);
        Assert.That(_gpio.Pins[53].Level, Is.True, "the latch kept its value");
        Write(0x14, 4u << 9);
        Assert.That(_gpio.Pins[53].Level, Is.False, "an alternate function is not driven by the latch");
    }

    [Test]
    public void Bits_of_pins_that_do_not_exist_read_0_and_ignore_writes()
    {
        foreach (var offset in (int[])[0x50, 0x5c, 0x68, 0x80, 0x8c])
        {
            Write(offset, 0xffff_ffff);
            Assert.That(Read(offset), Is.EqualTo(0x003f_ffffu), $"0x{offset:x}");
        }
        Write(0x14, 0xffff_ffff);
        Assert.That(Read(0x14), Is.EqualTo(0xfffu));
        Write(0x10, 0xffff_ffff);
        Assert.That(Read(0x10), Is.EqualTo(0x3fff_ffffu));
        Write(0x9c, 0xffff_ffff);
        Assert.That(Read(0x9c), Is.EqualTo(0x003f_ffffu));
        Write(0x74, 0xffff_ffff);
        Assert.That(Read(0x44) >> 22, Is.Zero);
        Write(0xb0, 0xffff_ffff);
        Assert.That(Read(0xb0), Is.EqualTo(0xfu));
    }

    [TestCase(0x4c, true)]
    [TestCase(0x58, false)]
    [TestCase(0x7c, true)]
    [TestCase(0x88, false)]
    public void An_edge_sets_the_status_once_and_writing_1_clears_it(int enable, bool rising)
    {
        _gpio.Pins[20].Drive(!rising);
        Write(enable, 1 << 20);
        Assert.That(Read(0x40), Is.Zero, "enabling is no edge");
        _gpio.Pins[20].Drive(rising);
        Assert.That(Read(0x40), Is.EqualTo(1u << 20));
        Assert.That(_gpio.Interrupts.Select(l => l.Level), Is.EqualTo(new[] { true, false, false, true }));
        _gpio.Pins[20].Drive(!rising);
        Assert.That(Read(0x40), Is.EqualTo(1u << 20), "the status stays, and the other edge is not detected");
        Write(0x40, ~(1u << 20));
        Assert.That(Read(0x40), Is.EqualTo(1u << 20), "zeros clear nothing");
        Write(0x40, 1u << 20);
        Assert.That(Read(0x40), Is.Zero);
        Assert.That(_gpio.Interrupts.Select(l => l.Level), Is.All.False);
    }

    [Test]
    public void Only_the_asynchronous_detectors_see_a_pulse_between_two_samples()
    {
        Write(0x4c, 0xf0);
        Write(0x58, 0xf0);
        _gpio.Pins[4].Glitch(false);
        Assert.That(Read(0x40), Is.Zero);
        Write(0x7c, 1 << 4);
        Write(0x88, 1 << 5);
        _gpio.Pins[4].Glitch(true);
        Assert.That(Read(0x40), Is.Zero, "it is high already");
        _gpio.Pins[4].Glitch(false);
        _gpio.Pins[5].Glitch(false);
        Assert.That(Read(0x40), Is.EqualTo(0x30u));
        Assert.That(Read(0x34) & 0x30, Is.EqualTo(0x30u));
        Assert.That(_gpio.Interrupts[0].Level, Is.True);
    }

    [TestCase(0x68, true)]
    [TestCase(0x74, false)]
    public void A_level_that_holds_sets_its_status_again_at_once(int enable, bool level)
    {
        var events = new List<bool>();
        _gpio.Interrupts[1].Changed += events.Add;
        var pin = _gpio.Pins[40];
        pin.Drive(!level);
        Write(enable, 1 << 8);
        Assert.That(Read(0x44), Is.Zero);
        pin.Drive(level);
        Assert.That(Read(0x44), Is.EqualTo(1u << 8));
        Write(0x44, 1 << 8);
        Assert.That(Read(0x44), Is.EqualTo(1u << 8), "clearing does not stick");
        Assert.That(events, Is.EqualTo(new[] { true }), "the line did not even flicker");
        pin.Drive(!level);
        Assert.That(Read(0x44), Is.EqualTo(1u << 8), "the event is still there");
        Write(0x44, 1 << 8);
        Assert.That(Read(0x44), Is.Zero);
        Assert.That(events, Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void Enabling_a_level_detector_on_a_level_that_holds_is_an_event()
    {
        Write(0x64, 1);
        Assert.That(Read(0x40), Is.EqualTo(1u));
        Write(0x64, 0);
        Assert.That(Read(0x40), Is.EqualTo(1u), "disabling does not clear");
    }

    [Test]
    public void Outputs_are_detected_like_any_pin_even_the_shortest_pulse_a_driver_makes()
    {
        MakeOutput(17);
        Write(0x4c, 1 << 17);
        Write(0x58, 1 << 17);
        Write(0x1c, 1 << 17);
        Assert.That(Read(0x40), Is.EqualTo(1u << 17));
        Write(0x40, 1 << 17);
        Write(0x28, 1 << 17);
        Assert.That(Read(0x40), Is.EqualTo(1u << 17));
    }

    [TestCase(0, 0)]
    [TestCase(27, 0)]
    [TestCase(28, 1)]
    [TestCase(31, 1)]
    [TestCase(32, 1)]
    [TestCase(45, 1)]
    [TestCase(46, 2)]
    [TestCase(53, 2)]
    public void Each_pin_interrupts_on_its_groups_line_and_on_the_common_one(int pin, int line)
    {
        _gpio.Pins[pin].Drive(false);
        Write(0x7c + pin / 32 * 4, 1u << pin % 32);
        _gpio.Pins[pin].Drive(true);
        Assert.That(_gpio.Interrupts.Select(l => l.Level), Is.EqualTo(new[] { line == 0, line == 1, line == 2, true }));
    }

    [Test]
    public void The_pull_sequence_reaches_the_clocked_pins_only_and_only_at_the_clock()
    {
        Write(0x94, 2);
        Assert.That(Read(0x94), Is.EqualTo(2u));
        Assert.That(_gpio.PullOf(17), Is.EqualTo(PinPull.Down), "nothing yet");
        Write(0x98, 1 << 17);
        Assert.That(Read(0x98), Is.EqualTo(1u << 17));
        Write(0x94, 0);
        Write(0x98, 0);
        Assert.That(_gpio.PullOf(17), Is.EqualTo(PinPull.Up));
        Assert.That(_gpio.Pins[17].Level, Is.True);
        Assert.That(_gpio.PullOf(18), Is.EqualTo(PinPull.Down));

        Write(0x94, 1);
        Write(0x9c, 1 << 21);
        Assert.That((_gpio.PullOf(53), _gpio.PullOf(17)), Is.EqualTo((PinPull.Down, PinPull.Up)), "the other bank's clock stays");
        Write(0x94, 0);
        Write(0x9c, 1 << 21);
        Assert.That(_gpio.PullOf(53), Is.EqualTo(PinPull.None));
    }

    [Test]
    public void The_reserved_pull_is_refused()
    {
        Assert.That(() => Write(0x94, 3), Throws.TypeOf<BusFaultException>());
        Assert.That(Read(0x94), Is.Zero);
        Write(0x94, 0xffff_fffe);
        Assert.That(Read(0x94), Is.EqualTo(2u), "the other bits are unused");
    }

    [Test]
    public void Pins_wired_to_each_other_and_a_button_are_seen()
    {
        using var wire = Wire.Connect(_gpio.Pins[5], _gpio.Pins[50]);
        MakeOutput(5);
        Write(0x28, 1 << 5);
        Assert.That(Read(0x38) >> 18 & 1, Is.Zero, "50's pull-up is weaker than the output");
        Write(0x1c, 1 << 5);
        Assert.That(Read(0x38) >> 18 & 1, Is.EqualTo(1u));

        var button = new Pin("button");
        using var toButton = Wire.Connect(button, _gpio.Pins[5]);
        button.Drive(false);
        Assert.That(_gpio.Pins[5].IsInConflict, Is.True);
        Assert.That(Read(0x34) >> 5 & 1, Is.Zero, "GPLEV is the pad, not the latch");
    }

    [Test]
    public void Reset_is_power_on_again_but_the_wires_stay()
    {
        using var wire = Wire.Connect(_gpio.Pins[5], _gpio.Pins[6]);
        MakeOutput(5);
        Write(0x1c, 0xffff_ffff);
        Write(0x4c, 0xffff_ffff);
        Write(0x70, 0xffff_ffff);
        Write(0x94, 2);
        Write(0x98, 0x0fff_ffff); // not the two that float after a reset: they would keep their charge
        Write(0xb0, 5);
        _gpio.Reset();
        var fresh = new Bcm2835GpioModel();
        foreach (var offset in (int[])[0, 4, 0x34, 0x38, 0x40, 0x44, 0x4c, 0x70, 0x94, 0x98, 0x9c, 0xb0])
            Assert.That(Read(offset), Is.EqualTo((uint)fresh.Read(offset, 4)), $"0x{offset:x}");
        Assert.That(_gpio.Interrupts.Select(l => l.Level), Is.All.False);
        MakeOutput(5);
        Assert.That(_gpio.Pins[6].Level, Is.False, "the latch is 0 again, and the wire holds");
    }

    [Test]
    public void A_change_from_outside_waits_for_the_access_that_the_machine_is_at()
    {
        var gate = new BiasedLock();
        _gpio.Gate = gate;
        Pin button = new("button"), other = new("other");
        using var wire = Wire.Connect(button, _gpio.Pins[20]);
        var second = Wire.Connect(button, _gpio.Pins[21]);
        Action[] changes =
        [
            () => button.Drive(true), () => _gpio.Pins[21].Drive(true), () => button.Pull(PinPull.Up), () => button.Glitch(false),
            () => Wire.Connect(other, button), second.Dispose,
        ];
        foreach (var change in changes)
        {
            var token = gate.Enter();
            var thread = new Thread(() => change());
            thread.Start();
            var done = thread.Join(20);
            gate.Exit(token);
            thread.Join();
            Assert.That(done, Is.False);
        }
        Assert.That((_gpio.Pins[20].Level, other.Level), Is.EqualTo((true, true)));
    }

    /// <summary>A machine's lock around bus accesses on one thread; buttons pressed on two others.</summary>
    [Test]
    public void Pins_in_a_machine_may_be_driven_from_any_thread_and_no_level_or_edge_is_lost()
    {
        var gate = new BiasedLock();
        _gpio.Gate = gate;
        var button = new Pin("button");
        using var wire = Wire.Connect(button, _gpio.Pins[20]);
        MakeOutput(17);
        Write(0x4c, 1 << 20 | 1 << 21);
        var lost = 0;
        using var start = new Barrier(3);
        void Drive(int pin, Action<bool> drive)
        {
            start.SignalAndWait();
            // Nobody else changes this pin, so nobody may change what GPLEV says of it.
            for (var i = 1; i <= 100_001; i++)
            {
                drive((i & 1) != 0);
                var token = gate.Enter();
                if ((Read(0x34) >> pin & 1) != (i & 1)) Interlocked.Increment(ref lost);
                gate.Exit(token);
            }
        }

        Thread[] threads =
        [
            new(() => Drive(20, level => button.Drive(level))),
            new(() => Drive(21, level => _gpio.Pins[21].Drive(level))),
            new(() => Drive(17, level =>
            {
                var token = gate.Enter();
                Write(level ? 0x1c : 0x28, 1 << 17);
                gate.Exit(token);
            })),
        ];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.That(lost, Is.Zero);
        Write(0x28, 1 << 17);
        Assert.That(Read(0x34), Is.EqualTo(0x0030_01ffu));
        Assert.That(Read(0x40), Is.EqualTo(0x0030_0000u));
    }

    [Test]
    public void Setting_and_clearing_allocates_nothing()
    {
        MakeOutput(17);
        Write(0x4c, 1 << 17);
        Write(0x1c, 1 << 17);
        Write(0x28, 1 << 17);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _gpio.Write(0x1c, 4, 1 << 17);
            _gpio.Write(0x28, 4, 1 << 17);
            _gpio.Read(0x34, 4);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    /// <summary>Random accesses and outside drive against a model that keeps one object a pin and no masks.</summary>
    [Test]
    public void Random_sequences_agree_with_a_naive_pin_by_pin_model([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var naive = new NaiveGpio();
        int[] offsets =
        [
            0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x1c, 0x20, 0x28, 0x2c, 0x40, 0x44, 0x4c, 0x50, 0x58, 0x5c, 0x64, 0x68,
            0x70, 0x74, 0x7c, 0x80, 0x88, 0x8c, 0x94, 0x98, 0x9c,
        ];
        for (var step = 0; step < 2000; step++)
        {
            if (random.Next(3) == 0)
            {
                var pin = random.Next(54);
                bool? level = random.Next(3) switch { 0 => null, 1 => true, _ => false };
                _gpio.Pins[pin].Drive(level);
                naive.Drive(pin, level);
            }
            else
            {
                var offset = offsets[random.Next(offsets.Length)];
                var value = (uint)random.NextInt64(1L << 32);
                if (random.Next(2) == 0) value &= (uint)random.NextInt64(1L << 32) & (uint)random.NextInt64(1L << 32);
                if (offset == 0x94) value = (uint)random.Next(3);
                Write(offset, value);
                naive.Write(offset, value);
            }
            Assert.That(Read(0x34), Is.EqualTo(naive.Bits(p => p.Level, 0)), $"GPLEV0, step {step}");
            Assert.That(Read(0x38), Is.EqualTo(naive.Bits(p => p.Level, 1)), $"GPLEV1, step {step}");
            Assert.That(Read(0x40), Is.EqualTo(naive.Bits(p => p.Event, 0)), $"GPEDS0, step {step}");
            Assert.That(Read(0x44), Is.EqualTo(naive.Bits(p => p.Event, 1)), $"GPEDS1, step {step}");
            Assert.That(_gpio.Interrupts[3].Level, Is.EqualTo(naive.Pins.Any(p => p.Event)));
        }
    }
}
