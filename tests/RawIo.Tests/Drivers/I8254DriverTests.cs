using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

[TestFixture]
public class I8254DriverTests
{
    private SimMachine _machine = null!;
    private IPortGrant _ports = null!, _port61 = null!;
    private I8254 _timer = null!;

    [SetUp]
    public void MakeMachine()
    {
        _machine = SimMachine.Create("pc", new() { SteppedClock = true });
        _ports = _machine.OpenPorts(0x40, 4);
        _port61 = _machine.OpenPorts(0x61, 1);
        _timer = new I8254(_ports, _port61);
    }

    [TearDown]
    public void EndMachine()
    {
        _ports.Dispose();
        _port61.Dispose();
        _machine.Dispose();
    }

    [Test]
    public async Task A_1_kHz_interrupt_comes_as_often_as_the_divisor_says_in_a_stepped_second()
    {
        using var interrupt = _machine.OpenInterrupt(0, "timer");
        interrupt.Disable();
        var divisor = I8254.Divisor(1000);
        Assert.That(divisor, Is.EqualTo(1193));
        _timer.StartPeriodic(0, divisor);
        _machine.Clock.Step(1000); // the count is loaded with the next clock pulse
        interrupt.Enable();
        var before = interrupt.Count;
        var start = _machine.Clock.Now;
        var interrupts = 0;
        while (true)
        {
            if (!_machine.Clock.StepToNextTimer() || _machine.Clock.Now - start > 1_000_000_000) break;
            if (interrupt.Count == before + interrupts) continue;
            Assert.That(await interrupt.WaitAsync(), Is.EqualTo(before + ++interrupts));
            interrupt.Enable();
        }
        Assert.That(interrupts, Is.EqualTo(1_193_182 / 1193), "1000.15 a second");
    }

    [Test]
    public void A_one_shot_interrupts_once_after_its_count()
    {
        using var interrupt = _machine.OpenInterrupt(0, "timer");
        _timer.StartOneShot(0, 1193);
        Assert.That(_timer.ReadBack(0).HasNullCount, Is.True);
        var before = interrupt.Count;
        interrupt.Enable();
        _machine.Clock.Step(1_000_000);
        Assert.That((interrupt.Count - before, _timer.ReadBack(0).Output), Is.EqualTo((0, false)));
        _machine.Clock.Step(2_000);
        Assert.That((interrupt.Count - before, _timer.ReadBack(0).Output), Is.EqualTo((1, true)));
        interrupt.Enable();
        _machine.Clock.Step(1_000_000_000);
        Assert.That(interrupt.Count - before, Is.LessThanOrEqualTo(2), "a line that stays high is one edge");
        _timer.Stop(0);
        Assert.That(_timer.ReadBack(0), Is.EqualTo(new I8254Counter(false, true, 3, 0, false, _timer.ReadBack(0).Count)));
    }

    [Test]
    public void Counts_are_read_latched()
    {
        _timer.StartOneShot(2, 0x1234);
        _port61.Out8(0x61, 1);
        _machine.Clock.Step(1_000_000);
        var count = _timer.ReadCount(2);
        Assert.That(count, Is.EqualTo(0x1234 - (1_193 - 1)));
        Assert.That(_timer.ReadBack(2), Is.EqualTo(new I8254Counter(false, false, 3, 0, false, count)));
    }

    [Test]
    public void Read_back_knows_one_byte_counters()
    {
        _ports.Out8(0x43, 0x10);
        _ports.Out8(0x40, 0x80);
        _machine.Clock.Step(839);
        Assert.That(_timer.ReadBack(0), Is.EqualTo(new I8254Counter(false, false, 1, 0, false, 0x80)));
        _ports.Out8(0x43, 0x20);
        _ports.Out8(0x40, 0x80);
        _machine.Clock.Step(839);
        Assert.That(_timer.ReadBack(0), Is.EqualTo(new I8254Counter(false, false, 2, 0, false, 0x8000)));
    }

    [Test]
    public void A_tone_is_heard_at_its_frequency_until_it_stops()
    {
        var speaker = _machine.Device<SystemControlPortModel>().Speaker;
        var rises = 0;
        speaker.Changed += level => rises += level ? 1 : 0;
        speaker.Want(true);
        _timer.StartTone(440);
        _machine.Clock.Step(1_000_000_000);
        Assert.That(rises, Is.EqualTo(440).Within(1));
        _timer.StopTone();
        rises = 0;
        _machine.Clock.Step(1_000_000_000);
        Assert.That((rises, speaker.Level), Is.EqualTo((0, false)));
        speaker.Want(false);
    }

    [Test]
    public void Wrong_arguments_are_refused_by_name()
    {
        Assert.That(() => I8254.Divisor(18), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => I8254.Divisor(double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => I8254.Divisor(-5), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _timer.StartPeriodic(0, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _timer.StartOneShot(0, 65537), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _timer.ReadBack(3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _timer.Stop(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new I8254(_port61), Throws.ArgumentException);
        Assert.That(() => new I8254(_ports, _ports), Throws.ArgumentException);
        Assert.That(() => new I8254(_ports).StartTone(440), Throws.InvalidOperationException);
    }
}
