using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>What is left of a machine, and of what was claimed of it, when it or somebody else ended it.</summary>
internal sealed class SimMachineEndTests
{
    private const ulong At = 0xfe00_0000;

    private static SimMachine Pc() => SimMachine.Create("pc", new() { SteppedClock = true });

    [Test]
    public void A_region_whose_claim_was_taken_away_does_not_release_the_next_ones()
    {
        using var pc = Pc();
        var warnings = new List<string>();
        pc.Memory.Warning += warnings.Add;
        pc.Ports.Warning += warnings.Add;
        var (memory, ports) = (pc.RequestMemRegion(At, 0x100, "first"), pc.RequestRegion(0x3f8, 8, "first"));
        pc.Memory.Release(At, 0x100);
        pc.Ports.Release(0x3f8, 8);
        using var nextMemory = pc.RequestMemRegion(At, 0x100, "next");
        using var nextPorts = pc.RequestRegion(0x3f8, 8, "next");
        memory.Dispose();
        ports.Dispose();
        Assert.That((pc.Memory.Lookup(At)?.Name, pc.Ports.Lookup(0x3f8)?.Name), Is.EqualTo(("next", "next")));
        Assert.That(warnings, Has.Count.EqualTo(2).And.All.StartsWith("Trying to free nonexistent resource <"));
    }

    [Test]
    public void Nothing_is_attached_to_a_machine_that_was_disposed()
    {
        var pc = Pc();
        pc.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pc.Attach(new RecordingDevice(16), At, 16));
        Assert.Throws<ObjectDisposedException>(() => pc.AttachPorts(new RecordingDevice(16), 0x300, 16));
        Assert.That(pc.Devices.Select(d => d.Device.Name), Has.None.EqualTo("scratch"));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(long.MinValue)]
    [TestCase(long.MaxValue)]
    public void A_device_of_no_length_or_too_much_is_refused_whatever_its_model_decodes(long length)
    {
        using var pi = SimMachine.Create("pi3", new() { SteppedClock = true });
        Assert.Throws<ArgumentOutOfRangeException>(() => pi.Attach(new Bcm2835GpioModel(), At, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => pi.Attach(new Bcm2835GpioModel(), ulong.MaxValue, length));
    }

    [Test]
    public void What_leaves_the_address_space_is_named_as_it_was_written()
    {
        using var pc = Pc();
        Assert.That(() => pc.Explain(ulong.MaxValue - 3, 4), Throws.InstanceOf<ArgumentOutOfRangeException>()
            .With.Message.Contains("0xfffffffffffffffc leaves the address space, which ends at 0xffffffffff"));
        Assert.That(() => pc.Explain(0xff_ffff_fffc, 8), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Failing_to_map_leaves_room_to_map()
    {
        using var pc = Pc();
        var error = Assert.Throws<RawIoException>(() => pc.IoRemap(At + 0x1000, 1L << 36))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.ENOMEM));
        for (var i = 0; i < 3; i++) pc.IoRemap(At + (ulong)i * 0x20_0000, 0x30_0000).Dispose();
    }

    [Test, CancelAfter(60_000)]
    public void A_devices_timer_does_not_run_after_it_was_changed_or_the_machine_ended([Values] bool byDispose, CancellationToken cancel)
    {
        var (clock, gate) = (new MachineClock(null, DateTimeOffset.UnixEpoch), new BiasedLock());
        var ran = 0;
        var timer = (MachineTimer)new DeviceTime(clock, gate).CreateTimer(_ => ran++, null, TimeSpan.FromTicks(1), Timeout.InfiniteTimeSpan);
        var token = gate.Enter();
        var other = new Thread(() => clock.Step(100));
        other.Start();
        // It is due, and its callback waits for the lock that is held here.
        while (timer.Due is not null) cancel.ThrowIfCancellationRequested();
        if (byDispose) clock.Stop();
        else timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        gate.Exit(token);
        other.Join();
        Assert.That(ran, Is.Zero);
    }
}
