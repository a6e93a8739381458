using System.Reflection;
using RawIo.Tool;

namespace RawIo.Tests;

/// <summary>What a wrong command line gets: one line with the remedy, and exit code 2.</summary>
public sealed class ToolUsageTests
{
    [TestCase("", "A command is missing; rawio --help")]
    [TestCase("frobnicate", "no command 'frobnicate'", "rawio --help")]
    [TestCase("--frobnicate", "no option '--frobnicate'", "rawio --help")]
    [TestCase("read", "needs ADDR", "rawio read --help")]
    [TestCase("read 0x10 0x20", "does not take '0x20'")]
    [TestCase("read 0x10 --frob", "does not take '--frob'")]
    [TestCase("write 0x10", "needs VALUE")]
    [TestCase("read ten", "ADDR 'ten' is not a number up to 0xffffffffffffffff", "0x3f200034")]
    [TestCase("read 0x", "ADDR '0x' is not a number")]
    [TestCase("read 0xg", "ADDR '0xg'")]
    [TestCase("read 0b12", "ADDR '0b12'")]
    [TestCase("read 1__", "ADDR '1__'")]
    [TestCase("read _1", "ADDR '_1'")]
    [TestCase("read -1", "-1")]
    [TestCase("read +1", "ADDR '+1'")]
    [TestCase("read 0x10000000000000000", "ADDR '0x10000000000000000'")]
    [TestCase("read 18446744073709551616", "ADDR '18446744073709551616'")]
    [TestCase("read 0x3f200000 -w 12", "--width '12'", "8|16|32|64")]
    [TestCase("read 0x3f200000 -w", "-w needs a value")]
    [TestCase("read 0x3f200001", "no multiple of 4", "take 0x3f200000, or a smaller -w")]
    [TestCase("read 0x3f200004 -w 64", "no multiple of 8")]
    [TestCase("read 0x3f200000 -n 0", "--count 0 is out of range: it is 1 to 0x100000")]
    [TestCase("read 0x3f200000 -n 0x100001", "--count 0x100001 is out of range")]
    [TestCase("read 0xfffffffffffffffc", "leave the address space")]
    [TestCase("write 0x3f200000 0x100 -w 8", "VALUE 0x100 does not fit 8 bits: it is 0 to 0xff", "larger -w")]
    [TestCase("write 0x3f200000 0x1_0000_0000", "VALUE 0x100000000 does not fit 32 bits")]
    [TestCase("dump 0x100000 0", "LENGTH 0 is out of range")]
    [TestCase("dump 0xffffffffffffff00 0x101", "leave the address space")]
    [TestCase("in 0x10000", "PORT 0x10000 is out of range: it is 0 to 0xffff")]
    [TestCase("in 0xffff -w 16", "PORT 0xffff has no 16 bits")]
    [TestCase("in 0x60 -w 64", "--width '64'", "8|16|32")]
    [TestCase("out 0x60 0x100", "VALUE 0x100 does not fit 8 bits")]
    [TestCase("out 0x60 0x100000000 -w 32", "VALUE 0x100000000 is out of range")]
    [TestCase("gpio 54", "PIN 54 is out of range: it is 0 to 53")]
    [TestCase("gpio GPIO16", "PIN 'GPIO16' is not a number", "write GPIO16 as 16")]
    [TestCase("gpio 16 sideways", "SETTING 'sideways'", "in, out, alt0 to alt5, high, low, up, down or none")]
    [TestCase("gpio 16 in out", "SETTING 'out' contradicts")]
    [TestCase("gpio 16 high high", "SETTING 'high' contradicts or repeats")]
    [TestCase("explain 0x3f200034 -n 1001", "--count 1001 is out of range")]
    [TestCase("boards pi9", "no board 'pi9'", "sim:pi1, sim:pi2, sim:pi3, sim:pi4, sim:pi5, sim:pc")]
    [TestCase("iomem --on sim:pi9", "no board 'sim:pi9'", "sim:pi1, sim:pi2, sim:pi3, sim:pi4, sim:pi5, sim:pc")]
    [TestCase("iomem --clock fast", "--clock 'fast'", "host or stepped")]
    [TestCase("iomem --faults never", "--faults 'never'", "throw, log or hardware")]
    [TestCase("iomem --on sim:pc --dtb x.dtb", "a PC has none")]
    [TestCase("dump 0 0xffffffffffff", "LENGTH 0xffffffffffff is out of range: it is 1 to 0x40000000")]
    [TestCase("dump 0xffffffff000 0x1001", "leave the address space, which ends at 0xfffffffffff")]
    [TestCase("dump 0xffffffff000 0x1001 --json", "leave the address space, which ends at 0xfffffffffff")]
    [TestCase("explain 0xffffffffffffffff -w 8", "leave the address space, which ends at 0xfffffffffff")]
    [TestCase("read 0x100000 -n 2 -n 3", "-n is given twice; give it once")]
    [TestCase("iomem --on sim:pi3 --on sim:pi4", "--on is given twice; give it once")]
    [TestCase("boards pi3 --on sim:pi4", "boards pi3 names the board already", "leave --on and --dtb away")]
    [TestCase("boards pi3 --dtb x.dtb", "boards pi3 names the board already")]
    [TestCase("boards --host", "boards lists simulated ones", "leave --host away")]
    [TestCase("demo --host", "demo brings its own two boards", "--host has no place there")]
    [TestCase("explain 0x3f200034 --host", "explain follows an access through a simulated machine", "leave --host away")]
    [TestCase("read 0x3f200034 --host --on sim:pi3", "--host is this computer, and --on chooses a simulated one")]
    [TestCase("--faults log read 0x3f200034 --host", "--host is this computer, and --faults chooses")]
    [TestCase("in 0x64 --host --port-access outb", "--port-access 'outb'", "ioperm, iopl or devport")]
    [TestCase("in 0x64 --port-access iopl", "--port-access is about this computer's registers; add --host")]
    [TestCase("read 0x3f200034 --force", "--force is about this computer's registers; add --host")]
    [TestCase("read 0x3f200034 --undo", "read has no use for --undo: it writes nothing")]
    [TestCase("gpio --undo", "gpio has no use for --undo: it writes nothing")]
    [TestCase("i8042 --undo", "i8042 has no use for --undo: it puts the command byte back itself")]
    [TestCase("out 0x64 0xaa --undo", "out has no way back", "leave --undo away")]
    [TestCase("write 0x3f200004 0 --for 2s", "--for says how long --undo waits; add --undo")]
    [TestCase("write 0x3f200004 0 --undo --for 2", "--for '2' is no time up to a day", "500ms, 2s or 1m")]
    [TestCase("write 0x3f200004 0 --undo --for 25000m", "--for '25000m' is no time up to a day")]
    [TestCase("write 0x3f200004 0 --undo --for", "--for needs a value")]
    [TestCase("boards --clock stepped", "--clock has no place there")]
    [TestCase("demo --on sim:pi4", "--on has no place there")]
    [TestCase("demo --json", "leave --json away")]
    [TestCase("shell --json", "leave --json away")]
    [TestCase("qtest --json", "leave --json away")]
    [TestCase("iomem @/etc/hostname", "does not take '@/etc/hostname'")]
    public void A_wrong_command_line_is_one_line_and_exit_2(string arguments, params string[] saying) =>
        ToolRun.Refuse(arguments, 2, saying);

    [TestCase("iomem --dtb /", "--dtb /: a folder", "dtc")]
    [TestCase("iomem --dtb /dev/zero", "/dev/zero has more than the 67108864 bytes")]
    [TestCase("iomem --dtb /dev/null", "byte 0")]
    [TestCase("read 0 --dtb /no/such/file.dtb", "--dtb /no/such/file.dtb: no such file")]
    [TestCase("shell /no/such/script", "/no/such/script: no such script")]
    [TestCase("in 0x64 --on sim:pi3", "no I/O ports")]
    [TestCase("gpio --on sim:pc", "no GPIO block", "sim:pi3")]
    [TestCase("read 0x3ff00000", "nothing is there")]
    public void What_the_machine_refuses_is_one_line_and_exit_1(string arguments, params string[] saying) =>
        ToolRun.Refuse(arguments, 1, saying);

    [Test]
    public void A_device_tree_that_is_none_is_named_with_the_byte()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "bad.dtb");
        File.WriteAllText(path, "this is no device tree, but long enough for a header");
        ToolRun.Refuse($"iomem --dtb {path}", 1, path, "byte 0");
    }

    [Test]
    public void An_error_does_nothing_to_a_terminal_and_stays_short()
    {
        Assert.That(ToolRun.Run(["read", "\u001b[2Jten\u0007"]).Error, Does.StartWith("rawio: ADDR '?[2Jten?' is not a number"));
        var error = ToolRun.Run(["read", new string('7', 100_000)]).Error;
        Assert.That(error, Has.Length.LessThan(1100).And.StartsWith("rawio: ADDR '777").And.EndsWith("0b110100.\n"), "what is wrong, and the remedy");
    }

    [TestCase("0", 0ul)]
    [TestCase("0x3f20_0034", 0x3f200034ul)]
    [TestCase("0XFF", 255ul)]
    [TestCase("1_000", 1000ul)]
    [TestCase("0b1010_0101", 0xa5ul)]
    [TestCase("0B1", 1ul)]
    [TestCase("010", 10ul)]
    [TestCase("18446744073709551615", ulong.MaxValue)]
    [TestCase("0xffffffffffffffff", ulong.MaxValue)]
    [TestCase("0x0000000000000000000000001", 1ul)]
    public void Numbers_are_read_as_people_write_them(string text, ulong value)
    {
        Assert.That(Numbers.TryParse(text, out var read));
        Assert.That(read, Is.EqualTo(value));
    }

    [Test]
    public void A_hundred_thousand_random_words_are_numbers_or_not_and_nothing_else()
    {
        var random = new Random(577);
        for (var i = 0; i < 100_000; i++)
        {
            var word = string.Concat(Enumerable.Range(0, random.Next(1, 24)).Select(_ => "0123456789abcdefxXB_-+ ."[random.Next(24)]));
            if (!Numbers.TryParse(word, out var value)) continue;
            var digits = word.Replace("_", "", StringComparison.Ordinal);
            System.Numerics.BigInteger expected = digits.Length > 1 && digits[1] is 'x' or 'X'
                ? System.Numerics.BigInteger.Parse("0" + digits[2..], System.Globalization.NumberStyles.HexNumber, null)
                : digits.Length > 1 && digits[1] is 'b' or 'B' ? Convert.ToUInt64(digits[2..], 2) : System.Numerics.BigInteger.Parse(digits, null);
            Assert.That(expected, Is.EqualTo((System.Numerics.BigInteger)value), word);
        }
    }

    [TestCase("--help")]
    [TestCase("-h")]
    [TestCase("read --help")]
    [TestCase("shell -h")]
    public void Help_has_examples(string arguments) =>
        Assert.That(ToolRun.Succeed(arguments).Output, Does.Contain("Usage:\n  rawio").And.Contain("Examples:\n  "));

    [Test]
    public void Help_of_each_command_has_an_example_that_parses()
    {
        var root = Cli.Build(new Session(new Streams(Stream.Null, Stream.Null, TextWriter.Null, false, false)));
        foreach (var command in root.Subcommands.Cast<ToolCommand>())
        {
            Assert.That(command.Examples, Is.Not.Empty, command.Name);
            foreach (var example in command.Examples)
            {
                var line = example.Contains("| rawio", StringComparison.Ordinal) ? example[(example.IndexOf("| rawio", StringComparison.Ordinal) + 2)..] : example;
                Assert.That(ShellLine.TrySplit(line.Split(" | ")[0], out var words), example);
                Assert.That(root.Parse(words[1..]).Errors, Is.Empty, example);
            }
        }
    }

    [Test]
    public void Help_tells_of_host_force_and_undo_where_they_have_a_meaning()
    {
        static string Own(string command)
        {
            var help = ToolRun.Succeed($"{command} --help").Output;
            return help[help.IndexOf(help.Contains("\nNotes:", StringComparison.Ordinal) ? "\nNotes:" : "\nExamples:", StringComparison.Ordinal)..];
        }
        foreach (var command in new[] { "read", "dump", "in", "iomem", "ioports", "doctor" })
            Assert.That(Own(command), Does.Contain("--host"), command);
        foreach (var command in new[] { "write", "out", "gpio", "i8042", "qtest" })
            Assert.That(Own(command), Does.Contain("--host").And.Contain("--force").And.Contain("--undo").And.Contain("claimed"), command);
        Assert.That(Own("shell"), Does.Contain("--host --undo").And.Contain("restored"));
        foreach (var command in new[] { "demo", "boards" }) Assert.That(Own(command), Does.Not.Contain("--host"), command);
        Assert.That(ToolRun.Succeed("--help").Output, Does.Contain("rawio doctor tells"));
    }

    [Test]
    public void Root_help_tells_the_exit_codes() =>
        Assert.That(ToolRun.Succeed("--help").Output, Does.Contain("Exit codes: 0 done, 1 the hardware or the kernel said no, 2 usage"));

    [Test]
    public void Version_is_the_assembly_s() => Assert.That(ToolRun.Succeed("--version").Output,
        Is.EqualTo($"rawio {typeof(Cli).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}\n"));
}
