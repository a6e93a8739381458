using RawIo.Sim;
using static RawIo.LinuxKernel;

namespace RawIo.Tests.Chapter;

/// <summary>
/// "Accessing Hardware I/O Memory in the Kernel", each section, listing, table and exercise as one test, in the
/// chapter's order and under its headings. The listings are ported line by line by way of RawIo.LinuxKernel.
/// </summary>
public sealed partial class ChapterTests
{
    private SimMachine _pi = null!;
    private SimMachine _pc = null!;

    [SetUp]
    public void PowerOn()
    {
        _pi = SimMachine.Create("pi3", new SimOptions { SteppedClock = true });
        _pc = SimMachine.Create("pc", new SimOptions { SteppedClock = true });
    }

    [TearDown]
    public void PowerOff()
    {
        _pi.Dispose();
        _pc.Dispose();
    }

    /// <summary>The chapter's "RAM-like" peripheral: a board's scratch memory that takes every width.</summary>
    private static IoMem MapScratch(SimMachine machine, int length, out RecordingDevice scratch)
    {
        const ulong start = 0xfe000000;
        scratch = new RecordingDevice(length);
        machine.Attach(scratch, start, length);
        return ioremap(start, (ulong)length);
    }

    [TestCase("pi3")]
    [TestCase("pc")]
    public void Understanding_the_dilemma_of_direct_access__cache_TLB_walk_bus(string board)
    {
        using var machine = SimMachine.Create(board);
        const ulong ram = 0x0020_0000;

        var first = machine.Explain(ram, 4);
        Assert.That(first.TlbHit, Is.False, "a TLB miss");
        Assert.That(first.Walk, Is.Not.Empty, "so the MMU walks the page tables");
        Assert.That(first.VirtualAddress, Is.Not.EqualTo(ram), "software never puts a physical address on the bus itself");
        Assert.That(first.PhysicalAddress, Is.EqualTo(ram));
        Assert.That(first.MemoryType, Is.EqualTo(MemoryType.NormalCached));
        Assert.That(first.Cache, Does.Contain("L1 miss").And.Contain("L2 miss"), "an expensive last-level cache miss");

        var second = machine.Explain(ram, 4);
        Assert.That(second.TlbHit, Is.True);
        Assert.That(second.Walk, Is.Empty);
        Assert.That(second.Cache, Does.Contain("L1 hit"));
    }

    [Test]
    public void The_solution__mapping_IO_memory_and_IO_ports()
    {
        using (On(_pi))
        {
            var mmio = ioremap(0x3f200000, 164);
            Assert.That(!mmio, Is.False, "the registers are part of the processor's address space");
            iounmap(mmio);
            Assert.That(() => inb(0x64), Throws.InstanceOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENXIO),
                "an ARM machine has no port space");
        }

        using (On(_pc))
            Assert.That(inb(0x64) & 0x10, Is.EqualTo(0x10), "an x86 machine has one beside its memory");
    }

    [Test]
    public void Asking_the_kernel_for_permission__the_table_of_before_during_and_after()
    {
        using (On(_pi))
        {
            Assert.That(request_mem_region(0x3f200000, 164, "mydriver"), Is.Not.Null);
            Assert.That(_pi.Memory.ToProcText(), Does.Contain("3f200000-3f2000a3 : mydriver"));
            Assert.That(request_mem_region(0x3f200000, 164, "other"), Is.Null, "NULL: already occupied, the driver returns -EBUSY");
            release_mem_region(0x3f200000, 164);
            Assert.That(_pi.Memory.ToProcText(), Does.Not.Contain("mydriver"));
        }

        using (On(_pc))
        {
            Assert.That(request_region(0x60, 1, "mydriver"), Is.Not.Null);
            Assert.That(_pc.Ports.ToProcText(), Does.Contain("0060-0060 : mydriver"));
            Assert.That(request_region(0x60, 1, "other"), Is.Null);
            release_region(0x60, 1);
            Assert.That(_pc.Ports.ToProcText(), Does.Not.Contain("mydriver"));
        }
    }

    [Test]
    public void Asking_the_kernel_for_permission__releasing_what_nobody_claimed_only_warns()
    {
        var warnings = new List<string>();
        _pi.Memory.Warning += warnings.Add;
        using var kernel = On(_pi);
        release_mem_region(0x3f200000, 164);
        Assert.That(warnings, Has.Count.EqualTo(1).And.Some.Contains("Trying to free nonexistent resource"));
    }
}
