using System.ComponentModel;
using System.Diagnostics;

namespace RawIo.Tests;

/// <summary>The device trees of our own boards. Addresses and interrupts are those of the chips' manuals.</summary>
[TestFixture]
internal sealed class BoardTreeTests
{
    private static DeviceTree Board(string name)
    {
        using var stream = typeof(RawIo.Sim.SimMachine).Assembly.GetManifestResourceStream(name + ".dtb")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return DeviceTree.Parse(copy.ToArray());
    }

    [TestCase("pi1", "raspberrypi,model-b-plus", "brcm,bcm2835", 0x20000000UL)]
    [TestCase("pi2", "raspberrypi,2-model-b", "brcm,bcm2836", 0x3f000000UL)]
    [TestCase("pi3", "raspberrypi,3-model-b", "brcm,bcm2837", 0x3f000000UL)]
    [TestCase("pi4", "raspberrypi,4-model-b", "brcm,bcm2711", 0xfe000000UL)]
    public void Each_device_is_where_the_chip_has_it(string name, string board, string chip, ulong peripherals)
    {
        var tree = Board(name);
        Assert.That(tree.Compatible, Is.EqualTo(new[] { board, chip }));
        Assert.That(tree.Model, Does.StartWith("Raspberry Pi"));
        (string Path, ulong Offset, ulong Size)[] expected =
        [
            ("/soc/timer", 0x003000, 0x1000), ("/soc/dma", 0x007000, name == "pi4" ? 0xb00UL : 0xf00), ("/soc/mailbox", 0x00b880, 0x40),
            ("/soc/watchdog", 0x100000, 0x114), ("/soc/cprman", 0x101000, 0x2000), ("/soc/rng", 0x104000, name == "pi4" ? 0x28UL : 0x10),
            ("/soc/gpio", 0x200000, 0xb4), ("/soc/serial@7e201000", 0x201000, 0x200), ("/soc/spi@7e204000", 0x204000, 0x200),
            ("/soc/i2c@7e205000", 0x205000, 0x200), ("/soc/i2c@7e804000", 0x804000, 0x1000), ("/soc/pwm", 0x20c000, 0x28),
            ("/soc/aux", 0x215000, 8), ("/soc/serial@7e215040", 0x215040, 0x40), ("/soc/arm-timer", 0x00b400, 0x24),
            ("/soc/spi@7e215080", 0x215080, 0x40), ("/soc/spi@7e2150c0", 0x2150c0, 0x40),
        ];
        foreach (var (path, offset, size) in expected)
        {
            var node = tree.Find(path)!;
            Assert.That((node.Resources[0].Start, node.Resources[0].Size), Is.EqualTo((peripherals + offset, size)), path);
            Assert.That(node["status"]!.AsString(), Is.EqualTo("okay"), path);
            Assert.That(node.UnitAddress, Is.EqualTo(((ulong)node.Reg[0].Address).ToString("x", null)));
        }
        Assert.That(tree.Find("/soc/watchdog")!.Resources.Take(2).Select(r => (r.Name, r.Start - peripherals)),
            Is.EqualTo(new[] { ("pm", 0x100000UL), ("asb", 0x00a000UL) }));
        Assert.That(tree.Find("gpio0")!.ToBusAddress(peripherals + 0x200034), Is.EqualTo((UInt128)0x7e200034));
    }

    [Test]
    public void Each_board_has_the_ram_the_videocore_leaves_it()
    {
        string Ram(string name) => string.Join(' ', Board(name).Memory.Select(m => $"{m.Start:x}-{m.End:x}"));
        Assert.That(Ram("pi1"), Is.EqualTo("0-1bffffff"));
        Assert.That(Ram("pi3"), Is.EqualTo("0-3b3fffff"));
        Assert.That(Ram("pi4"), Is.EqualTo("0-3b3fffff 40000000-fbffffff"));
    }

    [TestCase("pi1", "brcm,bcm2835-gpio", "brcm,bcm2835-rng", 0x40000000U)]
    [TestCase("pi2", "brcm,bcm2835-gpio", "brcm,bcm2835-rng", 0xc0000000U)]
    [TestCase("pi3", "brcm,bcm2835-gpio", "brcm,bcm2835-rng", 0xc0000000U)]
    [TestCase("pi4", "brcm,bcm2711-gpio", "brcm,bcm2711-rng200", 0xc0000000U)]
    public void Drivers_find_their_devices(string name, string gpio, string rng, uint ram)
    {
        var tree = Board(name);
        foreach (var compatible in new[] { gpio, rng, "brcm,bcm2835-system-timer", "brcm,bcm2835-mbox", "brcm,bcm2835-aux-uart", "brcm,bcm2835-pwm" })
            Assert.That(tree.Nodes.Count(n => n.Compatible.Contains(compatible)), Is.EqualTo(1), compatible);
        Assert.That(tree.Nodes.Count(n => n.Compatible.Contains("brcm,bcm2835-i2c")), Is.EqualTo(name == "pi4" ? 2 : 3));
        Assert.That(tree.Find("/soc/timer")!["clock-frequency"]!.AsUInt32(), Is.EqualTo(1_000_000));
        Assert.That(tree.Find("/soc/dma")!.ToDmaAddress(0x1000), Is.EqualTo((UInt128)(ram + 0x1000)));
    }

    [Test]
    public void Interrupts_go_to_the_controller_of_the_board()
    {
        Assert.That(Irq("pi1", "gpio0"), Is.EqualTo("7e00b200:2,17 7e00b200:2,18 7e00b200:2,19 7e00b200:2,20"));
        Assert.That(Irq("pi3", "serial1"), Is.EqualTo("7e00b200:1,29"));
        Assert.That(Irq("pi3", "/soc/interrupt-controller@7e00b200"), Is.EqualTo("40000000:8,4"));
        Assert.That(Irq("pi3", "/soc/timer"), Is.EqualTo("7e00b200:1,0 7e00b200:1,1 7e00b200:1,2 7e00b200:1,3"));
        Assert.That(Irq("pi4", "serial0"), Is.EqualTo("40041000:0,121,4"));
        Assert.That(Irq("pi4", "gpio0"), Is.EqualTo("40041000:0,113,4 40041000:0,114,4 40041000:0,115,4 40041000:0,116,4"));
        Assert.That(Board("pi4").Find("/soc/interrupt-controller")!.Resources[0].Start, Is.EqualTo(0xff841000));
        foreach (var name in new[] { "pi1", "pi2", "pi3", "pi4", "pi5" }) TreeWalk.Everything(Board(name));

        static string Irq(string board, string node) =>
            string.Join(' ', Board(board).Find(node)!.Interrupts.Select(i => $"{i.Controller.UnitAddress}:{string.Join(',', i.Specifier)}"));
    }

    [Test]
    public void The_compiled_trees_are_what_dtc_makes_of_the_sources()
    {
        var boards = Boards();
        var folder = Directory.CreateTempSubdirectory("rawio").FullName;
        try
        {
            using var build = Process.Start(new ProcessStartInfo("sh", [Path.Combine(boards, "build.sh"), folder]) { RedirectStandardError = true })!;
            using var limit = build.EndAfter(TimeSpan.FromMinutes(2));
            var errors = build.StandardError.ReadToEnd();
            build.WaitForExit();
            if (build.ExitCode == 127) Assert.Ignore("SKIPPED: no dtc here (Debian: apt-get install device-tree-compiler)");
            Assert.That((build.ExitCode, errors), Is.EqualTo((0, "")));
            var sources = Directory.GetFiles(boards, "*.dts").Select(Path.GetFileNameWithoutExtension).Order().ToArray();
            Assert.That(sources, Is.EqualTo(new[] { "pi1", "pi2", "pi3", "pi4", "pi5" }));
            foreach (var name in sources)
                Assert.That(File.ReadAllBytes(Path.Combine(folder, name + ".dtb")), Is.EqualTo(File.ReadAllBytes(Path.Combine(boards, name + ".dtb"))), name);
        }
        catch (Win32Exception)
        {
            Assert.Ignore("SKIPPED: no sh here to run build.sh with");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Boards() => Path.Combine(Repository.Root, "src", "RawIo.Sim", "Boards");
}
