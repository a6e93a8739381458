using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>RP1 Peripherals, chapter 3; offsets as in drivers/pinctrl/pinctrl-rp1.c.</summary>
public class Rp1GpioModelTests
{
    private const int Rio = 0x1_0000, Pads = 0x2_0000, Xor = 0x1000, Set = 0x2000, Clr = 0x3000;
    private const int Inte = 0x11c, Intf = 0x120, Ints = 0x124, Intr = 0x100;
    private const uint IrqReset = 1 << 28, Falling = 1 << 20, Rising = 1 << 21, Low = 1 << 22, High = 1 << 23;

    private Rp1GpioModel _gpio = null!;

    [SetUp]
    public void PowerOn() => _gpio = new Rp1GpioModel();

    private uint Read(int offset) => (uint)_gpio.Read(offset, 4);

    private void Write(int offset, uint value) => _gpio.Write(offset, 4, value);

    // Of a pin: its bank's offset, its number in the bank, and its registers.
    private static (int Bank, int Index) Place(int pin) => pin < 28 ? (0, pin) : pin < 34 ? (0x4000, pin - 28) : (0x8000, pin - 34);

    private static int Ctrl(int pin) => Place(pin).Bank + Place(pin).Index * 8 + 4;

    private static int Pad(int pin) => Pads + Place(pin).Bank + 4 + Place(pin).Index * 4;

    private static int RioOf(int pin, int register) => Rio + Place(pin).Bank + register;

    private static uint Bit(int pin) => 1u << Place(pin).Index;

    /// <summary>A plain pin with its input on.</summary>
    private void Enable(int pin)
    {
        Write(Ctrl(pin), Read(Ctrl(pin)) & ~0x1fu | 5);
        Write(Pad(pin), Read(Pad(pin)) & ~0x80u | 0x40);
    }

    [Test]
    public void At_power_on_the_pins_have_no_function_and_their_pulls()
    {
        for (var pin = 0; pin < 54; pin++)
        {
            var isUp = pin is < 9 or 30 or 31 or 52;
            Assert.That((Read(Ctrl(pin)), Read(Pad(pin))), Is.EqualTo((0x9fu, isUp ? 0x9au : 0x96u)), $"{pin}");
            Assert.That(_gpio.Pins[pin].Level, Is.EqualTo(isUp));
            Assert.That(Read(Ctrl(pin) - 4), Is.EqualTo(Low | Low << 4), "the input is off, and low");
        }
        Assert.That((_gpio.Name, _gpio.Compatible[0], _gpio.DecodedLength, _gpio.LeavesOut.Length > 0, _gpio.InterruptLines.Count, _gpio.Pins.Count),
            Is.EqualTo(("RP1 GPIO", "raspberrypi,rp1-gpio", 0x2c000, true, 3, 54)));
    }

    [Test]
    public void Every_pin_is_driven_and_read_at_its_own_bit()
    {
        for (var pin = 0; pin < 54; pin++) Enable(pin);
        for (var pin = 0; pin < 54; pin++)
        {
            Write(RioOf(pin, 0x04) + Set, Bit(pin));
            Write(RioOf(pin, 0x00) + Set, Bit(pin));
            Assert.That((_gpio.Pins[pin].Level, Read(RioOf(pin, 0x08)) & Bit(pin), Read(RioOf(pin, 0x0c)) & Bit(pin)), Is.EqualTo((true, Bit(pin), Bit(pin))));
            Write(RioOf(pin, 0x00) + Clr, Bit(pin));
            Assert.That((_gpio.Pins[pin].Level, Read(RioOf(pin, 0x08)) & Bit(pin)), Is.EqualTo((false, 0u)));
            Write(RioOf(pin, 0x00) + Xor, Bit(pin));
            Assert.That(_gpio.Pins[pin].Level, Is.True);
        }
        Assert.That((Read(Rio), Read(Rio + 0x4000), Read(Rio + 0x8000)), Is.EqualTo((0x0fff_ffffu, 0x3fu, 0xf_ffffu)));
        Write(Rio + 4, 0);
        Assert.That((_gpio.Pins[0].Level, _gpio.Pins[27].Level, _gpio.Pins[28].Level), Is.EqualTo((true, false, true)), "back to their pulls, bank 0 alone");
    }

    [Test]
    public void The_aliases_exchange_set_and_clear_in_every_block_and_read_the_same()
    {
        foreach (var offset in new[] { Rio, Rio + 4, Pads + 4, 0x004, Inte, Intf })
        {
            Write(offset, 0x0f);
            Write(offset + Xor, 0x05);
            Assert.That(Read(offset), Is.EqualTo(0x0au), $"0x{offset:x}");
            Write(offset + Set, 0x41);
            Assert.That(Read(offset + Xor), Is.EqualTo(0x4bu));
            Write(offset + Clr, 0x09);
            Assert.That((Read(offset), Read(offset + Set), Read(offset + Clr)), Is.EqualTo((0x42u, 0x42u, 0x42u)));
        }
    }

    [Test]
    public void Without_SYS_RIO_or_with_OD_nothing_is_driven_and_without_IE_nothing_is_read()
    {
        Write(Rio + 4, 1 << 20);
        Write(Rio, 1 << 20);
        Assert.That(_gpio.Pins[20].Level, Is.False, "no function");
        Write(Ctrl(20), 5);
        Assert.That(_gpio.Pins[20].Level, Is.False, "output disabled");
        Write(Pad(20), 0x16);
        Assert.That((_gpio.Pins[20].Level, Read(Rio + 8)), Is.EqualTo((true, 0u)));
        Write(Pad(20), 0x56);
        Assert.That((Read(Rio + 8), Read(Ctrl(20) - 4)), Is.EqualTo((1u << 20, 0x000f_3300u | High | High << 4 | Rising | Rising << 4)));
    }

    [Test]
    public void Overrides_change_output_enable_and_input()
    {
        Enable(20);
        foreach (var (over, level) in new[] { (0u, false), (1u, true), (2u, false), (3u, true) })
        {
            Write(Ctrl(20), over << 12 | 3 << 14 | 5);
            Assert.That(_gpio.Pins[20].Level, Is.EqualTo(level), $"OUTOVER {over}");
        }
        _gpio.Pins[20].Pull(PinPull.None);
        Write(Pad(20), 0x5a);
        foreach (var (over, driven) in new[] { (0u, false), (1u, true), (2u, false), (3u, true) })
        {
            Write(Ctrl(20), over << 14 | 5);
            Assert.That(_gpio.Pins[20].Level, Is.EqualTo(!driven), $"OEOVER {over}: low against the pull to the supply");
        }
        Write(Ctrl(20), 5);
        foreach (var (over, input) in new[] { (0u, true), (1u, false), (2u, false), (3u, true) })
        {
            Write(Ctrl(20), over << 16 | 5);
            Assert.That(Read(Rio + 8) >> 20 & 1, Is.EqualTo(input ? 1u : 0), $"INOVER {over}");
        }
    }

    [Test]
    public void Pulls_follow_the_pad()
    {
        foreach (var (pad, level) in new[] { (0x48u, true), (0x44u, false), (0x4cu, false), (0x48u, true), (0x40u, true) })
        {
            Write(Pad(20), pad);
            Assert.That(_gpio.Pins[20].Level, Is.EqualTo(level), $"{pad:x}: with both or none the last level stays");
        }
        Write(Pads + 0x8000, 3);
        Assert.That(Read(Pads + 0x8000), Is.EqualTo(1u), "VOLTAGE_SELECT");
    }

    [TestCase(17, 0)]
    [TestCase(29, 1)]
    [TestCase(53, 2)]
    public void Edges_are_kept_and_raise_the_banks_line_until_they_are_reset(int pin, int line)
    {
        Enable(pin);
        Write(Ctrl(pin) + Set, IrqReset);
        var (bank, bit) = (Place(pin).Bank, Bit(pin));
        Write(Ctrl(pin) + Set, Rising);
        Write(bank + Inte + Set, bit);
        _gpio.Pins[pin].Drive(true);
        Assert.That((_gpio.InterruptLines[line].Level, Read(bank + Ints), Read(bank + Intr), Read(bank + 0x10c)), Is.EqualTo((true, bit, bit, 0u)));
        Assert.That(Read(Ctrl(pin) - 4) >> 20, Is.EqualTo(0x3aau), "rising, high, the same filtered, combined, to the processors");
        Assert.That(_gpio.InterruptLines.Count(l => l.Level), Is.EqualTo(1));
        _gpio.Pins[pin].Drive(false);
        Assert.That(_gpio.InterruptLines[line].Level, Is.True, "the edge stays");
        Write(Ctrl(pin) + Set, IrqReset);
        Assert.That((_gpio.InterruptLines[line].Level, Read(bank + Ints), Read(Ctrl(pin)) & IrqReset), Is.EqualTo((false, 0u, 0u)));
        _gpio.Pins[pin].Drive(true);
        Write(bank + Inte + Clr, bit);
        Assert.That((_gpio.InterruptLines[line].Level, Read(bank + Intr)), Is.EqualTo((false, bit)));
        Write(bank + Intf, 1);
        Assert.That((_gpio.InterruptLines[line].Level, Read(bank + Ints)), Is.EqualTo((true, 1u)), "forced");
    }

    [Test]
    public void Levels_are_interrupts_while_they_hold_and_IRQOVER_overrides()
    {
        Enable(4);
        Write(Inte, 1 << 4);
        Write(Ctrl(4), 5 | Low);
        Assert.That(_gpio.InterruptLines[0].Level, Is.False);
        _gpio.Pins[4].Drive(false);
        Assert.That(_gpio.InterruptLines[0].Level, Is.True);
        Write(Ctrl(4) + Set, IrqReset);
        Assert.That(_gpio.InterruptLines[0].Level, Is.True, "a level is not to be reset");
        Write(Ctrl(4), 5 | High);
        Assert.That(_gpio.InterruptLines[0].Level, Is.False);
        Write(Ctrl(4), 5 | 3u << 30);
        Assert.That((_gpio.InterruptLines[0].Level, Read(Ctrl(4) - 4) >> 28 & 3), Is.EqualTo((true, 2u)));
        Write(Ctrl(4), 5 | 1u << 30);
        Assert.That(_gpio.InterruptLines[0].Level, Is.True);
        Write(Ctrl(4), 5 | High | Low | 2u << 30);
        Assert.That(_gpio.InterruptLines[0].Level, Is.False);
        Write(Ctrl(4), 5 | Falling);
        Write(Ctrl(4) + Set, IrqReset);
        _gpio.Pins[4].Drive(true);
        _gpio.Pins[4].Glitch(false);
        Assert.That((_gpio.InterruptLines[0].Level, Read(Ctrl(4) - 4) >> 20 & 0xff), Is.EqualTo((true, 0xabu)), "the filter keeps a pulse away");
    }

    [TestCase(0x0e0)]
    [TestCase(0x128)]
    [TestCase(0x4030)]
    [TestCase(0x80a0)]
    [TestCase(0xc000)]
    [TestCase(0x1_0010)]
    [TestCase(0x2_0074)]
    [TestCase(0x2_401c)]
    [TestCase(0x2_c000 - 4)]
    public void There_are_holes(int offset)
    {
        Assert.That(() => Read(offset), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(offset, 0), Throws.TypeOf<BusFaultException>());
    }

    [TestCase(0x000)]
    [TestCase(0x100)]
    [TestCase(0x10c)]
    [TestCase(0x124)]
    [TestCase(0x1_0008)]
    [TestCase(0x1_000c)]
    public void What_is_read_only_refuses_writes(int offset)
    {
        _ = Read(offset);
        Assert.That(() => Write(offset, 1), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void A_snapshot_has_the_registers_and_the_edges_but_not_the_world()
    {
        Enable(17);
        Write(Ctrl(17), 5 | Rising | IrqReset);
        Write(Inte, 1 << 17);
        _gpio.Pins[17].Drive(true);
        Write(Rio + 4, 1);
        Enable(0);
        var saved = _gpio.Save();
        _gpio.Reset();
        Assert.That((_gpio.InterruptLines[0].Level, _gpio.Pins[0].Level, Read(Inte), Read(Ctrl(17))), Is.EqualTo((false, true, 0u, 0x9fu)));
        _gpio.Pins[17].Drive(false);
        for (var i = 0; i < 2; i++)
        {
            _gpio.Restore(saved);
            Assert.That((_gpio.InterruptLines[0].Level, _gpio.Pins[0].Level, Read(Inte), Read(Ctrl(17)), Read(Rio + 8) >> 17 & 1),
                Is.EqualTo((true, false, 1u << 17, 5 | Rising, 0u)));
        }
    }
}
