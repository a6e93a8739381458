using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The timer against the datasheet: its waveforms (figures 15 to 20), registers, latches.</summary>
[TestFixture]
public partial class I8254ModelTests
{
    private I8254Rig _rig = null!;

    [SetUp]
    public void MakeRig() => _rig = new I8254Rig();

    // Counter 1's gate is driven by hand; it starts high.
    private void Gate(bool level) => _rig.Model.SetGate(1, level);

    [Test]
    public void Mode_0_rises_N_plus_1_pulses_after_the_count_and_counts_on()
    {
        _rig.Program(1, 0, 4);
        Assert.That(_rig.Output(1), Is.False);
        Assert.That(_rig.Trace(1, 7), Is.EqualTo("4_ 3_ 2_ 1_ 0^ ffff^ fffe^"));
    }

    [Test]
    public void Mode_0_stops_while_gate_is_low_but_loads()
    {
        Gate(false);
        _rig.Program(1, 0, 3);
        Assert.That(_rig.Trace(1, 2), Is.EqualTo("3_ 3_"));
        Gate(true);
        Assert.That(_rig.Trace(1, 1), Is.EqualTo("2_"));
        Gate(false);
        Assert.That(_rig.Trace(1, 2), Is.EqualTo("2_ 2_"));
        Gate(true);
        Assert.That(_rig.Trace(1, 3), Is.EqualTo("1_ 0^ ffff^"));
    }

    [Test]
    public void Mode_0_stops_at_the_first_byte_of_a_new_count_and_takes_it_with_the_second()
    {
        _rig.Program(1, 0, 2);
        _rig.Clock(5);
        Assert.That(_rig.Output(1), Is.True);
        _rig.Out(0x41, 3);
        Assert.That(_rig.Output(1), Is.False);
        var stopped = _rig.Trace(1, 2);
        Assert.That(stopped, Is.EqualTo("fffe_ fffe_"));
        _rig.Out(0x41, 0);
        Assert.That(_rig.Trace(1, 5), Is.EqualTo("3_ 2_ 1_ 0^ ffff^"));
    }

    [Test]
    public void Mode_1_is_low_for_N_pulses_after_a_trigger_and_can_be_triggered_again()
    {
        Gate(false);
        _rig.Program(1, 1, 3);
        _rig.Clock(5);
        Assert.That(_rig.Output(1), Is.True);
        Assert.That(_rig.ReadBack(1).Status, Is.EqualTo(0xf2), "NULL COUNT until the trigger loads it");
        Gate(true);
        Assert.That(_rig.Output(1), Is.True, "OUT moves with the clock");
        Assert.That(_rig.Trace(1, 5), Is.EqualTo("3_ 2_ 1_ 0^ ffff^"));
        Gate(false);
        Gate(true);
        Assert.That(_rig.Trace(1, 2), Is.EqualTo("3_ 2_"));
        _rig.Load(1, 5); // for the next trigger
        Gate(false);
        Assert.That(_rig.Trace(1, 1), Is.EqualTo("1_"));
        Gate(true);
        Assert.That(_rig.Trace(1, 6), Is.EqualTo("5_ 4_ 3_ 2_ 1_ 0^"));
    }

    [Test]
    public void Mode_2_is_low_for_the_last_pulse_of_each_N_and_takes_a_new_count_at_the_end()
    {
        _rig.Program(1, 2, 3);
        Assert.That(_rig.Trace(1, 7), Is.EqualTo("3^ 2^ 1_ 3^ 2^ 1_ 3^"));
        _rig.Load(1, 4);
        Assert.That(_rig.ReadBack(1).Status, Is.EqualTo(0xf4));
        Assert.That(_rig.Trace(1, 6), Is.EqualTo("2^ 1_ 4^ 3^ 2^ 1_"));
        Gate(false);
        Assert.That(_rig.Output(1), Is.True, "at once, without a clock pulse");
        Assert.That(_rig.Trace(1, 2), Is.EqualTo("1^ 1^"));
        Gate(true);
        Assert.That(_rig.Trace(1, 4), Is.EqualTo("4^ 3^ 2^ 1_"));
    }

    [Test]
    public void Mode_3_is_a_square_wave_an_odd_count_high_for_one_pulse_longer()
    {
        _rig.Program(1, 3, 4);
        Assert.That(_rig.Trace(1, 8), Is.EqualTo("4^ 2^ 4_ 2_ 4^ 2^ 4_ 2_"));
        _rig.Program(1, 3, 5);
        Assert.That(_rig.Trace(1, 10), Is.EqualTo("4^ 2^ 0^ 4_ 2_ 4^ 2^ 0^ 4_ 2_"));
        _rig.Load(1, 4);
        Assert.That(_rig.Trace(1, 3), Is.EqualTo("4^ 2^ 4_"), "from the next half period on");
        Gate(false);
        Assert.That(_rig.Output(1), Is.True);
        Assert.That(_rig.Trace(1, 1), Is.EqualTo("4^"));
        Gate(true);
        Assert.That(_rig.Trace(1, 3), Is.EqualTo("4^ 2^ 4_"));
    }

    [Test]
    public void Mode_4_strobes_once_N_plus_1_pulses_after_the_count()
    {
        _rig.Program(1, 4, 3);
        Assert.That(_rig.Trace(1, 6), Is.EqualTo("3^ 2^ 1^ 0_ ffff^ fffe^"));
        _rig.Load(1, 2);
        Assert.That(_rig.Trace(1, 4), Is.EqualTo("2^ 1^ 0_ ffff^"));
        _rig.Load(1, 3);
        _rig.Clock(1);
        Gate(false);
        Assert.That(_rig.Trace(1, 2), Is.EqualTo("3^ 3^"));
        Gate(true);
        Assert.That(_rig.Trace(1, 4), Is.EqualTo("2^ 1^ 0_ ffff^"));
    }

    [Test]
    public void Mode_5_strobes_N_plus_1_pulses_after_a_trigger_whatever_gate_does_then()
    {
        Gate(false);
        _rig.Program(1, 5, 3);
        _rig.Clock(3);
        Gate(true);
        Gate(false);
        Assert.That(_rig.Trace(1, 6), Is.EqualTo("3^ 2^ 1^ 0_ ffff^ fffe^"));
        _rig.Clock(70_000);
        Assert.That(_rig.Output(1), Is.True);
    }

    [TestCase(0x1234, 0x1233)]
    [TestCase(0x1000, 0x0999)]
    [TestCase(0x0000, 0x9999)]
    public void BCD_counts_in_decimal_and_zero_is_ten_thousand(int count, int next)
    {
        _rig.Program(1, 0, count, bcd: true);
        Assert.That(_rig.Trace(1, 2), Is.EqualTo($"{count:x}_ {next:x}_"));
        _rig.Program(1, 2, 0x0010, bcd: true);
        Assert.That(_rig.Trace(1, 11), Does.EndWith("2^ 1_ 10^"));
    }

    [Test]
    public void Zero_is_the_greatest_count()
    {
        _rig.Program(1, 0, 0);
        _rig.Clock(65_536);
        Assert.That(_rig.Output(1), Is.False);
        _rig.Clock(1);
        Assert.That(_rig.Output(1), Is.True);
    }

    [TestCase(6, 2)]
    [TestCase(7, 3)]
    public void Modes_6_and_7_are_2_and_3_but_read_as_written(int mode, int same)
    {
        _rig.Program(1, mode, 5);
        var trace = _rig.Trace(1, 12);
        Assert.That(_rig.ReadBack(1).Status & 0x3f, Is.EqualTo(0x30 | mode << 1));
        _rig.Program(1, same, 5);
        Assert.That(_rig.Trace(1, 12), Is.EqualTo(trace));
    }

    [Test]
    public void After_power_on_nothing_is_counted_and_no_line_moves_before_a_count_is_written()
    {
        var line = _rig.Model.Output(0);
        line.Want(true);
        Assert.That(Enumerable.Range(0, 3).Select(c => _rig.ReadBack(c).Status), Is.All.EqualTo(0x86));
        _rig.Clock(100_000);
        Assert.That((line.Level, _rig.Time.ArmedTimers), Is.EqualTo((true, 0)));
        _rig.Out(0x43, 0x00);
        Assert.That(_rig.In(0x40), Is.Zero);
        _rig.Out(0x40, 100);
        _rig.Clock(11);
        Assert.That(_rig.In(0x40), Is.EqualTo(80), "a count in mode 3 goes by twos");
        Assert.That(new[] { 0, 1, 2 }.Select(_rig.Model.GetGate), Is.EqualTo(new[] { true, true, false }));
    }

    [Test]
    public void A_count_of_1_in_mode_2_which_the_datasheet_forbids_costs_nothing()
    {
        var line = _rig.Model.Output(0);
        line.Want(true);
        _rig.Program(0, 2, 1);
        _rig.Clock(1_000_000);
        Assert.That((_rig.Output(0), _rig.Time.ArmedTimers), Is.EqualTo((false, 0)));
        _rig.Load(0, 100);
        _rig.Clock(2);
        Assert.That(_rig.Output(0), Is.True);
    }

    [Test]
    public void Counters_are_0_to_2_and_the_control_port_is_write_only()
    {
        Assert.That(() => _rig.Model.Output(3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _rig.Model.SetGate(-1, true), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _rig.In(0x43), Throws.InstanceOf<BusFaultException>());
    }
}
