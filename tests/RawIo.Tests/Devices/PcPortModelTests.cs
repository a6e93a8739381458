using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The small ports: 0x61, 0x80, 0x92, 0xe9.</summary>
[TestFixture]
public class PcPortModelTests
{
    [Test]
    public void Port_61_gates_counter_2_and_shows_its_output()
    {
        var time = new ManualTime();
        var timer = new I8254Model(time);
        var port = new SystemControlPortModel(time, timer);
        timer.Write(3, 1, 0xb0); // counter 2, both bytes, mode 0
        timer.Write(2, 1, 9);
        timer.Write(2, 1, 0);
        Assert.That(port.Read(0, 1) & 0x2f, Is.Zero);
        time.AdvanceMicroseconds(1000);
        Assert.That(port.Read(0, 1) & 0x2f, Is.Zero, "the gate is closed");
        port.Write(0, 1, 0x01);
        time.AdvanceMicroseconds(7);
        Assert.That(port.Read(0, 1) & 0x2f, Is.EqualTo(0x01));
        time.AdvanceMicroseconds(1);
        Assert.That(port.Read(0, 1) & 0x2f, Is.EqualTo(0x21));
        port.Write(0, 1, 0xfe);
        Assert.That(port.Read(0, 1) & 0xef, Is.EqualTo(0x2e), "bits 4 to 7 are read-only");
        Assert.That(timer.GetGate(2), Is.False);
        port.Reset();
        Assert.That(port.Read(0, 1) & 0x0f, Is.Zero);
    }

    [Test]
    public void The_refresh_bit_toggles_each_18_pulses_of_the_timers_clock()
    {
        var time = new ManualTime();
        var port = new SystemControlPortModel(time, new I8254Model(time));
        var toggles = 0;
        var last = port.Read(0, 1) & 0x10;
        for (var i = 0; i < 100_000; i++)
        {
            time.AdvanceMicroseconds(1);
            var now = port.Read(0, 1) & 0x10;
            if (now != last) toggles++;
            last = now;
        }
        Assert.That(toggles, Is.EqualTo(119_318 / 18));
    }

    [Test]
    public void The_speaker_hears_counter_2_while_bit_1_is_set_on_time()
    {
        var time = new ManualTime();
        var timer = new I8254Model(time);
        var port = new SystemControlPortModel(time, timer);
        var rises = 0;
        port.Speaker.Changed += level => rises += level ? 1 : 0;
        port.Speaker.Want(true);
        timer.Write(3, 1, 0xb6);
        timer.Write(2, 1, 1193 & 0xff);
        timer.Write(2, 1, 1193 >> 8);
        time.AdvanceMilliseconds(10);
        Assert.That(rises, Is.Zero);
        port.Write(0, 1, 0x03);
        time.AdvanceMilliseconds(100);
        Assert.That(rises, Is.EqualTo(101).Within(1));
        port.Write(0, 1, 0x01);
        Assert.That(port.Speaker.Level, Is.False);
        rises = 0;
        var saved = port.Save();
        port.Write(0, 1, 0x03);
        port.Restore(saved);
        time.AdvanceMilliseconds(10);
        Assert.That(rises, Is.LessThanOrEqualTo(1));
        port.Speaker.Want(false);
        Assert.That(time.ArmedTimers, Is.Zero);
    }

    [Test]
    public void Port_92_pulses_the_reset_once_at_the_rise_of_bit_0_and_keeps_two_bits()
    {
        var reset = new SignalLine();
        var pulses = 0;
        reset.Changed += level => pulses += level ? 1 : 0;
        var port = new Port92Model(reset);
        port.Write(0, 1, 0xff);
        Assert.That((port.Read(0, 1), pulses, reset.Level), Is.EqualTo((3ul, 1, false)));
        port.Write(0, 1, 0x01);
        Assert.That(pulses, Is.EqualTo(1));
        port.Write(0, 1, 0);
        port.Write(0, 1, 1);
        Assert.That(pulses, Is.EqualTo(2));
    }

    [Test]
    public void A20_works_while_port_92_or_the_keyboard_controller_says_so()
    {
        var keyboard = new SignalLine();
        var port = new Port92Model(keyboardA20: keyboard);
        Assert.That(port.A20.Level, Is.False);
        keyboard.Set(true);
        Assert.That(port.A20.Level, Is.True);
        port.Write(0, 1, 2);
        keyboard.Set(false);
        Assert.That(port.A20.Level, Is.True);
        var saved = port.Save();
        port.Reset();
        Assert.That(port.A20.Level, Is.False);
        port.Restore(saved);
        Assert.That((port.A20.Level, port.Read(0, 1)), Is.EqualTo((true, 2ul)));
    }

    [Test]
    public void Port_80_reads_back_and_keeps_the_last_codes()
    {
        var port = new PostCodeModel();
        var heard = new List<byte>();
        port.Written += heard.Add;
        for (var i = 0; i < 300; i++) port.Write(0, 1, (byte)i);
        Assert.That(port.Read(0, 1), Is.EqualTo(299 & 0xff));
        Assert.That(port.Codes, Is.EqualTo(Enumerable.Range(44, 256).Select(i => (byte)i)));
        Assert.That(heard, Has.Count.EqualTo(300));
        var saved = port.Save();
        port.Reset();
        Assert.That(port.Read(0, 1), Is.Zero);
        port.Restore(saved);
        Assert.That(port.Read(0, 1), Is.EqualTo(299 & 0xff));
    }

    [Test]
    public void The_debug_console_says_that_it_is_there_and_hands_out_what_was_written()
    {
        var port = new DebugConsoleModel();
        var heard = new List<byte>();
        port.Written += heard.Add;
        Assert.That(port.Read(0, 1), Is.EqualTo(0xe9));
        foreach (var value in "Hello\xff"u8[..5]) port.Write(0, 1, value);
        Assert.That(port.Text, Is.EqualTo("Hello"));
        Assert.That(heard, Is.EqualTo("Hello"u8.ToArray()));
        for (var i = 0; i < 200_000; i++) port.Write(0, 1, (byte)('0' + i % 10));
        Assert.That(port.Text, Has.Length.InRange(0x10000, 0x20000));
        Assert.That(port.Text, Does.EndWith("789"));
        port.Reset();
        port.Restore(port.Save());
        Assert.That(port.Text, Does.EndWith("789"));
    }

    [Test]
    public void On_the_machine_a_paused_access_writes_a_zero_to_port_80_and_port_92_asks_for_the_reset()
    {
        using var machine = SimMachine.Create("pc", new() { SteppedClock = true });
        using var ports = machine.OpenPorts(0, 0x100);
        ports.Out8(0x80, 0x55);
        ports.Pause();
        Assert.That(machine.Device<PostCodeModel>().Codes, Is.EqualTo(new byte[] { 0x55, 0 }));
        Assert.That(machine.Device<Port92Model>().A20.Level, Is.True, "the keyboard controller opens it at power-on");
        ports.Out8(0x64, 0xdd);
        Assert.That(machine.Device<Port92Model>().A20.Level, Is.False);
        ports.Out8(0x92, 0x02);
        Assert.That(machine.Device<Port92Model>().A20.Level, Is.True);
        Assert.That(machine.ResetRequested, Is.False);
        ports.Out8(0x92, 0x03);
        Assert.That(machine.ResetRequested, Is.True);
        ports.Out8(0xe9, (byte)'!');
        Assert.That(machine.Device<DebugConsoleModel>().Text, Is.EqualTo("!"));
    }
}
