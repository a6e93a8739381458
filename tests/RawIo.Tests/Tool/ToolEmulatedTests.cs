namespace RawIo.Tests;

/// <summary>The tool on machines of QEMU's.</summary>
internal sealed class ToolEmulatedTests
{
    [Test]
    public void A_register_of_a_Pi_is_read_and_written()
    {
        Installed("raspi3b");
        Assert.That(ToolRun.Succeed("read 0x3f200004 --on qemu:raspi3b").Output, Does.Contain("0x00000000"));
        var shell = ToolRun.Succeed("shell --on qemu:raspi3b", "gpio 16 out high\nread 0x3f200034\n");
        Assert.That(shell.Output, Does.Contain("0x00010000"));
    }

    [Test]
    public void The_header_of_each_Pi_is_drawn()
    {
        Installed("raspi3b");
        foreach (var machine in new[] { "raspi0", "raspi1ap", "raspi2b", "raspi3ap", "raspi3b" })
            Assert.That(ToolRun.Succeed($"gpio --on qemu:{machine}").Output, Does.Contain("GPIO16"), machine);
    }

    [Test]
    public void The_keyboard_controller_of_a_PC_passes_its_test()
    {
        Installed("pc");
        Assert.That(ToolRun.Succeed("in 0x64 --on qemu:pc").Output, Does.Contain("0x18"));
        var report = ToolRun.Succeed("i8042 --on qemu:pc").Output;
        Assert.That(report, Does.Contain("passed").And.Contain("0xab 0x83").And.Contain("enhanced keyboard"));
        Assert.That(ToolRun.Succeed("i8042 --on qemu:q35").Output, Does.Contain("passed"));
        ToolRun.Succeed("out 0x80 0x12 --on qemu:pc");
        Assert.That(ToolRun.Succeed("ioports --on qemu:pc").Output, Is.Empty, "nobody holds any");
    }

    [Test]
    public void What_is_not_there_is_told_with_the_remedy()
    {
        Installed("pc");
        ToolRun.Refuse("read 0 --on qemu:toaster", 1, "toaster");
        ToolRun.Refuse("read 0 --on qemu:", 2, "qemu:raspi3b");
        ToolRun.Refuse("in 0x64 --on qemu:raspi3b", 1, "ports", "pc");
        ToolRun.Refuse("gpio --on qemu:pc", 1, "GPIO");
        ToolRun.Refuse("explain 0x3f200034 --on qemu:raspi3b", 2, "sim:pi3");
        ToolRun.Refuse("read 0 --on qemu:pc --faults log", 2, "--faults");
        ToolRun.Refuse("read 0 --on qemu:pc --host", 2, "--host");
    }

    private static void Installed(string machine) => Qemu.Open(machine).Dispose();
}
