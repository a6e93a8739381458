namespace RawIo.Tests;

public partial class Bcm2835SystemTimerModelTests
{
    [Test]
    public void A_machine_where_nobody_waits_arms_no_timer_and_the_lines_are_right_at_each_look()
    {
        Write(0x10, 100);
        Assert.That(_time.ArmedTimers, Is.Zero);
        _time.AdvanceMicroseconds(100);
        Assert.That(_timer.InterruptLines.Select(l => l.Sample()), Is.EqualTo(new[] { false, true, false, false }));
        Assert.That(_time.ArmedTimers, Is.Zero);
    }

    [Test]
    public void A_watched_line_rises_to_the_microsecond_falls_when_cleared_and_then_waits_for_the_next()
    {
        var rises = new List<long>();
        var start = _time.Now;
        _timer.InterruptLines[1].Changed += level =>
        {
            if (level) rises.Add((_time.Now - start) / 1000);
        };
        _time.Advance(300); // the alarm is set between two counts
        _timer.InterruptLines[1].Want(true);
        Write(0x10, 100);
        Assert.That(_time.ArmedTimers, Is.EqualTo(1));
        _time.AdvanceMicroseconds(150);
        Assert.That(rises, Is.EqualTo(new[] { 100 }));
        Assert.That(_time.ArmedTimers, Is.Zero, "a line that is high needs no alarm");
        Write(0x00, 2);
        Assert.That(_timer.InterruptLines[1].Sample(), Is.False);
        Write(0x10, 500);
        _time.AdvanceMicroseconds(1000);
        Assert.That(rises, Is.EqualTo(new[] { 100, 500 }));
        Write(0x00, 2);
        _timer.InterruptLines[1].Want(false);
        Assert.That(_time.ArmedTimers, Is.Zero);
        Write(0x10, 2000);
        _time.AdvanceMicroseconds(5000);
        Assert.That(rises, Has.Count.EqualTo(2));
    }

    [Test]
    public void The_nearest_watched_compare_sets_the_alarm()
    {
        var rises = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            var line = i;
            _timer.InterruptLines[i].Changed += _ => rises.Add(line);
            _timer.InterruptLines[i].Want(true);
            Write(0x0c + i * 4, (uint)(400 - i * 100));
        }
        _time.AdvanceMicroseconds(350);
        Assert.That(rises, Is.EqualTo(new[] { 3, 2, 1 }));
    }
}
