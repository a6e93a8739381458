using RawIo.Sim;

namespace RawIo.Tests;

// Mechanism #1, type 0 headers, PIRQs.
public partial class PciTests
{
    private const uint Edu = 0x8000_2000, Isa = 0x8000_0800, Host = 0x8000_0000;

    private SimMachine _machine = null!;
    private IPortGrant _ports = null!;

    [SetUp]
    public void PowerOn()
    {
        _machine = SimMachine.Create("pc", new() { SteppedClock = true });
        _ports = _machine.OpenPorts(0, 0x1_0000);
    }

    [TearDown]
    public void PowerOff()
    {
        _ports.Dispose();
        _machine.Dispose();
    }

    private uint Read(uint function, int register)
    {
        _ports.Out32(0xcf8, function | (uint)register);
        return _ports.In32(0xcfc);
    }

    private void Write(uint function, int register, uint value)
    {
        _ports.Out32(0xcf8, function | (uint)register);
        _ports.Out32(0xcfc, value);
    }

    [Test]
    public void The_functions_are_where_QEMU_has_them_and_elsewhere_is_nobody()
    {
        var found = new Dictionary<uint, uint>();
        for (uint function = 0; function < 256; function++)
            if (Read(0x8000_0000 | function << 8, 0) is var id && id != 0xffff_ffff) found[function] = id;
        Assert.That(found, Is.EquivalentTo(new Dictionary<uint, uint> { [0x00] = 0x1237_8086, [0x08] = 0x7000_8086, [0x20] = 0x11e8_1234 }));
        Assert.That(Read(0x8001_0000, 0), Is.EqualTo(0xffff_ffff), "bus 1");
        Assert.That(Read(0x0000_2000, 0), Is.EqualTo(0xffff_ffff), "not enabled");
        Write(0x8001_0000, 4, 7);
    }

    [Test]
    public void Config_address_takes_only_long_accesses_and_has_no_reserved_bits()
    {
        _ports.Out32(0xcf8, 0xffff_ffff);
        Assert.That(_ports.In32(0xcf8), Is.EqualTo(0x80ff_fffc));
        Assert.That(() => _ports.Out8(0xcf8, 0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => _ports.In16(0xcf8), Throws.TypeOf<BusFaultException>());
        _machine.Faults.Policy = FaultPolicy.Hardware;
        _ports.Out8(0xcfb, 0);
        _ports.Out16(0xcfa, 0);
        Assert.That((_ports.In32(0xcf8), _ports.In8(0xcf8), _ports.In16(0xcf8)), Is.EqualTo((0x80ff_fffc, 0xff, 0xffff)));
    }

    [Test]
    public void Config_data_takes_any_width_at_any_byte()
    {
        _ports.Out32(0xcf8, Edu);
        Assert.That((_ports.In8(0xcfc), _ports.In8(0xcfd), _ports.In8(0xcfe), _ports.In8(0xcff)), Is.EqualTo((0x34, 0x12, 0xe8, 0x11)));
        Assert.That((_ports.In16(0xcfc), _ports.In16(0xcfd), _ports.In16(0xcfe)), Is.EqualTo((0x1234, 0xe812, 0x11e8)));
        _ports.Out32(0xcf8, Edu | 0x3c);
        _ports.Out8(0xcfc, 0x5a);
        Assert.That(_ports.In16(0xcfc), Is.EqualTo(0x015a), "the line is kept, the pin is read-only");
        _ports.Out16(0xcfc, 0xffff);
        Assert.That(_ports.In32(0xcfc), Is.EqualTo(0x0000_01ff));
    }

    [Test]
    public void The_header_says_what_it_is_and_keeps_only_what_can_be_written()
    {
        foreach (var (register, atReset, ones) in new (int, uint, uint)[]
        {
            (0x00, 0x11e8_1234, 0x11e8_1234), (0x04, 0, 0x0507), (0x08, 0x00ff_0010, 0x00ff_0010), (0x0c, 0, 0xff),
            (0x10, 0, 0xfff0_0000), (0x14, 1, 0xffff_ff01), (0x18, 0, 0), (0x24, 0, 0), (0x2c, 0x1100_1af4, 0x1100_1af4),
            (0x30, 0, 0), (0x34, 0, 0), (0x3c, 0x0100, 0x01ff), (0x40, 0, 0), (0xfc, 0, 0),
        })
        {
            Assert.That(Read(Edu, register), Is.EqualTo(atReset), $"{register:x}");
            Write(Edu, register, 0xffff_ffff);
            Assert.That(Read(Edu, register), Is.EqualTo(ones), $"{register:x}");
            Write(Edu, register, 0);
            Assert.That(Read(Edu, register), Is.EqualTo(atReset & ~(atReset ^ ones)), $"{register:x}");
        }
    }

    [Test]
    public void The_bridges_are_as_their_data_sheets_have_them_after_reset()
    {
        Assert.That((Read(Host, 4), Read(Host, 8), Read(Isa, 4), Read(Isa, 8), Read(Isa, 0x0c)), Is.EqualTo((0x0280_0006, 0x0600_0002, 0x0200_0007, 0x0601_0000, 0x0080_0000)));
        Assert.That((Read(Isa, 0x4c), Read(Isa, 0x60), Read(Host, 0x70)), Is.EqualTo((0x0003_004d, 0x8080_8080, 0x0002_1010)));
        Write(Isa, 0x60, 0xffff_ffff);
        Assert.That(Read(Isa, 0x60), Is.EqualTo(0x8f8f_8f8f));
        Write(Host, 4, 0);
        Assert.That(Read(Host, 4), Is.EqualTo(0x0280_0006), "wired");
    }

    // Value after reset, and after ones were written: 82441FX, 3.2, and 82371SB, 2.2.
    [TestCase(0x8000_0050u, 0x8000_0000u, 0xffff_c3f4u)]
    [TestCase(0x8000_0054u, 0x0100_0010u, 0x77ff_ffffu)]
    [TestCase(0x8000_0058u, 0x0000_0010u, 0x3333_307fu)]
    [TestCase(0x8000_005cu, 0x0000_0000u, 0x3333_3333u)]
    [TestCase(0x8000_0068u, 0x0000_0000u, 0x0000_00c0u)]
    [TestCase(0x8000_0070u, 0x0002_1010u, 0x003a_1ff8u)]
    [TestCase(0x8000_0090u, 0x0000_0000u, 0x0f00_001bu)]
    [TestCase(0x8000_084cu, 0x0003_004du, 0x01ff_00ffu)]
    [TestCase(0x8000_0868u, 0x0000_0200u, 0x00d1_fe00u)]
    [TestCase(0x8000_0870u, 0x0000_0080u, 0x0000_00efu)]
    [TestCase(0x8000_0874u, 0x0404_0000u, 0x8787_0000u)]
    [TestCase(0x8000_0804u, 0x0200_0007u, 0x0200_010fu)]
    public void The_bridges_registers_keep_what_their_data_sheets_let_them(uint register, uint atReset, uint ones)
    {
        Assert.That(Read(register, 0), Is.EqualTo(atReset));
        Write(register, 0, 0xffff_ffff);
        Assert.That(Read(register, 0), Is.EqualTo(ones));
        _machine.Reset();
        Assert.That(Read(register, 0), Is.EqualTo(atReset));
    }

    [Test]
    public void Smram_that_is_locked_is_closed_until_a_reset()
    {
        Write(Host, 0x70, 0x0068_0000);
        Assert.That(Read(Host, 0x70) >> 16, Is.EqualTo(0x6a));
        Write(Host, 0x70, 0x0058_0000);
        Assert.That(Read(Host, 0x70) >> 16, Is.EqualTo(0x1a), "the lock closes it");
        _ports.Out32(0xcf8, Host | 0x70);
        _ports.Out8(0xcfe, 0x60);
        Assert.That(_ports.In8(0xcfe), Is.EqualTo(0x3a), "DCLS alone");
        _machine.Reset();
        Assert.That(Read(Host, 0x70) >> 16, Is.EqualTo(0x02));
    }

    [TestCase(0x0b, 11, true)]
    [TestCase(0x05, 5, true)]
    [TestCase(0x8b, 11, false)]
    [TestCase(0x02, 2, false)]
    [TestCase(0x0d, 13, false)]
    public void Slot_4_s_interrupt_is_PIRQD_and_goes_where_it_is_routed(int route, int irq, bool comes)
    {
        var inputs = _machine.Device<I8259PairModel>().Inputs;
        Write(Isa, 0x60, 0x0903_0303);
        Write(Isa, 0x60, (uint)route << 24 | 0x000a_0909);
        var edu = _machine.Device<EduModel>();
        Write(Edu, 0x14, 0xc000);
        Write(Edu, 4, 1);
        _ports.Out32(0xc060, 1);
        Assert.That((edu.Intx.Level, (inputs[irq]?.Line.Level == true)), Is.EqualTo((true, comes)));
        Assert.That(inputs.Skip(1).Count(i => i?.Line.Level == true), Is.EqualTo(comes ? 1 : 0));
        Assert.That(Read(Edu, 4) >> 16 & 8, Is.EqualTo(8));
        Write(Edu, 4, 0x401);
        Assert.That((edu.Intx.Level, (inputs[irq]?.Line.Level == true), Read(Edu, 4) >> 16 & 8), Is.EqualTo((false, false, 8u)), "disabled, and the status shows it all the same");
        Write(Edu, 4, 1);
        Write(Isa, 0x60, 0x8080_8080);
        Assert.That(inputs[irq]?.Line.Level == true, Is.False);
        Write(Isa, 0x60, (uint)route << 24);
        _ports.Out32(0xc064, 1);
        Assert.That(inputs[irq]?.Line.Level == true, Is.False);
    }

    [Test]
    public void Port_cf9_resets_the_machine_on_the_rise_of_bit_2()
    {
        _ports.Out8(0xcf9, 0x02);
        Assert.That((_ports.In8(0xcf9), _machine.ResetRequested), Is.EqualTo((0x02, false)));
        _ports.Out8(0xcf9, 0x06);
        Assert.That(_machine.ResetRequested, Is.True);
        _machine.Reset();
        Assert.That((_ports.In8(0xcf9), _machine.ResetRequested), Is.EqualTo((0, false)));
        Assert.That(() => _ports.Out16(0xcf8, 0x0400), Throws.TypeOf<BusFaultException>());
        Assert.That(_machine.ResetRequested, Is.False);
    }

    [Test]
    public void A_device_of_one_s_own_can_be_taken_off_again()
    {
        var device = new RecordingDevice(0x1000);
        var attached = _machine.Attach(device, 0xfec0_0000, 0x1000);
        using var window = _machine.IoRemap(0xfec0_0000, 0x1000);
        window.Write32(0, 1);
        _machine.Detach(attached);
        Assert.That(() => window.Read32(0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => _machine.Detach(attached), Throws.ArgumentException);
        var ports = _machine.AttachPorts(new RecordingDevice(4), 0x300, 4);
        _machine.Detach(ports);
        Assert.That(() => _ports.In8(0x300), Throws.TypeOf<BusFaultException>());
        Assert.That(() => _machine.Detach(_machine.Devices.First(d => d.IsConfiguration)), Throws.ArgumentException);
        _machine.Attach(device, 0xfec0_0000, 0x1000);
        window.Write32(0, 2);
        Assert.That(device.Take(), Has.Length.EqualTo(2));
    }
}
