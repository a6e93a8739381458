namespace RawIo.Tests;

/// <summary>--host: this computer's registers, played by the files of a folder.</summary>
public sealed class ToolHostTests
{
    private const long Fsel1 = 0x3f200004, Set0 = 0x3f20001c, Lev0 = 0x3f200034, Rng = 0x3f104000;

    [Test]
    public void Read_and_write_reach_the_registers()
    {
        using var pi = new HostPi();
        pi[Lev0] = 0xcafe;
        Assert.That(pi.Run($"read --host {Lev0}"), Is.EqualTo(new ToolResult(0, "0x0000cafe\n", "")));
        Assert.That(pi.Run($"write --host {Fsel1 + 2} 0x1234 -w 16"), Is.EqualTo(new ToolResult(0, "", "")));
        Assert.That(pi[Fsel1], Is.EqualTo(0x12340000));
        Assert.That(pi.Run($"read --host {Fsel1} -n 2 --json").Output, Does.Contain("\"0x12340000\"").And.Contain("\"0x00000000\""));
    }

    [Test]
    public void A_write_claims_and_a_held_register_is_refused_naming_the_holder_unless_forced()
    {
        using var pi = new HostPi(HostPi.Held);
        var refused = pi.Run($"write --host {Fsel1} 1");
        Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((1, "")));
        Assert.That(refused.Error, Does.Match("^rawio: [^\n]*3f200000.gpio gpio@7e200000[^\n]*force[^\n]*\n$"));
        Assert.That(pi[Fsel1], Is.Zero);
        Assert.That(pi.Run($"read --host {Fsel1}").ExitCode, Is.Zero, "a look claims nothing");

        var forced = pi.Run($"write --host --force {Fsel1} 1");
        Assert.That(forced.ExitCode, Is.Zero);
        Assert.That(forced.Error, Does.Match("^rawio: 'rawio' takes 0x3f200004-0x3f200007 by force from '3f200000.gpio gpio@7e200000'[^\n]*\n$"));
        Assert.That(pi[Fsel1], Is.EqualTo(1));
    }

    [Test]
    public void A_dump_leaves_out_what_the_device_tree_tells_is_changed_by_reading()
    {
        using var pi = new HostPi();
        (pi[Rng + 4], pi[Rng + 8]) = (0x11223344, 0x55667788);
        Assert.That(pi.Run($"dump --host {Rng} 16").Output, Is.EqualTo("3f104000  00 00 00 00 44 33 22 11  -- -- -- -- 00 00 00 00  |....D3\".........|\n"));
        Assert.That(pi.Run($"dump --host {Set0} 4 --json").Output, Does.Contain("GPSET0").And.Contain("write-only"));
    }

    [Test]
    public void Ram_is_the_kernels_and_refused()
    {
        using var pi = new HostPi();
        Assert.That(pi.Run("read --host 0x100000").Error, Does.Match("^rawio: [^\n]*RAM[^\n]*\n$"));
    }

    [Test]
    public void An_address_that_no_file_has_is_wrong_usage() =>
        Assert.That(new HostPi().Run("read --host 0xfffffffffffffffc").ExitCode, Is.EqualTo(2));

    [Test]
    public void What_nothing_answers_is_a_fault_and_not_the_end()
    {
        if (!Native.LibRawIo.IsAvailable) Assert.Ignore("SKIPPED: no librawio here to survive a bus error");
        using var pi = new HostPi();
        using (var memory = File.OpenWrite(Path.Join(pi.Folder, "dev/mem"))) memory.SetLength(0x3f105000);
        // Behind the end of a mapped file a read is a bus error, as where no device is.
        Assert.That(pi.Run("read --host 0x3f105000").Error, Does.Match("^rawio: Nothing answers a read of 4 bytes at 0x3f105000[^\n]*\n$"));
        var dump = pi.Run("dump --host 0x3f104ffc 8");
        Assert.That((dump.ExitCode, dump.Output), Is.EqualTo((1, "3f104ff0                                       00 00 00 00  |            ....|\n3f105000  !! !! !! !!                                       |....|\n")));
        Assert.That(pi.Run($"write --host --undo 0x3f105000 1 --for 1ms").ExitCode, Is.EqualTo(1), "not written where it cannot be read");
    }

    [Test]
    public void Iomem_is_the_kernels()
    {
        using var pi = new HostPi(HostPi.Held);
        Assert.That(pi.Run("iomem --host").Output, Is.EqualTo(HostPi.Held));
        Assert.That(pi.Run("ioports --host"), Is.EqualTo(new ToolResult(0, "", "")));
    }

    [TestCase("iomem", "00000000-00000000 : System RAM\n00000000-00000000 : gpio@7e200000\n")]
    [TestCase("ioports", "00000000-00000000 : System RAM\n00000000-00000000 : gpio@7e200000\n")]
    [TestCase("iomem --json", "")]
    public void Addresses_that_the_kernel_hides_are_told_of_with_the_remedy(string command, string shown)
    {
        using var pi = new HostPi(shown);
        var result = pi.Run($"{command} --host");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((1, "")));
        Assert.That(result.Error, Does.Match($"^rawio: /proc/{command.Split(' ')[0]} shows this user no addresses; run as root[^\n]*\n$"));
    }

    [TestCase("")]
    [TestCase(" --json")]
    public void A_dump_where_nothing_may_be_read_is_one_line(string json)
    {
        using var pi = new HostPi();
        File.Delete(Path.Join(pi.Folder, "dev/mem"));
        var result = pi.Run($"dump --host {Fsel1} 0x100000{json}");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((1, "")));
        Assert.That(result.Error, Does.Match("^rawio: Cannot open [^\n]*/dev/mem [^\n]*CONFIG_DEVMEM[^\n]*--device /dev/mem[^\n]*\n$"));
    }

    [Test]
    public void A_dump_marks_what_of_it_may_not_be_read()
    {
        using var pi = new HostPi("3f101000-3f101fff : System RAM\n");
        var dump = pi.Run("dump --host 0x3f100ffc 8");
        Assert.That(dump.ExitCode, Is.EqualTo(1));
        Assert.That(dump.Lines[0], Does.Contain("00 00 00 00"));
        Assert.That(dump.Lines[1], Does.Contain("!! !! !! !!"));
    }

    [Test]
    public void Gpio_is_drawn_though_a_driver_holds_it_and_set_only_by_force()
    {
        using var pi = new HostPi(HostPi.Held);
        (pi[Fsel1], pi[Lev0]) = (1 << 18, 1 << 16);
        Assert.That(pi.Run("gpio --host 16").Output, Is.EqualTo("GPIO16: out, high\n"));
        Assert.That(pi.Run("gpio --host").Lines, Has.Length.EqualTo(21));
        Assert.That(pi.Run("gpio --host 16 low in").ExitCode, Is.EqualTo(1));
        Assert.That(pi[Fsel1], Is.EqualTo(1 << 18));
        Assert.That(pi.Run("gpio --host --force 16 high in").Output, Is.EqualTo("GPIO16: in, high\n"));
        Assert.That((pi[Fsel1], pi[Set0]), Is.EqualTo((0, 1u << 16)));
    }

    [Test]
    public void A_machine_without_a_gpio_block_says_so()
    {
        using var pc = new HostFolder();
        var result = ToolRun.Run(["gpio", "--host"], openHost: options => Native.HostMachine.Open(options with { Root = pc.Folder }));
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.StartWith("rawio: host has no GPIO block"));
    }

    [Test]
    public void The_shell_keeps_the_machine_and_tells_nothing_of_simulated_ones()
    {
        using var pi = new HostPi();
        Assert.That(pi.Run("shell --host", $"write {Fsel1} 5\nread {Fsel1}\n"), Is.EqualTo(new ToolResult(0, "0x00000005\n", "")));
        foreach (var line in new[] { $"explain {Lev0}", "boards --on sim:pi3", $"read {Lev0} --host", $"write {Lev0} 0 --force" })
            Assert.That(pi.Run("shell --host", line + "\n").ExitCode, Is.EqualTo(2), line);
    }

    [Test]
    public void Qtest_serves_the_registers()
    {
        using var pi = new HostPi(HostPi.Held);
        pi[Rng] = 0x42;
        var result = pi.Run("qtest --host --port-access devport", $"readl {Rng}\nwritel {Rng} 7\nwritel {Fsel1} 1\nclock_step 5\nread 0x3f104ffc 8\n");
        Assert.That(result.Lines[0], Is.EqualTo("OK 0x0000000000000042"));
        Assert.That(result.Lines[1], Is.EqualTo("OK"));
        Assert.That(result.Lines[2], Does.StartWith("FAIL").And.Contain("3f200000.gpio"));
        Assert.That(result.Lines[3], Does.StartWith("FAIL"));
        Assert.That(result.Lines[4], Is.EqualTo("OK 0x0000000000000000"));
        Assert.That((pi[Rng], pi[Fsel1]), Is.EqualTo((7, 0)));
    }
}
