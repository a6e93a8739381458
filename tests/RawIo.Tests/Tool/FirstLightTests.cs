using System.Globalization;

namespace RawIo.Tests;

/// <summary>What the project promises of its program, run as a user runs it: each command line as the README and the first issue print it.</summary>
public sealed class FirstLightTests
{
    private static (ulong Start, ulong End, string Name)[] Ranges(IEnumerable<string> lines) =>
    [
        .. lines.Select(line => line.Trim().Split([' ', '-'], 4) is [var start, var end, ":", var name]
            ? (ulong.Parse(start, NumberStyles.HexNumber, CultureInfo.InvariantCulture), ulong.Parse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture), name)
            : throw new FormatException(line)),
    ];

    private static string Tree(string name)
    {
        if (DeviceTreeFiles.Kernel(name) is { } path) return path;
        Assert.Ignore($"SKIPPED: no {name} in shared/captures beside the clone, nor in RAWIO_DTBS (fill a folder with tests/fetch-kernels.sh)");
        return "";
    }

    // A kernel writes "<device> <resource>"; the resource's name is the tree's, or the driver's own word for the second UART.
    [TestCase("dma@7e007000", "3f007000.dma dma@7e007000")]
    [TestCase("asb", "3f100000.watchdog asb")]
    [TestCase("mailbox@7e00b880", "3f00b880.mailbox mailbox@7e00b880")]
    [TestCase("pm", "3f100000.watchdog pm")]
    [TestCase("cprman@7e101000", "3f101000.cprman cprman@7e101000")]
    [TestCase("gpio@7e200000", "3f200000.gpio gpio@7e200000")]
    [TestCase("serial@7e201000", "3f201000.serial serial@7e201000")]
    [TestCase("aux@7e215000", "3f215000.aux aux@7e215000")]
    [TestCase("serial@7e215040", "serial")]
    public void The_kernel_s_pi_3_tree_has_a_device_where_the_kernel_has_it(string name, string kernels)
    {
        var capture = Ranges(File.ReadLines(Path.Combine(Repository.Root, "tests/RawIo.Tests/Captures/raspberrypi3.iomem")));
        var expected = capture.Last(r => r.Name == kernels);
        var ours = Ranges(ToolProgram.Succeed($"rawio iomem --on sim:pi3 --dtb {Tree(DeviceTreeFiles.Pi3)}"));
        Assert.That(ours, Does.Contain((expected.Start, expected.End, name)));
    }

    [Test]
    public void The_kernel_s_pi_3_tree_has_every_device_range_of_the_capture()
    {
        var devices = Ranges(File.ReadLines(Path.Combine(Repository.Root, "tests/RawIo.Tests/Captures/raspberrypi3.iomem")))
            .Where(r => r.Start >= 0x3f000000).Select(r => (r.Start, r.End)).Distinct().ToArray();
        Assert.That(devices, Has.Length.EqualTo(9));
        var ours = Ranges(ToolProgram.Succeed($"rawio iomem --on sim:pi3 --dtb {Tree(DeviceTreeFiles.Pi3)}")).Select(r => (r.Start, r.End));
        Assert.That(devices.Except(ours), Is.Empty);
    }

    [Test]
    public void The_kernel_s_pi_4_tree_has_gpio_at_fe200000() => Assert.That(
        ToolProgram.Succeed($"rawio iomem --dtb {Tree(DeviceTreeFiles.Pi4)}"), Does.Contain("fe200000-fe2000b3 : gpio@7e200000"));

    [Test]
    public void Qtest_answers_the_keyboard_controller_s_self_test() => Assert.That(
        ToolProgram.Succeed(@"printf 'inb 0x64\noutb 0x64 0xaa\ninb 0x60\n' | rawio qtest --on sim:pc"),
        Is.EqualTo(["OK 0x0018", "OK", "OK 0x0055"]));

    [Test]
    public void Qtest_makes_pin_16_high()
    {
        var lines = ToolProgram.Succeed(@"printf 'writel 0x3f200004 0x40000\nwritel 0x3f20001c 0x10000\nreadl 0x3f200034\n' | rawio qtest --on sim:pi3");
        // Pins 0 to 8 are inputs pulled up after reset.
        Assert.That(lines, Is.EqualTo(["OK", "OK", "OK 0x00000000000101ff"]));
    }

    [Test]
    public void Explain_shows_a_miss_then_a_hit()
    {
        Assert.That(string.Join('\n', ToolProgram.Succeed("rawio explain 0x3f200034")), Does.Contain("TLB miss").And.Contain("GPLEV0").And.Not.Contain("TLB hit"));
        var twice = string.Join('\n', ToolProgram.Succeed("rawio explain 0x3f200034 -n 2"));
        var second = twice.IndexOf("access 2", StringComparison.Ordinal);
        Assert.That(twice[..second], Does.Contain("TLB miss").And.Contain("GPLEV0"));
        Assert.That(twice[second..], Does.Contain("TLB hit").And.Contain("GPLEV0").And.Not.Contain("TLB miss"));
    }

    [Test]
    public void The_demo_blinks_a_pin_and_reads_the_keyboard_controller() => Assert.That(
        string.Join('\n', ToolProgram.Succeed("cd / && rawio demo")),
        Does.Contain("3f200000-3f2000b3").And.Contain("pin 16 is high").And.Contain("pin 16 is low").And.Contain("0x55"));
}
