using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The drivers as a user gets them: found in a board's device tree, claimed, mapped, probed.</summary>
public class Bcm2835PlatformTests
{
    private static SimMachine Board(string name) => SimMachine.Create(name, new SimOptions { SteppedClock = true });

    private static T DriverOf<T>(IReadOnlyList<PlatformDevice> devices)
    {
        Assert.That(devices, Has.Count.EqualTo(1));
        return (T)devices[0].DriverData!;
    }

    [TestCase("pi1", 0x2020_0000UL)]
    [TestCase("pi3", 0x3f20_0000UL)]
    [TestCase("pi4", 0xfe20_0000UL)]
    public void The_same_gpio_driver_finds_claims_and_drives_its_block_on_every_board(string board, ulong address)
    {
        using var machine = Board(board);
        using var bus = new PlatformBus(machine);
        var driver = new Bcm2835GpioPlatformDriver();
        var gpio = DriverOf<Bcm2835Gpio>(bus.Register(driver));
        Assert.That(machine.Memory.Lookup(address)!.Name, Is.EqualTo($"{address:x}.gpio gpio@7e200000"));
        Assert.That(machine.Memory.Lookup(address)!.Size, Is.EqualTo(0xb4UL));

        gpio.SetFunction(16, GpioFunction.Output);
        gpio.Set(16);
        Assert.That((gpio.Read(16), machine.Device<Bcm2835GpioModel>().Pins[16].Level), Is.EqualTo((true, true)));

        gpio.SetPull(17, GpioPull.Up);
        Assert.That(gpio.Read(17), Is.True);
        gpio.SetPull(17, GpioPull.Down);
        Assert.That(gpio.Read(17), Is.False);
        Assert.That(gpio.GetPull(17), Is.EqualTo(board == "pi4" ? GpioPull.Down : (GpioPull?)null));
        Assert.That(gpio.PinCount, Is.EqualTo(board == "pi4" ? 58 : 54));

        bus.Unregister(driver);
        Assert.That(machine.Memory.Lookup(address)!.Name, Is.EqualTo("gpio@7e200000"), "the claim is gone");
        Assert.That(() => gpio.Read(16), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void The_rng_is_probed_as_in_the_chapter_and_switched_off_when_removed()
    {
        using var machine = Board("pi3");
        using var bus = new PlatformBus(machine);
        var driver = new Bcm2835RngPlatformDriver();
        var rng = DriverOf<Bcm2835Rng>(bus.Register(driver));
        Assert.That(machine.Memory.Lookup(0x3f10_4000)!.Name, Is.EqualTo("3f104000.rng rng@7e104000"));
        Assert.That((machine.PhysicalMemory.Read32(0x3f10_4000), machine.PhysicalMemory.Read32(0x3f10_4004)), Is.EqualTo((1u, 0x40000u)));

        machine.Clock.Step(300_000_000);
        var bytes = new byte[16];
        rng.Read(bytes);
        Assert.That(bytes.Distinct().Count(), Is.GreaterThan(4));
        Assert.That(() => rng.Read(bytes), Throws.TypeOf<RawIoException>().With.Message.Contains("stands still"),
            "on a stepped clock nobody makes more");

        bus.Unregister(driver);
        Assert.That(machine.PhysicalMemory.Read32(0x3f10_4000), Is.Zero);
        Assert.That(() => rng.Read(bytes), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void A_region_that_somebody_holds_fails_the_probe_and_touches_nothing()
    {
        using var machine = Board("pi3");
        using var claim = machine.RequestMemRegion(0x3f10_4000, 0x10, "somebody");
        using var bus = new PlatformBus(machine);
        Assert.That(bus.Register(new Bcm2835RngPlatformDriver()), Is.Empty);
        var device = bus.Devices.Single(d => d.Name == "3f104000.rng");
        Assert.That(device.ProbeError, Is.TypeOf<ResourceBusyException>().With.Message.Contains("somebody"));
        Assert.That(machine.PhysicalMemory.Read32(0x3f10_4000), Is.Zero);
    }

    [Test]
    public void The_Pi_4s_rng_is_another_device()
    {
        using var machine = Board("pi4");
        using var bus = new PlatformBus(machine);
        Assert.That(bus.Register(new Bcm2835RngPlatformDriver()), Is.Empty);
    }

    [TestCase("pi1")]
    [TestCase("pi3")]
    [TestCase("pi4")]
    public void The_system_timer_counts_the_machines_time_and_interrupts_on_it(string board)
    {
        using var machine = Board(board);
        using var bus = new PlatformBus(machine);
        var timer = DriverOf<Bcm2835SystemTimer>(bus.Register(new Bcm2835SystemTimerPlatformDriver()));
        var start = timer.Read();
        machine.Clock.Step(1_234_567_000);
        Assert.That(timer.Read() - start, Is.EqualTo(1_234_567UL));

        var model = machine.Device<Bcm2835SystemTimerModel>();
        var rose = -1L;
        model.InterruptLines[1].Changed += _ => rose = machine.Clock.Now;
        model.InterruptLines[1].Want(true);
        var before = machine.Clock.Now;
        timer.SetCompare(1, timer.ReadLow() + 500);
        Assert.That(machine.Clock.StepToNextTimer(), Is.True);
        Assert.That(rose - before, Is.EqualTo(500_000));
        Assert.That(timer.HasMatched(1), Is.True);
    }
}
