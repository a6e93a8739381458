using static RawIo.LinuxKernel;

namespace RawIo.Tests.Chapter;

// "Understanding and Using Port-Mapped I/O (PMIO)".
public sealed partial class ChapterTests
{
    private const ulong I8042_COMMAND_REG = 0x64;
    private const ulong I8042_STATUS_REG = 0x64;
    private const ulong I8042_DATA_REG = 0x60;

    private static int i8042_read_data() => inb(I8042_DATA_REG);

    private static int i8042_read_status() => inb(I8042_STATUS_REG);

    private static void i8042_write_command(int val) => outb((byte)val, I8042_COMMAND_REG);

    /// <summary>Eight ports from 0x300 that keep what is written.</summary>
    private RecordingDevice AttachScratchPorts()
    {
        var scratch = new RecordingDevice(8, Sim.AccessSizes.One);
        _pc.AttachPorts(scratch, 0x300, 8);
        return scratch;
    }

    [Test]
    public void PMIO_performing_the_actual_IO__inb_inw_inl_outb_outw_outl()
    {
        using var kernel = On(_pc);
        var scratch = AttachScratchPorts();
        outb(0x12, 0x300);
        outw(0x3456, 0x302);
        outl(0x789a_bcde, 0x304);
        Assert.That(scratch.Content, Is.EqualTo(new byte[] { 0x12, 0, 0x56, 0x34, 0xde, 0xbc, 0x9a, 0x78 }));
        Assert.That((inb(0x300), inw(0x302), inl(0x304)), Is.EqualTo(((byte)0x12, (ushort)0x3456, 0x789a_bcdeu)));

        _pc.Faults.Policy = Sim.FaultPolicy.Hardware;
        outb(0x12, 0x80);
        outw(0x1234, 0x80);
        outl(0x1234_5678, 0x80);
        Assert.That((inb(0x0cf0), inw(0x0cf0), inl(0x0cf0)), Is.EqualTo(((byte)0xff, (ushort)0xffff, 0xffff_ffffu)),
            "nobody drives the lines of an empty port");
        Assert.That(() => inb(0x10000), Throws.InstanceOf<ArgumentOutOfRangeException>(), "0x0000 to 0xffff");
        Assert.That(() => inl(0xfffe), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void PMIO_example__the_i8042_listing()
    {
        using var kernel = On(_pc);
        Assert.That(request_region(I8042_DATA_REG, 1, "mydriver"), Is.Not.Null);
        Assert.That(request_region(I8042_STATUS_REG, 1, "mydriver"), Is.Not.Null);

        i8042_write_command(0xaa);
        Assert.That(i8042_read_status() & 0x01, Is.EqualTo(1), "the same port, read: the status; the answer waits");
        Assert.That(i8042_read_data(), Is.EqualTo(0x55), "the controller passed its self test");
        Assert.That(i8042_read_status() & 0x01, Is.Zero, "reading the data took it");

        release_region(I8042_STATUS_REG, 1);
        release_region(I8042_DATA_REG, 1);
    }

    [Test]
    public void Viewing_ports_via_proc_ioports()
    {
        Assert.That(_pc.Ports.ToProcText(), Does.Contain("0060-0060 : keyboard\n").And.Contain("0064-0064 : keyboard\n"));
        Assert.That(_pi.Ports.ToProcText(), Is.Empty, "on a Raspberry Pi you won't see much, if anything");
    }

    [Test]
    public void Supplementary_notes__string_instructions()
    {
        using var kernel = On(_pc);
        // Self test, then "write keyboard output buffer", and both answers from the same port.
        outsb(I8042_COMMAND_REG, [0xaa], 1);
        var answer = new byte[2];
        insb(I8042_DATA_REG, answer, 2);
        Assert.That(answer, Is.EqualTo(new byte[] { 0x55, 0x55 }), "an empty buffer gives its last byte again");

        var scratch = AttachScratchPorts();
        outsw(0x302, [0x1111, 0x3456, 0xffff], 2);
        outsl(0x304, [0x1111_1111, 0x789a_bcde, 0xffff_ffff], 2);
        Assert.That(scratch.Take(), Is.EqualTo(new[]
        {
            "W1@2", "W1@3", "W1@2", "W1@3", "W1@4", "W1@5", "W1@6", "W1@7", "W1@4", "W1@5", "W1@6", "W1@7",
        }), "the port stays, and the count counts");
        ushort[] read16 = [0, 0, 7];
        uint[] read32 = [0, 0, 7];
        insw(0x302, read16, 2);
        insl(0x304, read32, 2);
        Assert.That((read16, read32), Is.EqualTo((new ushort[] { 0x3456, 0x3456, 7 }, new uint[] { 0x789a_bcde, 0x789a_bcde, 7 })));

        _pc.Faults.Policy = Sim.FaultPolicy.Hardware;
        var words = new ushort[2];
        var longs = new uint[2];
        insw(0x0cf0, words, 2);
        insl(0x0cf0, longs, 2);
        outsw(0x80, words, 2);
        outsl(0x80, longs, 2);
        Assert.That((words[1], longs[1]), Is.EqualTo((ushort.MaxValue, uint.MaxValue)));
    }

    [Test]
    public void Supplementary_notes__paused_IO()
    {
        using var kernel = On(_pc);
        outb_p(0xaa, I8042_COMMAND_REG);
        Assert.That(inb_p(I8042_DATA_REG), Is.EqualTo(0x55));
        AttachScratchPorts();
        outw_p(0x3456, 0x302);
        outl_p(0x789a_bcde, 0x304);
        Assert.That((inw_p(0x302), inl_p(0x304)), Is.EqualTo(((ushort)0x3456, 0x789a_bcdeu)));
        _pc.Faults.Policy = Sim.FaultPolicy.Hardware;
        outw_p(0, 0x80);
        outl_p(0, 0x80);
        Assert.That((inw_p(0x0cf0), inl_p(0x0cf0)), Is.EqualTo((ushort.MaxValue, uint.MaxValue)));
    }

    [Test]
    public void Supplementary_notes__user_space_PIO_by_ioperm_and_iopl()
    {
        using var kernel = On(_pc);
        Assert.That(ioperm(I8042_STATUS_REG, 1, 1), Is.Zero);
        Assert.That(() => inb(I8042_STATUS_REG), Throws.Nothing);
        Assert.That(() => inb(I8042_DATA_REG), Throws.InstanceOf<RawIoException>().With.Message.Contains("ioperm(0x60, 1, 1)"));
        Assert.That(() => inw(I8042_STATUS_REG), Throws.InstanceOf<RawIoException>(), "a word needs both ports");
        Assert.That(ioperm(I8042_STATUS_REG, 1, 0), Is.Zero);
        Assert.That(() => inb(I8042_STATUS_REG), Throws.InstanceOf<RawIoException>());
        Assert.That(iopl(3), Is.Zero);
        Assert.That(() => inb(I8042_DATA_REG), Throws.Nothing);
        Assert.That(iopl(0), Is.Zero);
        Assert.That(() => inb(I8042_DATA_REG), Throws.InstanceOf<RawIoException>());
        Assert.That((ioperm(0x10000, 1, 1), ioperm(0xffff, 2, 1), ioperm(0, 0, 1), iopl(4)),
            Is.EqualTo((-EINVAL, -EINVAL, -EINVAL, -EINVAL)));
    }

    [Test]
    public void Supplementary_notes__a_machine_without_ports_grants_none()
    {
        using var kernel = On(_pi);
        Assert.That(ioperm(0x60, 1, 1), Is.EqualTo(-ENXIO));
        Assert.That(iopl(3), Is.EqualTo(-ENXIO));
        Assert.That(request_region(0x60, 1, "mydriver"), Is.Null);
    }
}
