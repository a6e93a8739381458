using RawIo.Sim;

namespace RawIo.Tests;

internal sealed partial class MachineClockTests
{
    [Test]
    public void Following_a_host_it_counts_from_power_on_in_nanoseconds_and_steps_add_to_it()
    {
        var host = new Host();
        var clock = new MachineClock(host, s_epoch);
        Assert.That((clock.Now, clock.IsStepped), Is.EqualTo((0L, false)));
        host.Move(3); // thirds of a microsecond
        Assert.That(clock.Now, Is.EqualTo(1000));
        clock.Step(500);
        host.Move(3);
        Assert.That(clock.Now, Is.EqualTo(2500));
        Assert.That(clock.GetUtcNow(), Is.EqualTo(host.GetUtcNow() + TimeSpan.FromTicks(5)));
        Assert.That(clock.LocalTimeZone, Is.SameAs(host.LocalTimeZone));
        host.Move(long.MaxValue / 2);
        Assert.That(clock.Now, Is.EqualTo(long.MaxValue), "292 years are the end, not a negative time");
        clock.Step(0);
    }

    [Test]
    public void Following_a_host_timers_run_by_the_hosts_timer()
    {
        var host = new Host();
        var clock = new MachineClock(host, s_epoch);
        var times = new List<long>();
        clock.CreateTimer(_ => times.Add(clock.Now), null, TimeSpan.FromMicroseconds(1500), s_never);
        Assert.That(host.Armed, Is.EqualTo(TimeSpan.FromMilliseconds(2)), "whole milliseconds, never early");
        host.Move(3 * 1000);
        host.Fire!();
        Assert.That(times, Is.Empty, "woken early");
        Assert.That(host.Armed, Is.EqualTo(TimeSpan.FromMilliseconds(1)));
        host.Move(3 * 1000);
        host.Fire!();
        Assert.That(times, Is.EqualTo(new[] { 2_000_000L }));
        Assert.That(host.Armed, Is.EqualTo(s_never));
        clock.CreateTimer(_ => times.Add(clock.Now), null, TimeSpan.FromDays(100), s_never);
        Assert.That(host.Armed, Is.EqualTo(TimeSpan.FromMilliseconds(4_000_000_000)));
        Assert.That(clock.StepToNextTimer(), Is.True);
        Assert.That(times, Has.Count.EqualTo(2));
        clock.Stop();
        Assert.That(host.Disposed, Is.True);
        clock.CreateTimer(_ => times.Add(0), null, TimeSpan.Zero, s_never);
        clock.Step(100);
        Assert.That(times, Has.Count.EqualTo(2), "no timer runs on a stopped clock");
    }

    private sealed class Host : TimeProvider, ITimer
    {
        private long _now = 12345;

        public Action? Fire { get; private set; }

        public TimeSpan Armed { get; private set; }

        public bool Disposed { get; private set; }

        public override long TimestampFrequency => 3_000_000;

        public override long GetTimestamp() => _now;

        public override DateTimeOffset GetUtcNow() => new(2030, 5, 5, 0, 0, 0, TimeSpan.Zero);

        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(2), "x", "x");

        public void Move(long ticks) => _now += ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Fire = () => callback(state);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Armed = dueTime;
            return true;
        }

        public void Dispose() => Disposed = true;

        public ValueTask DisposeAsync() => default;
    }
}
