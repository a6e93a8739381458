using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>The guarded probe in a .NET process: real bus errors, from a mapped file that has become shorter than its mapping.</summary>
[Platform("Linux")]
[NonParallelizable] // the handlers of signals are the whole process's
internal sealed partial class ProbeTests
{
    private const int SIGBUS = 7, SIGSEGV = 11;
    private string _path = null!;
    private NativeMmio _io = null!;
    private long _page;

    [SetUp]
    public void MapAndTruncate()
    {
        if (!LibRawIo.IsAvailable) Assert.Ignore("SKIPPED: no librawio here (no C compiler when this was built)");
        _page = Environment.SystemPageSize;
        _path = Path.GetTempFileName();
        using (var file = File.OpenWrite(_path)) file.SetLength(2 * _page);
        _io = DeviceFile.Map(_path, 0, 2 * _page, 0x1000);
        using (var file = File.OpenWrite(_path)) file.SetLength(_page); // the second page now has nothing behind it
    }

    [TearDown]
    public void End()
    {
        _io?.Dispose();
        if (_path is not null) File.Delete(_path);
    }

    [Test]
    public void What_answers_is_read_at_its_width()
    {
        _io.Write64(8, 0x8877665544332211);
        Assert.That((_io.TryRead8(9, out var b), b), Is.EqualTo((true, 0x22)));
        Assert.That((_io.TryRead16(10, out var w), w), Is.EqualTo((true, 0x4433)));
        Assert.That((_io.TryRead32(12, out var d), d), Is.EqualTo((true, 0x88776655)));
        Assert.That((_io.TryRead64(8, out var q), q), Is.EqualTo((true, 0x8877665544332211)));
        Assert.That((_io.TryRead(8, 4, out var any), any), Is.EqualTo((true, 0x44332211ul)));
    }

    [Test]
    public void What_does_not_answer_is_false_and_0()
    {
        for (var size = 1; size <= 8; size *= 2)
        {
            var value = ulong.MaxValue;
            Assert.That(_io.TryRead(_page, size, out value), Is.False);
            Assert.That(value, Is.Zero);
        }
        Assert.That(_io.TryRead8(_page, out _) || _io.TryRead16(_page, out _) || _io.TryRead32(_page, out _) || _io.TryRead64(_page, out _), Is.False);
        Assert.That(_io.Window(_page, 16).TryRead32(0, out _), Is.False, "a window on it");
    }

    [Test]
    public void Argument_errors_throw_and_a_closed_mapping_too()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _io.TryRead(0, 3, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _io.TryRead(0, 0, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _io.TryRead(0, 16, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _io.TryRead32(2 * _page, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _io.TryRead8(-1, out _));
        Assert.Throws<DataMisalignedException>(() => _io.TryRead32(2, out _));
        _io.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _io.TryRead32(0, out _));
    }

    [Test]
    public unsafe void Writes_are_guarded_too()
    {
        var p = stackalloc byte[16];
        Assert.That(LibRawIoLoops.TryWrite(p + 8, 2, 0xffff4321), Is.Zero);
        Assert.That((p[8], p[9], p[10]), Is.EqualTo((0x21, 0x43, 0)));
        Assert.That(LibRawIoLoops.TryWrite((byte*)64, 4, 1), Is.EqualTo(-(int)Errno.EFAULT), "nothing is mapped there");
        Assert.That(LibRawIo.TryRead((byte*)64, 4, out var value) || value != 0, Is.False);
        Assert.That(LibRawIoLoops.TryWrite((byte*)64, 3, 1), Is.EqualTo(-(int)Errno.EINVAL));
    }

    [Test]
    public void A_thousand_bus_faults_from_eight_threads_and_a_NullReferenceException_is_still_one()
    {
        var (faults, nulls, wrong) = (0, 0, 0);
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            for (var round = 0; round < 500; round++)
            {
                if (i < 4)
                {
                    if (!_io.TryRead32(_page + 4 * round, out _)) Interlocked.Increment(ref faults);
                    if (!_io.TryRead32(4 * round, out var value) || value != 0) Interlocked.Increment(ref wrong);
                }
                else if (ThrowsOnNull())
                {
                    Interlocked.Increment(ref nulls); // its SIGSEGV goes through the probe's handler whenever one is in place
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        for (var i = 0; i < 5; i++) GC.Collect(); // the runtime's own signals stop the threads in the midst of it
        threads.ForEach(thread => thread.Join());
        Assert.That((faults, nulls, wrong), Is.EqualTo((2000, 2000, 0)));
        Assert.That(ThrowsOnNull(), Is.True, "with no probe running");
    }

    [Test]
    public void The_handlers_that_were_there_are_put_back()
    {
        var before = (HandlerOf(SIGBUS), HandlerOf(SIGSEGV));
        for (var i = 0; i < 100; i++) Assert.That(_io.TryRead32(_page, out _), Is.False);
        Assert.That((HandlerOf(SIGBUS), HandlerOf(SIGSEGV)), Is.EqualTo(before));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool ThrowsOnNull()
    {
        try
        {
            return Dereference(null!) != 0;
        }
        catch (NullReferenceException)
        {
            return true;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Dereference(Box box) => box.Value & 0;

    private sealed class Box
    {
        public int Value = 1;
    }

    private static unsafe nint HandlerOf(int signal)
    {
        var action = stackalloc nint[32]; // struct sigaction is 152 bytes on 64-bit glibc, the handler first
        Assert.That(sigaction(signal, null, action), Is.Zero);
        return action[0];
    }

    [LibraryImport("libc")]
    private static unsafe partial int sigaction(int signal, void* action, void* old);
}
