using RawIo.Sim;
using static RawIo.LinuxKernel;

namespace RawIo.Tests;

/// <summary>What the kernel-named functions do where a port of a driver goes wrong.</summary>
internal sealed class LinuxKernelClaimTests
{
    private const ulong Gpio = 0x3f20_0000;

    private SimMachine _pi = null!;
    private IDisposable _kernel = null!;

    [SetUp]
    public void Choose() => _kernel = On(_pi = SimMachine.Create("pi3", new() { SteppedClock = true }));

    [TearDown]
    public void Leave()
    {
        _kernel.Dispose();
        _pi.Dispose();
    }

    [Test]
    public void Only_what_ioremap_returned_is_unmapped_by_iounmap()
    {
        var iobase = ioremap(Gpio, 0xb4);
        var part = new IoMem(_pi.IoRemap(Gpio, 0xb4).Window(0x10, 0x20));
        Assert.That(() => iounmap(part), Throws.ArgumentException.With.Message.Contains("ioremap"), "a window on a mapping");
        Assert.That(() => iounmap(iobase + 4), Throws.ArgumentException, "a place in a mapping");
        Assert.That(() => ioread32(iobase + 0x34), Throws.Nothing);
        iounmap(iobase);
        Assert.That(() => ioread32(iobase + 0x34), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_range_given_back_is_claimed_again_also_where_another_gave_it_back()
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.That(request_mem_region(Gpio, 0xb4, "mine"), Is.Not.Null);
            Assert.That(request_mem_region(Gpio, 0xb4, "again"), Is.Null);
            release_mem_region(Gpio, 0xb4);
        }

        var warnings = new List<string>();
        _pi.Memory.Warning += warnings.Add;
        request_mem_region(Gpio, 0xb4, "mine");
        _pi.Memory.Release(Gpio, 0xb4);
        using var other = _pi.RequestMemRegion(Gpio, 0xb4, "other");
        release_mem_region(Gpio, 0xb4);
        Assert.That(_pi.Memory.Lookup(Gpio)!.Name, Is.EqualTo("gpio@7e200000"), "by address, whoever made the claim");
        Assert.That(warnings, Is.Empty);
        release_mem_region(Gpio, 0xb4);
        Assert.That(warnings, Is.EqualTo(new[] { "Trying to free nonexistent resource <000000003f200000-000000003f2000b3>" }));
    }

    [Test]
    public void Ports_are_given_back_by_number_whoever_claimed_them()
    {
        using var pc = SimMachine.Create("pc", new() { SteppedClock = true });
        using var kernel = On(pc);
        request_region(0x3f8, 8, "mine");
        pc.Ports.Release(0x3f8, 8);
        using var other = pc.RequestRegion(0x3f8, 8, "other");
        release_region(0x3f8, 8);
        Assert.That(pc.Ports.Lookup(0x3f8)!.Name, Is.EqualTo("serial"), "what the firmware listed");
    }

    [Test]
    public void A_choice_left_twice_does_not_come_back()
    {
        using var pc = SimMachine.Create("pc", new() { SteppedClock = true });
        var outer = On(pc);
        var inner = On(_pi);
        inner.Dispose();
        outer.Dispose();
        inner.Dispose();
        Assert.That(() => inb(0x64), Throws.InstanceOf<RawIoException>().With.Message.Contains("sim:pi3"));
    }

    [Test]
    public void A_pointer_does_not_wrap()
    {
        var iobase = ioremap(Gpio, 0xb4) + 1;
        Assert.That(() => iobase - long.MinValue, Throws.InstanceOf<OverflowException>());
        Assert.That(() => iobase + long.MaxValue, Throws.InstanceOf<OverflowException>());
    }
}
