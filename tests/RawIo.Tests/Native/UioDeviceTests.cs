using System.Runtime.InteropServices;
using Mono.Unix.Native;
using RawIo.Native;
using Errno = RawIo.Errno;

namespace RawIo.Tests;

public class UioDeviceTests
{
    private static readonly int s_page = Environment.SystemPageSize;
    private SysfsFolder _folder = null!;

    [SetUp]
    public void Make()
    {
        _folder = new();
        _folder.AddUio(0, "twin");
        _folder.AddUio(1, "twin", "0000:00:05.0");
        _folder.AddUio(2, "single", "0000:00:06.0");
        _folder.AddMap(2, 0, "registers", "0xfea00000", "0x100");
        _folder.AddMap(2, 1, "buffer", "0xfeb00018", "0x24", "0x18");
        _folder.AddMap(2, 2, "same", "0xfec00000", "0x1000");
        _folder.AddMap(2, 3, "same", "0xfed00000", "0x1000");
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("uio2")]
    [TestCase("/dev/uio2")]
    [TestCase("2")]
    [TestCase("single")]
    public void A_device_is_opened_by_number_path_or_name(string how)
    {
        using var uio = UioDevice.Open(how, _folder.Options);
        Assert.That((uio.Info.Number, uio.Name, uio.Version, uio.CanWrite), Is.EqualTo((2, "single", "0.01.0", true)));
        Assert.That(uio.Maps, Has.Count.EqualTo(4));
        Assert.That(uio.PortIos, Is.Empty);
    }

    [Test]
    public void A_name_that_several_have_is_refused_listing_them()
    {
        var error = Assert.Throws<ArgumentException>(() => UioDevice.Open("twin", _folder.Options))!;
        Assert.That(error.Message, Does.Contain("uio0 at 0000:00:04.0").And.Contain("uio1 at 0000:00:05.0").And.Not.Contain("uio2"));
    }

    [TestCase("uio3")]
    [TestCase("/dev/uio3")]
    [TestCase("3")]
    [TestCase("nobody")]
    [TestCase("/dev/../uio2")]
    [TestCase("uio02")]
    [TestCase("-1")]
    public void A_device_that_is_not_there_is_refused_listing_what_is(string how)
    {
        var error = Assert.Throws<RawIoException>(() => UioDevice.Open(how, _folder.Options))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.ENODEV));
        Assert.That(error.Message, Does.Contain("uio0 (twin), uio1 (twin), uio2 (single)"));
    }

    [Test]
    public void Where_there_is_no_UIO_at_all_the_message_says_how_to_get_it()
    {
        Directory.Delete(_folder["sys"], recursive: true);
        Assert.That(Assert.Throws<RawIoException>(() => UioDevice.Open(0, _folder.Options))!.Message, Does.Contain("modprobe uio_pci_generic"));
        Assert.Throws<ArgumentOutOfRangeException>(() => UioDevice.Open(-1, _folder.Options));
        Assert.Throws<ArgumentException>(() => UioDevice.Open("", _folder.Options));
    }

    [Test]
    public void Without_its_device_file_it_is_refused_with_the_remedy()
    {
        File.Delete(_folder["dev/uio2"]);
        var error = Assert.Throws<RawIoException>(() => UioDevice.Open(2, _folder.Options))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.ENOENT));
        Assert.That(error.Message, Does.Contain("/dev/uio2").And.Contain("--device"));
    }

    [Test]
    public void Map_N_is_at_N_pages_of_the_file_plus_its_offset()
    {
        using var uio = UioDevice.Open(2, _folder.Options);
        using var registers = uio.Map(0);
        using var buffer = uio.Map("buffer");
        registers.Write32(0xfc, 0x11111111);
        buffer.Write32(0x20, 0x22222222);
        Assert.That((registers.PhysicalAddress, registers.Length), Is.EqualTo((0xfea00000ul, 0x100L)));
        Assert.That((buffer.PhysicalAddress, buffer.Length), Is.EqualTo((0xfeb00018ul, 0x24L)));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Read8(0x24));
        var file = File.ReadAllBytes(_folder["dev/uio2"]);
        Assert.That(BitConverter.ToUInt32(file, 0xfc), Is.EqualTo(0x11111111));
        Assert.That(BitConverter.ToUInt32(file, s_page + 0x18 + 0x20), Is.EqualTo(0x22222222));
        Assert.That(file.Count(b => b != 0), Is.EqualTo(8));
    }

    [Test]
    public void A_map_is_named_by_index_name_or_folder_and_nothing_else()
    {
        using var uio = UioDevice.Open(2, _folder.Options);
        using (var io = uio.Map("map3")) Assert.That(io.PhysicalAddress, Is.EqualTo(0xfed00000));
        Assert.That(Assert.Throws<ArgumentException>(() => uio.Map("same"))!.Message, Does.Contain("2, 3"));
        Assert.That(Assert.Throws<ArgumentException>(() => uio.Map("none"))!.Message, Does.Contain("0 ('registers')"));
        foreach (var index in new[] { -1, 4, int.MinValue, int.MaxValue })
            Assert.That(Assert.Throws<ArgumentOutOfRangeException>(() => uio.Map(index))!.Message, Does.Contain("1 ('buffer')"));
        using var bare = UioDevice.Open(0, _folder.Options);
        Assert.That(Assert.Throws<ArgumentOutOfRangeException>(() => bare.Map(0))!.Message, Does.Contain("none"));
    }

    [Test]
    public void A_window_outlives_the_device_and_a_closed_device_maps_nothing()
    {
        var uio = UioDevice.Open(2, _folder.Options);
        using var io = uio.Map(0);
        uio.Dispose();
        Assert.DoesNotThrow(uio.Dispose);
        Assert.DoesNotThrow(() => io.Write32(0, 1));
        Assert.Throws<ObjectDisposedException>(() => uio.Map(0));
        Assert.Throws<ObjectDisposedException>(() => uio.EnableInterrupt());
        Assert.Throws<ObjectDisposedException>(() => uio.WaitForInterrupt(TimeSpan.Zero));
        Assert.Throws<ObjectDisposedException>(() => uio.WaitForInterrupt(CancellationToken.None));
        Assert.ThrowsAsync<ObjectDisposedException>(() => uio.WaitForInterruptAsync());
    }

    [Test]
    public void A_map_that_the_kernel_refuses_is_told_with_errno()
    {
        File.Delete(_folder["dev/uio2"]);
        Assert.That(Syscall.mkfifo(_folder["dev/uio2"], (FilePermissions)0b110_000_000), Is.Zero);
        using var uio = UioDevice.Open(2, _folder.Options);
        var error = Assert.Throws<RawIoException>(() => uio.Map(0))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.ENODEV));
        Assert.That(error.Message, Does.Contain("/dev/uio2"));
    }

    [Test]
    public void The_descriptor_is_closed_on_exec_and_closed_by_dispose()
    {
        var uio = UioDevice.Open(2, _folder.Options);
        var mine = Descriptors().Single(d => d.Target == _folder["dev/uio2"]);
        var flags = Convert.ToInt32(File.ReadLines($"/proc/self/fdinfo/{mine.Number}").Single(l => l.StartsWith("flags:", StringComparison.Ordinal))[6..].Trim(), 8);
        Assert.That(flags & 0x80000, Is.Not.Zero, "O_CLOEXEC");
        uio.Dispose();
        Assert.That(Descriptors().Where(d => d.Target == _folder["dev/uio2"]), Is.Empty);
    }

    [Test]
    public void Opening_what_cannot_be_opened_leaves_no_descriptor_behind()
    {
        _folder.Write("sys/class/uio/uio2/event", "many\n");
        for (var i = 0; i < 10; i++) Assert.Throws<MalformedInputException>(() => UioDevice.Open(2, _folder.Options));
        Assert.That(Descriptors().Where(d => d.Target == _folder["dev/uio2"]), Is.Empty);
    }

    [Test]
    public void A_file_that_may_only_be_read_gives_read_only_maps_and_no_switch()
    {
        OpenByNobody("dev/uio2", FilePermissions.S_IRGRP | FilePermissions.S_IROTH, uio =>
        {
            Assert.That(uio.CanWrite, Is.False);
            using var io = uio.Map(0);
            Assert.That(io.Read32(0), Is.Zero);
            Assert.That(Assert.Throws<RawIoException>(() => io.Write32(0, 1))!.Errno, Is.EqualTo(Errno.EACCES));
            foreach (var refused in new Action[] { uio.EnableInterrupt, uio.DisableInterrupt })
            {
                var error = Assert.Throws<RawIoException>(refused)!;
                Assert.That(error.Errno, Is.EqualTo(Errno.EACCES));
                Assert.That(error.Message, Does.Contain("udev"));
            }
        });
    }

    [Test]
    public void A_file_that_may_not_be_read_is_refused_with_the_remedy() =>
        OpenByNobody("dev/uio2", (FilePermissions)0, _ => { }, error =>
        {
            Assert.That(error!.Errno, Is.EqualTo(Errno.EACCES));
            Assert.That(error.Message, Does.Contain("/dev/uio2").And.Contain("udev"));
        });

    // Root may open everything, so a thread of its own becomes nobody for file accesses (setfsuid is per thread).
    private void OpenByNobody(string file, FilePermissions mode, Action<UioDevice> use, Action<RawIoException?>? refused = null)
    {
        Assert.That(Syscall.chmod(_folder.Folder, (FilePermissions)0b111_101_101), Is.Zero);
        Assert.That(Syscall.chmod(_folder[file], mode), Is.Zero);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                _ = SetFsUid(65534);
                if (refused is not null) refused(Assert.Throws<RawIoException>(() => UioDevice.Open(2, _folder.Options)));
                else
                {
                    using var uio = UioDevice.Open(2, _folder.Options);
                    use(uio);
                }
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) throw new AssertionException($"{failure}");
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFsUid(uint uid);

    private static List<(string Number, string? Target)> Descriptors() =>
        [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(f => (Path.GetFileName(f), new FileInfo(f).LinkTarget))];
}
