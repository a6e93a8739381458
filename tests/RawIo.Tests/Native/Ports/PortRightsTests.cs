using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>Rights are the thread's; a grant works on all of them.</summary>
internal sealed partial class PortRightsTests
{
    private FakePortKernel _kernel = null!;
    private PortRights _rights = null!;

    [SetUp]
    public void Make()
    {
        _kernel = new() { Cycles = null };
        _rights = new(_kernel);
    }

    [TearDown]
    public void NobodyTouchedAPortWithoutTheRight()
    {
        Assert.That(_kernel.Crimes, Is.Empty);
        _kernel.Dispose();
    }

    private IPortGrant Open(int first, int count, PortAccess way = PortAccess.IoPerm) =>
        PortWays.Open(new() { PortAccess = way }, first, count, _rights);

    [Test]
    public void The_fake_kernel_knows_no_mercy()
    {
        _ = _kernel.IoPerm(0x60, 1, true);
        Assert.DoesNotThrow(() => _kernel.In8(0x60));
        Assert.Throws<InvalidOperationException>(() => _kernel.In16(0x60), "the second byte is not granted");
        Assert.That(Task.Factory.StartNew(() => Assert.Throws<InvalidOperationException>(() => _kernel.In8(0x60)),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Wait(10_000), "another thread");
        Assert.That(_kernel.Crimes, Has.Count.EqualTo(2));
        _kernel.Crimes.Clear();
    }

    [Test]
    public void A_right_is_taken_back_at_once_here_and_at_the_next_port_call_elsewhere()
    {
        using var elsewhere = new Worker();
        var io = Open(0x60, 5);
        using var other = Open(0x70, 2);
        elsewhere.Do(() => io.In8(0x60));
        io.Dispose();
        Assert.That($"{_kernel.Mine}", Is.EqualTo("70-71,80"));
        Assert.That(elsewhere.Do(() => $"{_kernel.Mine}"), Is.EqualTo("60-64,80"));
        elsewhere.Do(() => other.In8(0x70));
        Assert.That(elsewhere.Do(() => $"{_kernel.Mine}"), Is.EqualTo("70-71,80"));
    }

    [Test]
    public void A_call_through_the_closed_grant_takes_the_right_back_too()
    {
        using var elsewhere = new Worker();
        var io = Open(0x60, 5);
        elsewhere.Do(() => io.In8(0x60));
        io.Dispose();
        elsewhere.Do(() => { Assert.Throws<ObjectDisposedException>(() => io.In8(0x60)); });
        Assert.That(elsewhere.Do(() => $"{_kernel.Mine}"), Is.Empty);
    }

    [Test]
    public void What_another_open_grant_needs_stays()
    {
        var wide = Open(0x60, 0x30);
        var narrow = Open(0x64, 1);
        var same = Open(0x64, 1);
        wide.Dispose();
        Assert.That($"{_kernel.Mine}", Is.EqualTo("64,80"));
        same.Dispose();
        Assert.DoesNotThrow(() => narrow.In8(0x64));
        narrow.Dispose();
        Assert.That($"{_kernel.Mine}", Is.Empty);
    }

    [Test]
    public void The_level_stays_while_a_grant_by_iopl_is_open()
    {
        var first = Open(0x60, 1, PortAccess.IoPl);
        var second = Open(0x300, 1, PortAccess.IoPl);
        var ranged = Open(0x400, 1);
        first.Dispose();
        Assert.That(_kernel.Mine.Level, Is.EqualTo(3));
        second.Dispose();
        Assert.That((_kernel.Mine.Level, $"{_kernel.Mine}"), Is.EqualTo((0, "80,400")));
        Assert.DoesNotThrow(() => ranged.In8(0x400));
        ranged.Dispose();
    }

    [Test]
    public void A_thread_started_by_a_holder_gives_up_what_it_was_born_with()
    {
        var closed = Open(0x60, 5);
        var level = Open(0x60, 5, PortAccess.IoPl);
        using var open = Open(0x70, 2);
        _kernel.Inherited = new(_kernel.Mine);
        using var child = new Worker();
        Assert.That(child.Do(() => (_kernel.Mine.Level, $"{_kernel.Mine}")), Is.EqualTo((3, "60-64,70-71,80")));
        closed.Dispose();
        level.Dispose();
        child.Do(() => open.In8(0x71));
        Assert.That(child.Do(() => (_kernel.Mine.Level, $"{_kernel.Mine}")), Is.EqualTo((0, "70-71,80")));
    }

    [Test]
    public void A_right_that_others_gave_the_thread_is_left_alone()
    {
        _ = _kernel.IoPerm(0x2f8, 8, true);
        Open(0x60, 5).Dispose();
        Assert.That($"{_kernel.Mine}", Is.EqualTo("2f8-2ff"));
    }

    [Test]
    public void A_thread_that_the_kernel_refuses_gets_an_exception_and_no_signal()
    {
        using var io = Open(0x300, 8);
        using var elsewhere = new Worker();
        _kernel.IoPermAnswer = _ => Errno.EPERM;
        Assert.DoesNotThrow(() => io.In8(0x300), "this thread has its right");
        var refused = Assert.Throws<RawIoException>(() => elsewhere.Do(() => io.In8(0x300)))!;
        Assert.That(refused.Errno, Is.EqualTo(Errno.EPERM));
        Assert.That(refused.Message, Does.Contain("CAP_SYS_RAWIO"));
        _kernel.IoPermAnswer = _ => Errno.None;
        Assert.DoesNotThrow(() => elsewhere.Do(() => io.In8(0x300)), "it is asked anew");
    }

    [Test]
    public void A_refusal_half_way_leaves_nothing()
    {
        _kernel.IoPermAnswer = first => first == 0x80 ? Errno.ENOMEM : Errno.None;
        Assert.That(Assert.Throws<RawIoException>(() => Open(0x60, 5))!.Errno, Is.EqualTo(Errno.ENOMEM));
        Assert.That($"{_kernel.Mine}", Is.Empty);
    }

    [Test]
    public void The_ends_of_the_64_Ki_and_all_of_them_can_be_opened()
    {
        foreach (var (first, count, ranges) in new[] { (0, 1, "0,80"), (0xffff, 1, "80,ffff"), (0xffc0, 0x40, "80,ffc0-ffff"), (0, 0x10000, "0-ffff"), (0x3f, 2, "3f-40,80") })
        {
            var io = Open(first, count);
            Assert.That($"{_kernel.Mine}", Is.EqualTo(ranges));
            _ = io.In8(first + count - 1);
            io.Dispose();
            Assert.That($"{_kernel.Mine}", Is.Empty, ranges);
        }
    }

    [Test]
    public void An_access_allocates_nothing()
    {
        using var io = Open(0x60, 5);
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++) io.Out8(0x60, io.In8(0x61));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        _ = Allocated();
        Assert.That(Allocated(), Is.Zero);
    }
}
