using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>TryRead on windows that are not of the machine's own memory.</summary>
internal sealed class GuardedMmioTests
{
    [Test]
    public void A_simulated_machine_answers_or_does_not()
    {
        using var machine = TestBoards.WithScratch(out var device);
        using var io = machine.IoRemap(TestBoards.DeviceAddress, 0x2000);
        io.Write64(8, 0x8877665544332211);
        _ = device.Take();
        Assert.That((io.TryRead8(9, out var b), b), Is.EqualTo((true, 0x22)));
        Assert.That((io.TryRead16(10, out var w), w), Is.EqualTo((true, 0x4433)));
        Assert.That((io.TryRead32(12, out var d), d), Is.EqualTo((true, 0x88776655)));
        Assert.That((io.TryRead64(8, out var q), q), Is.EqualTo((true, 0x8877665544332211)));
        Assert.That((io.TryRead(8, 4, out var any), any), Is.EqualTo((true, 0x44332211ul)));
        Assert.That(device.Take(), Is.EqualTo(new[] { "R1@9", "R2@10", "R4@12", "R8@8", "R4@8" }));
        Assert.That((io.TryRead8(0x1000, out b), b), Is.EqualTo((false, 0)), "nothing is there");
        Assert.That((io.TryRead16(0x1000, out w), w), Is.EqualTo((false, 0)));
        Assert.That((io.TryRead32(0x1000, out d), d), Is.EqualTo((false, 0)));
        Assert.That((io.TryRead64(0x1000, out q), q), Is.EqualTo((false, 0)));
        Assert.That(device.Take(), Is.Empty);
    }

    [Test]
    public void Argument_errors_and_a_closed_mapping_throw()
    {
        using var machine = TestBoards.WithScratch(out _);
        var io = machine.IoRemap(TestBoards.DeviceAddress, 0x100);
        Assert.Throws<ArgumentOutOfRangeException>(() => io.TryRead32(0x100, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => io.TryRead(0, 3, out _));
        Assert.Throws<DataMisalignedException>(() => io.TryRead32(2, out _));
        io.Dispose();
        Assert.Throws<ObjectDisposedException>(() => io.TryRead32(0, out _));
    }
}
