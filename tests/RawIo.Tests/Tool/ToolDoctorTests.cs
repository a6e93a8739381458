using System.Text;
using System.Text.Json;
using RawIo.Native;
using RawIo.Tool;
using RawIo.Tool.Commands;

namespace RawIo.Tests;

/// <summary><c>rawio doctor</c>: what it prints of a report, and that it runs here.</summary>
public sealed class ToolDoctorTests
{
    private static readonly HostReport s_pi = new()
    {
        Board = new()
        {
            Model = "Raspberry Pi 4 Model B Rev 1.4", IsRaspberryPi = true, Soc = "BCM2711", Revision = RaspberryPiRevision.Decode(0xc03114),
            PeripheralBase = 0xfe000000, GpioBase = 0xfe200000,
        },
        Kernel = "6.6.31-v8", Architecture = "aarch64",
        Ways = [new("/dev/mem", false, "EACCES: the file is root's", "run as root (sudo)"), new("/dev/gpiomem", true, "opens; registers 0xfe200000-0xfe200fff")],
        Library = new("librawio", false, "not found", "install librawio.so beside the program"),
        Notes = ["This process runs as user 1000.", "This processor has no I/O ports."],
    };

    private static ToolResult Print(HostReport report, bool json = false, bool terminal = false)
    {
        using var output = new MemoryStream();
        var session = new Session(new Streams(Stream.Null, output, TextWriter.Null, terminal, terminal));
        var code = DoctorCommand.Print(report, session, json);
        session.Flush();
        return new(code, Encoding.UTF8.GetString(output.ToArray()), "");
    }

    [Test]
    public void It_says_first_what_machine_this_is_then_each_way_with_its_remedy()
    {
        var result = Print(s_pi);
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Lines, Is.EqualTo(new[]
        {
            "Machine:  Raspberry Pi 4 Model B Rev 1.4",
            "SoC:      BCM2711, peripherals at 0xfe000000, GPIO at 0xfe200000",
            "Revision: c03114 (type 4B, revision 1.4, BCM2711, 4096 MiB, Sony UK)",
            "Kernel:   Linux 6.6.31-v8, aarch64",
            "",
            "WAY           USABLE  DETAIL                                  REMEDY",
            "/dev/mem      no      EACCES: the file is root's              run as root (sudo)",
            "/dev/gpiomem  yes     opens; registers 0xfe200000-0xfe200fff  -",
            "librawio      no      not found                               install librawio.so beside the program",
            "",
            "This process runs as user 1000.",
            "This processor has no I/O ports.",
            "This process can reach registers.",
        }));
    }

    [Test]
    public void Where_no_way_works_the_exit_code_is_1_and_a_library_alone_is_no_way()
    {
        var result = Print(s_pi with
        {
            Board = new() { Model = "Unknown machine (x86_64)" }, Ways = [s_pi.Ways[0]], Library = new("librawio", true, "loads"),
        });
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Lines[..2], Is.EqualTo(new[] { "Machine:  Unknown machine (x86_64)", "Kernel:   Linux 6.6.31-v8, aarch64" }));
        Assert.That(result.Lines[^1], Does.StartWith("No way to the registers works for this process"));
    }

    [Test]
    public void Fields_that_the_code_does_not_tell_are_left_out() => Assert.That(
        Print(s_pi with { Board = s_pi.Board with { Revision = RaspberryPiRevision.Decode(0xff9ff2) } }).Output,
        Does.Contain("Revision: ff9ff2 (type unknown, revision 1.2)\n"));

    [Test]
    public void Json_has_it_all()
    {
        var result = Print(s_pi, json: true);
        Assert.That(result.ExitCode, Is.Zero);
        using var json = JsonDocument.Parse(result.Output);
        var root = json.RootElement;
        Assert.That(new[] { "model", "soc", "revision", "type", "peripheralBase", "gpioBase", "kernel", "architecture" }.Select(n => root.GetProperty(n).GetString()),
            Is.EqualTo(new[] { "Raspberry Pi 4 Model B Rev 1.4", "BCM2711", "c03114", "4B", "0xfe000000", "0xfe200000", "6.6.31-v8", "aarch64" }));
        Assert.That((root.GetProperty("memoryMiB").GetInt32(), root.GetProperty("raspberryPi").GetBoolean(), root.GetProperty("reachesRegisters").GetBoolean()), Is.EqualTo((4096, true, true)));
        Assert.That(root.GetProperty("ways").EnumerateArray().Select(w => (w.GetProperty("name").GetString(), w.GetProperty("usable").GetBoolean(), w.GetProperty("remedy").GetString())),
            Is.EqualTo(new[] { ("/dev/mem", false, "run as root (sudo)"), ("/dev/gpiomem", true, null) }));
        Assert.That(root.GetProperty("library").GetProperty("detail").GetString(), Is.EqualTo("not found"));
        Assert.That(root.GetProperty("notes").GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public void Json_of_an_unknown_machine_has_nulls_and_exit_code_1()
    {
        var result = Print(s_pi with { Board = new() { Model = "X" }, Ways = [] }, json: true);
        using var json = JsonDocument.Parse(result.Output);
        Assert.That(result.ExitCode, Is.EqualTo(1));
        foreach (var name in new[] { "soc", "revision", "type", "memoryMiB", "peripheralBase", "gpioBase" })
            Assert.That(json.RootElement.GetProperty(name).ValueKind, Is.EqualTo(JsonValueKind.Null), name);
    }

    [Test]
    public void Only_a_terminal_sees_colours()
    {
        Assert.That(Print(s_pi).Output, Does.Not.Contain('\u001b'));
        Assert.That(Print(s_pi, terminal: true).Output, Does.Contain('\u001b').And.Contain("/dev/gpiomem"));
    }

    [TestCase("doctor")]
    [TestCase("doctor --host")]
    [TestCase("--host doctor")]
    [Platform("Linux")]
    public void It_runs_here_whatever_here_is(string arguments)
    {
        var result = ToolRun.Run(arguments);
        Assert.That((result.Error, result.ExitCode is 0 or 1), Is.EqualTo(("", true)));
        Assert.That(result.Output, Does.StartWith("Machine:  ").And.Contain("/dev/mem ").And.Not.Contain('\u001b'));
        using var json = JsonDocument.Parse(ToolRun.Run(arguments + " --json").Output);
        Assert.That(json.RootElement.GetProperty("reachesRegisters").GetBoolean(), Is.EqualTo(result.ExitCode == 0));
    }

    [Test]
    [Platform("Linux")]
    public void It_runs_in_the_shell_too() =>
        Assert.That(ToolRun.Run("shell", "doctor\n").Output, Does.Contain("Machine:  "));

    [TestCase("doctor --on sim:pi3", "doctor examines this computer, so --on has no place there")]
    [TestCase("doctor --dtb x.dtb", "--dtb has no place there")]
    [TestCase("doctor --faults log", "--faults has no place there")]
    [TestCase("doctor now", "does not take 'now'")]
    public void It_refuses_what_it_would_not_heed(string arguments, params string[] saying) => ToolRun.Refuse(arguments, 2, saying);

    [Test]
    public void Help_tells_the_exit_codes_and_that_nothing_is_touched() => Assert.That(
        ToolRun.Succeed("doctor --help").Output, Does.Contain("Exit codes: 0 some way works, 1 none does").And.Contain("touches no register").And.Contain("rawio doctor --json"));
}
