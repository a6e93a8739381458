using RawIo.Sim;

namespace RawIo.Tests;

public class Mcp23017Tests
{
    private const byte IODIRA = 0x00, IODIRB = 0x01, IPOLA = 0x02, GPINTENA = 0x04, GPINTENB = 0x05, DEFVALA = 0x06, INTCONA = 0x08, IOCON = 0x0a,
        GPPUA = 0x0c, INTFA = 0x0e, INTCAPA = 0x10, GPIOA = 0x12, GPIOB = 0x13, OLATA = 0x14, OLATB = 0x15;

    private I2cBus _bus = null!;
    private Mcp23017 _mcp = null!;

    [SetUp]
    public void Plug()
    {
        _bus = new I2cBus("i2c1", new ManualTime());
        _mcp = new Mcp23017();
        _bus.Plug(0x20, _mcp);
    }

    private void Write(params byte[] data)
    {
        Assert.That(_bus.Start(0x20, false), Is.True);
        foreach (var value in data) _bus.Write(value);
        _bus.Stop();
    }

    private byte[] Read(byte register, int count)
    {
        _bus.Start(0x20, false);
        _bus.Write(register);
        _bus.Start(0x20, true);
        var data = new byte[count];
        for (var i = 0; i < count; i++) data[i] = _bus.Read(i < count - 1);
        _bus.Stop();
        return data;
    }

    private byte Read(byte register) => Read(register, 1)[0];

    [Test]
    public void At_power_on_all_pins_are_inputs_and_the_rest_is_0()
    {
        Assert.That(Read(0x00, 24), Is.EqualTo(new byte[] { 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff }),
            "after the last register comes the first");
        Assert.That((_mcp.IntA.Level, _mcp.IntB.Level, _mcp.Pins.Count, _mcp.Pins[9].Name), Is.EqualTo((true, true, 16, "GPB1")));
    }

    [Test]
    public void Outputs_drive_inputs_are_read_and_pull_ups_pull()
    {
        Write(IODIRA, 0xf0, 0x00);
        Write(OLATA, 0xa5, 0x3c);
        Assert.That(_mcp.Pins.Select(p => p.Level), Is.EqualTo("1010000000111100".Select(c => c == '1')));
        _mcp.Pins[7].Drive(true);
        Assert.That((Read(GPIOA), Read(OLATA), Read(GPIOB)), Is.EqualTo(((byte)0x85, (byte)0xa5, (byte)0x3c)));
        Write(GPIOA, 0x0a);
        Assert.That((Read(GPIOA), Read(OLATA)), Is.EqualTo(((byte)0x8a, (byte)0x0a)), "a write to GPIO is one to OLAT");
        Write(GPPUA, 0x10);
        Assert.That(Read(GPIOA), Is.EqualTo(0x9a));
        _mcp.Pins[4].Drive(false);
        Assert.That(Read(GPIOA), Is.EqualTo(0x8a));
        Write(IPOLA, 0xff);
        Assert.That((Read(GPIOA), Read(OLATA)), Is.EqualTo(((byte)0x75, (byte)0x0a)));
    }

    [Test]
    public void With_BANK_the_ports_are_apart_and_IOCON_moves()
    {
        Write(IOCON, 0x80);
        Assert.That((Read(0x05), Read(0x15)), Is.EqualTo(((byte)0x80, (byte)0x80)));
        Write(0x10, 0x0f, 0x01);
        Assert.That(Read(0x10, 2), Is.EqualTo(new byte[] { 0x0f, 0x01 }));
        Assert.That(Read(0x00), Is.EqualTo(0xff));
        Assert.That(Read(0x0a, 2), Is.EqualTo(new byte[] { 0, 0x0f }), "after port A comes port B");
        Assert.That(Read(0x1a, 2), Is.EqualTo(new byte[] { 0, 0xff }), "and A again");
        Assert.That(Read(0x0b), Is.Zero);
        Write(0x05, 0x00);
        Assert.That(Read(IODIRB), Is.EqualTo(0x0f));
    }

    [Test]
    public void Without_sequential_operation_the_pointer_goes_to_and_fro_or_stays()
    {
        Write(IOCON, 0x20);
        Write(IODIRA, 0, 0);
        Write(OLATA, 1, 2, 3, 4);
        Assert.That(Read(OLATA, 4), Is.EqualTo(new byte[] { 3, 4, 3, 4 }));
        Write(IOCON, 0xa0);
        Write(0x0a, 5, 6, 7);
        Assert.That((Read(0x0a, 2), Read(0x1a)), Is.EqualTo((new byte[] { 7, 7 }, (byte)4)));
    }

    [Test]
    public void A_pin_that_changes_interrupts_and_is_captured_until_it_is_read()
    {
        Write(GPINTENA, 0x03, 0x80);
        _mcp.Pins[2].Drive(true);
        Assert.That((_mcp.IntA.Level, Read(INTFA)), Is.EqualTo((true, (byte)0)), "not enabled");
        _mcp.Pins[1].Drive(true);
        Assert.That((_mcp.IntA.Level, _mcp.IntB.Level, Read(INTFA)), Is.EqualTo((false, true, (byte)2)));
        _mcp.Pins[0].Drive(true);
        _mcp.Pins[1].Drive(false);
        Assert.That((Read(INTFA), Read(INTCAPA), _mcp.IntA.Level), Is.EqualTo(((byte)2, (byte)6, true)), "the first is captured; the read clears it");
        Assert.That(Read(INTFA), Is.Zero);
        _mcp.Pins[1].Drive(true);
        Assert.That(_mcp.IntA.Level, Is.False);
        Assert.That((Read(GPIOA), _mcp.IntA.Level), Is.EqualTo(((byte)7, true)));
        _mcp.Pins[15].Drive(true);
        Assert.That((_mcp.IntA.Level, _mcp.IntB.Level), Is.EqualTo((true, false)));
        Write(INTFA, 0xff, 0xff);
        Assert.That(Read(INTFA, 2), Is.EqualTo(new byte[] { 0, 0x80 }), "read-only");
    }

    [Test]
    public void A_pin_that_differs_from_DEFVAL_interrupts_again_after_the_read()
    {
        Write(DEFVALA, 0x01);
        Write(INTCONA, 0x01);
        _mcp.Pins[0].Drive(true);
        Write(GPINTENA, 0x01);
        Assert.That(_mcp.IntA.Level, Is.True);
        _mcp.Pins[0].Drive(false);
        Assert.That(_mcp.IntA.Level, Is.False);
        Assert.That((Read(INTCAPA), _mcp.IntA.Level), Is.EqualTo(((byte)0, false)));
        _mcp.Pins[0].Drive(true);
        Assert.That((Read(GPIOA), _mcp.IntA.Level), Is.EqualTo(((byte)1, true)));
    }

    [TestCase(0x00, true, false)]
    [TestCase(0x02, false, true)]
    [TestCase(0x04, false, false)]
    [TestCase(0x06, false, false)]
    public void The_interrupt_outputs_have_their_polarity_or_are_open_drain(byte iocon, bool idle, bool active)
    {
        Write(IOCON, iocon);
        Write(GPINTENB, 0xff);
        _mcp.IntB.Pull(PinPull.Down);
        Assert.That(_mcp.IntB.Level, Is.EqualTo(idle));
        _mcp.Pins[8].Drive(true);
        Assert.That(_mcp.IntB.Level, Is.EqualTo(active));
    }

    [Test]
    public void With_MIRROR_both_outputs_tell_of_both_ports()
    {
        Write(IOCON, 0x40);
        Write(GPINTENA, 0xff, 0xff);
        _mcp.Pins[8].Drive(true);
        Assert.That((_mcp.IntA.Level, _mcp.IntB.Level), Is.EqualTo((false, false)));
        Read(GPIOB);
        Assert.That((_mcp.IntA.Level, _mcp.IntB.Level), Is.EqualTo((true, true)));
    }

    [Test]
    public void An_output_does_not_interrupt_and_addresses_without_a_register_do_nothing()
    {
        Write(IODIRA, 0x00);
        Write(GPINTENA, 0xff);
        Write(OLATA, 0xff);
        Assert.That(_mcp.IntA.Level, Is.True);
        Write(0x16, 0x55);
        Write(0xff, 0x55);
        Assert.That((Read(0x16), Read(0xff)), Is.EqualTo(((byte)0, (byte)0)));
    }

    [Test]
    public void A_snapshot_brings_back_registers_pins_and_interrupts()
    {
        Write(IODIRA, 0x0f);
        Write(GPINTENA, 0x0f);
        Write(OLATB, 0x01);
        Write(OLATA, 0xf0);
        var saved = _mcp.Save();
        _mcp.Pins[0].Drive(true);
        Write(OLATA, 0x00);
        Assert.That((_mcp.IntA.Level, _mcp.Pins[7].Level), Is.EqualTo((false, false)));
        _mcp.Pins[0].Drive(false);
        _mcp.Restore(saved);
        Assert.That((_mcp.IntA.Level, _mcp.Pins[7].Level, Read(INTFA)), Is.EqualTo((true, true, (byte)0)));
    }
}
