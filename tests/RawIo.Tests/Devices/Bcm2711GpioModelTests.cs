using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2711GpioModelTests
{
    private Bcm2711GpioModel _gpio = null!;

    [SetUp]
    public void PowerOn() => _gpio = new Bcm2711GpioModel();

    private uint Read(int offset) => (uint)_gpio.Read(offset, 4);

    private void Write(int offset, uint value) => _gpio.Write(offset, 4, value);

    [Test]
    public void The_pull_registers_reset_to_the_datasheets_values()
    {
        Assert.That((Read(0xe4), Read(0xe8), Read(0xec), Read(0xf0)),
            Is.EqualTo((0xaaa9_5555u, 0xa0aa_aaaau, 0x50aa_a95au, 0x0005_5555u)));
        Assert.That(_gpio.Compatible, Is.EqualTo(new[] { "brcm,bcm2711-gpio" }));
        Assert.That((_gpio.Name, _gpio.LeavesOut.Length > 0, Bcm2711GpioModel.Length), Is.EqualTo(("BCM2711 GPIO", true, 0xf4)));
    }

    [Test]
    public void Two_bits_a_pin_set_the_pull_at_once()
    {
        Write(0xe8, Read(0xe8) & ~(3u << 2) | 1u << 2);
        Assert.That((_gpio.PullOf(17), _gpio.Pins[17].Level), Is.EqualTo((PinPull.Up, true)));
        Assert.That(_gpio.PullOf(16), Is.EqualTo(PinPull.Down));
        Write(0xe8, Read(0xe8) & ~(3u << 2) | 2u << 2);
        Assert.That((_gpio.PullOf(17), _gpio.Pins[17].Level), Is.EqualTo((PinPull.Down, false)));
        Write(0xe8, Read(0xe8) & ~(3u << 2));
        Assert.That(_gpio.PullOf(17), Is.EqualTo(PinPull.None));
    }

    [Test]
    public void There_are_58_pins()
    {
        Assert.That(_gpio.Pins, Has.Count.EqualTo(58));
        Write(0xf0, 0xffff_ffff);
        Assert.That(Read(0xf0), Is.EqualTo(0x000f_ffffu));
        Write(0x14, 0xffff_ffff);
        Assert.That(Read(0x14), Is.EqualTo(0x00ff_ffffu));
        Write(0x8c, 0xffff_ffff);
        Assert.That(Read(0x8c), Is.EqualTo(0x03ff_ffffu));
        _gpio.Pins[57].Drive(true);
        _gpio.Pins[57].Drive(false);
        Assert.That(_gpio.InterruptLines.Select(l => l.Level), Is.EqualTo(new[] { false, false, true, true }));
    }

    [Test]
    public void The_old_pull_sequence_is_kept_and_does_nothing()
    {
        Write(0x94, 2);
        Write(0x98, 0xffff_ffff);
        Assert.That((Read(0x94), Read(0x98)), Is.EqualTo((2u, 0xffff_ffffu)));
        Assert.That(Read(0xe4), Is.EqualTo(0xaaa9_5555u));
        Assert.That(_gpio.PullOf(17), Is.EqualTo(PinPull.Down));
    }

    [Test]
    public void Reset_brings_the_pulls_back()
    {
        Write(0xe4, 0);
        _gpio.Reset();
        Assert.That((Read(0xe4), _gpio.PullOf(2)), Is.EqualTo((0xaaa9_5555u, PinPull.Up)));
    }

    [Test]
    public void Words_without_a_register_are_refused()
    {
        foreach (var offset in (int[])[0x18, 0xa0, 0xb0, 0xb4, 0xe0, 0xf4])
        {
            Assert.That(() => Read(offset), Throws.TypeOf<BusFaultException>());
            Assert.That(() => Write(offset, 0), Throws.TypeOf<BusFaultException>());
        }
    }
}
