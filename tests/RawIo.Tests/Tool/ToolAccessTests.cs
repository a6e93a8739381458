using System.Text.Json;

namespace RawIo.Tests;

/// <summary>Reading and writing registers, memory and ports from the command line.</summary>
public sealed class ToolAccessTests
{
    [Test]
    public void One_value_is_just_the_value() =>
        Assert.That(ToolRun.Succeed("read 0x3f200034").Output, Does.Match("^0x[0-9a-f]{8}\n$"));

    [Test]
    public void Several_values_have_their_addresses() =>
        Assert.That(ToolRun.Succeed("read 0x3f200000 -n 3").Lines, Has.Length.EqualTo(3).And.All.Match("^0x3f20000[048]: 0x[0-9a-f]{8}$"));

    [TestCase(8, 2)]
    [TestCase(16, 4)]
    [TestCase(32, 8)]
    [TestCase(64, 16)]
    public void Memory_takes_every_width(int width, int digits)
    {
        var value = "0x" + "0123456789abcdef"[^digits..];
        Assert.That(ToolRun.Succeed("shell", $"write 0x100000 {value} -w {width}\nread 0x100000 -w {width}\n").Output, Is.EqualTo(value + "\n"));
    }

    [TestCase("0x0")]
    [TestCase("0x1ffe0000")]
    [TestCase("0x9fc00")]
    public void RAM_that_the_firmware_reserves_is_RAM(string address)
    {
        Assert.That(ToolRun.Succeed("shell --on sim:pc", $"write {address} 0x12345678\nread {address}\n").Output, Is.EqualTo("0x12345678\n"));
        Assert.That(ToolRun.Succeed($"dump {address} 2 --on sim:pc").Output, Does.Contain("  00 00 "));
    }

    [Test]
    public void A_register_takes_its_own_width_only()
    {
        ToolRun.Refuse("read 0x3f200034 -w 8", 1, "8-bit");
        var result = ToolRun.Run("read 0x3f200034 -w 8 --faults log");
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, result.Error)));
        Assert.That(result.Error, Does.StartWith("rawio: ").And.Contain("8-bit"));
        Assert.That(ToolRun.Run("read 0x3f200034 -w 8 --faults hardware").Error, Is.Empty);
    }

    [Test]
    public void Options_of_the_board_stand_before_or_after_the_command()
    {
        Assert.That(ToolRun.Succeed("--on sim:pi4 read 0xfe200034").Output, Is.EqualTo(ToolRun.Succeed("read 0xfe200034 --on sim:pi4").Output));
        Assert.That(ToolRun.Run("read 0xfe200034").ExitCode, Is.EqualTo(1), "a Pi 3 has nothing there");
    }

    [Test]
    public void Json_has_hexadecimal_strings()
    {
        using var json = JsonDocument.Parse(ToolRun.Succeed("read 0x100000 -w 16 -n 2 --json").Output);
        Assert.That(json.RootElement.GetProperty("address").GetString(), Is.EqualTo("0x00100000"));
        Assert.That(json.RootElement.GetProperty("width").GetInt32(), Is.EqualTo(16));
        Assert.That(json.RootElement.GetProperty("values").EnumerateArray().Select(v => v.GetString()), Is.EqualTo(["0x0000", "0x0000"]));
    }

    [Test]
    public void Ports_answer_on_the_pc()
    {
        Assert.That(ToolRun.Succeed("in 0x64").Output, Does.Match("^0x[0-9a-f]{2}\n$"));
        Assert.That(ToolRun.Succeed("shell --on sim:pc", "out 0x64 0xaa\nin 0x60\n").Output, Is.EqualTo("0x55\n"));
        using var json = JsonDocument.Parse(ToolRun.Succeed("in 0x64 --json").Output);
        Assert.That(json.RootElement.GetProperty("port").GetString(), Is.EqualTo("0x0064"));
    }

    [Test]
    public void A_dump_shows_bytes_and_text()
    {
        var result = ToolRun.Succeed("shell", "write 0x100000 0x64636261\nwrite 0x100004 0x7e7f1f20\ndump 0x100001 9\n");
        Assert.That(result.Lines, Is.EqualTo(["00100000     62 63 64 20 1f 7f 7e  00 00                    | bcd ..~..|"]));
    }

    [Test]
    public void A_dump_of_registers_leaves_out_what_reading_would_change()
    {
        var lines = ToolRun.Succeed("dump 0x3f104000 0x10").Lines;
        Assert.That(lines, Has.Length.EqualTo(1));
        Assert.That(lines[0], Does.StartWith("3f104000  00 00 00 00 ").And.Contain("  -- -- -- -- "), "RNG_DATA at 8 is consuming");
        using var json = JsonDocument.Parse(ToolRun.Succeed("dump 0x3f104008 4 --json").Output);
        var cell = json.RootElement.GetProperty("cells")[0];
        Assert.That((cell.GetProperty("register").GetString(), cell.GetProperty("skipped").GetString()), Is.EqualTo(("RNG_DATA", "consuming")));
    }

    [Test]
    public void A_dump_of_the_gpio_block_marks_write_only_registers_and_holes()
    {
        var lines = ToolRun.Succeed("dump 0x3f200000 0xb4").Lines;
        Assert.That(lines, Has.Length.EqualTo(12));
        Assert.That(lines[1], Does.Contain("  .. .. .. .. wo wo wo wo  |"), "0x18 is reserved, 0x1c is GPSET0");
    }

    [Test]
    public void A_dump_tells_what_failed_and_shows_the_rest()
    {
        var result = ToolRun.Run("dump 0x3ff00000 8");
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Lines, Is.EqualTo(["3ff00000  !! !! !! !! !! !! !! !!                           |........|"]));
        Assert.That(result.Error, Does.StartWith("rawio: 2 of the reads failed, marked !!; the first: "));
    }

    [Test]
    public void A_dump_reaches_the_last_byte_of_the_address_space_without_going_round()
    {
        Assert.That(ToolRun.Run("dump 0xfffffffffffffff0 16").ExitCode, Is.Not.Zero);
    }
}
