using RawIo.Drivers;

namespace RawIo.Metal;

/// <summary>The GPIO block of a Raspberry Pi 3, booted with iomem=relaxed because the kernel's driver holds it. QEMU has its functions and levels; pulls and events it does not keep, as one check measures.</summary>
internal static class PiGpioChecks
{
    public static IEnumerable<Check> All() =>
    [
        Check.Of(The_kernels_driver_is_named_to_who_claims_the_gpio),
        Check.Of(Force_claims_it_all_the_same_and_says_so),
        Check.Of(Functions_sets_and_levels),
        Check.Of(The_chapters_loopback_of_an_output_reads_what_was_written),
        Check.Of(The_emulated_block_keeps_no_events_and_no_pulls),
    ];

    private static void The_kernels_driver_is_named_to_who_claims_the_gpio()
    {
        using var host = HostMachine.Open();
        var error = Assert.Throws<ResourceBusyException>(() => host.RequestMemRegion(0x3f200000, 0xb4, "lab"))!;
        Assert.That(error.Holder.Name, Does.StartWith("3f200000.gpio"));
        Assert.That(error.Message, Does.Contain("/sys/bus/platform/drivers/pinctrl-bcm2835/unbind"));
    }

    private static void Force_claims_it_all_the_same_and_says_so()
    {
        var warnings = new List<string>();
        using var host = HostMachine.Open(new() { Force = true, Warn = warnings.Add });
        using var region = host.RequestMemRegion(0x3f200000, 0xb4, "lab");
        Assert.That(warnings.Count, Is.EqualTo(1));
        Assert.That(warnings[0], Does.Contain("by force").And.Contain("3f200000.gpio"));
    }

    private static void Functions_sets_and_levels()
    {
        using var host = HostMachine.Open();
        using var registers = host.IoRemap(0x3f200000, 0xb4);
        var gpio = new Bcm2835Gpio(registers);
        foreach (var pin in new[] { 4, 17, 27, 35 })
        {
            var before = gpio.GetFunction(pin);
            var others = Others(gpio, pin);
            gpio.SetFunction(pin, GpioFunction.Output);
            Assert.That(gpio.GetFunction(pin), Is.EqualTo(GpioFunction.Output));
            foreach (var level in new[] { true, false, true, true, false })
            {
                gpio.Write(pin, level);
                Assert.That(gpio.Read(pin) == level, Is.True, $"pin {pin} was driven {level}");
            }
            gpio.SetFunction(pin, before);
            Assert.That(Others(gpio, pin), Is.EqualTo(others), "the other pins' functions");
        }
    }

    private static string Others(Bcm2835Gpio gpio, int pin) =>
        string.Join(' ', Enumerable.Range(0, 54).Where(p => p != pin).Select(p => $"{p}:{gpio.GetFunction(p)}"));

    private static void The_chapters_loopback_of_an_output_reads_what_was_written()
    {
        // GPIO 17 by the chapter's own offsets: GPFSEL1, GPSET0, GPCLR0, GPLEV0.
        using var host = HostMachine.Open();
        using var io = host.IoRemap(0x3f200000, 0x1000);
        var fsel = io.Read32(0x04);
        io.Write32(0x04, fsel & ~(7u << 21) | 1u << 21);
        io.Write32(0x1c, 1u << 17);
        Assert.That(io.Read32(0x34) >> 17 & 1, Is.EqualTo(1));
        io.Write32(0x28, 1u << 17);
        Assert.That(io.Read32(0x34) >> 17 & 1, Is.Zero);
        io.Write32(0x04, fsel);
        Assert.That(io.Read32(0x04), Is.EqualTo(fsel));
    }

    // Not the chip's but QEMU's, measured: other checks lean on it. If it fails, QEMU has learned it, and they can ask for more.
    private static void The_emulated_block_keeps_no_events_and_no_pulls()
    {
        using var host = HostMachine.Open();
        using var io = host.IoRemap(0x3f200000, 0xb4);
        var fsel = io.Read32(0x04);
        io.Write32(0x28, 1u << 17);
        io.Write32(0x04, fsel & ~(7u << 21) | 1u << 21);
        foreach (var (name, offset) in new[] { ("GPREN0", 0x4c), ("GPFEN0", 0x58), ("GPHEN0", 0x64), ("GPLEN0", 0x70), ("GPAREN0", 0x7c), ("GPAFEN0", 0x88), ("GPPUDCLK0", 0x98) })
        {
            io.Write32(offset, 1u << 17);
            Assert.That(io.Read32(offset), Is.Zero, name);
        }
        io.Write32(0x94, 2);
        Assert.That(io.Read32(0x94), Is.Zero, "GPPUD");
        // A rising edge and a high level, both watched for.
        io.Write32(0x1c, 1u << 17);
        Assert.That(io.Read32(0x34) >> 17 & 1, Is.EqualTo(1));
        Assert.That(io.Read32(0x40), Is.Zero, "GPEDS0");
        io.Write32(0x28, 1u << 17);
        foreach (var offset in new[] { 0x4c, 0x58, 0x64, 0x70, 0x7c, 0x88, 0x94, 0x98 }) io.Write32(offset, 0);
        io.Write32(0x04, fsel);
    }
}
