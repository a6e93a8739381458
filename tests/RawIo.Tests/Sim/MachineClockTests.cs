using RawIo.Sim;

namespace RawIo.Tests;

internal sealed partial class MachineClockTests
{
    private static readonly DateTimeOffset s_epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_never = Timeout.InfiniteTimeSpan;

    private static MachineClock Stepped() => new(null, s_epoch);

    private static TimeSpan Ns(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / 100);

    [Test]
    public void A_stepped_clock_stands_still_but_for_steps()
    {
        var clock = Stepped();
        Assert.That((clock.Now, clock.GetTimestamp(), clock.TimestampFrequency, clock.IsStepped), Is.EqualTo((0L, 0L, 1_000_000_000L, true)));
        Assert.That(clock.GetUtcNow(), Is.EqualTo(s_epoch));
        clock.Step(1_500_000_050);
        Assert.That(clock.Now, Is.EqualTo(1_500_000_050));
        Assert.That(clock.GetUtcNow(), Is.EqualTo(s_epoch.AddSeconds(1.5)));
        Assert.That(clock.GetElapsedTime(0), Is.EqualTo(TimeSpan.FromSeconds(1.5)));
        Assert.That(clock.LocalTimeZone, Is.EqualTo(TimeZoneInfo.Utc));
    }

    [Test]
    public void Time_that_would_overflow_is_refused_and_dates_stop_at_the_last()
    {
        var clock = new MachineClock(null, DateTimeOffset.MaxValue - TimeSpan.FromSeconds(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Step(-1));
        clock.Step(long.MaxValue - 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Step(6));
        clock.Step(5);
        Assert.That(clock.Now, Is.EqualTo(long.MaxValue));
        Assert.That(clock.GetUtcNow(), Is.EqualTo(DateTimeOffset.MaxValue));
        var ran = 0;
        clock.CreateTimer(_ => ran++, null, TimeSpan.MaxValue, TimeSpan.MaxValue);
        clock.Step(0);
        Assert.That(ran, Is.EqualTo(1), "due at the end of time, and no next one");
        Assert.That(clock.StepToNextTimer(), Is.False);
    }

    [Test]
    public void Timers_run_in_the_order_of_their_times_ties_by_creation_each_at_its_own_time()
    {
        var clock = Stepped();
        var ran = new List<string>();
        void Make(string name, long due) => clock.CreateTimer(s => ran.Add($"{s}@{clock.Now}"), name, Ns(due), s_never);
        Make("c", 300);
        Make("a", 100);
        Make("b1", 200);
        Make("b2", 200);
        Make("late", 400);
        clock.Step(350);
        Assert.That(ran, Is.EqualTo(new[] { "a@100", "b1@200", "b2@200", "c@300" }));
        Assert.That(clock.Now, Is.EqualTo(350));
        Assert.That(clock.StepToNextTimer(), Is.True);
        Assert.That(ran[^1], Is.EqualTo("late@400"));
        Assert.That(clock.StepToNextTimer(), Is.False);
        Assert.That(clock.Now, Is.EqualTo(400));
    }

    [Test]
    public async Task Periodic_timers_run_until_changed_or_disposed()
    {
        var clock = Stepped();
        var times = new List<long>();
        var timer = clock.CreateTimer(_ => times.Add(clock.Now), null, Ns(100), Ns(200));
        clock.Step(600);
        Assert.That(times, Is.EqualTo(new long[] { 100, 300, 500 }));
        Assert.That(timer.Change(Ns(1000), s_never), Is.True);
        clock.Step(999);
        Assert.That(times, Has.Count.EqualTo(3));
        clock.Step(1);
        Assert.That(times[^1], Is.EqualTo(1600));
        timer.Change(Ns(100), Ns(100));
        timer.Change(s_never, Ns(100));
        clock.Step(1000);
        Assert.That(times, Has.Count.EqualTo(4));
        timer.Change(Ns(100), TimeSpan.Zero);
        clock.Step(1000);
        Assert.That(times, Has.Count.EqualTo(5), "no period: once");
        timer.Change(Ns(100), Ns(100));
        timer.Dispose();
        Assert.That(timer.Change(Ns(100), s_never), Is.False);
        await timer.DisposeAsync();
        clock.Step(1000);
        Assert.That(times, Has.Count.EqualTo(5));
    }

    [Test]
    public void A_callback_may_make_timers_change_its_own_and_step()
    {
        var clock = Stepped();
        var ran = new List<string>();
        ITimer? self = null;
        var runs = 0;
        self = clock.CreateTimer(_ =>
        {
            ran.Add($"self@{clock.Now}");
            clock.CreateTimer(_ => ran.Add($"child@{clock.Now}"), null, Ns(100), s_never);
            if (++runs < 2) self!.Change(Ns(100), s_never);
        }, null, Ns(100), s_never);
        clock.CreateTimer(_ => clock.Step(1000), null, Ns(5000), s_never);
        clock.Step(1000);
        Assert.That(ran, Is.EqualTo(new[] { "self@100", "self@200", "child@200", "child@300" }));
        clock.Step(4500);
        Assert.That(clock.Now, Is.EqualTo(6000), "the nested step went further");
    }

    [Test]
    public void A_timer_of_zero_runs_at_the_next_step_be_it_of_zero()
    {
        var clock = Stepped();
        var ran = 0;
        clock.CreateTimer(_ => ran++, null, TimeSpan.Zero, s_never);
        Assert.That(ran, Is.Zero);
        clock.Step(0);
        Assert.That(ran, Is.EqualTo(1));
    }

    [Test]
    public void Bad_timers_are_refused()
    {
        var clock = Stepped();
        Assert.Throws<ArgumentNullException>(() => clock.CreateTimer(null!, null, TimeSpan.Zero, s_never));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.CreateTimer(_ => { }, null, TimeSpan.FromTicks(-5), s_never));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.CreateTimer(_ => { }, null, TimeSpan.Zero, TimeSpan.FromTicks(-5)));
        Assert.That(clock.StepToNextTimer(), Is.False);
    }

    [Test]
    public void An_awaited_delay_ends_when_time_has_passed()
    {
        var clock = Stepped();
        var delay = Task.Delay(TimeSpan.FromMilliseconds(5), clock);
        clock.Step(4_999_999);
        Assert.That(delay.IsCompleted, Is.False);
        clock.Step(1);
        Assert.That(delay.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public void A_devices_timer_runs_under_the_machines_lock_and_not_after_its_end()
    {
        var gate = new BiasedLock();
        var clock = Stepped();
        var time = new DeviceTime(clock, gate);
        var depth = -5;
        time.CreateTimer(_ =>
        {
            depth = gate.Enter();
            gate.Exit(depth);
        }, null, Ns(100), s_never);
        Assert.Throws<ArgumentNullException>(() => time.CreateTimer(null!, null, Ns(100), s_never));
        clock.Step(100);
        Assert.That(depth, Is.EqualTo(1), "already inside");
        Assert.That((time.GetTimestamp(), time.TimestampFrequency, time.GetUtcNow(), time.LocalTimeZone),
            Is.EqualTo((100L, 1_000_000_000L, s_epoch.AddTicks(1), TimeZoneInfo.Utc)));
        depth = -5;
        time.CreateTimer(_ => depth = 0, null, Ns(100), s_never);
        clock.Stop();
        clock.Step(1000);
        Assert.That(depth, Is.EqualTo(-5));
    }
}
