using Mono.Unix.Native;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>The file that keeps programs off each other's devices lies where anybody may write.</summary>
public class HostLockTests
{
    private HostFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void A_lock_file_elsewhere_than_other_programs_have_theirs_is_told()
    {
        var victim = Path.Join(_folder.Folder, "victim");
        File.WriteAllText(victim, "");
        File.CreateSymbolicLink(Path.Join(_folder.Folder, "run/lock/rawio-iomem.lock"), victim);
        Directory.CreateDirectory(Path.Join(_folder.Folder, "tmp"));
        using var hw = _folder.Open();
        hw.RequestMemRegion(0x30000000, 4, "x").Dispose();
        Assert.That(_folder.Warnings.Single(), Does.Contain("/run/lock/rawio-iomem.lock").And.Contain("/tmp").And.Contain("cannot be opened (40)"));
        Assert.That(File.Exists(Path.Join(_folder.Folder, "tmp/rawio-iomem.lock")));
        hw.RequestMemRegion(0x30000000, 4, "x").Dispose();
        Assert.That(_folder.Warnings, Has.Count.EqualTo(1), "once is enough");
    }

    [Test]
    public void Without_any_lock_file_claims_go_on_and_the_user_is_told()
    {
        Directory.Delete(Path.Join(_folder.Folder, "run/lock"));
        using var hw = _folder.Open();
        hw.RequestMemRegion(0x30000000, 4, "x").Dispose();
        Assert.That(_folder.Warnings.Single(), Does.Contain("/run/lock, /var/lock, /tmp").And.Contain("other programs are not kept off"));
    }

    [Test]
    public void A_file_that_another_user_slips_in_between_is_not_opened_to_all()
    {
        var secret = Path.Join(_folder.Folder, "secret");
        var path = Path.Join(_folder.Folder, "run/lock/rawio-iomem.lock");
        File.WriteAllText(secret, "");
        _ = Syscall.chmod(secret, FilePermissions.S_IRUSR);
        var done = false;
        var attacker = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                _ = Syscall.link(secret, path);
                _ = Syscall.unlink(path);
            }
        });
        attacker.Start();
        for (var i = 0; i < 50_000; i++)
        {
            var fd = Kernel.OpenShared(path, out _);
            if (fd >= 0) Kernel.Close(fd);
        }
        Volatile.Write(ref done, true);
        attacker.Join();
        _ = Syscall.stat(secret, out var after);
        Assert.That(after.st_mode & FilePermissions.ALLPERMS, Is.EqualTo(FilePermissions.S_IRUSR));
    }
}
