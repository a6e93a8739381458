using RawIo.Native;

namespace RawIo.Tests;

/// <summary>BARs, configuration space and what switches a device on, over ordinary files.</summary>
public partial class PciAccessTests
{
    private SysfsFolder _folder = null!;
    private string _device = null!;

    [SetUp]
    public void Make()
    {
        _folder = new();
        _device = _folder.AddPci();
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    private PciDevice Open(bool force = false) => PciDevice.Open("00:04.0", _folder.Options with { Force = force });

    private byte[] Bytes(string file) => File.ReadAllBytes(_folder[$"{_device}/{file}"]);

    private void Command(byte low) => _folder.WriteBytes($"{_device}/config", [.. Bytes("config")[..4], low, .. Bytes("config")[5..]]);

    [Test]
    public void A_BAR_is_mapped_whole_at_its_address()
    {
        using var io = Open().MapBar(0);
        Assert.That((io.PhysicalAddress, io.Length, io.CanWrite), Is.EqualTo((0xfea00000ul, 0x100000L, true)));
        io.Write32(0xffffc, 0x44332211);
        Assert.That(Bytes("resource0")[0xffffc..], Is.EqualTo(new byte[] { 0x11, 0x22, 0x33, 0x44 }));
    }

    [Test]
    public void Write_combining_is_another_file_and_read_only_refuses_writes()
    {
        var pci = Open();
        using var fast = pci.MapBar(2, writeCombining: true);
        fast.Write8(1, 0xab);
        Assert.That((Bytes("resource2_wc")[1], Bytes("resource2")[1]), Is.EqualTo(((byte)0xab, (byte)0)));
        using var look = pci.MapBar(2, writable: false);
        Assert.That(Assert.Throws<RawIoException>(() => look.Write8(1, 1))!.Errno, Is.EqualTo(Errno.EACCES));
    }

    [Test]
    public void A_BAR_smaller_than_a_page_begins_inside_the_page_that_is_mapped()
    {
        _folder.Write($"{_device}/resource", SysfsFolder.Resources.Replace("0x00000000fea00000 0x00000000feafffff", "0x00000000fea00c00 0x00000000fea00cff", StringComparison.Ordinal));
        using var io = Open().MapBar(0);
        io.Write8(1, 0xab);
        Assert.That((io.PhysicalAddress, io.Length), Is.EqualTo((0xfea00c00ul, 0x100L)));
        Assert.That(Bytes("resource0")[0xc01], Is.EqualTo(0xab));
    }

    [Test]
    public void What_cannot_be_mapped_is_refused_saying_why()
    {
        var pci = Open();
        foreach (var none in new[] { -1, 1, 3, 5, 7, int.MinValue, int.MaxValue })
        {
            Assert.That(Assert.Throws<ArgumentOutOfRangeException>(() => pci.MapBar(none))!.Message, Does.Contain("BAR 0: 0xfea00000-0xfeafffff"));
            Assert.Throws<ArgumentOutOfRangeException>(() => pci.OpenBarPorts(none));
        }
        Assert.That(Assert.Throws<ArgumentException>(() => pci.MapBar(4))!.Message, Does.Contain("OpenBarPorts(4)"));
        Assert.That(Assert.Throws<ArgumentException>(() => pci.MapBar(6))!.Message, Does.Contain("rom"));
        Assert.That(Assert.Throws<ArgumentException>(() => pci.OpenBarPorts(0))!.Message, Does.Contain("MapBar(0)"));
        Assert.Throws<ArgumentException>(() => pci.OpenBarPorts(6));
        var slow = Assert.Throws<RawIoException>(() => pci.MapBar(0, writeCombining: true))!;
        Assert.That(slow.Errno, Is.EqualTo(Errno.ENOENT));
        Assert.That(slow.Message, Does.Contain("not prefetchable"));
        File.Delete(_folder[$"{_device}/resource2_wc"]);
        Assert.That(Assert.Throws<RawIoException>(() => pci.MapBar(2, writeCombining: true))!.Message, Does.Contain("this kernel"));
        File.Delete(_folder[$"{_device}/resource2"]);
        Assert.That(Assert.Throws<RawIoException>(() => pci.MapBar(2))!.Errno, Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void A_file_shorter_than_its_BAR_is_refused_before_it_can_fault()
    {
        _folder.WriteBytes($"{_device}/resource0", new byte[0xfffff]);
        var error = Assert.Throws<RawIoException>(() => Open().MapBar(0))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.EINVAL));
        Assert.That(error.Message, Does.Contain("0xfffff").And.Contain("0x100000"));
    }

    [Test]
    public void A_BAR_without_an_address_is_refused()
    {
        _folder.Write($"{_device}/resource", SysfsFolder.Resources.Replace("0x0000000000040200", "0x0000000020040200", StringComparison.Ordinal));
        var error = Assert.Throws<RawIoException>(() => Open(force: true).MapBar(0))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.ENXIO));
        Assert.That(error.Message, Does.Contain("pci=realloc"));
    }

    [Test]
    public void Ports_beyond_those_of_x86_are_refused()
    {
        foreach (var range in new[] { "0x0000000000010000 0x0000000000010007", "0x000000000000fffc 0x0000000000010003" })
        {
            _folder.Write($"{_device}/resource", SysfsFolder.Resources.Replace("0x000000000000c100 0x000000000000c107", range, StringComparison.Ordinal));
            Assert.That(Assert.Throws<RawIoException>(() => Open().OpenBarPorts(4))!.Errno, Is.EqualTo(Errno.ERANGE));
        }
    }

    [Test]
    public void A_device_that_a_kernel_driver_has_is_refused_naming_it_and_how_to_take_it()
    {
        _folder.Link($"{_device}/driver", "../../../bus/pci/drivers/e1000");
        foreach (var use in new Action<PciDevice>[] { p => p.MapBar(0).Dispose(), p => p.MapBar(2, writable: false).Dispose(), p => p.OpenBarPorts(4).Dispose() })
        {
            var error = Assert.Throws<RawIoException>(() => use(Open()))!;
            Assert.That(error.Errno, Is.EqualTo(Errno.EBUSY));
            Assert.That(error.Message, Does.Contain("e1000").And.Contain("echo 0000:00:04.0 > /sys/bus/pci/drivers/e1000/unbind").And.Contain("Force"));
            Assert.That(_folder.Warnings, Is.Empty);
            use(Open(force: true));
            Assert.That(_folder.Warnings.Single(), Does.Contain("e1000"));
            _folder.Warnings.Clear();
        }
    }

    [TestCase("uio_pci_generic")]
    [TestCase("vfio-pci")]
    [TestCase("pci-stub")]
    [TestCase("igb_uio")]
    public void A_driver_that_is_there_for_user_space_is_in_nobodys_way(string driver)
    {
        _folder.Link($"{_device}/driver", $"../../../bus/pci/drivers/{driver}");
        Open().MapBar(0).Dispose();
        Assert.That(_folder.Warnings, Is.Empty);
    }

    [Test]
    public void A_device_that_is_switched_off_is_refused_until_it_is_enabled()
    {
        Command(1); // answers at ports alone
        var error = Assert.Throws<RawIoException>(() => Open().MapBar(0))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.ENXIO));
        Assert.That(error.Message, Does.Contain("Enable()"));
        Open().OpenBarPorts(4).Dispose();
        Command(2);
        Assert.That(Assert.Throws<RawIoException>(() => Open().OpenBarPorts(4))!.Errno, Is.EqualTo(Errno.ENXIO));
        Open().MapBar(0).Dispose();
        Command(0);
        Open(force: true).MapBar(0).Dispose();
        Assert.That(_folder.Warnings.Single(), Does.Contain("switched off"));
    }

    [Test]
    public void Ports_of_a_BAR_are_absolute_numbers_and_each_access_is_of_its_width()
    {
        using var io = Open().OpenBarPorts(4);
        Assert.That((io.FirstPort, io.Count), Is.EqualTo((0xc100, 8)));
        io.Out32(0xc100, 0x44332211);
        io.Out16(0xc104, 0x6655);
        io.Out8(0xc107, 0x88);
        Assert.That(Bytes("resource4"), Is.EqualTo(new byte[] { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0, 0x88 }));
    }

    [Test]
    public void A_port_that_the_kernel_does_not_answer_is_told_with_errno()
    {
        using var io = Open().OpenBarPorts(4);
        _folder.WriteBytes($"{_device}/resource4", new byte[2]);
        var error = Assert.Throws<RawIoException>(() => io.In32(0xc100))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.EIO));
        Assert.That(error.Message, Does.Contain("0xc100").And.Contain("resource4"));
    }
}
