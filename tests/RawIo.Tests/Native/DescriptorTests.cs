using RawIo.Native;

namespace RawIo.Tests;

public class DescriptorTests
{
    [Test]
    public void Once_given_back_it_is_refused_although_another_still_uses_it_and_closed_when_that_has_let_go()
    {
        var path = Path.GetTempFileName();
        var fd = Kernel.Open(path, Mono.Unix.Native.OpenFlags.O_RDWR, out _);
        var file = new Descriptor(fd);
        var link = new FileInfo($"/proc/self/fd/{fd}");
        using (var lease = file.Lease(this))
        {
            Assert.That(lease.Number, Is.EqualTo(fd));
            file.Dispose();
            Assert.That(file.IsClosed, Is.True);
            Assert.Throws<ObjectDisposedException>(() => file.Lease(this).Dispose());
            Assert.That(link.LinkTarget, Is.EqualTo(path), "still open for who uses it");
        }
        link.Refresh();
        Assert.That(link.LinkTarget, Is.Not.EqualTo(path));
        Assert.DoesNotThrow(file.Dispose);
        File.Delete(path);
    }

    [Test]
    public void The_use_of_none_is_passed_over()
    {
        using DescriptorLease none = default;
        Assert.That(none.Number, Is.EqualTo(-1));
    }
}
