using RawIo.Sim;

namespace RawIo.Tests;

public partial class Bcm2835GpioModelTests
{
    [Test]
    public void A_change_from_outside_waits_for_the_access_that_the_machine_is_at()
    {
        var gate = new BiasedLock();
        _gpio.Gate = gate;
        Pin button = new("button"), other = new("other");
        using var wire = Wire.Connect(button, _gpio.Pins[20]);
        var second = Wire.Connect(button, _gpio.Pins[21]);
        Action[] changes =
        [
            () => button.Drive(true), () => _gpio.Pins[21].Drive(true), () => button.Pull(PinPull.Up), () => button.Glitch(false),
            () => Wire.Connect(other, button), second.Dispose,
        ];
        foreach (var change in changes)
        {
            var token = gate.Enter();
            var thread = new Thread(() => change());
            thread.Start();
            var done = thread.Join(20);
            gate.Exit(token);
            thread.Join();
            Assert.That(done, Is.False);
        }
        Assert.That((_gpio.Pins[20].Level, other.Level), Is.EqualTo((true, true)));
    }

    /// <summary>A machine's lock around bus accesses on one thread; buttons pressed on two others.</summary>
    [Test]
    public void Pins_in_a_machine_may_be_driven_from_any_thread_and_no_level_or_edge_is_lost()
    {
        var gate = new BiasedLock();
        _gpio.Gate = gate;
        var button = new Pin("button");
        using var wire = Wire.Connect(button, _gpio.Pins[20]);
        MakeOutput(17);
        Write(0x4c, 1 << 20 | 1 << 21);
        var lost = 0;
        using var start = new Barrier(3);
        void Drive(int pin, Action<bool> drive)
        {
            start.SignalAndWait();
            // Nobody else changes this pin, so nobody may change what GPLEV says of it.
            for (var i = 1; i <= 100_001; i++)
            {
                drive((i & 1) != 0);
                var token = gate.Enter();
                if ((Read(0x34) >> pin & 1) != (i & 1)) Interlocked.Increment(ref lost);
                gate.Exit(token);
            }
        }

        Thread[] threads =
        [
            new(() => Drive(20, level => button.Drive(level))),
            new(() => Drive(21, level => _gpio.Pins[21].Drive(level))),
            new(() => Drive(17, level =>
            {
                var token = gate.Enter();
                Write(level ? 0x1c : 0x28, 1 << 17);
                gate.Exit(token);
            })),
        ];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.That(lost, Is.Zero);
        Write(0x28, 1 << 17);
        Assert.That(Read(0x34), Is.EqualTo(0x0030_01ffu));
        Assert.That(Read(0x40), Is.EqualTo(0x0030_0000u));
    }
}
