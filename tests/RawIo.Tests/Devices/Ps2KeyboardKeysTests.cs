using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>What the keys send, in each set and translated.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class Ps2KeyboardKeysTests
{
    private readonly I8042Rig _rig = new();

    // IBM PS/2 Hardware Interface Technical Reference, scan code tables; sets 1 and 2 with make and break.
    [TestCase("a", "1e9e", "1cf01c", "1c")]
    [TestCase("z", "2cac", "1af01a", "1a")]
    [TestCase("1", "0282", "16f016", "16")]
    [TestCase("0", "0b8b", "45f045", "45")]
    [TestCase("ret", "1c9c", "5af05a", "5a")]
    [TestCase("esc", "0181", "76f076", "08")]
    [TestCase("spc", "39b9", "29f029", "29")]
    [TestCase("backspace", "0e8e", "66f066", "66")]
    [TestCase("shift", "2aaa", "12f012", "12f012")]
    [TestCase("shift_r", "36b6", "59f059", "59f059")]
    [TestCase("ctrl", "1d9d", "14f014", "11f011")]
    [TestCase("ctrl_r", "e01de09d", "e014e0f014", "58")]
    [TestCase("alt", "38b8", "11f011", "19f019")]
    [TestCase("alt_r", "e038e0b8", "e011e0f011", "39")]
    [TestCase("caps_lock", "3aba", "58f058", "14f014")]
    [TestCase("f1", "3bbb", "05f005", "07")]
    [TestCase("f7", "41c1", "83f083", "37")]
    [TestCase("f12", "58d8", "07f007", "5e")]
    [TestCase("less", "56d6", "61f061", "13")]
    [TestCase("kp_enter", "e01ce09c", "e05ae0f05a", "79")]
    [TestCase("kp_divide", "e035e0b5", "e04ae0f04a", "77")]
    [TestCase("kp_subtract", "4aca", "7bf07b", "84")]
    [TestCase("kp_add", "4ece", "79f079", "7c")]
    [TestCase("kp_multiply", "37b7", "7cf07c", "7e")]
    [TestCase("minus", "0c8c", "4ef04e", "4e")]
    [TestCase("slash", "35b5", "4af04a", "4a")]
    [TestCase("kp_7", "47c7", "6cf06c", "6c")]
    [TestCase("up", "e048e0c8", "e075e0f075", "63")]
    [TestCase("delete", "e053e0d3", "e071e0f071", "64")]
    [TestCase("meta_l", "e05be0db", "e01fe0f01f", "8b")]
    [TestCase("volumeup", "e030e0b0", "e032e0f032", "95")]
    [TestCase("print", "e02ae037e0b7e0aa", "e012e07ce0f07ce0f012", "57")]
    [TestCase("pause", "e11d45e19dc5", "e11477e1f014f077", "62")]
    [TestCase("lang1", "f2", "f2", "")]
    [TestCase("sysrq", "54d4", "84f084", "57")]
    [TestCase("asterisk", "37b7", "7cf07c", "7e")]
    [TestCase("ro", "73f3", "51f051", "")]
    [TestCase("yen", "7dfd", "6af06a", "5d")]
    [TestCase("henkan", "79f9", "64f064", "86")]
    [TestCase("kp_equals", "59d9", "0ff00f", "")]
    [TestCase("sleep", "e05fe0df", "e03fe0f03f", "")]
    public void A_key_sends_its_codes(string name, string set1, string set2, string set3)
    {
        foreach (var (set, expected) in new[] { (1, set1), (2, set2), (3, set3) })
        {
            _rig.Run($"60:f0 =fa 60:{set:x2} =fa");
            _rig.Keyboard.Press(name);
            Assert.That(_rig.DrainHex(), Is.EqualTo(expected), $"set {set}");
        }
        _rig.Run("60:f0 =fa 60:02 =fa 64:60 60:43");
        _rig.Keyboard.Press(name);
        Assert.That(_rig.DrainHex(), Is.EqualTo(set1), "set 2 translated");
    }

    [Test]
    public void Every_key_translates_from_set_2_to_what_it_sends_in_set_1()
    {
        foreach (var name in Keys.Names)
        {
            _rig.Run("64:60 60:03 60:f0 =fa 60:01 =fa");
            _rig.Keyboard.Press(name);
            var set1 = _rig.DrainHex();
            _rig.Run("60:f0 =fa 60:02 =fa 64:60 60:43");
            _rig.Keyboard.Press(name);
            Assert.That(_rig.DrainHex(), Is.EqualTo(set1).And.Not.Empty, name);
        }
    }

    [Test]
    public void No_two_keys_send_the_same_in_set_2()
    {
        var seen = new Dictionary<string, string>();
        foreach (var name in Keys.Names)
        {
            _rig.Keyboard.Press(name);
            Assert.That(seen.TryAdd(_rig.DrainHex(), name), Is.True, name);
        }
    }

    [Test]
    public void No_two_keys_send_the_same_in_set_3_but_those_that_share_a_cap()
    {
        _rig.Run("60:f0 =fa 60:03 =fa");
        var seen = new Dictionary<string, string>();
        foreach (var name in Keys.Names.Except(["sysrq", "katakanahiragana"]))
        {
            _rig.Keyboard.Press(name);
            var sent = _rig.DrainHex();
            Assert.That(sent.Length == 0 || seen.TryAdd(sent, name), Is.True, name);
        }
    }

    [TestCase("minus", true)]
    [TestCase("slash", true)]
    [TestCase("kp_subtract", false)]
    [TestCase("kp_divide", false)]
    [TestCase("kp_add", true)]
    public void In_set_3_the_keypads_keys_have_their_own_types(string name, bool repeats)
    {
        _rig.Run("60:f0 =fa 60:03 =fa");
        _rig.Keyboard.Key(Keys.Parse(name), true);
        _rig.Drain();
        _rig.Time.AdvanceMilliseconds(500);
        Assert.That(_rig.Drain(), Has.Length.EqualTo(repeats ? 1 : 0));
    }

    [TestCase("alt", "84", "f084")]
    [TestCase("alt_r", "84", "f084")]
    [TestCase("ctrl", "e07c", "e0f07c")]
    [TestCase("shift", "e07c", "e0f07c")]
    [TestCase("shift_r", "e07c", "e0f07c")]
    public void Print_Screen_depends_on_the_modifiers_held_when_it_was_pressed(string modifier, string make, string release)
    {
        _rig.Keyboard.Key(Keys.Parse(modifier), true);
        _rig.Drain();
        _rig.Keyboard.Key(KeyCode.Print, true);
        Assert.That(_rig.DrainHex(), Is.EqualTo(make));
        _rig.Keyboard.Key(Keys.Parse(modifier), false);
        _rig.Drain();
        _rig.Keyboard.Key(KeyCode.Print, false);
        Assert.That(_rig.DrainHex(), Is.EqualTo(release));
    }

    [Test]
    public void Pause_with_Ctrl_is_Break()
    {
        _rig.Keyboard.Key(KeyCode.CtrlRight, true);
        _rig.Drain();
        _rig.Keyboard.Key(KeyCode.Pause, true);
        Assert.That(_rig.DrainHex(), Is.EqualTo("e07ee0f07e"));
        _rig.Keyboard.Key(KeyCode.Pause, false);
        _rig.Run("-");
    }

    [Test]
    public void Pressing_a_key_that_is_down_sends_nothing()
    {
        _rig.Keyboard.Key(KeyCode.A, false);
        _rig.Run("-");
        _rig.Keyboard.Key(KeyCode.A, true);
        _rig.Keyboard.Key(KeyCode.A, true);
        _rig.Run("=1c -");
    }

    [TestCase("f7", "1c", true)]
    [TestCase("f8", "1cf01c", false)]
    [TestCase("f9", "1c", false)]
    [TestCase("fa", "1cf01c", true)]
    public void In_set_3_all_keys_take_the_type(string command, string typed, bool repeats)
    {
        _rig.Run($"60:f0 =fa 60:03 =fa 60:{command} =fa");
        _rig.Keyboard.Press("a");
        Assert.That(_rig.DrainHex(), Is.EqualTo(typed));
        _rig.Keyboard.Key(KeyCode.A, true);
        _rig.Time.AdvanceMilliseconds(500);
        Assert.That(_rig.DrainHex(), Is.EqualTo(repeats ? "1c1c" : "1c"));
    }

    [TestCase("fb", "08", true)]
    [TestCase("fc", "08f008", false)]
    [TestCase("fd", "08", false)]
    public void In_set_3_one_key_takes_the_type_and_the_others_stay(string command, string typed, bool repeats)
    {
        _rig.Run($"60:f0 =fa 60:03 =fa 60:fa =fa 60:{command} =fa 60:08 =fa 60:f4 =fa");
        _rig.Keyboard.Press("esc");
        Assert.That(_rig.DrainHex(), Is.EqualTo(typed));
        _rig.Keyboard.Key(KeyCode.Escape, true);
        _rig.Time.AdvanceMilliseconds(500);
        Assert.That(_rig.DrainHex(), Is.EqualTo(repeats ? "0808" : "08"));
        _rig.Keyboard.Press("a");
        Assert.That(_rig.DrainHex(), Is.EqualTo("1cf01c"));
    }

    [Test]
    public void In_set_2_the_types_have_no_say()
    {
        _rig.Run("60:f9 =fa");
        _rig.Keyboard.Press("a");
        Assert.That(_rig.DrainHex(), Is.EqualTo("1cf01c"));
    }

    [Test]
    public void Both_queues_take_turns()
    {
        _rig.Run("64:d4 60:f4 m=fa");
        _rig.Keyboard.Key(KeyCode.A, true);
        _rig.Mouse.Move(1, 2);
        _rig.Keyboard.Key(KeyCode.A, false);
        _rig.Run("=1c m=08 =f0 m=01 =1c m=02 -");
    }

    [Test]
    public void A_chord_is_pressed_in_order_and_released_in_reverse()
    {
        _rig.Run("64:60 60:43");
        _rig.Keyboard.Press("ctrl", "alt", "delete");
        Assert.That(_rig.DrainHex(), Is.EqualTo("1d38e053e0d3b89d"));
    }

    [Test]
    public void A_chord_with_a_wrong_name_presses_nothing()
    {
        Assert.That(() => _rig.Keyboard.Press("ctrl", "Any"), Throws.ArgumentException.With.Message.Contains("'Any'"));
        _rig.Run("-");
    }

    [Test]
    public void Names_and_keys_correspond()
    {
        Assert.That(Keys.Names, Is.Unique);
        Assert.That(Keys.Names, Has.Count.EqualTo(Enum.GetValues<KeyCode>().Length));
        foreach (var code in Enum.GetValues<KeyCode>()) Assert.That(Keys.Parse(Keys.NameOf(code)), Is.EqualTo(code));
        Assert.That(Keys.TryParse("kp_enter", out var enter) && enter == KeyCode.KpEnter, Is.True);
        Assert.That(Keys.TryParse("A", out _), Is.False);
        Assert.That(() => Keys.NameOf((KeyCode)9999), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _rig.Keyboard.Key((KeyCode)(-1), true), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
