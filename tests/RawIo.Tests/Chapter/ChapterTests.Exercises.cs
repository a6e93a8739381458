using RawIo.Sim;
using static RawIo.LinuxKernel;

namespace RawIo.Tests.Chapter;

// "Exercises" and "Key Takeaways".
public sealed partial class ChapterTests
{
    [Test]
    public void Exercise_1__map_4096_bytes_at_0xFE000000()
    {
        using var kernel = On(_pc);
        _pc.Attach(new RecordingDevice(4096), 0xFE000000, 4096);

        IoMem vaddr = ioremap(0xFE000000, 4096);

        Assert.That(!vaddr, Is.False);
        iowrite32(0xcafe, vaddr + 4092);
        Assert.That(ioread32(vaddr + 4092), Is.EqualTo(0xcafeu));
        Assert.That(() => ioread32(vaddr + 4096), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Exercise_2__why_not_a_pointer__atomic_ordered_and_of_the_devices_endianness()
    {
        using var kernel = On(_pc);
        var iobase = MapScratch(_pc, 0x40, out var scratch);
        iowrite32(0x1234_5678, iobase);
        iowrite32(0x0000_0001, iobase);
        iowrite32(0x0000_0002, iobase);
        iowrite32be(0x1234_5678, iobase + 4);
        Assert.That(scratch.Accesses, Is.EqualTo(new[] { "W4@0", "W4@0", "W4@0", "W4@4" }),
            "whole words, none merged, none dropped, in order");
        Assert.That(ioread32(iobase + 4), Is.EqualTo(0x7856_3412u), "and swapped only where that was asked for");
    }

    [Test]
    public void Exercise_3__platform_driver_probe_with_devm()
    {
        using var kernel = On(_pi);
        var driver = new ListingDriver("brcm,bcm2835-gpio", pdev =>
        {
            var res = platform_get_resource(pdev, IORESOURCE_MEM, 0);
            if (res is null) return -ENXIO;

            var @base = devm_ioremap_resource(pdev, res);
            if (IS_ERR(@base)) return PTR_ERR(@base);

            return 0;
        });
        using (var bus = new PlatformBus(_pi))
        {
            bus.Register(driver);
            Assert.That(driver.Result, Is.Zero);
            Assert.That(_pi.Memory.ToProcText(), Does.Contain("3f200000.gpio gpio@7e200000"));
        }

        Assert.That(_pi.Memory.ToProcText(), Does.Not.Contain("3f200000.gpio"), "released without a line of clean-up code");
    }

    [TestCase("pi1", 0x20201000ul)]
    [TestCase("pi3", 0x3f201000ul)]
    [TestCase("pi4", 0xfe201000ul)]
    public void Exercise_4__the_same_peripheral_has_another_address_on_another_board(string board, ulong address)
    {
        using var machine = SimMachine.Create(board);
        var uart = machine.DeviceTree!.Nodes.Single(n => n.Name == "serial@7e201000");
        Assert.That(uart.Resources[0].Start, Is.EqualTo(address), "data, not code: the driver holds no address");
    }

    [Test]
    public void Key_takeaways__claim_map_access_unmap_release_in_C_sharp()
    {
        using (var region = _pi.RequestMemRegion(0x3f200000, 0xb4, "takeaway"))
        {
            var gpio = region.Map();
            gpio.Write32(0x04, 1 << 18);
            gpio.Write32(0x1c, 1 << 16);
            Assert.That(gpio.Read32(0x34) >> 16 & 1, Is.EqualTo(1u));
        }

        Assert.That(_pi.Memory.ToProcText(), Does.Not.Contain("takeaway"));
    }
}
