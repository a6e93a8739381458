using System.Diagnostics;
using RawIo.Drivers;

namespace RawIo.Metal;

/// <summary>The blocks of a Raspberry Pi 3, by our drivers, found from the device tree.</summary>
internal static class PiChecks
{
    public static IEnumerable<Check> Any() =>
    [
        Check.Of(Board_and_base_come_from_the_device_tree),
        Check.Of(What_the_kernel_holds_is_what_the_device_tree_has),
        Check.Of(The_system_timer_runs_at_1_MHz),
        Check.Of(The_system_timers_drivers_delay_lasts_as_long_as_it_says),
        Check.Of(The_random_number_generator_gives_numbers),
        Check.Of(A_misaligned_access_is_refused_before_it_faults),
        Check.Of(A_pi_has_no_ports),
    ];

    public static IEnumerable<Check> Strict() => [Check.Of(The_gpio_that_the_kernel_holds_is_refused_and_the_holder_named)];

    private static void Board_and_base_come_from_the_device_tree()
    {
        using var host = HostMachine.Open();
        var tree = host.DeviceTree!;
        Assert.That(tree.Model, Does.StartWith("Raspberry Pi 3 Model B"));
        Assert.That(tree.Compatible, Does.Contain("raspberrypi,3-model-b").And.Contain("brcm,bcm2837"));
        Assert.That(Block(host, "brcm,bcm2835-gpio").Resources[0].Start, Is.EqualTo(0x3f200000));
        Assert.That(Block(host, "brcm,bcm2835-system-timer").Resources[0].Start, Is.EqualTo(0x3f003000));
    }

    private static void What_the_kernel_holds_is_what_the_device_tree_has()
    {
        using var host = HostMachine.Open();
        var matched = 0;
        foreach (var resource in host.Memory.All())
        {
            // The kernel names a claim of a device tree's device "ADDRESS.name ...": 3f200000.gpio.
            if (resource.Name is not { } name || name.IndexOf('.', StringComparison.Ordinal) is not 8 || resource.Start < 0x3f000000) continue;
            var node = host.DeviceTree!.Nodes.FirstOrDefault(n => n.Reg.Count > 0 && n.Resources.Any(r => r.Start == resource.Start && r.Size == resource.Size));
            Assert.That(node, Is.Not.Null, $"{resource}");
            matched++;
        }
        Assert.That(matched, Is.GreaterThan(4));
        Assert.That(host.Memory.Lookup(0x3f200000)?.Name, Does.StartWith("3f200000.gpio"));
    }

    private static void The_system_timer_runs_at_1_MHz()
    {
        using var host = HostMachine.Open();
        using var region = host.RequestMemRegion(0x3f003000, 0x1000, "lab");
        var timer = new Bcm2835SystemTimer(region.Map(), host.Time);
        // The emulator may stop for moments between two readings: the best of five.
        var worst = 0d;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var (clock, start) = (Stopwatch.StartNew(), timer.Read());
            while (clock.ElapsedMilliseconds < 500) Thread.Sleep(1);
            var counted = (timer.Read() - start) / clock.Elapsed.TotalMicroseconds;
            if (counted is > 0.99 and < 1.01) return;
            worst = counted;
        }
        Assert.Fail($"it counts {worst} a microsecond");
    }

    private static void The_system_timers_drivers_delay_lasts_as_long_as_it_says()
    {
        using var host = HostMachine.Open();
        using var bus = new PlatformBus(host);
        bus.Register(new Bcm2835SystemTimerPlatformDriver());
        var timer = bus.Find<Bcm2835SystemTimer>();
        var clock = Stopwatch.StartNew();
        timer.Delay(TimeSpan.FromMilliseconds(20));
        Assert.That(clock.Elapsed.TotalMilliseconds, Is.InRange(19.9, 1000));
    }

    private static void The_random_number_generator_gives_numbers()
    {
        using var host = HostMachine.Open();
        using var bus = new PlatformBus(host);
        bus.Register(new Bcm2835RngPlatformDriver());
        var rng = bus.Find<Bcm2835Rng>();
        var words = new byte[4 * 64];
        rng.Read(words);
        Assert.That(words.Chunk(4).Select(w => BitConverter.ToUInt32(w)).Distinct().Count(), Is.GreaterThan(60));
    }

    private static void A_misaligned_access_is_refused_before_it_faults()
    {
        using var host = HostMachine.Open();
        using var timer = host.IoRemap(0x3f003000, 0x20);
        foreach (var offset in new[] { 1, 2, 3 }) Assert.Throws<DataMisalignedException>(() => timer.Read32(offset));
        Assert.Throws<DataMisalignedException>(() => timer.Write16(0x11, 0));
        Assert.Throws<DataMisalignedException>(() => timer.Read64(4));
        using var odd = host.IoRemap(0x3f003001, 16);
        Assert.Throws<DataMisalignedException>(() => odd.Read32(0), "the offset is aligned, the address is not");
        Assert.DoesNotThrow(() => odd.Read8(3));
    }

    private static void A_pi_has_no_ports()
    {
        using var host = HostMachine.Open();
        var error = Assert.Throws<RawIoException>(() => host.OpenPorts(0x60, 1))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.ENXIO));
        Assert.That(error.Message, Does.Contain("x86"));
    }

    private static void The_gpio_that_the_kernel_holds_is_refused_and_the_holder_named()
    {
        using var host = HostMachine.Open();
        var error = Assert.Throws<RawIoException>(() => host.IoRemap(0x3f200000, 0xb4))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.EPERM));
        Assert.That(error.Message, Does.Contain("3f200000.gpio").And.Contain("CONFIG_IO_STRICT_DEVMEM").And.Contain("iomem=relaxed").And.Contain("pinctrl-bcm2835"));
    }

    public static DeviceTreeNode Block(IHardware host, string compatible) =>
        host.DeviceTree!.Nodes.First(node => node.Compatible.Contains(compatible));
}
