using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The keyboard's commands, through the controller.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class Ps2KeyboardTests
{
    private readonly I8042Rig _rig = new();

    [TestCase("60:ee =ee -", TestName = "Echo_answers_echo")]
    [TestCase("60:f2 =fa =ab =83 -", TestName = "Read_id_answers_ab_83")]
    [TestCase("60:ff =fa =aa -", TestName = "Reset_answers_ack_and_the_test_passed")]
    [TestCase("60:f4 =fa -", TestName = "Enable_is_acknowledged")]
    [TestCase("60:f5 =fa -", TestName = "Default_disable_is_acknowledged")]
    [TestCase("60:f6 =fa -", TestName = "Set_default_is_acknowledged")]
    [TestCase("60:ed =fa 60:02 =fa -", TestName = "Each_byte_of_set_LEDs_is_acknowledged")]
    [TestCase("60:f3 =fa 60:00 =fa -", TestName = "Each_byte_of_set_typematic_is_acknowledged")]
    [TestCase("60:f0 =fa 60:00 =fa =02 -", TestName = "Scan_code_set_after_power_on_is_2")]
    [TestCase("60:f0 =fa 60:01 =fa 60:f0 =fa 60:00 =fa =01", TestName = "Scan_code_set_1_is_taken")]
    [TestCase("60:f0 =fa 60:03 =fa 60:f0 =fa 60:00 =fa =03", TestName = "Scan_code_set_3_is_taken")]
    [TestCase("60:f0 =fa 60:04 =fe 60:f0 =fa 60:00 =fa =02", TestName = "Scan_code_set_4_is_refused")]
    [TestCase("60:f7 =fa 60:f8 =fa 60:f9 =fa 60:fa =fa -", TestName = "Commands_for_all_keys_are_acknowledged")]
    [TestCase("60:fb =fa 60:1c =fa 60:32 =fa 60:f4 =fa -", TestName = "A_list_of_typematic_keys_ends_with_a_command")]
    [TestCase("60:fc =fa 60:1c =fa 60:8f =fe 60:1c =fe -", TestName = "A_list_of_make_break_keys_ends_with_a_wrong_code")]
    [TestCase("60:fd =fa 60:00 =fe -", TestName = "Code_0_is_no_key")]
    [TestCase("60:00 =fe 60:05 =fe 60:ec =fe 60:ef =fe 60:f1 =fe -", TestName = "Unknown_commands_are_to_be_sent_again")]
    [TestCase("60:ed =fa 60:f2 =fa =ab =83 60:02 =fe -", TestName = "A_command_in_place_of_an_option_ends_the_command")]
    [TestCase("60:f3 =fa 60:ed =fa 60:02 =fa -", TestName = "A_two_byte_command_in_place_of_an_option_is_begun")]
    [TestCase("60:ee =ee 60:fe =ee 60:fe =ee -", TestName = "Resend_sends_the_last_byte_again")]
    [TestCase("60:f2 =fa =ab 60:fe =ab =83 -", TestName = "Resend_goes_on_with_the_reply_after_the_byte")]
    [TestCase("60:f2 60:ee =ee -", TestName = "A_new_command_drops_the_last_reply")]
    [TestCase("60:fe =00 -", TestName = "Resend_of_nothing_is_0")]
    public void Script(string script) => _rig.Run(script);

    [Test]
    public void Set_LEDs_lights_them_and_defaults_put_them_out([Values(0xf5, 0xf6, 0xff)] int defaults)
    {
        _rig.Run("60:ed =fa 60:05 =fa");
        Assert.That(_rig.Keyboard.Leds, Is.EqualTo(5));
        _rig.Run($"60:{defaults:x2} =fa");
        Assert.That(_rig.Keyboard.Leds, Is.Zero);
        Assert.That(_rig.Keyboard.Scanning, Is.EqualTo(defaults != 0xf5));
    }

    [TestCase(0x00, 250, 33.33)]
    [TestCase(0x2b, 500, 91.67)]
    [TestCase(0x7f, 1000, 500.0)]
    [TestCase(0x5a, 750, 333.33)]
    public void Set_typematic_sets_delay_and_rate(int value, double delay, double period)
    {
        _rig.Run($"60:f3 =fa 60:{value:x2} =fa");
        Assert.That(_rig.Keyboard.TypematicDelay.TotalMilliseconds, Is.EqualTo(delay));
        Assert.That(_rig.Keyboard.TypematicPeriod.TotalMilliseconds, Is.EqualTo(period).Within(0.01));
        _rig.Run("60:f6 =fa");
        Assert.That(_rig.Keyboard.TypematicDelay.TotalMilliseconds, Is.EqualTo(500));
        Assert.That(_rig.Keyboard.TypematicPeriod.TotalMilliseconds, Is.EqualTo(91.67).Within(0.01));
    }

    [Test]
    public void Nothing_is_typed_while_scanning_is_off()
    {
        _rig.Run("60:f5 =fa");
        _rig.Keyboard.Press("a");
        _rig.Time.AdvanceMilliseconds(2000);
        _rig.Run("- 60:f4 =fa -");
        _rig.Keyboard.Press("a");
        Assert.That(_rig.DrainHex(), Is.EqualTo("1cf01c"));
    }

    [Test]
    public void Nothing_is_typed_while_an_option_is_awaited()
    {
        _rig.Run("60:ed =fa");
        _rig.Keyboard.Press("a");
        _rig.Run("- 60:00 =fa -");
    }

    [Test]
    public void A_reply_comes_before_what_was_typed()
    {
        _rig.Keyboard.Press("a");
        _rig.Run("60:ed =fa 60:00 =fa =1c =f0 =1c -");
    }

    [Test]
    public void Commands_that_clear_the_buffer_drop_what_was_typed(
        [Values(0xf0, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd)] int command)
    {
        _rig.Keyboard.Press("a");
        _rig.Run($"60:{command:x2} =fa -");
    }

    [Test]
    public void Typing_while_the_port_is_disabled_waits_in_the_keyboard()
    {
        _rig.Run("64:ad");
        _rig.Keyboard.Press("a");
        _rig.Run("-");
        Assert.That(_rig.Keyboard.Waiting, Is.EqualTo(3));
        _rig.Run("64:ae =1c =f0 =1c -");
    }

    [Test]
    public void The_seventeenth_byte_becomes_the_overrun_code()
    {
        for (var i = 0; i < 10; i++) _rig.Keyboard.Press("a");
        Assert.That(_rig.Keyboard.Waiting, Is.EqualTo(17));
        Assert.That(_rig.DrainHex(), Is.EqualTo("1cf01c1cf01c1cf01c1cf01c1cf01c1c00"));
    }

    [Test]
    public void The_overrun_code_of_set_1_is_ff_and_so_it_is_translated()
    {
        _rig.Run("60:f0 =fa 60:01 =fa");
        for (var i = 0; i < 9; i++) _rig.Keyboard.Press("a");
        Assert.That(_rig.DrainHex(), Does.EndWith("1e9eff"));
        _rig.Run("60:f0 =fa 60:02 =fa 64:60 60:41");
        for (var i = 0; i < 10; i++) _rig.Keyboard.Press("a");
        Assert.That(_rig.DrainHex(), Does.EndWith("ff"));
    }

    [Test]
    public void A_held_key_repeats_after_500_ms_at_10_9_a_second()
    {
        _rig.Keyboard.Key(KeyCode.A, true);
        _rig.Run("=1c -");
        _rig.Time.AdvanceMilliseconds(499);
        _rig.Run("-");
        _rig.Time.AdvanceMilliseconds(1);
        _rig.Run("=1c -");
        _rig.Time.AdvanceMilliseconds(1000);
        Assert.That(_rig.Drain(), Has.Length.EqualTo(10).And.All.EqualTo(0x1c));
        _rig.Keyboard.Key(KeyCode.A, false);
        _rig.Run("=f0 =1c -");
        _rig.Time.AdvanceMilliseconds(5000);
        _rig.Run("-");
    }

    [Test]
    public void Only_the_last_key_repeats()
    {
        _rig.Keyboard.Key(KeyCode.A, true);
        _rig.Keyboard.Key(KeyCode.B, true);
        _rig.Run("=1c =32 -");
        _rig.Time.AdvanceMilliseconds(500);
        _rig.Run("=32 -");
        _rig.Keyboard.Key(KeyCode.A, false);
        _rig.Run("=f0 =1c -");
        _rig.Time.AdvanceMilliseconds(92);
        _rig.Run("=32 -");
        _rig.Keyboard.Key(KeyCode.B, false);
        _rig.Run("=f0 =32 -");
        _rig.Time.AdvanceMilliseconds(5000);
        _rig.Run("-");
    }

    [Test]
    public void A_repeat_raises_the_interrupt()
    {
        _rig.Keyboard.Key(KeyCode.A, true);
        _rig.Run("=1c");
        Assert.That(_rig.Model.Irq1.Level, Is.False);
        _rig.Time.AdvanceMilliseconds(500);
        Assert.That(_rig.Model.Irq1.Level, Is.True);
    }

    [Test]
    public void Disabling_scanning_ends_the_repeat()
    {
        _rig.Keyboard.Key(KeyCode.A, true);
        _rig.Run("=1c 60:f5 =fa 60:f4 =fa");
        _rig.Time.AdvanceMilliseconds(5000);
        _rig.Run("-");
    }

    [Test]
    public void Pause_does_not_repeat_and_ends_a_repeat()
    {
        _rig.Keyboard.Key(KeyCode.A, true);
        _rig.Keyboard.Key(KeyCode.Pause, true);
        _rig.Drain();
        _rig.Time.AdvanceMilliseconds(5000);
        _rig.Run("-");
    }

    [Test]
    public void A_controller_reset_ends_the_repeat_and_lets_go_of_the_keys()
    {
        _rig.Keyboard.Key(KeyCode.A, true);
        _rig.Model.Reset();
        _rig.Time.AdvanceMilliseconds(5000);
        _rig.Run("-");
        _rig.Keyboard.Key(KeyCode.A, true);
        _rig.Run("=1c -");
    }
}
