using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class Rp1GpioTests
{
    [Test]
    public void The_driver_finds_its_block_on_the_pi5_and_drives_reads_and_pulls_every_pin()
    {
        using var pi = SimMachine.Create("pi5", new() { SteppedClock = true });
        var node = pi.DeviceTree!.Nodes.Single(n => n.Compatible.Contains("raspberrypi,rp1-gpio"));
        Assert.That(node.Resources.Select(r => (r.Start, r.Size)), Is.EqualTo(new[] { (0x1f_000d_0000ul, 0xc000ul), (0x1f_000e_0000ul, 0xc000ul), (0x1f_000f_0000ul, 0xc000ul) }));
        var gpio = new Rp1Gpio(pi.IoRemap(node.Resources[0].Start, 0x2_c000));
        var pins = pi.Device<Rp1GpioModel>().Pins;
        for (var pin = 0; pin < Rp1Gpio.PinCount; pin++)
        {
            Assert.That((gpio.GetFunction(pin), gpio.IsOutput(pin), gpio.GetPull(pin)), Is.EqualTo((31, false, pin is < 9 or 30 or 31 or 52 ? GpioPull.Up : GpioPull.Down)));
            gpio.SetOutput(pin, true);
            Assert.That((pins[pin].Level, gpio.Read(pin), gpio.IsOutput(pin), gpio.GetFunction(pin)), Is.EqualTo((true, true, true, 5)));
            gpio.Toggle(pin);
            Assert.That(pins[pin].Level, Is.False);
            gpio.Write(pin, true);
            Assert.That(pins[pin].Level, Is.True);
            gpio.SetInput(pin);
            Assert.That(gpio.IsOutput(pin), Is.False);
            foreach (var pull in new[] { GpioPull.Up, GpioPull.Down, GpioPull.None })
            {
                gpio.SetPull(pin, pull);
                Assert.That((gpio.GetPull(pin), gpio.Read(pin)), Is.EqualTo((pull, pull == GpioPull.Up)));
            }
            pins[pin].Drive(true);
            Assert.That(gpio.Read(pin), Is.True);
        }
        Assert.That(pi.Faults.Count, Is.Zero);
    }

    [Test]
    public void Wrong_arguments_are_named()
    {
        using var pi = SimMachine.Create("pi5");
        using var io = pi.IoRemap(0x1f_000d_0000, 0x2_c000);
        Assert.That(() => new Rp1Gpio(io.Window(0, 0x1000)), Throws.ArgumentException);
        var gpio = new Rp1Gpio(io);
        Assert.That(() => gpio.Read(54), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 53"));
        Assert.That(() => gpio.Write(-1, true), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => gpio.SetFunction(1, 9), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => gpio.SetPull(1, (GpioPull)7), Throws.TypeOf<ArgumentOutOfRangeException>());
        gpio.SetFunction(1, 31);
        Assert.That(gpio.GetFunction(1), Is.EqualTo(31));
    }

    [Test]
    public void The_board_has_its_RAM_below_and_its_devices_above()
    {
        using var pi = SimMachine.Create("pi5", new() { SteppedClock = true });
        Assert.That(pi.Memory.ToProcText(), Does.Contain("00000000-3fbfffff : System RAM").And.Contain("40000000-ffffffff : System RAM").And.Contain("1f000d0000-1f000dbfff : gpio@d0000"));
        var mailbox = new VideoCoreMailbox(pi.IoRemap(0x10_7c01_3880, 0x40), pi.PhysicalMemory.Window(0x10_0000, 0x1000), 0xc010_0000, new SteppingTime(pi));
        Assert.That((mailbox.GetBoardRevision(), mailbox.GetArmMemory().Length), Is.EqualTo((0xc0_4170u, 0x3fc0_0000u)));
        using var timer = pi.IoRemap(0x10_7c00_3000, 0x20);
        var before = timer.Read32(4);
        pi.Clock.Step(5000);
        Assert.That(timer.Read32(4) - before, Is.EqualTo(5u));
        Assert.That(pi.Device<Rng200Model>(), Is.Not.Null);
    }
}
