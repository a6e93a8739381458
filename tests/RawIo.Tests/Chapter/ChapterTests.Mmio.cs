using RawIo.Sim;
using static RawIo.LinuxKernel;

namespace RawIo.Tests.Chapter;

// "Understanding and Using Memory-Mapped I/O (MMIO)".
public sealed partial class ChapterTests
{
    [Test]
    public void Understanding_and_using_MMIO__the_GPIO_register_block_has_41_registers_at_0x7e200000()
    {
        var gpio = _pi.DeviceTree!.Find("/soc/gpio@7e200000")!;
        Assert.That(gpio.Reg[0].Address, Is.EqualTo((UInt128)0x7e200000), "the datasheet's address (p. 90)");
        Assert.That(gpio.Resources[0].Start, Is.EqualTo(0x3f200000), "where the ARM finds it");
        Assert.That(gpio.Resources[0].Size, Is.GreaterThanOrEqualTo(41 * 4));
        var named = Drivers.GpioRegisters.Map.Registers.Where(r => r.Offset <= 0xa0).Select(r => r.Offset).ToHashSet();
        long[] reserved = [0x18, 0x24, 0x30, 0x3c, 0x48, 0x54, 0x60, 0x6c, 0x78, 0x84, 0x90, 0xa0];
        Assert.That(named.Concat(reserved).Order(), Is.EqualTo(Enumerable.Range(0, 41).Select(i => i * 4L)),
            "29 registers and 12 reserved words make the 41 of the datasheet: 164 bytes");
    }

    [Test]
    public void Warning_multiple_MMUs__the_bus_address_is_not_what_the_ARM_sees()
    {
        using var kernel = On(_pi);
        var route = _pi.Explain(0x3f200034, 4);
        Assert.That(route.PhysicalAddress, Is.EqualTo(0x3f200034));
        Assert.That(route.BusAddress, Is.EqualTo(0x7e200034));
        Assert.That(() => ioread32(ioremap(0x7e200000, 164)), Throws.InstanceOf<BusFaultException>(),
            "as on the real part, nothing answers at ARM physical 0x7e200000");
    }

    [Test]
    public void Using_the_ioremap_API__the_GPIO_listing()
    {
        using var kernel = On(_pi);
        Assert.That(MyDriver(), Is.Zero);
        Assert.That(_pi.Memory.ToProcText(), Does.Not.Contain("mydriver"), "the listing cleans up behind itself");

        using (_pi.RequestMemRegion(0x3f200000, 164, "somebody else"))
            Assert.That(MyDriver(), Is.EqualTo(-EBUSY));

        int MyDriver()
        {
            // The listing has 0x7e200000 here; the warning above it tells why an ARM needs the translated address.
            var GPIO_REG_BASE = _pi.DeviceTree!.Find("/soc/gpio@7e200000")!.Resources[0].Start;
            const ulong GPIO_REG_LEN = 164;

            if (request_mem_region(GPIO_REG_BASE, GPIO_REG_LEN, "mydriver") is null)
                return -EBUSY;

            var iobase = ioremap(GPIO_REG_BASE, GPIO_REG_LEN);
            if (!iobase)
            {
                release_mem_region(GPIO_REG_BASE, GPIO_REG_LEN);
                return -ENOMEM;
            }

            iowrite32(1u << 18, iobase + 0x04);
            iowrite32(1u << 16, iobase + 0x1c);
            var high = ioread32(iobase + 0x34) >> 16 & 1;

            iounmap(iobase);
            release_mem_region(GPIO_REG_BASE, GPIO_REG_LEN);
            return high == 1 ? 0 : -EIO;
        }
    }

    [Test]
    public void Using_the_ioremap_API__an_iomem_pointer_is_no_ordinary_pointer()
    {
        using var kernel = On(_pi);
        var iobase = ioremap(0x3f200000, 164);
        iounmap(iobase);
        Assert.That(() => ioread32(iobase), Throws.InstanceOf<ObjectDisposedException>(), "a later access faults");
        Assert.That(() => ioread32(default), Throws.InvalidOperationException.With.Message.Contains("NULL"));
        Assert.That(() => iounmap(new IoMem(new MemoryMmio(new byte[4]))), Throws.ArgumentException);
        Assert.That(() => iounmap(default), Throws.Nothing, "as the kernel's");
        Assert.That(!ioremap(0x1000, 0x1000), Is.True, "RAM is refused");
        Assert.That(!ioremap(0x3f200000, 0), Is.True);
    }

    [Test]
    public void Performing_1_to_8_byte_reads_and_writes()
    {
        using var kernel = On(_pc);
        var iobase = MapScratch(_pc, 0x100, out var scratch);
        iowrite8(0x12, iobase + 0x10);
        iowrite16(0x3456, iobase + 0x12);
        iowrite32(0x789a_bcde, iobase + 0x14);
        iowrite64(0x0123_4567_89ab_cdef, iobase + 0x18);
        Assert.That(ioread8(iobase + 0x10), Is.EqualTo(0x12));
        Assert.That(ioread16(iobase + 0x12), Is.EqualTo(0x3456));
        Assert.That(ioread32(iobase + 0x14), Is.EqualTo(0x789a_bcdeu));
        Assert.That(ioread64(iobase + 0x18), Is.EqualTo(0x0123_4567_89ab_cdeful));
        Assert.That(scratch.Accesses, Is.EqualTo(new[]
        {
            "W1@16", "W2@18", "W4@20", "W8@24", "R1@16", "R2@18", "R4@20", "R8@24",
        }), "one call, one access, of that width, in that order");
    }

    [Test]
    public void Performing_1_to_8_byte_reads_and_writes__the_loopback_test()
    {
        using var region = _pc.RequestMemRegion(AttachScratch(_pc, 0x100), 0x100, "loopback");
        Assert.That(Drivers.LoopbackTest.Run(new ReadWriteRegister<uint>("SCRATCH", 0x10), region.Map()).Passed, Is.True);
    }

    [Test]
    public void Performing_repetitive_IO__the_rep_family()
    {
        using var kernel = On(_pc);
        var iobase = MapScratch(_pc, 0x100, out var scratch);
        var bytes = new byte[3];
        var words = new ushort[3];
        var longs = new uint[3];
        var quads = new ulong[3];

        iowrite8_rep(iobase, [1, 2, 3], 3);
        iowrite16_rep(iobase + 2, [4, 5, 6], 3);
        iowrite32_rep(iobase + 4, [7, 8, 9], 3);
        iowrite64_rep(iobase + 8, [10, 11, 12], 3);
        ioread8_rep(iobase, bytes, 3);
        ioread16_rep(iobase + 2, words, 3);
        ioread32_rep(iobase + 4, longs, 3);
        ioread64_rep(iobase + 8, quads, 3);

        Assert.That(bytes, Is.All.EqualTo(3), "one register, again and again: the last value stays");
        Assert.That(words, Is.All.EqualTo(6));
        Assert.That(longs, Is.All.EqualTo(9));
        Assert.That(quads, Is.All.EqualTo(12));
        Assert.That(scratch.Accesses, Has.Count.EqualTo(24));
        Assert.That(scratch.Accesses.Take(12), Is.EqualTo(new[]
        {
            "W1@0", "W1@0", "W1@0", "W2@2", "W2@2", "W2@2", "W4@4", "W4@4", "W4@4", "W8@8", "W8@8", "W8@8",
        }));
    }

    [Test]
    public void Memset_and_memcpy_variants()
    {
        using var kernel = On(_pc);
        var iobase = MapScratch(_pc, 0x40, out var scratch);
        memset_io(iobase + 6, 0x1ab, 13);
        Assert.That(scratch.Accesses, Is.EqualTo(new[] { "W1@6", "W1@7", "W8@8", "W1@16", "W1@17", "W1@18" }),
            "bytes until the device address is aligned, the widest words, a byte tail; each byte once");
        memcpy_toio(iobase + 7, [1, 2, 3, 4], 4);
        var buffer = new byte[20];
        memcpy_fromio(buffer, iobase, 20);
        Assert.That(buffer, Is.EqualTo(new byte[]
        {
            0, 0, 0, 0, 0, 0, 0xab, 1, 2, 3, 4, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0,
        }));
    }

    [Test]
    public void Additional_note__the_older_readb_family_and_the_relaxed_forms()
    {
        using var kernel = On(_pc);
        var iobase = MapScratch(_pc, 0x40, out _);
        writeb(0x11, iobase);
        writew(0x2222, iobase + 2);
        writel(0x4444_4444, iobase + 4);
        writeq(0x8888_8888_8888_8888, iobase + 8);
        Assert.That((readb(iobase), readw(iobase + 2), readl(iobase + 4), readq(iobase + 8)),
            Is.EqualTo(((byte)0x11, (ushort)0x2222, 0x4444_4444u, 0x8888_8888_8888_8888ul)));
        writeb_relaxed(1, iobase);
        writew_relaxed(2, iobase + 2);
        writel_relaxed(3, iobase + 4);
        writeq_relaxed(4, iobase + 8);
        wmb();
        Assert.That((readb_relaxed(iobase), readw_relaxed(iobase + 2), readl_relaxed(iobase + 4), readq_relaxed(iobase + 8)),
            Is.EqualTo(((byte)1, (ushort)2, 3u, 4ul)));
        rmb();
        mb();
    }

    [Test]
    public void Big_endian_devices()
    {
        using var kernel = On(_pc);
        var iobase = MapScratch(_pc, 0x40, out _);
        iowrite16be(0x0102, iobase);
        iowrite32be(0x0102_0304, iobase + 4);
        iowrite64be(0x0102_0304_0506_0708, iobase + 8);
        Assert.That((ioread8(iobase), ioread8(iobase + 4), ioread8(iobase + 8)), Is.EqualTo(((byte)1, (byte)1, (byte)1)));
        Assert.That((ioread16be(iobase), ioread32be(iobase + 4), ioread64be(iobase + 8)),
            Is.EqualTo(((ushort)0x0102, 0x0102_0304u, 0x0102_0304_0506_0708ul)));
    }

    [Test]
    public void Viewing_mappings_via_proc_iomem()
    {
        using var kernel = On(_pi);
        var before = _pi.Memory.ToProcText();
        Assert.That(before, Does.StartWith("00000000-3b3fffff : System RAM\n"), "as the chapter's Raspberry Pi");
        Assert.That(before, Does.Contain("3f200000-3f2000b3 : gpio@7e200000\n"));
        Assert.That(before, Does.Contain("3f201000-3f2011ff : serial@7e201000\n"));
        request_mem_region(0x3f200000, 0xb4, "mydriver");
        Assert.That(_pi.Memory.ToProcText(), Does.Contain("  3f200000-3f2000b3 : mydriver\n"), "entries come with request_mem_region");
        release_mem_region(0x3f200000, 0xb4);
        Assert.That(_pi.Memory.ToProcText(), Is.EqualTo(before), "and go with release_mem_region");
        Assert.That(_pi.Memory.ToProcText(hideAddresses: true), Does.Contain("00000000-00000000 : gpio@7e200000\n"), "it takes root to see addresses");

        Assert.That(_pc.Memory.ToProcText(), Does.StartWith("00000000-00000fff : Reserved\n00001000-0009fbff : System RAM\n"));
    }

    private static ulong AttachScratch(SimMachine machine, int length)
    {
        machine.Attach(new RecordingDevice(length), 0xfe000000, length);
        return 0xfe000000;
    }
}
