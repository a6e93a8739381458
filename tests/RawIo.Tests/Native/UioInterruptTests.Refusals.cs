using System.Runtime.InteropServices;
using Mono.Unix.Native;
using RawIo.Native;
using Errno = RawIo.Errno;

namespace RawIo.Tests;

// Switching the interrupt, and devices that have none.
public sealed partial class UioInterruptTests
{
    [Test]
    public void Enable_writes_one_and_disable_zero_as_32_bits()
    {
        _uio.EnableInterrupt();
        _uio.DisableInterrupt();
        var bytes = new byte[16];
        Assert.That(Kernel.Read(_fifo, bytes, out _), Is.EqualTo(8));
        Assert.That(MemoryMarshal.Cast<byte, int>(bytes.AsSpan(0, 8)).ToArray(), Is.EqualTo(new[] { 1, 0 }));
    }

    [Test]
    public void A_device_without_an_interrupt_says_so()
    {
        using var uio = OpenInstead("/proc/self/mem"); // address 0 is not mapped: read and write answer EIO
        foreach (var use in new Action[] { () => uio.WaitForInterrupt(), uio.EnableInterrupt, uio.DisableInterrupt })
        {
            var error = Assert.Throws<RawIoException>(use)!;
            Assert.That(error.Errno, Is.EqualTo(Errno.EIO));
            Assert.That(error.Message, Does.Contain("uio0 (edu)").And.Contain("no interrupt line"));
        }
        Assert.Throws<RawIoException>(() => _ = uio.WaitForInterruptAsync());
        Directory.Delete(_folder["sys/devices"], recursive: true);
        foreach (var use in new Action[] { () => uio.WaitForInterrupt(), uio.EnableInterrupt })
        {
            var gone = Assert.Throws<RawIoException>(use)!;
            Assert.That(gone.Errno, Is.EqualTo(Errno.ENODEV));
            Assert.That(gone.Message, Does.Contain("gone"));
        }
    }

    [Test]
    public void A_device_that_ends_has_gone()
    {
        using var uio = OpenInstead("/dev/null");
        var error = Assert.Throws<RawIoException>(() => uio.WaitForInterrupt())!;
        Assert.That(error.Errno, Is.EqualTo(Errno.ENODEV));
    }

    [Test]
    public void An_answer_that_is_no_count_is_refused()
    {
        Assert.That(Kernel.Write(_fifo, [1, 2], out _), Is.EqualTo(2));
        Assert.That(Assert.Throws<RawIoException>(() => _uio.WaitForInterrupt())!.Errno, Is.EqualTo(Errno.EIO));
    }

    private UioDevice OpenInstead(string file)
    {
        File.Delete(_folder["dev/uio0"]);
        _folder.Link("dev/uio0", file);
        return UioDevice.Open(0, _folder.Options);
    }
}
