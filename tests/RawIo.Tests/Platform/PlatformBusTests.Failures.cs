namespace RawIo.Tests;

public partial class PlatformBusTests
{
    [Test]
    public void When_probe_throws_its_devm_is_released_in_reverse_and_the_device_stays_unbound()
    {
        var failures = new List<(string, string)>();
        _bus.ProbeFailed += (device, error) => failures.Add((device.Name, error.Message));
        var driver = new LoggingDriver("failing", "brcm,bcm2835-dma", "brcm,bcm2835-rng")
        {
            OnProbe = device =>
            {
                device.IoRemapResource(0);
                if (device.GetResource(ResourceFlags.Mem, 1) is null) return;
                device.IoRemapResource(1);
                device.DriverData = "half";
                throw new InvalidOperationException("no clock");
            },
        };
        // The other device is bound all the same.
        Assert.That(_bus.Register(driver).Select(d => d.Name), Is.EqualTo(new[] { "3f104000.rng" }));
        Assert.That(failures, Is.EqualTo(new[] { ("3f007000.dma", "no clock") }));
        var dma = Device("3f007000.dma");
        Assert.That((dma.Driver, dma.DriverData, dma.ProbeError!.Message), Is.EqualTo(((IPlatformDriver?)null, (object?)null, "no clock")));
        Assert.That(_hardware.Log.SkipWhile(line => !line.StartsWith("unmap", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "unmap 3f00f000", "release 3f00f000", "unmap 3f007000", "release 3f007000" }));
        Assert.That(driver.Log, Does.Not.Contain("remove 3f007000.dma"));
        // The next driver may have better luck.
        _bus.Register(new LoggingDriver("better", "brcm,bcm2835-dma"));
        Assert.That((dma.Driver!.Name, dma.ProbeError), Is.EqualTo(("better", (Exception?)null)));
    }

    [Test]
    public void A_refused_claim_is_the_probe_error_and_names_the_holder()
    {
        _hardware.Memory.Request(0x3f200000, 0x10, "somebody");
        _bus.Register(new LoggingDriver("gpio", "brcm,bcm2835-gpio") { OnProbe = device => device.IoRemapResource(0) });
        Assert.That(Device("3f200000.gpio").ProbeError, Is.InstanceOf<ResourceBusyException>().With.Message.Contains("somebody"));
    }

    [Test]
    public void What_giving_back_throws_after_a_failed_probe_is_kept_too()
    {
        _bus.Register(new LoggingDriver("bad", "brcm,bcm2835-rng")
        {
            OnProbe = device =>
            {
                device.Devm.Add(() => throw new InvalidOperationException("release"));
                throw new InvalidOperationException("probe");
            },
        });
        var error = (AggregateException)Device("3f104000.rng").ProbeError!;
        Assert.That(error.InnerExceptions.Select(e => e.Message), Is.EqualTo(new[] { "probe", "release" }));
    }

    [Test]
    public void A_missing_resource_is_invalid() =>
        Assert.That(() => Device("leds").IoRemapResource(0), Throws.InstanceOf<RawIoException>()
            .With.Property("Errno").EqualTo(Errno.EINVAL).And.Message.StartsWith("leds: invalid resource (null)"));

    [Test]
    public void Unregister_lets_the_last_bound_go_first_and_goes_on_when_a_remove_throws()
    {
        var driver = new LoggingDriver("two", "brcm,bcm2835-rng", "brcm,bcm2835-gpio")
        {
            OnProbe = device => device.IoRemapResource(0),
            OnRemove = device => throw new InvalidOperationException(device.Name),
        };
        _bus.Register(driver);
        var error = Assert.Throws<AggregateException>(() => _bus.Unregister(driver))!;
        Assert.That(error.InnerExceptions.Select(e => e.Message), Is.EqualTo(new[] { "3f200000.gpio", "3f104000.rng" }));
        Assert.That(_hardware.Memory.All(), Is.Empty);
        Assert.That(_bus.Devices.Select(d => d.Driver), Is.All.Null);
        Assert.Throws<ArgumentException>(() => _bus.Unregister(driver));
    }
}
