using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Text typed at the keyboard and read through the driver, as a US layout's scan codes (set 2).</summary>
internal sealed class Ps2TypingTests
{
    // Make codes of set 2 (IBM PS/2 Hardware Interface Technical Reference), in the order of the characters.
    private const string Characters = "abcdefghijklmnopqrstuvwxyz1234567890-=[]\\;'`,./ \t\n\b\e";
    private const string WithShift = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()_+{}|:\"~<>? \t\n\b\e";
    private static readonly byte[] s_codes =
    [
        0x1c, 0x32, 0x21, 0x23, 0x24, 0x2b, 0x34, 0x33, 0x43, 0x3b, 0x42, 0x4b, 0x3a, 0x31, 0x44, 0x4d, 0x15, 0x2d, 0x1b, 0x2c, 0x3c, 0x2a, 0x1d, 0x22, 0x35, 0x1a,
        0x16, 0x1e, 0x26, 0x25, 0x2e, 0x36, 0x3d, 0x3e, 0x46, 0x45, 0x4e, 0x55, 0x54, 0x5b, 0x5d, 0x4c, 0x52, 0x0e, 0x41, 0x49, 0x4a, 0x29, 0x0d, 0x5a, 0x66, 0x76,
    ];

    private SimMachine _pc = null!;
    private I8042 _driver = null!;
    private Ps2Keyboard _keyboard = null!;

    [SetUp]
    public void Make()
    {
        _pc = SimMachine.Create("pc", new() { SteppedClock = true });
        _driver = new I8042(_pc.OpenPorts(0x60, 5), _pc.Time);
        _keyboard = _pc.Device<I8042Model>().Keyboard;
    }

    [TearDown]
    public void End()
    {
        _driver.Dispose();
        _pc.Dispose();
    }

    [Test]
    public void Everything_that_can_be_typed_is_read_back()
    {
        var text = Characters + WithShift + "Hello, World!\n";
        _keyboard.Type(text);
        Assert.That(Read(stepMilliseconds: 1), Is.EqualTo(text));
        Assert.That(_keyboard.IsTyping, Is.False);
    }

    [TestCase(5)]
    [TestCase(300)]
    [TestCase(20_000)]
    public void A_driver_that_comes_seldom_misses_nothing(int milliseconds)
    {
        const string Text = "The Quick Brown FOX (jumps) over \"the\" lazy dog.";
        _keyboard.Type(Text[..20]);
        _keyboard.Type(Text[20..]);
        Assert.That(Read(milliseconds), Is.EqualTo(Text));
    }

    [Test]
    public void It_takes_its_time()
    {
        _keyboard.Type("aB");
        Assert.That(_driver.TryRead(out var code, out _) ? code : 0, Is.EqualTo(0x1c), "the first key at once");
        Assert.That(_driver.TryRead(out _, out _), Is.False);
        var start = _pc.Clock.Now;
        Read(stepMilliseconds: 1, until: () => !_keyboard.IsTyping);
        Assert.That(_pc.Clock.Now - start, Is.EqualTo(50_000_000), "a b: six movements, 10 ms apart");
    }

    [Test]
    public void A_command_of_the_host_in_between_is_waited_for()
    {
        _keyboard.Type("abc");
        _pc.Clock.Step(5_000_000);
        Assert.That(_driver.TryRead(out _, out _), Is.True);
        _driver.WriteData(0xed); // the lights; the option byte comes late
        Assert.That(_driver.WaitReadData(), Is.EqualTo(0xfa));
        _pc.Clock.Step(200_000_000);
        _driver.WriteData(0x02);
        Assert.That(_driver.WaitReadData(), Is.EqualTo(0xfa));
        Assert.That(_keyboard.IsTyping, Is.True);
        Assert.That("a" + Read(stepMilliseconds: 1), Is.EqualTo("abc"));
    }

    [TestCase("grün", "U+00FC", 2)]
    [TestCase("\0", "U+0000", 0)]
    [TestCase("ok\u007f", "U+007F", 2)]
    public void What_no_key_types_is_refused_whole(string text, string names, int at)
    {
        Assert.That(() => _keyboard.Type(text), Throws.ArgumentException.With.Message.Contains(names).And.Message.Contains($"character {at}"));
        Assert.That((_keyboard.IsTyping, _keyboard.Waiting), Is.EqualTo((false, 0)));
        _keyboard.Type("");
        Assert.Throws<ArgumentNullException>(() => _keyboard.Type(null!));
    }

    [Test]
    public void A_snapshot_keeps_what_is_yet_to_be_typed()
    {
        var before = _pc.Save();
        _keyboard.Type("Hello, World");
        _pc.Clock.Step(13_000_000);
        var during = _pc.Save();
        for (var i = 0; i < 3; i++)
        {
            Assert.That(Read(stepMilliseconds: 1, until: () => !_keyboard.IsTyping), Is.EqualTo("Hello, World"), $"time {i}");
            Assert.That(_pc.Clock.Now, Is.EqualTo(270_000_000), "12 characters, 2 with Shift: 28 movements, 10 ms apart, the first at once");
            Assert.That(Read(stepMilliseconds: 500), Is.Empty, "no key is held");
            _pc.Restore(during);
        }
        _pc.Restore(before);
        Assert.That((_keyboard.IsTyping, Read(stepMilliseconds: 1)), Is.EqualTo((false, "")));
        _keyboard.Type("x");
        Assert.That(Read(stepMilliseconds: 1), Is.EqualTo("x"));
    }

    private string Read(int stepMilliseconds, Func<bool>? until = null)
    {
        var (text, shift, release) = ("", false, false);
        for (var idle = 0; idle < 4 && !(until?.Invoke() ?? false); _pc.Clock.Step(stepMilliseconds * 1_000_000L))
        {
            while (_driver.TryRead(out var code, out _))
            {
                Assert.That(code, Is.Not.Zero, "no overrun");
                if (code == 0xf0) release = true;
                else
                {
                    if (code == 0x12) shift = !release;
                    else if (!release) text += (shift ? WithShift : Characters)[Array.IndexOf(s_codes, code)];
                    release = false;
                }
            }
            idle = _keyboard.IsTyping ? 0 : idle + 1;
        }
        return text;
    }
}
