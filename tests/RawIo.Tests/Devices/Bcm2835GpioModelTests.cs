using RawIo.Sim;

namespace RawIo.Tests;

public partial class Bcm2835GpioModelTests
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
        Assert.That(_gpio.InterruptLines.Select(l => l.Level), Is.All.False);
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
        Assert.That(_gpio.InterruptLines.Select(l => l.Level), Is.All.False);
        MakeOutput(5);
        Assert.That(_gpio.Pins[6].Level, Is.False, "the latch is 0 again, and the wire holds");
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
}
