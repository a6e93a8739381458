using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The mouse's commands and packets, through the controller.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class Ps2MouseTests
{
    private readonly I8042Rig _rig = new();

    // Here the words are the mouse's own: sent with 0xd4 before each, answers are the mouse's.
    [TestCase("ff", "faaa00", TestName = "Mouse_reset_answers_ack_test_passed_and_id_0")]
    [TestCase("f2", "fa00", TestName = "Mouse_id_is_0")]
    [TestCase("e9", "fa000264", TestName = "Mouse_status_after_power_on_is_4_counts_a_mm_and_100_a_second")]
    [TestCase("f4 e9", "fafa200264", TestName = "Mouse_status_shows_reporting")]
    [TestCase("e7 f0 e9", "fafafa500264", TestName = "Mouse_status_shows_scaling_and_remote_mode")]
    [TestCase("e7 e6 f0 ea e9", "fafafafafa000264", TestName = "Mouse_scaling_and_mode_go_back")]
    [TestCase("e8 03 f3 c8 e9", "fafafafafa0003c8", TestName = "Mouse_resolution_and_rate_are_taken")]
    [TestCase("e8 04 e9", "fafefa000264", TestName = "Mouse_resolution_4_is_refused")]
    [TestCase("f3 63 e9", "fafefa000264", TestName = "Mouse_rate_99_is_refused")]
    [TestCase("e7 f4 e8 00 f6 e9", "fafafafafafa000264", TestName = "Mouse_defaults_undo_the_settings")]
    [TestCase("e7 f4 e8 00 ff e9", "faaa00fa000264", TestName = "Mouse_reset_undoes_the_settings_and_drops_what_waited")]
    [TestCase("ee 12 e9 f4 ec e9", "fa12e9f4fafa000264", TestName = "Mouse_in_wrap_mode_echoes_all_but_its_end")]
    [TestCase("ee ff f2", "faaa00fa00", TestName = "Mouse_in_wrap_mode_can_be_reset")]
    [TestCase("ec f5", "fafa", TestName = "Mouse_acknowledges_the_end_of_wrap_mode_and_disable")]
    [TestCase("f3 c8 f3 64 f3 50 f2", "fafafafafafafa03", TestName = "Mouse_knocked_200_100_80_has_a_wheel")]
    [TestCase("f3 c8 f3 c8 f3 50 f2", "fafafafafafafa04", TestName = "Mouse_knocked_200_200_80_has_five_buttons")]
    [TestCase("f3 c8 f3 0a f3 50 f2", "fafafafafafafa00", TestName = "Mouse_knocked_wrongly_is_plain")]
    [TestCase("f3 50 f3 64 f3 c8 f2", "fafafafafafafa00", TestName = "Mouse_knocked_backwards_is_plain")]
    [TestCase("f3 c8 f3 64 f3 50 ff f2", "faaa00fa00", TestName = "Mouse_reset_makes_it_plain")]
    [TestCase("eb", "fa080000", TestName = "Mouse_read_data_answers_a_packet")]
    [TestCase("00", "fe", TestName = "Mouse_asks_for_a_bad_byte_again")]
    [TestCase("00 00", "fefc", TestName = "Mouse_answers_a_second_bad_byte_with_error")]
    [TestCase("00 f2 00", "fefa00fe", TestName = "Mouse_forgives_after_a_good_byte")]
    [TestCase("e9 fe", "fa000264fa000264", TestName = "Mouse_resends_the_last_packet")]
    public void Script(string sent, string answered)
    {
        foreach (var word in sent.Split(' ')) _rig.Run($"64:d4 60:{word}");
        Assert.That(_rig.DrainHex(), Is.EqualTo(answered));
    }

    [TestCase(1, 2, "080102")]
    [TestCase(-1, -2, "38fffe")]
    [TestCase(255, -255, "28ff01")]
    [TestCase(256, 0, "08ff00080100")]
    [TestCase(-300, 600, "1801ff18d3ff08005a")]
    [TestCase(0, 0, "")]
    public void Movement_is_split_into_packets_of_9_bits(int dx, int dy, string packets)
    {
        Enable();
        _rig.Mouse.Move(dx, dy);
        Assert.That(_rig.DrainHex(), Is.EqualTo(packets));
    }

    [Test]
    public void Movement_with_no_room_is_carried_until_there_is()
    {
        Enable();
        _rig.Mouse.Move(2000, -2000);
        Assert.That(_rig.Mouse.Waiting, Is.EqualTo(15));
        var (x, y) = (0, 0);
        var bytes = _rig.Drain();
        for (var i = 0; i < bytes.Length; i += 3)
        {
            x += bytes[i + 1] - ((bytes[i] & 0x10) << 4);
            y += bytes[i + 2] - ((bytes[i] & 0x20) << 3);
            Assert.That(bytes[i] & 0xc8, Is.EqualTo(8), "no overflow, bit 3 set");
        }
        Assert.That((x, y), Is.EqualTo((2000, -2000)));
    }

    [Test]
    public void Extreme_movement_does_no_harm()
    {
        Enable();
        for (var i = 0; i < 4; i++) _rig.Mouse.Move(int.MaxValue, int.MinValue, int.MinValue);
        Assert.That(_rig.Mouse.Waiting, Is.EqualTo(15));
    }

    [Test]
    public void In_remote_mode_overflow_is_flagged_and_lost()
    {
        _rig.Run("64:d4 60:f0 m=fa");
        _rig.Mouse.Move(300, -300);
        _rig.Run("- 64:d4 60:eb m=fa m=e8 m=ff m=01 - 64:d4 60:eb m=fa m=08 m=00 m=00 -");
    }

    [TestCase(MouseButtons.Left, "090000080000")]
    [TestCase(MouseButtons.Right, "0a0000080000")]
    [TestCase(MouseButtons.Middle, "0c0000080000")]
    [TestCase(MouseButtons.Left | MouseButtons.Right, "0b0000080000")]
    public void A_button_sends_a_packet_down_and_up(MouseButtons button, string packets)
    {
        Enable();
        _rig.Mouse.Button(button, true);
        _rig.Mouse.Button(button, true);
        _rig.Mouse.Button(button, false);
        Assert.That(_rig.DrainHex(), Is.EqualTo(packets));
    }

    [Test]
    public void Buttons_are_in_the_status_and_in_read_data()
    {
        _rig.Mouse.Button(MouseButtons.Left | MouseButtons.Right, true);
        _rig.Run("- 64:d4 60:e9 m=fa m=05 m=02 m=64 64:d4 60:eb m=fa m=0b m=00 m=00");
        _rig.Mouse.Button(MouseButtons.Middle, true);
        _rig.Run("64:d4 60:e9 m=fa m=07 m=02 m=64");
        Assert.That(_rig.Mouse.Buttons, Is.EqualTo(MouseButtons.Left | MouseButtons.Right | MouseButtons.Middle));
    }

    [Test]
    public void Nothing_is_sent_or_kept_while_reporting_is_off()
    {
        _rig.Mouse.Move(5, 5);
        _rig.Run("-");
        Enable();
        _rig.Run("-");
        _rig.Mouse.Move(1, 1);
        Assert.That(_rig.DrainHex(), Is.EqualTo("080101"));
        _rig.Run("64:d4 60:f5 m=fa");
        _rig.Mouse.Move(5, 5);
        _rig.Run("-");
        Assert.That(_rig.Mouse.Reporting, Is.False);
    }

    [Test]
    public void A_wheel_is_the_fourth_byte()
    {
        Enable("f3 c8 f3 64 f3 50");
        Assert.That(_rig.Mouse.Id, Is.EqualTo(3));
        _rig.Mouse.Move(1, 2, -1);
        Assert.That(_rig.DrainHex(), Is.EqualTo("080102ff"));
        _rig.Mouse.Button(MouseButtons.Side, true);
        Assert.That(_rig.DrainHex(), Is.EqualTo("08000000"), "a wheel mouse has no fourth button");
        _rig.Mouse.Move(0, 0, 130);
        Assert.That(_rig.DrainHex(), Is.EqualTo("0800007f08000003"));
    }

    [Test]
    public void Five_buttons_share_the_fourth_byte_with_the_wheel()
    {
        Enable("f3 c8 f3 c8 f3 50");
        Assert.That(_rig.Mouse.Id, Is.EqualTo(4));
        _rig.Mouse.Button(MouseButtons.Side, true);
        _rig.Mouse.Button(MouseButtons.Extra, true);
        _rig.Mouse.Move(0, 0, -9);
        Assert.That(_rig.DrainHex(), Is.EqualTo("080000100800003008000039" + "0800003e"));
    }

    [Test]
    public void A_plain_mouse_has_no_wheel()
    {
        Enable();
        _rig.Mouse.Move(0, 0, 5);
        _rig.Run("-");
    }

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(2, 1)]
    [TestCase(3, 3)]
    [TestCase(4, 6)]
    [TestCase(5, 9)]
    [TestCase(6, 12)]
    [TestCase(100, 200)]
    public void Scaling_2_1_bends_the_counts(int counts, int sent)
    {
        Enable("e7");
        _rig.Mouse.Move(counts, -counts);
        _rig.Mouse.Button(MouseButtons.Left, true);
        var packet = _rig.Drain();
        Assert.That(packet[1], Is.EqualTo((byte)sent));
        Assert.That(packet[2], Is.EqualTo((byte)-sent));
    }

    [Test]
    public void Settings_can_be_looked_at()
    {
        Enable("e8 01 f3 28");
        Assert.That((_rig.Mouse.Resolution, _rig.Mouse.SampleRate, _rig.Mouse.Reporting), Is.EqualTo((1, 40, true)));
    }

    [Test]
    public void A_full_queue_drops_whole_replies()
    {
        for (var i = 0; i < 10; i++) _rig.Run("64:d4 60:e9");
        Assert.That(_rig.Mouse.Waiting, Is.EqualTo(16));
        Assert.That(_rig.DrainHex(), Is.EqualTo("fa000264fa000264fa000264fa000264"));
    }

    [TestCase("", "64")]
    [TestCase("f3 c8 f3 64 f3 50", "50")]
    public void Commands_are_answered_over_movement_that_waits(string knock, string rate)
    {
        Enable(knock);
        _rig.Mouse.Move(2000, 0);
        _rig.Run($"64:d4 60:e9 m=fa m=20 m=02 m={rate}");
        var before = _rig.Mouse.Waiting;
        _rig.Run("64:d4 60:f2 m=fa");
        Assert.That(_rig.Mouse.Waiting, Is.EqualTo(before + 1), "its id is to come, and no movement is lost");
    }

    [TestCase("f5")]
    [TestCase("f6")]
    [TestCase("ea")]
    [TestCase("f0")]
    public void A_command_that_clears_the_counters_drops_movement_that_waits(string command)
    {
        Enable();
        _rig.Mouse.Move(2000, 0);
        _rig.Run($"64:d4 60:{command} m=fa -");
    }

    private void Enable(string before = "")
    {
        foreach (var word in before.Split(' ', StringSplitOptions.RemoveEmptyEntries)) _rig.Run($"64:d4 60:{word}");
        _rig.Run("64:d4 60:f4");
        _rig.Drain();
    }
}
