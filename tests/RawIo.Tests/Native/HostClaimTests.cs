using System.Diagnostics;
using RawIo.Native;

namespace RawIo.Tests;

public class HostClaimTests
{
    private const string Pi = "00000000-3bffffff : System RAM\n  00210000-0185ffff : Kernel code\n3f200000-3f2000b3 : 3f200000.gpio gpio@7e200000\n3f201000-3f2011ff : serial@7e201000\n  3f201000-3f2011ff : 3f201000.serial serial@7e201000\n3f215040-3f21507f : serial\n";

    private HostFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new(Pi);

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void What_a_driver_holds_is_refused_and_the_driver_and_how_to_unbind_it_are_named()
    {
        var device = Path.Join(_folder.Folder, "sys/bus/platform/devices/3f200000.gpio");
        Directory.CreateDirectory(device);
        File.CreateSymbolicLink(Path.Join(device, "driver"), "../../drivers/pinctrl-bcm2835");
        using var hw = _folder.Open();
        var error = Assert.Throws<ResourceBusyException>(() => hw.RequestMemRegion(0x3f200000, 0xb4, "blink"))!;
        Assert.That(error.Message, Does.Contain("'3f200000.gpio gpio@7e200000' holds 0x3f200000-0x3f2000b3"));
        Assert.That(error.Message, Does.Contain("echo 3f200000.gpio > /sys/bus/platform/drivers/pinctrl-bcm2835/unbind"));
        Assert.That(error.Holder.Start, Is.EqualTo(0x3f200000));
        Assert.That(hw.Memory.ToProcText(), Is.EqualTo(Pi), "nothing is left behind");
    }

    [TestCase(0x3f201000ul, 0x10L, "3f201000.serial serial@7e201000", TestName = "a driver inside a device's range")]
    [TestCase(0x3f215040ul, 0x40L, "serial", TestName = "a claim under a driver's name")]
    [TestCase(0x1000ul, 0x1000L, "System RAM", TestName = "RAM")]
    [TestCase(0x300000ul, 0x1000L, "System RAM", TestName = "RAM under the kernel")]
    public void Held(ulong start, long length, string holder)
    {
        using var hw = _folder.Open();
        Assert.That(Assert.Throws<ResourceBusyException>(() => hw.RequestMemRegion(start, length, "x"))!.Message, Does.Contain(holder));
    }

    [Test]
    public void Buses_PCI_and_ACPI_devices_without_a_driver_and_reserved_ranges_are_free()
    {
        _folder.Write("/proc/iomem", "20000000-febfffff : PCI Bus 0000:00\n  fd000000-fdffffff : 0000:00:02.0\n  fea00000-feafffff : 0000:00:04.0\n    fea00000-feafffff : e1000\nfed00000-fed003ff : HPET 0\n  fed00000-fed003ff : PNP0103:00\nfffc0000-ffffffff : Reserved\n");
        using var hw = _folder.Open();
        foreach (var start in new[] { 0x30000000ul, 0xfd000000ul, 0xfed00000ul, 0xfffc0000ul }) hw.RequestMemRegion(start, 0x100, "free").Dispose();
        Assert.Throws<ResourceBusyException>(() => hw.RequestMemRegion(0xfea00000, 4, "x"));
    }

    [Test]
    public void Force_claims_what_a_driver_holds_and_says_so_out_loud()
    {
        using var hw = _folder.Open(force: true);
        var region = hw.RequestMemRegion(0x3f200000, 0xb4, "blink");
        Assert.That(_folder.Warnings, Has.Count.EqualTo(1));
        Assert.That(_folder.Warnings[0], Does.Contain("'blink' takes 0x3f200000-0x3f2000b3 by force from '3f200000.gpio gpio@7e200000'"));
        Assert.That(hw.Memory.ToProcText(), Does.Contain("3f200000-3f2000b3 : blink\n  3f200000-3f2000b3 : 3f200000.gpio"));
        var own = Assert.Throws<ResourceBusyException>(() => hw.RequestMemRegion(0x3f200000, 4, "second"))!;
        Assert.That(own.Message, Does.Contain("'blink'").Or.Contain("gpio@7e200000"), "force never takes from the own process");
        region.Dispose();
        Assert.That(hw.Memory.ToProcText(), Is.EqualTo(Pi));
    }

    [Test]
    public void Claims_are_one_for_the_process_however_many_machines_are_open()
    {
        using var first = _folder.Open();
        using var second = _folder.Open();
        using var region = first.RequestMemRegion(0x3f300000, 0x100, "first");
        Assert.That(Assert.Throws<ResourceBusyException>(() => second.RequestMemRegion(0x3f3000fc, 8, "second"))!.Holder, Is.SameAs(region.Resource));
    }

    [Test]
    public void A_driver_that_comes_is_seen_by_the_next_claim_and_one_that_goes_frees_its_range()
    {
        using var hw = _folder.Open();
        using var mine = hw.RequestMemRegion(0x3f300000, 0x100, "mine");
        _folder.Write("/proc/iomem", "3f100000-3f1000ff : newcomer\n");
        Assert.Throws<ResourceBusyException>(() => hw.RequestMemRegion(0x3f100000, 4, "x"));
        hw.RequestMemRegion(0x3f200000, 0xb4, "free now").Dispose();
        Assert.That(hw.Memory.ToProcText(), Is.EqualTo("3f100000-3f1000ff : newcomer\n3f300000-3f3000ff : mine\n"));
    }

    [Test]
    public void Without_the_right_to_see_addresses_claims_go_on_and_the_user_is_told()
    {
        _folder.Write("/proc/iomem", "00000000-00000000 : System RAM\n00000000-00000000 : serial\n");
        using var hw = _folder.Open();
        using var region = hw.RequestMemRegion(0x3f200000, 0xb4, "blink");
        Assert.That(_folder.Warnings.Single(), Does.Contain("/proc/iomem").And.Contain("CAP_SYS_ADMIN").And.Contain("blink"));
        Assert.Throws<ResourceBusyException>(() => hw.RequestMemRegion(0x3f200000, 4, "second"));
    }

    [Test]
    public void Where_the_kernels_list_cannot_be_read_claims_go_on_and_the_user_is_told()
    {
        File.Delete(Path.Join(_folder.Folder, "proc/iomem"));
        using var hw = _folder.Open();
        for (var i = 1; i <= 2; i++)
        {
            hw.RequestMemRegion(0x3f200000, 0xb4, "blink").Dispose();
            Assert.That(_folder.Warnings, Has.Count.EqualTo(i));
            Assert.That(_folder.Warnings[^1], Does.Contain("/proc/iomem cannot be read").And.Contain("blink"));
        }
    }

    [Test]
    public void Another_program_that_claims_the_same_is_refused_and_named()
    {
        using var hw = _folder.Open();
        hw.RequestMemRegion(0x3f300000, 4, "makes the lock file").Dispose();
        using var other = LockInAnotherProcess(0x3f300080, 0x10);
        var error = Assert.Throws<ResourceBusyException>(() => hw.RequestMemRegion(0x3f300000, 0x100, "second"))!;
        Assert.That(error.Message, Does.Contain($"process {other.Id}"));
        Assert.That(hw.Memory.Lookup(0x3f300000), Is.Null, "nothing is left behind");
        hw.RequestMemRegion(0x3f300000, 0x80, "beside").Dispose();

        using (var forced = _folder.Open(force: true))
        {
            forced.RequestMemRegion(0x3f300000, 0x100, "forced").Dispose();
            Assert.That(_folder.Warnings.Single(), Does.Contain($"by force from process {other.Id}"));
        }

        other.Kill();
        other.WaitForExit();
        hw.RequestMemRegion(0x3f300000, 0x100, "after its end").Dispose();
    }

    [Test]
    public void A_claim_keeps_another_program_off_until_it_is_given_back()
    {
        using var hw = _folder.Open();
        var region = hw.RequestMemRegion(0x3f300000, 0x100, "mine");
        Assert.That(() => LockInAnotherProcess(0x3f3000ff, 1).Dispose(), Throws.InvalidOperationException);
        region.Dispose();
        using var other = LockInAnotherProcess(0x3f3000ff, 1);
        other.Kill();
    }

    [Test]
    public void RAM_cannot_be_mapped()
    {
        using var hw = _folder.Open();
        var error = Assert.Throws<RawIoException>(() => hw.IoRemap(0x1000, 0x100))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.EINVAL));
        Assert.That(error.Message, Does.Contain("RAM"));
    }

    [Test]
    public void Accesses_go_to_the_physical_address_beyond_four_GiB_too()
    {
        using var hw = _folder.Open();
        using var io = hw.IoRemap(0x1_2345_6780, 0x10);
        io.Write32(4, 0x44332211);
        Assert.That(_folder.Memory(0x1_2345_6784, 4), Is.EqualTo(new byte[] { 0x11, 0x22, 0x33, 0x44 }));
    }

    [Test]
    public void Disposing_the_machine_ends_its_mappings_and_it_opens_no_more()
    {
        var hw = _folder.Open();
        var io = hw.IoRemap(0x3f300000, 4);
        hw.Dispose();
        Assert.DoesNotThrow(hw.Dispose);
        Assert.Throws<ObjectDisposedException>(() => io.Read32(0));
        Assert.Throws<ObjectDisposedException>(() => hw.IoRemap(0x3f300000, 4));
        Assert.Throws<ObjectDisposedException>(() => hw.RequestMemRegion(0x3f300000, 4, "x"));
        Assert.Throws<ObjectDisposedException>(() => hw.OpenPorts(0x60, 1));
    }

    // Perl is part of every Debian: struct flock is { short type, whence; long start, len; int pid } on 64-bit Linux.
    private Process LockInAnotherProcess(long start, long length)
    {
        const string Script = "use Fcntl; open(F, '+<', $ARGV[0]) or die; fcntl(F, F_SETLK, pack('s s x4 q q i x4', F_WRLCK, 0, $ARGV[1], $ARGV[2], 0)) or die; $| = 1; print \"locked\\n\"; sleep 60;";
        var process = Process.Start(new ProcessStartInfo("perl", ["-e", Script, Path.Join(_folder.Folder, "run/lock/rawio-iomem.lock"), $"{start}", $"{length}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        if (process.StandardOutput.ReadLine() == "locked") return process;
        process.WaitForExit();
        throw new InvalidOperationException("refused");
    }
}
