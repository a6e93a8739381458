using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835DmaTests
{
    private SimMachine _pi = null!;
    private IMmio _ram = null!, _registers = null!;
    private uint _alias;

    private Bcm2835Dma Open(string board, int channel)
    {
        _pi = SimMachine.Create(board, new() { SteppedClock = true });
        _alias = board == "pi1" ? 0x4000_0000u : 0xc000_0000;
        _ram = _pi.PhysicalMemory.Window(0x10_0000, 0x4_0000);
        _registers = _pi.IoRemap(_pi.Devices.Single(d => d.Device is Bcm2835DmaModel).Start + (ulong)channel * 0x100, 0x24);
        return new(_registers, _ram.Window(0, 32), _alias + 0x10_0000, new SteppingTime(_pi));
    }

    [TearDown]
    public void Off() => _pi.Dispose();

    [Test]
    public void Memory_is_copied_on_every_board_by_full_and_lite_channels([Values("pi1", "pi2", "pi3", "pi4")] string board, [Values(5, 10)] int channel,
        [Values(1, 4, 1001, 65535)] int length)
    {
        var dma = Open(board, channel);
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        _ram.CopyTo(0x1000, bytes);
        _ram.Write8(0x2_0000 + length, 0x5a);
        dma.Copy(_alias + 0x12_0000, _alias + 0x10_1000, length);
        var copied = new byte[length + 1];
        _ram.CopyFrom(0x2_0000, copied);
        Assert.That(copied, Is.EqualTo(bytes.Append((byte)0x5a)));
        Assert.That((_registers.Read32(0) & 7, _pi.Faults.Count), Is.EqualTo((0u, 0L)));
    }

    [TestCase("pi1", 0x2000_0000u)]
    [TestCase("pi2", 0x3f00_0000u)]
    [TestCase("pi3", 0x3f00_0000u)]
    public void A_register_is_reached_by_its_bus_address_and_not_by_the_ARMs(string board, uint arm)
    {
        var dma = Open(board, 5);
        dma.Copy(_alias + 0x12_0000, 0x7e10_10f4, 4);
        Assert.That(_ram.Read32(0x2_0000), Is.EqualTo(0xa6aau), "CM_UARTDIV");
        Assert.That(() => dma.Copy(_alias + 0x12_0000, arm + 0x10_10f4, 4), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EIO));
    }

    [Test]
    public void A_channel_whose_ACTIVE_was_left_set_without_a_block_is_free()
    {
        var dma = Open("pi3", 5);
        _registers.Write32(0, 1);
        _ram.Write32(0x1000, 0x1234_5678);
        dma.Copy(_alias + 0x12_0000, _alias + 0x10_1000, 4);
        Assert.That(_ram.Read32(0x2_0000), Is.EqualTo(0x1234_5678u));
    }

    [Test]
    public void A_screen_of_eight_megabytes_is_copied_at_the_speed_of_the_bus()
    {
        _ = Open("pi3", 0);
        const uint Screen = 1920 * 1080 * 4;
        foreach (var (i, word) in new uint[] { 0x110, _alias + 0x20_0000, _alias + 0x120_0000, Screen, 0, 0 }.Index()) _ram.Write32(4 * i, word);
        var end = _pi.PhysicalMemory.Window(0x120_0000 + Screen - 4, 4);
        var source = _pi.PhysicalMemory.Window(0x20_0000 + Screen - 4, 4);
        source.Write32(0, 0x1234_5678);
        _registers.Write32(4, _alias + 0x10_0000);
        _registers.Write32(0, 1);
        _pi.Clock.Step(66_000_000);
        Assert.That((_registers.Read32(0) & 3, end.Read32(0)), Is.EqualTo((1u, 0u)));
        _pi.Clock.Step(1_000_000);
        Assert.That((_registers.Read32(0) & 3, end.Read32(0)), Is.EqualTo((2u, 0x1234_5678u)), "32 ns a word");
    }

    [Test]
    public void Errors_of_the_bus_a_busy_channel_and_one_that_stands_are_told_apart()
    {
        var dma = Open("pi3", 5);
        Assert.That(() => dma.Copy(_alias + 0x12_0000, 0x7fff_0000, 4), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EIO).And.Message.Contains("0x7fff0000"));
        dma.Copy(_alias + 0x12_0000, _alias + 0x10_1000, 4);
        Assert.That(() => dma.Copy(0, 0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => dma.Copy(0, 0, 0x1_0000), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => dma.Timeout = TimeSpan.Zero, Throws.InstanceOf<ArgumentException>());
        Assert.That(dma.Timeout, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(() => new Bcm2835Dma(_registers.Window(0, 0x20), _ram, 0, _pi.Time), Throws.ArgumentException);
        Assert.That(() => new Bcm2835Dma(_registers, _ram.Window(0, 16), 0, _pi.Time), Throws.ArgumentException);
        Assert.That(() => new Bcm2835Dma(_registers, _ram, 16, _pi.Time), Throws.ArgumentException);

        using var all = _pi.IoRemap(0x3f00_7ff0, 4);
        all.Write32(0, 0x7fdf);
        dma.Timeout = TimeSpan.FromMilliseconds(1);
        Assert.That(() => dma.Copy(_alias + 0x12_0000, _alias + 0x10_1000, 4), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT));
        _registers.Write32(4, _alias + 0x10_0000);
        _registers.Write32(0, 1);
        Assert.That(() => dma.Copy(0, 0, 4), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EBUSY));
    }
}
