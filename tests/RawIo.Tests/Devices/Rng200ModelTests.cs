using RawIo.Sim;

namespace RawIo.Tests;

public class Rng200ModelTests
{
    private ManualTime _time = null!;
    private Rng200Model _rng = null!;

    [SetUp]
    public void PowerOn() => _rng = new Rng200Model(_time = new ManualTime(), 7);

    private uint Read(int offset) => (uint)_rng.Read(offset, 4);

    private void Write(int offset, uint value) => _rng.Write(offset, 4, value);

    [Test]
    public void It_is_off_and_empty_at_power_on_and_stays_so()
    {
        _time.AdvanceMilliseconds(1000);
        foreach (var offset in new[] { 0, 4, 8, 0xc, 0x10, 0x18, 0x1c, 0x20, 0x24 }) Assert.That(Read(offset), Is.Zero);
        Assert.That((_rng.Name, _rng.Compatible[0], _rng.LeavesOut.Length > 0), Is.EqualTo(("RNG200", "brcm,bcm2711-rng200", true)));
    }

    [Test]
    public void Words_come_a_bit_a_microsecond_into_a_FIFO_of_sixteen()
    {
        Write(0x00, 1);
        _time.AdvanceMicroseconds(31);
        Assert.That((Read(0x24), Read(0x20), Read(0x0c)), Is.EqualTo((0u, 0u, 31u)));
        _time.AdvanceMicroseconds(33);
        Assert.That((Read(0x24), Read(0x0c)), Is.EqualTo((2u, 64u)));
        var first = Read(0x20);
        Assert.That((first, Read(0x20), Read(0x24)), Is.Not.EqualTo((Read(0x20), first, 1u)));
        _time.AdvanceMilliseconds(100);
        Assert.That((Read(0x24), Read(0x0c)), Is.EqualTo((16u, 100_064u)));
        Write(0x24, 0x0200);
        Assert.That(Read(0x24), Is.EqualTo(0x210u), "threshold and count");
        var other = new Rng200Model(_time, 7);
        other.Write(0, 4, 1);
        _time.AdvanceMilliseconds(1);
        Assert.That((uint)other.Read(0x20, 4), Is.EqualTo(first), "the seed decides");
    }

    [Test]
    public void The_bit_count_reaches_its_threshold_on_time_and_is_cleared_by_writing_1()
    {
        Write(0x10, 0x4_0000);
        Write(0x1c, 1);
        Write(0x00, 1);
        _rng.InterruptLines[0].Want(true);
        _time.AdvanceMicroseconds(0x3_ffff);
        Assert.That(_rng.InterruptLines[0].Level, Is.False);
        _time.AdvanceMicroseconds(1);
        Assert.That((_rng.InterruptLines[0].Level, _time.ArmedTimers), Is.EqualTo((true, 0)));
        Assert.That(Read(0x18), Is.EqualTo(0x2_0001u));
        Write(0x18, 1);
        Assert.That((Read(0x18), _rng.InterruptLines[0].Level), Is.EqualTo((0x2_0000u, false)));
        Write(0x1c, 0x2_0000);
        Assert.That(_rng.InterruptLines[0].Level, Is.True);
    }

    [Test]
    public void Linuxs_restart_begins_anew()
    {
        Write(0x00, 1);
        _time.AdvanceMilliseconds(1);
        Write(0x00, 0);
        Write(0x18, 0xffff_ffff);
        Write(0x08, 1);
        Write(0x04, 1);
        Assert.That((Read(0x04), Read(0x08), Read(0x24), Read(0x18)), Is.EqualTo((1u, 1u, 0u, 0u)));
        Write(0x00, 1);
        _time.AdvanceMilliseconds(1);
        Assert.That(Read(0x24), Is.Zero, "held in reset");
        Write(0x04, 0);
        Write(0x08, 0);
        _time.AdvanceMicroseconds(32);
        Assert.That((Read(0x24), Read(0x0c)), Is.EqualTo((1u, 32u)));
    }

    [TestCase(0x14)]
    [TestCase(0x28)]
    public void There_are_holes(int offset)
    {
        Assert.That(() => Read(offset), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(offset, 0), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void What_is_read_only_refuses_writes_and_a_snapshot_goes_on_with_the_same_words()
    {
        Assert.That(() => Write(0x20, 0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(0x0c, 0), Throws.TypeOf<BusFaultException>());
        Write(0x00, 1);
        _time.AdvanceMicroseconds(100);
        var saved = _rng.Save();
        var words = (Read(0x20), Read(0x20), Read(0x20));
        Write(0x1c, 5);
        _rng.Restore(saved);
        Assert.That((Read(0x1c), (Read(0x20), Read(0x20), Read(0x20))), Is.EqualTo((0u, words)));
        _rng.Reset();
        Assert.That((Read(0x00), Read(0x24)), Is.EqualTo((0u, 0u)));
        using var pi = SimMachine.Create("pi4", new() { SteppedClock = true });
        Assert.That(pi.Device<Rng200Model>(), Is.Not.Null);
    }
}
