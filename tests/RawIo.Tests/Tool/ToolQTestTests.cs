namespace RawIo.Tests;

/// <summary>rawio qtest over whole machines: lines, keys, serial ports, parts and the clock chip, as a client on the pipe sees them.</summary>
public class ToolQTestTests
{
    private static string[] Ask(string arguments, params string[] requests) =>
        ToolRun.Succeed($"qtest {arguments}", string.Concat(requests.Select(r => r + "\n"))).Lines;

    [Test]
    public void A_key_interrupts_and_reading_it_quiets_the_line()
    {
        Assert.That(Ask("--on sim:pc --clock stepped", "irq_intercept_in ioapic", "key a 1", "inb 0x60", "key a 0", "inb 0x60", "inb 0x60"), Is.EqualTo([
            "OK", "IRQ raise 1", "OK", "IRQ lower 1", "OK 0x001c", "IRQ raise 1", "OK", "IRQ lower 1", "IRQ raise 1", "OK 0x00f0", "IRQ lower 1", "OK 0x001c",
        ]));
    }

    [Test]
    public void The_mouse_reports_down_as_down()
    {
        Assert.That(Ask("--on sim:pc --clock stepped", "outb 0x64 0xd4", "outb 0x60 0xf4", "inb 0x60", "mouse 3 5", "inb 0x60", "inb 0x60", "inb 0x60", "button right 1", "inb 0x60"), Is.EqualTo([
            "OK", "OK", "OK 0x00fa", "OK", "OK 0x0028", "OK 0x0003", "OK 0x00fb", "OK", "OK 0x000a",
        ]));
    }

    [Test]
    public void A_serial_port_sends_and_receives_whole_characters_at_once()
    {
        Assert.That(Ask("--on sim:pc --clock stepped", "irq_intercept_in", "outb 0x3fc 8", "outb 0x3f9 1", "outb 0x3f8 0xc1", "outb 0x3f8 0xc2", "chr_recv com1", "chr_send com1 0xc3", "inb 0x3f8"), Is.EqualTo([
            "OK", "OK", "OK", "OK", "OK", "OK 0xc1c2", "IRQ raise 4", "OK", "IRQ lower 4", "OK 0x00c3",
        ]));
        Assert.That(Ask("--on sim:pi3", "writel 0x3f201030 0x301", "writel 0x3f201000 0xc1", "chr_recv uart0", "chr_send uart0 0xc2", "readl 0x3f201000"), Is.EqualTo([
            "OK", "OK", "OK 0xc1", "OK", "OK 0x00000000000000c2",
        ]));
        Assert.That(Ask("--on sim:pc --clock stepped --wire-speed", "outb 0x3fb 0x83", "outb 0x3f8 12", "outb 0x3f9 0", "outb 0x3fb 3", "outb 0x3f8 0x41", "inb 0x3fd", "clock_step 2000000", "inb 0x3fd"),
            Has.ItemAt(5).EqualTo("OK 0x0020").And.ItemAt(7).EqualTo("OK 0x0060"), "9600 bit/s: a millisecond a character");
    }

    [Test]
    public void What_a_device_does_by_itself_is_over_before_the_answer_unless_it_goes_at_wire_speed()
    {
        string[] dma = ["irq_intercept_in", "writel 0x100 0x111", "writel 0x104 0x20", "writel 0x108 0x40", "writel 0x10c 0x20", "writel 0x20 0x12345678", "writel 0x3f007004 0x100",
            "writel 0x3f007000 1", "readl 0x40"];
        Assert.That(Ask("--on sim:pi3 --clock stepped", dma)[^4..], Is.EqualTo(["IRQ raise 16", "IRQ raise 28", "OK", "OK 0x0000000012345678"]));
        Assert.That(Ask("--on sim:pi3 --clock stepped --wire-speed", dma)[^2..], Is.EqualTo(["OK", "OK 0x0000000000000000"]));
    }

    [Test]
    public void Interrupts_of_a_Pi_are_the_controllers_pins_and_its_outputs_the_GPIOs()
    {
        Assert.That(Ask("--on sim:pi3 --clock stepped", "irq_intercept_in", "writel 0x3f003010 2000", "clock_step 2000000", "writel 0x3f003000 2", "writel 0x3f201038 0x10", "chr_send uart0 0x41", "writel 0x3f201030 0x301"), Is.EqualTo([
            "OK", "OK", "IRQ raise 1", "OK 2000000", "IRQ lower 1", "OK", "OK", "OK", "IRQ raise 57", "OK",
        ]));
        Assert.That(Ask("--on sim:pi3", "irq_intercept_out gpio", "writel 0x3f200004 0x40000", "writel 0x3f20001c 0x10000", "writel 0x3f200028 0x10000"),
            Is.EqualTo(["OK", "OK", "IRQ raise 16", "OK", "IRQ lower 16", "OK"]));
    }

    [Test]
    public void A_GPIO_output_is_what_the_chip_drives_whatever_the_pulls()
    {
        // GPIO 4 is pulled up after power-on: high as an input, and not the chip's doing.
        Assert.That(Ask("--on sim:pi3", "irq_intercept_out gpio", "writel 0x3f200000 0x1000", "writel 0x3f20001c 0x10", "writel 0x3f20001c 0x10", "writel 0x3f200000 0",
            "writel 0x3f200000 0x1000", "writel 0x3f200028 0x10"),
            Is.EqualTo(["OK", "OK", "IRQ raise 4", "OK", "OK", "IRQ lower 4", "OK", "IRQ raise 4", "OK", "IRQ lower 4", "OK"]));
    }

    [Test]
    public void A_Pi_5_has_GPIO_outputs_too()
    {
        // RP1: IO_BANK0 at 1f000d0000, SYS_RIO0 and PADS_BANK0 each 0x10000 behind; CTRL of GPIO 16 to SYS_RIO, its pad's OD
        // off, then its OE and OUT, by the SET and CLR aliases.
        Assert.That(Ask("--on sim:pi5", "irq_intercept_out gpio", "writel 0x1f000d0084 0x85", "writel 0x1f000f3044 0x80", "writel 0x1f000e2004 0x10000", "writel 0x1f000e2000 0x10000", "writel 0x1f000e3000 0x10000"),
            Is.EqualTo(["OK", "OK", "OK", "OK", "IRQ raise 16", "OK", "IRQ lower 16", "OK"]));
    }

    [Test]
    public void Every_key_that_QEMU_knows_is_a_key_or_has_a_reason()
    {
        // qapi/ui.json, QKeyCode, of QEMU 7.2.
        const string Keys = "shift shift_r alt alt_r ctrl ctrl_r esc 1 2 3 4 5 6 7 8 9 0 minus equal backspace tab q w e r t y u i o p bracket_left bracket_right ret a s d f g h j k l "
            + "semicolon apostrophe grave_accent backslash z x c v b n m comma dot slash asterisk spc caps_lock f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 num_lock scroll_lock kp_divide kp_multiply "
            + "kp_subtract kp_add kp_enter kp_decimal sysrq kp_0 kp_1 kp_2 kp_3 kp_4 kp_5 kp_6 kp_7 kp_8 kp_9 less f11 f12 print home pgup pgdn end left up down right insert delete stop "
            + "meta_l meta_r compose pause ro hiragana henkan yen muhenkan katakanahiragana kp_comma kp_equals power sleep wake audionext audioprev audiostop audioplay audiomute volumeup "
            + "volumedown mediaselect mail calculator computer ac_home ac_back ac_forward ac_refresh ac_bookmarks lang1 lang2";
        Assert.That(Ask("--on sim:pc --clock stepped", [.. Keys.Split(' ').SelectMany(k => new[] { $"key {k} 1", $"key {k} 0" })]), Has.All.EqualTo("OK"));
        foreach (var key in "menu again props undo front copy open paste find cut lf help unmapped".Split(' '))
            Assert.That(Ask("--on sim:pc", $"key {key} 1")[0], Does.StartWith($"FAIL A PC's keyboard has no key '{key}'"));
    }

    [Test]
    public void The_timer_interrupts_at_its_rate_and_not_before_it_is_programmed()
    {
        Assert.That(Ask("--on sim:pc --clock stepped", "irq_intercept_in", "clock_step 100000000", "outb 0x43 0x34", "outb 0x40 0xa9", "outb 0x40 4", "clock_step 10000000")
            .Count(line => line == "IRQ raise 0"), Is.EqualTo(9).Or.EqualTo(10));
        Assert.That(Ask("--on sim:pc --clock stepped", "irq_intercept_in", "clock_step 100000000"), Has.None.EqualTo("IRQ raise 0"));
    }

    [Test]
    public void The_clock_chip_starts_where_it_is_told()
    {
        string[] time = ["outb 0x70 4", "inb 0x71", "outb 0x70 2", "inb 0x71", "outb 0x70 0", "inb 0x71", "outb 0x70 9", "inb 0x71"];
        Assert.That(Ask("--on sim:pc --clock stepped --rtc 2021-12-31T23:58:57", time).Where(line => line.Length > 2),
            Is.EqualTo(["OK 0x0023", "OK 0x0058", "OK 0x0057", "OK 0x0021"]));
        Assert.That(Ask("--on sim:pc --clock stepped --rtc 2021-12-31T23:58:57", ["clock_step 64000000000", .. time])[1..].Where(line => line.Length > 2),
            Is.EqualTo(["OK 0x0000", "OK 0x0000", "OK 0x0001", "OK 0x0022"]));
    }

    [Test]
    public void A_part_answers_where_it_is_plugged_in()
    {
        Assert.That(Ask("--on sim:pi3 --clock stepped --plug spi0.0=loopback", "writel 0x3f204000 0x80", "writel 0x3f204004 0xa5", "clock_step 10000000", "readl 0x3f204004")[^1],
            Is.EqualTo("OK 0x00000000000000a5"));
        // Read the thermometer's register 1, configuration: it is 0 after power-on. Nobody is at 0x49.
        string[] Read(int address) => ["writel 0x3f80400c " + address, "writel 0x3f804008 1", "writel 0x3f804010 1", "writel 0x3f804000 0x8080", "clock_step 10000000", "readl 0x3f804004"];
        Assert.That(Ask("--on sim:pi3 --clock stepped --plug i2c1:0x48=tmp105 --plug spi0.1=w25q32", Read(0x48))[^1], Does.EndWith("52"), "DONE");
        Assert.That(Ask("--on sim:pi3 --clock stepped --plug i2c1:0x48=tmp105", Read(0x49))[^1], Does.Match("OK 0x00000000000001[0-9a-f]{2}"), "ERR");
    }

    [Test]
    public void A_reset_that_a_device_asks_for_is_told()
    {
        Assert.That(Ask("--on sim:pc", "reset_requested", "outb 0x64 0xfe", "reset_requested"), Is.EqualTo(["OK 0", "OK", "OK 1"]));
        Assert.That(Ask("--on sim:pc", "outb 0x92 1", "reset_requested"), Is.EqualTo(["OK", "OK 1"]));
        Assert.That(Ask("--on sim:pi3 --clock stepped", "writel 0x3f100024 0x5a000001", "writel 0x3f10001c 0x5a000020", "reset_requested", "clock_step 1000000", "reset_requested"),
            Has.ItemAt(2).EqualTo("OK 0").And.ItemAt(4).EqualTo("OK 1"));
    }

    [Test]
    public void What_a_board_has_no_use_for_fails_with_the_reason()
    {
        Assert.That(Ask("--on sim:pi3", "key a 1", "mouse 1 1", "button left 1", "chr_send com1 0x41", "chr_recv lpt1"), Is.EqualTo([
            "FAIL sim:pi3 has no keyboard; sim:pc has", "FAIL sim:pi3 has no mouse; sim:pc has", "FAIL sim:pi3 has no mouse; sim:pc has",
            "FAIL No serial line 'com1': sim:pi3 has the serial lines uart0, uart1", "FAIL No serial line 'lpt1': sim:pi3 has the serial lines uart0, uart1",
        ]));
        Assert.That(Ask("--on sim:pc", "irq_intercept_out gpio", "irq_intercept_out lamps", "key nokey 1", "button fourth 1"), Has.All.StartsWith("FAIL "));
    }

    [Test]
    public void A_serial_port_can_be_at_a_terminal()
    {
        var result = ToolRun.Run("qtest --on sim:pc --serial com2=pty", "endianness\n");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "OK little\n")));
        Assert.That(result.Error, Does.Match("^rawio: com2 is at /dev/pts/[0-9]+\n$"));
    }

    [TestCase("qtest --on sim:pc --rtc yesterday", "--rtc 'yesterday'", "2021-12-31T23:58:57")]
    [TestCase("read 0x3f200000 --rtc 2021-12-31", "has none")]
    [TestCase("qtest --plug i2c1:0x50=toaster", "--plug", "toaster", "24c32")]
    [TestCase("qtest --plug i2c9:0x50=24c32", "i2c9", "i2c1")]
    [TestCase("qtest --plug nonsense", "i2c1:0x50=24c32")]
    [TestCase("qtest --serial uart7=pty", "uart0, uart1")]
    [TestCase("qtest --serial uart0=com", "uart0=pty")]
    [TestCase("qtest --serial uart0=stdio", "uart0=pty", "the command's own")]
    [TestCase("qtest --serial uart0=pty --serial uart0=pty", "twice")]
    public void A_wrong_option_is_one_line_and_exit_2(string arguments, params string[] saying) => ToolRun.Refuse(arguments, 2, saying);
}
