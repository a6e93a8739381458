using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class VideoCoreMailboxTests
{
    private static VideoCoreMailbox Open(SimMachine pi)
    {
        var node = pi.DeviceTree!.Nodes.Single(n => n.Compatible.Contains("brcm,bcm2835-mbox"));
        var registers = pi.RequestMemRegion(node.Resources[0].Start, 0x40, "mailbox").Map();
        return new(registers, pi.PhysicalMemory.Window(0x10_0000, 0x1000), pi.Name == "sim:pi1" ? 0x4010_0000u : 0xc010_0000, new SteppingTime(pi));
    }

    [TestCase("pi1", 0x90_0032u, 0x1c00_0000u, 0x0400_0000u)]
    [TestCase("pi2", 0xa0_1041u, 0x3b40_0000u, 0x04c0_0000u)]
    [TestCase("pi3", 0xa0_2082u, 0x3b40_0000u, 0x04c0_0000u)]
    [TestCase("pi4", 0xc0_3111u, 0x3b40_0000u, 0x04c0_0000u)]
    public void The_board_revision_and_what_else_the_firmware_knows_come_through_the_mailbox(string board, uint revision, uint memory, uint videoCore)
    {
        using var pi = SimMachine.Create(board, new() { SteppedClock = true });
        var mailbox = Open(pi);
        Assert.That((mailbox.GetBoardRevision(), mailbox.GetArmMemory(), mailbox.GetVideoCoreMemory()), Is.EqualTo((revision, (0u, memory), (memory, videoCore))));
        var serial = mailbox.GetSerial();
        Assert.That(serial >> 60, Is.EqualTo(board == "pi4" ? 1ul : 0ul));
        byte[] maker = board == "pi4" ? [0xdc, 0xa6, 0x32] : [0xb8, 0x27, 0xeb];
        Assert.That(mailbox.GetMacAddress(), Is.EqualTo((byte[])[.. maker, (byte)(serial >> 16), (byte)(serial >> 8), (byte)serial]));
        Assert.That((mailbox.GetTemperature(), mailbox.GetClockRate(2), mailbox.GetClockRate(77)), Is.EqualTo((45_000, 48_000_000u, 0u)));
        Assert.That(mailbox.SetClockRate(3, 600_000_000), Is.EqualTo(600_000_000u));
        Assert.That(mailbox.GetFirmwareRevision(), Is.Not.Zero);
        Assert.That(mailbox.GetClockRate(12), Is.EqualTo(board == "pi4" ? 100_000_000u : 0u));
    }

    [Test]
    public void A_message_lies_in_any_of_the_four_views_of_RAM([Values("pi1", "pi2", "pi3", "pi4", "pi5")] string board, [Values(0u, 0x4000_0000u, 0x8000_0000u, 0xc000_0000u)] uint view)
    {
        using var pi = SimMachine.Create(board, new() { SteppedClock = true });
        using var registers = pi.IoRemap(pi.Devices.Single(d => d.Device is Bcm2835MailboxModel).Start, 0x40);
        var mailbox = new VideoCoreMailbox(registers, pi.PhysicalMemory.Window(0x10_0000, 0x1000), view + 0x10_0000, new SteppingTime(pi));
        Assert.That(mailbox.GetArmMemory().Start, Is.Zero);
    }

    [Test]
    public void The_serial_number_can_be_chosen()
    {
        using var pi = SimMachine.Create("pi3", new() { SteppedClock = true, Serial = 0x1234_5678_9abc_def0 });
        var mailbox = Open(pi);
        Assert.That((mailbox.GetSerial(), mailbox.GetMacAddress()[3..]), Is.EqualTo((0x1234_5678_9abc_def0ul, new byte[] { 0xbc, 0xde, 0xf0 })));
    }

    [Test]
    public void Wrong_arguments_unknown_tags_and_a_silent_firmware_are_told_apart()
    {
        using var pi = SimMachine.Create("pi3", new() { SteppedClock = true });
        var mailbox = Open(pi);
        Assert.That(() => mailbox.Property(0x0003_7777, 1), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EINVAL).And.Message.Contains("0x00037777"));
        Assert.That(() => mailbox.Property(1, 2000), Throws.ArgumentException.With.Message.Contains("8024"));
        Assert.That(() => mailbox.Property(1, 1, 2, 3), Throws.ArgumentException);
        Assert.That(() => mailbox.Property(1, -1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => mailbox.Timeout = TimeSpan.Zero, Throws.InstanceOf<ArgumentException>());
        Assert.That(mailbox.Timeout, Is.EqualTo(TimeSpan.FromSeconds(1)));

        var ram = pi.PhysicalMemory.Window(0x10_0000, 0x1000);
        using var io = pi.IoRemap(0x3f00_b880, 0x40);
        Assert.That(() => new VideoCoreMailbox(io.Window(0, 0x20), ram, 0, pi.Time), Throws.ArgumentException);
        Assert.That(() => new VideoCoreMailbox(io, ram.Window(0, 32), 0, pi.Time), Throws.ArgumentException);
        Assert.That(() => new VideoCoreMailbox(io, ram, 8, pi.Time), Throws.ArgumentException);
        var stopped = new VideoCoreMailbox(io, ram, 0xc010_0000, pi.Time);
        Assert.That(stopped.GetBoardRevision, Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT).And.Message.Contains("stands still"));
        Assert.That(mailbox.GetBoardRevision(), Is.EqualTo(0xa0_2082u), "the answer that came late is dropped");
    }
}
