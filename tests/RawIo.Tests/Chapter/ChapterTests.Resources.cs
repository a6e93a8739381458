using RawIo.Drivers;
using static RawIo.LinuxKernel;

namespace RawIo.Tests.Chapter;

// "The Next Generation: devm_* Managed API", "Obtaining Device Resources", "One-Stop Service".
public sealed partial class ChapterTests
{
    /// <summary>A platform driver whose probe is a listing that returns 0 or a negative errno.</summary>
    private sealed class ListingDriver(string compatible, Func<PlatformDevice, int> probe) : IPlatformDriver
    {
        public string Name => "listing";

        public IReadOnlyList<string> Compatible => [compatible];

        public int Result { get; private set; } = 1;

        public void Probe(PlatformDevice device)
        {
            Result = probe(device);
            if (Result < 0) throw new RawIoException((Errno)(-Result), "probe failed");
        }

        public void Remove(PlatformDevice device)
        {
        }
    }

    [Test]
    public void The_next_generation__devm_ioremap_unmaps_when_the_driver_detaches()
    {
        using var kernel = On(_pi);
        IoMem iobase = default;
        var driver = new ListingDriver("brcm,bcm2835-gpio", dev =>
        {
            iobase = devm_ioremap(dev, dev.Resources[0].Start, resource_size(dev.Resources[0]));
            return !iobase ? -ENOMEM : 0;
        });
        using (var bus = new PlatformBus(_pi))
        {
            bus.Register(driver);
            Assert.That(driver.Result, Is.Zero);
            Assert.That(() => ioread32(iobase + 0x34), Throws.Nothing);
        }

        Assert.That(() => ioread32(iobase + 0x34), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Obtaining_device_resources__the_Exynos_mixer_listing()
    {
        using var kernel = On(_pi);
        var driver = new ListingDriver("brcm,bcm2835-system-timer", dev =>
        {
            var res = platform_get_resource(dev, IORESOURCE_MEM, 0);
            if (res is null)
                return -ENXIO;

            var mixer_regs = devm_ioremap(dev, res.Start, resource_size(res));
            if (!mixer_regs)
                return -ENXIO;

            return platform_get_resource(dev, IORESOURCE_MEM, 1) is null ? 0 : -EIO;
        });
        using var bus = new PlatformBus(_pi);
        bus.Register(driver);
        Assert.That(driver.Result, Is.Zero);
    }

    [Test]
    public void One_stop_service__the_RNG_listing_with_devm_ioremap_resource()
    {
        using var kernel = On(_pi);
        IoMem @base = default;
        var driver = new ListingDriver("brcm,bcm2835-rng", pdev =>
        {
            var r = platform_get_resource(pdev, IORESOURCE_MEM, 0);

            @base = devm_ioremap_resource(pdev, r);
            if (IS_ERR(@base))
                return PTR_ERR(@base);

            return 0;
        });
        using (var bus = new PlatformBus(_pi))
        {
            bus.Register(driver);
            Assert.That(driver.Result, Is.Zero);
            Assert.That(_pi.Memory.ToProcText(), Does.Contain("  3f104000-3f10400f : 3f104000.rng rng@7e104000\n"));
        }

        Assert.That(_pi.Memory.ToProcText(), Does.Not.Contain("3f104000.rng"));
    }

    [Test]
    public void One_stop_service__its_three_checks_fail_as_the_kernels()
    {
        using var kernel = On(_pi);
        var results = new List<int>();
        var driver = new ListingDriver("brcm,bcm2835-rng", pdev =>
        {
            results.Add(PTR_ERR(devm_ioremap_resource(pdev, null)));
            results.Add(PTR_ERR(devm_ioremap_resource(pdev, new Resource(1, 1, "irq", IORESOURCE_IRQ))));
            using (_pi.RequestMemRegion(0x3f104000, 4, "holder"))
                results.Add(PTR_ERR(devm_platform_ioremap_resource(pdev, 0)));
            results.Add(PTR_ERR(devm_platform_ioremap_resource(pdev, 0)));
            results.Add(devm_request_mem_region(pdev, 0x3f104000, 4, "again") is null ? -EBUSY : 0);
            return 0;
        });
        using var bus = new PlatformBus(_pi);
        bus.Register(driver);
        Assert.That(results, Is.EqualTo(new[] { -EINVAL, -EINVAL, -EBUSY, 0, -EBUSY }));
    }

    [Test]
    public void One_stop_service__the_RNG_driver_runs_unchanged_where_the_address_differs()
    {
        foreach (var (board, address) in new[] { ("pi1", 0x20104000ul), ("pi3", 0x3f104000ul) })
        {
            using var machine = Sim.SimMachine.Create(board);
            using var bus = new PlatformBus(machine);
            bus.Register(new Bcm2835RngPlatformDriver());
            var device = bus.Devices.Single(d => d.Node.Compatible.Contains("brcm,bcm2835-rng"));
            Assert.That(device.Resources[0].Start, Is.EqualTo(address));
            Assert.That(device.DriverData, Is.InstanceOf<Bcm2835Rng>(), board);
        }
    }
}
