using RawIo.Sim;

namespace RawIo.Tests;

public partial class WireTests
{
    [Test]
    public void Listeners_hear_each_change_once_and_nothing_else()
    {
        Pin a = new("a"), b = new("b");
        var heard = new List<bool>();
        b.LevelChanged += heard.Add;
        Wire.Connect(a, b);
        a.Drive(true);
        a.Drive(true);
        b.Pull(PinPull.Up);
        a.Drive(null);
        a.Drive(false);
        Assert.That(heard, Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void A_handler_that_drives_on_is_told_of_later_and_everybody_hears_the_changes_in_order()
    {
        Pin a = new("a"), b = new("b");
        var heard = new List<string>();
        a.LevelChanged += level =>
        {
            heard.Add($"first a {level}");
            b.Drive(level);
            if (level) a.Drive(false);
        };
        a.LevelChanged += level => heard.Add($"second a {level}");
        b.LevelChanged += level => heard.Add($"b {level}");
        a.Drive(true);
        Assert.That(heard, Is.EqualTo(new[]
        {
            "first a True", "second a True", "b True", "first a False", "second a False", "b False",
        }));
    }

    [Test]
    public void An_inverter_that_feeds_itself_is_stopped_with_a_word_and_the_wires_still_work()
    {
        var pin = new Pin("ring");
        void Invert(bool level) => pin.Drive(!level);
        pin.LevelChanged += Invert;
        Assert.That(() => pin.Drive(true), Throws.InvalidOperationException.With.Message.Contains("ring"));
        pin.LevelChanged -= Invert;
        pin.Drive(true);
        var heard = 0;
        pin.LevelChanged += _ => heard++;
        pin.Drive(false);
        Assert.That((pin.Level, heard), Is.EqualTo((false, 1)));
    }

    [Test]
    public void A_handler_may_cut_and_join_while_it_is_told()
    {
        Pin a = new("a"), b = new("b"), c = new("c");
        var wire = Wire.Connect(a, b);
        b.LevelChanged += level =>
        {
            if (!level) return;
            wire.Dispose();
            Wire.Connect(b, c);
        };
        a.Drive(true);
        Assert.That((a.Level, b.Level), Is.EqualTo((true, false)), "b floated high, c low: low wins");
        a.Drive(false);
        c.Drive(true);
        Assert.That((a.Level, b.Level), Is.EqualTo((false, true)));
    }
}
