using System.Text.Json;

namespace RawIo.Tests;

/// <summary>The commands about a whole board: resources, routes, pins, the keyboard controller, the demo.</summary>
public sealed class ToolMachineTests
{
    [TestCase("sim:pi1", "20200000-202000b3 : gpio@7e200000")]
    [TestCase("sim:pi3", "3f200000-3f2000b3 : gpio@7e200000")]
    [TestCase("sim:pi4", "fe200000-fe2000b3 : gpio@7e200000")]
    [TestCase("sim:pc", "00100000-1ffdffff : System RAM")]
    public void Iomem_is_the_kernel_s_text(string board, string line) =>
        Assert.That(ToolRun.Succeed($"iomem --on {board}").Lines, Does.Contain(line));

    [Test]
    public void Iomem_as_json_is_the_same_tree()
    {
        using var json = JsonDocument.Parse(ToolRun.Succeed("iomem --json").Output);
        var ram = json.RootElement[0];
        Assert.That((ram.GetProperty("name").GetString(), ram.GetProperty("start").GetString()), Is.EqualTo(("System RAM", "0x00000000")));
        Assert.That(ram.GetProperty("children").GetArrayLength(), Is.GreaterThan(0));
    }

    [Test]
    public void Ioports_default_to_the_pc() => Assert.That(ToolRun.Succeed("ioports").Lines, Does.Contain("0060-0060 : keyboard"));

    [Test]
    public void Boards_are_listed_and_shown()
    {
        Assert.That(ToolRun.Succeed("boards").Output, Does.Contain("sim:pi1").And.Contain("Raspberry Pi 3").And.Contain("sim:pc"));
        Assert.That(ToolRun.Succeed("boards pi3").Output, Does.Contain("0x3f200000-0x3f2000b3").And.Contain("GPIO"));
        Assert.That(ToolRun.Succeed("boards sim:pc").Output, Does.Contain("0x0060"));
        using var json = JsonDocument.Parse(ToolRun.Succeed("boards --json").Output);
        Assert.That(json.RootElement.EnumerateArray().Select(b => b.GetProperty("name").GetString()), Is.EqualTo(["sim:pi1", "sim:pi2", "sim:pi3", "sim:pi4", "sim:pi5", "sim:pc"]));
        using var devices = JsonDocument.Parse(ToolRun.Succeed("boards pi3 --json").Output);
        Assert.That(devices.RootElement.EnumerateArray().First(d => d.GetProperty("start").GetString() == "0x3f200000").GetProperty("interrupts").GetArrayLength(), Is.GreaterThan(0));
    }

    [Test]
    public void A_board_chosen_by_option_is_shown()
    {
        Assert.That(ToolRun.Succeed("boards --on sim:pc").Output, Is.EqualTo(ToolRun.Succeed("boards pc").Output));
        var tree = Path.Combine(Repository.Root, "src/RawIo.Sim/Boards/pi4.dtb");
        Assert.That(ToolRun.Succeed($"boards --dtb {tree}").Output, Does.Contain("0xfe200000-").And.Contain("BCM2711 GPIO"));
    }

    [Test]
    public void The_keyboard_controller_interrupts_on_1_and_12()
    {
        Assert.That(ToolRun.Succeed("boards pi3").Output, Does.Match(@"0x3f201000-0x3f201fff +PL011 UART \(uart0\) +IRQ 57 <2 25> "));
        Assert.That(ToolRun.Succeed("boards pi4").Output, Does.Match(@"PL011 UART \(uart0\) +IRQ 121 <0 121 4> "));
        Assert.That(ToolRun.Succeed("boards pc").Output, Does.Match("0x0060 0x0064 +i8042 +IRQ 1 IRQ 12 ").And.Match("0x0000-0x000f 0x0081-0x008f 0x00c0-0x00df +8237A"));
        using var json = JsonDocument.Parse(ToolRun.Succeed("boards pc --json").Output);
        var controller = json.RootElement.EnumerateArray().Single(d => d.GetProperty("start").GetString() == "0x0060");
        Assert.That(controller.GetProperty("interrupts").EnumerateArray().Select(i => i.GetString()), Is.EqualTo(["IRQ 1", "IRQ 12"]));
    }

    [Test]
    public void A_dumb_terminal_gets_no_escape_sequences() => Assert.That(
        ToolRun.Run(["gpio"], terminal: true, dumb: true).Output, Does.Contain("GPIO16").And.Contain("╭").And.Not.Contain('\u001b'));

    [Test]
    public void Explain_names_the_register_and_shows_a_miss_then_a_hit()
    {
        var output = ToolRun.Succeed("explain 0x3f200034 -n 2").Output;
        var (first, second) = (output[..output.IndexOf("access 2", StringComparison.Ordinal)], output[output.IndexOf("access 2", StringComparison.Ordinal)..]);
        Assert.That(first, Does.Contain("TLB miss").And.Contain("L3[").And.Contain("GPLEV0").And.Contain("0x7e200034").And.Contain("bypassed").And.Contain("Device"));
        Assert.That(second, Does.Contain("TLB hit").And.Contain("GPLEV0").And.Not.Contain("L3["));
    }

    [Test]
    public void Explain_shows_the_caches_on_ram()
    {
        var output = ToolRun.Succeed("explain 0x200000 -n 2 --on sim:pc").Output;
        Assert.That(output, Does.Contain("PML4[").And.Contain("L1 miss").And.Contain("L1 hit").And.Contain("RAM"));
    }

    [Test]
    public void Explain_as_json_has_every_step()
    {
        using var json = JsonDocument.Parse(ToolRun.Succeed("explain 0x3f200034 --json").Output);
        var route = json.RootElement[0];
        Assert.That(route.GetProperty("register").GetString(), Is.EqualTo("GPLEV0"));
        Assert.That(route.GetProperty("tlb").GetString(), Is.EqualTo("miss"));
        Assert.That(route.GetProperty("walk").GetArrayLength(), Is.EqualTo(4));
        Assert.That(route.GetProperty("busAddress").GetString(), Is.EqualTo("0x7e200034"));
    }

    [Test]
    public void Explain_does_not_read_what_reading_changes_unless_forced()
    {
        ToolRun.Refuse("explain 0x3f104008", 2, "RNG_DATA", "--force");
        Assert.That(ToolRun.Succeed("explain 0x3f104008 --force").Output, Does.Contain("RNG_DATA"));
    }

    [Test]
    public void The_header_has_twenty_rows_and_tells_function_and_level()
    {
        var lines = ToolRun.Succeed("shell", "gpio 16 out high\ngpio\n").Lines;
        Assert.That(lines, Has.Length.EqualTo(22));
        Assert.That(lines[0], Is.EqualTo("GPIO16: out, high"));
        var rows = lines[2..].Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.That(rows[0], Is.EqualTo(["3V3", "1", "2", "5V"]));
        Assert.That(rows[17], Is.EqualTo([rows[17][0], rows[17][1], "GPIO19", "35", "36", "GPIO16", "out", "high"]));
        Assert.That(rows[19], Is.EqualTo(["GND", "39", "40", "GPIO21", rows[19][^2], rows[19][^1]]));
    }

    [Test]
    public void Colour_is_for_a_terminal_only()
    {
        Assert.That(ToolRun.RunAtTerminal("gpio").Output, Does.Contain("\u001b[").And.Contain("GPIO16").And.Contain("╭"));
        Assert.That(ToolRun.RunAtTerminal("read 0x100000").Output, Is.EqualTo("0x00000000\n"));
        foreach (var arguments in (string[])["gpio", "boards", "boards pi3", "i8042", "demo", "--help"])
            Assert.That(ToolRun.Run(arguments).Output, Does.Not.Contain('\u001b'), arguments);
    }

    [Test]
    public void The_header_carries_the_pins_of_the_real_one()
    {
        // Retyped from the pinout of the Raspberry Pi's 40-pin header.
        int[] left = [2, 3, 4, 17, 27, 22, 10, 9, 11, 0, 5, 6, 13, 19, 26];
        int[] right = [14, 15, 18, 23, 24, 25, 8, 7, 1, 12, 16, 20, 21];
        var pins = Enumerable.Range(1, 40).Select(p => (Pin: p, Gpio: Tool.PiHeader.Gpio(p))).ToArray();
        Assert.That(pins.Where(p => p.Pin % 2 == 1 && p.Gpio is not null).Select(p => p.Gpio!.Value), Is.EqualTo(left));
        Assert.That(pins.Where(p => p.Pin % 2 == 0 && p.Gpio is not null).Select(p => p.Gpio!.Value), Is.EqualTo(right));
        Assert.That(pins.Where(p => Tool.PiHeader.Name(p.Pin) == "GND").Select(p => p.Pin), Is.EqualTo([6, 9, 14, 20, 25, 30, 34, 39]));
        Assert.That(pins.Where(p => p.Gpio is { } gpio && Tool.PiHeader.Pin(gpio) != p.Pin), Is.Empty);
    }

    [Test]
    public void A_pin_is_set_and_shown()
    {
        Assert.That(ToolRun.Succeed("gpio 4 in up").Output, Is.EqualTo("GPIO4: in, high\n"));
        Assert.That(ToolRun.Succeed("gpio 4 down").Output, Is.EqualTo("GPIO4: in, low\n"));
        Assert.That(ToolRun.Succeed("gpio 14 alt0").Output, Does.StartWith("GPIO14: alt0, "));
        Assert.That(ToolRun.Succeed("gpio 4 in up --on sim:pi4").Output, Is.EqualTo("GPIO4: in, high, pull up\n"));
        using var json = JsonDocument.Parse(ToolRun.Succeed("gpio 16 out high --json").Output);
        Assert.That((json.RootElement.GetProperty("pin").GetInt32(), json.RootElement.GetProperty("level").GetString()), Is.EqualTo((36, "high")));
    }

    [Test]
    public void The_keyboard_controller_is_tested_and_its_devices_named()
    {
        Assert.That(ToolRun.Succeed("i8042").Output, Does.Match("self test +0x55 +passed").And.Match("keyboard +0xab 0x(83|41) +enhanced").And.Contain("standard mouse"));
        using var json = JsonDocument.Parse(ToolRun.Succeed("i8042 --json").Output);
        Assert.That((json.RootElement.GetProperty("selfTest").GetString(), json.RootElement.GetProperty("passed").GetBoolean()), Is.EqualTo(("0x55", true)));
    }

    [Test]
    public void The_demo_finds_claims_maps_blinks_and_reads_the_keyboard_controller()
    {
        var output = ToolRun.Succeed("demo").Output;
        Assert.That(output, Does.Contain("3f200000-3f2000b3").And.Contain("EBUSY").And.Contain("pin 16 is high").And.Contain("pin 16 is low")
            .And.Match("3f104000.rng gives [0-9a-f]{32}").And.Contain("0x55"));
    }
}
