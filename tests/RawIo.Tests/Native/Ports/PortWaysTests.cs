using System.Runtime.InteropServices;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>Which way is taken, and what is said where none works.</summary>
internal sealed class PortWaysTests
{
    private FakePortKernel _kernel = null!;
    private PortRights _rights = null!;
    private MachineFolder _root = null!;

    [SetUp]
    public void Make()
    {
        _kernel = new();
        _rights = new(_kernel);
        _root = new();
    }

    [TearDown]
    public void End()
    {
        _kernel.Dispose();
        _root.Dispose();
    }

    private IPortGrant Open(PortAccess way = PortAccess.Auto) =>
        PortWays.Open(new() { PortAccess = way, Root = _root.Folder }, 0x60, 5, _rights);

    private void MakeDevPort() => _root.WriteBytes("dev/port", new byte[0x100]);

    [Test]
    public void Auto_takes_ioperm_then_iopl_then_the_file()
    {
        MakeDevPort();
        using (Open()) Assert.That(_kernel.Calls, Does.Contain("ioperm 60 5 on").And.Not.Contain("iopl 3"));
        _kernel.IoPermAnswer = _ => Errno.ENOMEM;
        using (Open()) Assert.That(_kernel.Mine.Level, Is.EqualTo(3));
        _kernel.IoPlAnswer = Errno.ENOSYS;
        using (var io = Open())
        {
            io.Out8(0x60, 0x55);
            Assert.That(File.ReadAllBytes(_root["dev/port"])[0x60], Is.EqualTo(0x55));
            Assert.That(_kernel.Cycles, Is.Empty);
        }
    }

    [Test]
    public void Auto_says_why_each_way_fails()
    {
        _kernel.IoPermAnswer = _ => Errno.ENOSYS;
        _kernel.IoPlAnswer = Errno.EPERM;
        var refused = Assert.Throws<RawIoException>(() => Open())!;
        Assert.That(refused.Errno, Is.EqualTo(Errno.EPERM));
        Assert.That(refused.Message, Does.Contain("ioperm(0x60, 5, 1) (ENOSYS)").And.Contain("CONFIG_X86_IOPL_IOPERM")
            .And.Contain("iopl(3) (EPERM)").And.Contain("CAP_SYS_RAWIO").And.Contain("lockdown")
            .And.Contain("/dev/port").And.Contain("ENOENT").And.Contain("0x0060 to 0x0064"));
    }

    [TestCase(PortAccess.IoPerm, Errno.EPERM, "CAP_SYS_RAWIO")]
    [TestCase(PortAccess.IoPerm, Errno.ENOSYS, "CONFIG_X86_IOPL_IOPERM")]
    [TestCase(PortAccess.IoPerm, Errno.EINVAL, "0 to 0xffff")]
    [TestCase(PortAccess.IoPl, Errno.EPERM, "lockdown")]
    [TestCase(PortAccess.IoPl, Errno.ENOSYS, "/dev/port")]
    public void A_way_that_was_asked_for_is_the_only_one_tried(PortAccess way, Errno errno, string remedy)
    {
        MakeDevPort();
        _kernel.IoPermAnswer = _ => way == PortAccess.IoPerm ? errno : Errno.None;
        _kernel.IoPlAnswer = way == PortAccess.IoPl ? errno : Errno.None;
        var refused = Assert.Throws<RawIoException>(() => Open(way))!;
        Assert.That(refused.Errno, Is.EqualTo(errno));
        Assert.That(refused.Message, Does.Contain(remedy).And.Contain(way == PortAccess.IoPl ? "iopl(3)" : "ioperm(0x60, 5, 1)"));
        Assert.That((_kernel.Mine.Level, $"{_kernel.Mine}"), Is.EqualTo((0, "")));
    }

    [TestCase(PortAccess.IoPerm)]
    [TestCase(PortAccess.IoPl)]
    public void Without_the_library_the_instructions_are_refused_with_the_remedy(PortAccess way)
    {
        _kernel.HasInstructions = false;
        var refused = Assert.Throws<RawIoException>(() => Open(way))!;
        Assert.That(refused.Errno, Is.EqualTo(Errno.ENOSYS));
        Assert.That(refused.Message, Does.Contain("librawio").And.Contain("gcc"));
        Assert.That(_kernel.Calls, Is.Empty);
    }

    [Test]
    public void Without_the_library_bytes_still_work()
    {
        MakeDevPort();
        _kernel.HasInstructions = false;
        using var io = Open();
        io.Out8(0x61, 3);
        Assert.That(io.In8(0x61), Is.EqualTo(3));
        Assert.That(Assert.Throws<RawIoException>(() => io.In16(0x61))!.Message, Does.Contain("librawio").And.Contain("ioperm"));
    }

    [Test]
    public void A_machine_without_ports_is_named([Values] PortAccess way)
    {
        MakeDevPort();
        _kernel.Machine = Architecture.Arm64;
        var refused = Assert.Throws<RawIoException>(() => Open(way))!;
        Assert.That(refused.Errno, Is.EqualTo(Errno.ENXIO));
        Assert.That(refused.Message, Does.Contain("Arm64"));
        Assert.That(_kernel.Calls, Is.Empty);
    }

    [Test]
    public void There_is_no_fifth_way() => Assert.Throws<ArgumentOutOfRangeException>(() => Open((PortAccess)99));

    [Test]
    public void A_folder_that_stands_for_the_machine_never_reaches_this_machines_ports()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64) Assert.Ignore("SKIPPED: this machine has no ports");
        foreach (var way in new[] { PortAccess.IoPerm, PortAccess.IoPl })
        {
            Assert.That(PortWays.TryOpen(way, new() { Root = _root.Folder }, 0x80, 1, out var why), Is.Null);
            Assert.That(why!.Errno, Is.EqualTo(Errno.ENOSYS));
        }
    }

    [Test]
    public void A_port_past_the_end_of_the_file_is_an_error_and_not_a_zero()
    {
        MakeDevPort();
        using var io = PortWays.Open(new() { PortAccess = PortAccess.DevPort, Root = _root.Folder }, 0x200, 1, _rights);
        var failed = Assert.Throws<RawIoException>(() => io.In8(0x200))!;
        Assert.That(failed.Errno, Is.EqualTo(Errno.EIO));
        Assert.That(failed.Message, Does.Contain("0x0200").And.Contain("/dev/port"));
    }
}
