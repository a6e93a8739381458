using System.Text.Json;

namespace RawIo.Tests;

/// <summary>The tool's recordings: made by --record, printed, and replayed by --on recording:FILE.</summary>
internal sealed class ToolRecordingTests
{
    private readonly MachineFolder _folder = new();

    private string File => _folder["run.rec"];

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public void A_commands_accesses_are_recorded_printed_and_replayed()
    {
        ToolRun.Succeed($"gpio 16 out high --record {File}");
        var lines = ToolRun.Succeed($"recording {File}").Lines;
        Assert.That(lines, Does.Contain("writel 0x3f20001c = 0x00010000").And.Contain("writel 0x3f200004 = 0x00040000"));
        Assert.That(lines[0], Is.EqualTo("request_mem_region 0x3f20001c-0x3f20001f \"rawio\""));
        Assert.That(ToolRun.Succeed($"gpio 16 out high --on recording:{File}").Output, Does.Contain("GPIO16"));
        ToolRun.Refuse($"gpio 16 out low --on recording:{File}", 1, "differs", "the recording has: request_mem_region 0x3f20001c-", "the driver did: request_mem_region 0x3f200028-");
        ToolRun.Refuse($"gpio 17 out high --on recording:{File}", 1, "differs");
    }

    [Test]
    public void Reads_writes_and_ports_replay_what_they_read_then()
    {
        ToolRun.Succeed($"write 0x3f003010 0x1234 --record {File}");
        ToolRun.Succeed($"write 0x3f003010 0x1234 --on recording:{File}");
        ToolRun.Refuse($"write 0x3f003010 0x1235 --on recording:{File}", 1, "another value");
        ToolRun.Refuse($"write 0x3f003010 0x34 -w 8 --on recording:{File}", 1, "Entry 1 differs", "another length");
        var read = ToolRun.Succeed($"read 0x3f003004 -n 2 --record {File}").Output;
        Assert.That(ToolRun.Succeed($"read 0x3f003004 -n 2 --on recording:{File}").Output, Is.EqualTo(read));
        Assert.That(ToolRun.Run($"read 0x3f003004 --on recording:{File}").Error, Does.Contain("differs"));
        Assert.That(ToolRun.Succeed($"in 0x64 --record {File}").Output, Is.EqualTo(ToolRun.Succeed($"in 0x64 --on recording:{File}").Output));
        Assert.That(ToolRun.Succeed($"recording {File}").Lines, Is.EqualTo(new[] { "ioperm 0x0064-0x0064 on", "inb 0x0064 = 0x18", "ioperm 0x0064-0x0064 off" }));
    }

    [Test]
    public void A_shells_session_is_one_recording_and_must_come_to_its_end()
    {
        const string Script = "write 0x3f200004 0x40000\nread 0x3f200004\n";
        var output = ToolRun.Succeed($"shell --record {File}", Script).Output;
        Assert.That(ToolRun.Succeed($"shell --on recording:{File}", Script).Output, Is.EqualTo(output));
        var early = ToolRun.Run($"shell --on recording:{File}", "write 0x3f200004 0x40000\n");
        Assert.That((early.ExitCode, early.Error), Is.EqualTo((1, early.Error)));
        Assert.That(early.Error, Does.StartWith("rawio: Entry ").Or.StartWith("rawio: The driver stopped early"));
        Assert.That(ToolRun.Succeed($"iomem --on recording:{File}").Output, Is.EqualTo(ToolRun.Succeed("iomem").Output), "a look is no replay");
    }

    [Test]
    public void The_printed_JSON_has_every_entry()
    {
        ToolRun.Succeed($"read 0x3f200034 --record {File}");
        using var json = JsonDocument.Parse(ToolRun.Succeed($"recording {File} --json").Output);
        Assert.That((json.RootElement.GetProperty("machine").GetString(), json.RootElement.GetProperty("complete").GetBoolean()), Is.EqualTo(("sim:pi3", true)));
        var read = json.RootElement.GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("kind").GetString() == "TryRead");
        Assert.That((read.GetProperty("address").GetString(), read.GetProperty("width").GetInt32(), read.GetProperty("number").GetInt32()), Is.EqualTo(("0x3f200034", 32, 2)));
        Assert.That(read.GetProperty("text").GetString(), Is.EqualTo($"try readl 0x3f200034 = {read.GetProperty("value").GetString()}"));
    }

    [Test]
    public void One_that_is_cut_off_is_printed_to_there_and_told()
    {
        ToolRun.Succeed($"read 0x3f200034 --record {File}");
        var bytes = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, bytes[..^1]);
        var result = ToolRun.Run($"recording {File}");
        Assert.That((result.ExitCode, result.Lines.Length), Is.EqualTo((1, 3)));
        Assert.That(result.Error, Does.StartWith("rawio: ").And.Contain("cut off"));
        System.IO.File.WriteAllBytes(File, [.. bytes, 7]);
        Assert.That(ToolRun.Run($"recording {File}").Error, Does.Contain(File).And.Contain("byte"));
        System.IO.File.WriteAllText(File, "no recording");
        ToolRun.Refuse($"recording {File}", 1, File, "no recording");
        ToolRun.Refuse($"read 0 --on recording:{File}", 1, File, "no recording");
    }

    [TestCase("recording", 2, "needs FILE")]
    [TestCase("recording /nowhere/run.rec", 1, "/nowhere/run.rec is not there")]
    [TestCase("recording x --on sim:pi3", 2, "--on has no place there")]
    [TestCase("read 0 --on recording:", 2, "names no file")]
    [TestCase("read 0 --on recording:/nowhere/run.rec", 1, "is not there")]
    [TestCase("read 0 --on recording:x --clock stepped", 2, "--clock has no meaning for a recording")]
    [TestCase("read 0 --record /nowhere/run.rec", 1, "/nowhere/run.rec is not there")]
    [TestCase("explain 0x3f200034 --record /dev/null", 2, "leave --record away")]
    [TestCase("demo --record x", 2, "--record has no place there")]
    [TestCase("doctor --record x", 2, "--record has no place there")]
    public void What_cannot_be_is_told_with_the_remedy(string arguments, int code, string saying) => ToolRun.Refuse(arguments, code, saying);
}
