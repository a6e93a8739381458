using System.Device.Gpio;
using System.Text.RegularExpressions;
using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The README's C# runs: each of its snippets stands here, line by line, in a test.</summary>
public partial class ReadmeTests
{
    [Test]
    public void First_success()
    {
        using IHardware hw = SimMachine.Create("pi3");

        using var region = hw.RequestMemRegion(0x3f200000, 0xb4, "blink");
        IMmio gpio = region.Map();

        gpio.Write32(0x04, 1 << 18);                     // GPFSEL1: pin 16 is an output
        gpio.Write32(0x1c, 1 << 16);                     // GPSET0: high
        bool high = (gpio.Read32(0x34) & 1 << 16) != 0;  // GPLEV0: true

        Assert.That(high, Is.True);
        Assert.That(hw.Memory.ToProcText(), Does.Contain("  3f200000-3f2000b3 : blink\n"));
        Assert.That(() => hw.RequestMemRegion(0x3f200034, 4, "other"), Throws.InstanceOf<ResourceBusyException>().With.Message.Contains("blink"));
    }

    [Test]
    public void A_driver_that_knows_no_address()
    {
        foreach (var board in new[] { "pi1", "pi3" })
        {
            using IHardware hw = SimMachine.Create(board);
            using var bus = new PlatformBus(hw);
            bus.Register(new Bcm2835RngPlatformDriver());
            var key = new byte[16];
            bus.Find<Bcm2835Rng>().Read(key);

            Assert.That(key.Distinct().Count(), Is.GreaterThan(4), board);
        }
    }

    [Test]
    public void Ports()
    {
        using IHardware pc = SimMachine.Create("pc");
        using var keyboard = new I8042(pc);              // claims ports 0x60 and 0x64
        bool passed = keyboard.SelfTest() == 0x55;       // out 0x64, 0xaa; in 0x60 is 0x55

        Assert.That(passed, Is.True);
    }

    [Test]
    public void Typed_registers()
    {
        using IHardware hw = SimMachine.Create("pi3");
        var CTRL = new ReadWriteRegister<uint>("RNG_CTRL", 0x00);
        var DATA = new ConsumingRegister<uint>("RNG_DATA", 0x08);
        var RBGEN = new BitField(0);

        using var block = hw.RequestMemRegion(0x3f104000, 0x10, "rng");
        var rng = block.Map();
        CTRL.Modify(rng, RBGEN, 1);                      // exactly one read and one write
        uint word = DATA.Consume(rng);

        Assert.That(CTRL.Read(rng, RBGEN), Is.EqualTo(1u));
        Assert.That(word, Is.Zero, "nothing has been gathered yet");
    }

    [Test]
    public void Classes_written_for_GpioController()
    {
        using var pi = SimMachine.Create("pi3");
        using var controller = new GpioController(RawIoGpioDriver.Create(pi));
        GpioPin led = controller.OpenPin(16, PinMode.Output, PinValue.Low);
        led.Toggle();                                    // one bus write, nothing allocated
        GpioPin button = controller.OpenPin(17, PinMode.InputPullUp);
        pi.Device<Bcm2835GpioModel>().Pins[17].Drive(false);  // somebody presses it
        bool isPressed = button.Read() == PinValue.Low;

        Assert.That(isPressed, Is.True);
        Assert.That(led.Read(), Is.EqualTo(PinValue.High));
    }

    [Test]
    public void A_part_at_the_chips_pins()
    {
        using var board = SimMachine.Create("pi3");
        board.Plug("i2c1:0x50=24c32");
        using var claim = board.RequestMemRegion(0x3f804000, 0x200, "i2c");
        var i2c = new Bcm2835I2c(claim.Map(), board.Time);
        i2c.Write(0x50, [0x00, 0x10, 0xca, 0xfe]);       // to cell 0x010; then it is busy writing and answers to nobody
        while (!i2c.IsPresent(0x50)) { }
        var cells = new byte[2];
        i2c.WriteRead(0x50, [0x00, 0x10], cells);        // ca fe

        Assert.That(cells, Is.EqualTo(new byte[] { 0xca, 0xfe }));
    }

    [Test, CancelAfter(20_000)]
    public async Task An_interrupt_reaches_a_driver()
    {
        using var lab = SimMachine.Create("pc", new() { SteppedClock = true });
        using var ports = lab.OpenPorts(0x40, 4);
        using var tick = lab.OpenInterrupt(0, "tick");
        ports.Out8(0x43, 0x34);                          // counter 0, both bytes, mode 2
        ports.Out8(0x40, 0xa9);
        ports.Out8(0x40, 0x04);                          // 1193 pulses of 1.193182 MHz: a millisecond
        lab.Clock.Step(2_000_000);
        long count = await tick.WaitAsync();             // 1: it is off until tick.Enable()

        Assert.That(count, Is.EqualTo(1));
    }

    [Test]
    public void A_recording_is_a_machine()
    {
        using (var hw = Recording.Record(SimMachine.Create("pi3"), "run.rec")) Blink(hw);
        using var replay = Recording.Open("run.rec");
        Blink(replay);                                   // throws where it does something else than it did
        replay.Verify();                                 // throws where it stopped early

        static void Blink(IHardware hw)
        {
            using var region = hw.RequestMemRegion(0x3f200000, 0xb4, "blink");
            region.Map().Write32(0x1c, 1 << 16);
        }

        Assert.That(replay.IsAtEnd, Is.True);
        File.Delete("run.rec");
    }

    [Test]
    public void Every_csharp_snippet_of_the_README_stands_here()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var here = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "RawIo.Tests", "House", "ReadmeTests.cs"))
            .Select(l => l.Trim()).ToHashSet();
        var snippets = Snippet().Matches(readme);
        Assert.That(snippets, Has.Count.EqualTo(8));
        foreach (var line in snippets.SelectMany(m => m.Groups[1].Value.Split('\n')))
            Assert.That(line.Trim().Length == 0 || here.Contains(line.Trim()), Is.True, $"not in a test: {line}");
    }

    [Test]
    public void The_console_session_prints_what_the_README_shows()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var commands = Session().Match(readme).Groups[1].Value.Split("$ ", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(commands, Has.Length.GreaterThan(3));
        foreach (var command in commands)
        {
            var (line, shown) = (command[..command.IndexOf('\n', StringComparison.Ordinal)], command[(command.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
            var piped = Piped().Match(line);
            var input = piped.Success ? piped.Groups[1].Value.Replace("\\n", "\n", StringComparison.Ordinal) : "";
            var arguments = (piped.Success ? piped.Groups[2].Value : line)["rawio ".Length..];
            Assert.That(ToolRun.Succeed(arguments, input).Output, Is.EqualTo(shown), line);
        }
    }

    [Test]
    public void Every_kernel_name_of_the_README_exists()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var table = readme[readme.IndexOf("## From the kernel to C#", StringComparison.Ordinal)..readme.IndexOf("## The command line", StringComparison.Ordinal)];
        var names = typeof(LinuxKernel).GetMethods().Select(m => m.Name).ToHashSet();
        string[] vocabulary =
        [
            "request_mem_region", "release_mem_region", "request_region", "release_region", "ioremap", "iounmap",
            "devm_request_mem_region", "devm_ioremap", "devm_ioremap_resource", "devm_platform_ioremap_resource",
            "platform_get_resource", "resource_size",
            "ioread8", "ioread16", "ioread32", "ioread64", "iowrite8", "iowrite16", "iowrite32", "iowrite64",
            "ioread16be", "ioread32be", "ioread64be", "iowrite16be", "iowrite32be", "iowrite64be",
            "ioread8_rep", "ioread16_rep", "ioread32_rep", "ioread64_rep",
            "iowrite8_rep", "iowrite16_rep", "iowrite32_rep", "iowrite64_rep",
            "readb", "readw", "readl", "readq", "writeb", "writew", "writel", "writeq",
            "readb_relaxed", "readw_relaxed", "readl_relaxed", "readq_relaxed",
            "writeb_relaxed", "writew_relaxed", "writel_relaxed", "writeq_relaxed",
            "memset_io", "memcpy_fromio", "memcpy_toio",
            "inb", "inw", "inl", "outb", "outw", "outl", "inb_p", "inw_p", "inl_p", "outb_p", "outw_p", "outl_p",
            "insb", "insw", "insl", "outsb", "outsw", "outsl", "ioperm", "iopl", "rmb", "wmb", "mb",
        ];
        Assert.That(vocabulary.Where(name => !names.Contains(name)), Is.Empty, "the facade is complete");
        // The table writes families short: ioread8/16/32/64, readb/w/l/q_relaxed.
        var table_names = vocabulary.Where(name => !char.IsAsciiDigit(name[^1]) && name.Contains('_') && !name.EndsWith("_rep", StringComparison.Ordinal)
            && !name.EndsWith("_relaxed", StringComparison.Ordinal) && !name.EndsWith("_p", StringComparison.Ordinal));
        Assert.That(table_names.Where(name => !table.Contains(name, StringComparison.Ordinal)), Is.Empty, "the table has them");
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex("```console\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Session();

    [GeneratedRegex(@"^printf '(.*)' \| (rawio .*)$")]
    private static partial Regex Piped();
}
