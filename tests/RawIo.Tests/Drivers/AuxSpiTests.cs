using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class AuxSpiTests
{
    private ManualTime _time = null!;
    private Bcm2835AuxSpiModel _model = null!;
    private BareDevice _bus = null!;
    private AuxSpi _spi = null!;

    [SetUp]
    public void Attach()
    {
        _time = new ManualTime();
        _model = new Bcm2835AuxSpiModel(_time);
        _bus = new BareDevice(_model, 0x40);
        _spi = new AuxSpi(_bus, _time);
        _time.NanosecondsPerLook = 300;
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(11)]
    [TestCase(12)]
    [TestCase(13)]
    [TestCase(1000)]
    public void Any_length_comes_back_over_a_loopback(int length)
    {
        _model.Bus.Plug(2, new SpiLoopback());
        byte[] sent = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 >> 3))];
        foreach (var hertz in new[] { 100_000L, 125_000_000 })
        {
            var received = new byte[length];
            _spi.Transfer(new(2, 0, hertz), sent, received);
            Assert.That(received, Is.EqualTo(sent));
        }
        _spi.Transfer(new(2), sent, []);
    }

    [Test]
    public void A_whole_transfer_is_one_for_the_part()
    {
        var scope = new SpiScope();
        _model.Bus.Plug(1, scope);
        _spi.Transfer(new(1), [1, 2, 3, 4, 5, 6, 7], []);
        _spi.Transfer(new(0), [8], []);
        Assert.That(scope.Log, Is.EqualTo("[01020304050607]"));
    }

    [Test]
    public void Mode_2_reaches_a_part_of_mode_2()
    {
        var scope = new SpiScope { Modes = [2], Answer = 0xc3 };
        _model.Bus.Plug(0, scope);
        var answer = new byte[4];
        _spi.Transfer(new(0, 2), [0xa5, 1, 2, 0x80], answer);
        Assert.That((scope.Log, answer), Is.EqualTo(("[a5010280]", new byte[] { 0xc3, 0xc3, 0xc3, 0xc3 })));
    }

    [Test]
    public void A_flash_is_identified_and_its_status_polled()
    {
        _model.Bus.Plug(0, new SpiFlash());
        var id = new byte[4];
        _spi.Transfer(new(0, 0, 10_000_000), [0x9f, 0, 0, 0], id);
        Assert.That(id[1..], Is.EqualTo(new byte[] { 0xef, 0x40, 0x16 }));
    }

    [Test]
    public void Bad_arguments_touch_nothing_and_one_that_is_off_is_said()
    {
        Assert.That(() => _spi.Transfer(new(0), new byte[2], new byte[1]), Throws.ArgumentException);
        Assert.That(() => _spi.Transfer(new(3), [1], []), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _spi.Transfer(new(0, 1), [1], []), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _spi.Transfer(new(0, 0, 0), [1], []), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new AuxSpi(new BareDevice(_model, 0x3c), _time), Throws.ArgumentException);
        Assert.That(() => _spi.Timeout = TimeSpan.Zero, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(_bus.Log, Is.Empty);

        var off = new Bcm2835AuxSpiModel(_time, aux: new Bcm2835AuxModel());
        off.BehaveAsHardware();
        var spi = new AuxSpi(new BareDevice(off, 0x40), _time);
        Assert.That(() => spi.Transfer(new(0), new byte[100], []), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENODEV).And.Message.Contains("AUX_ENABLES"));
    }

    [Test]
    public void A_controller_that_does_not_go_on_times_out()
    {
        var dead = new MemoryMmio(new byte[0x40]);
        dead.Write32(0x08, 0x280);
        _spi = new AuxSpi(dead, _time) { Timeout = TimeSpan.FromMilliseconds(1) };
        Assert.That(() => _spi.Transfer(new(0), new byte[100], []), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT).And.Message.Contains("0 of 100"));
        Assert.That((_spi.Timeout, dead.Read32(0)), Is.EqualTo((TimeSpan.FromMilliseconds(1), 0xe_0200u)));
    }

    [Test]
    public void On_a_machine_AUX_ENABLES_switches_it_on()
    {
        using var machine = SimMachine.Create("pi3");
        machine.Plug("spi2.0=loopback");
        using var aux = machine.IoRemap(0x3f21_5000, 8);
        using var registers = machine.IoRemap(0x3f21_50c0, 0x40);
        var spi = new AuxSpi(registers, machine.Time);
        Assert.That(() => spi.Transfer(new(0), [1], []), Throws.TypeOf<BusFaultException>().With.Message.Contains("AUX_ENABLES"));
        aux.Write32(4, 4);
        var data = new byte[] { 1, 2, 3, 4 };
        spi.Transfer(new(0), [5, 6, 7, 8], data);
        Assert.That(data, Is.EqualTo(new byte[] { 5, 6, 7, 8 }));
    }
}
