using System.IO.Compression;
using System.Runtime.InteropServices;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>The ways, as the kernel's answers make them usable or not.</summary>
public sealed class DiscoveryWaysTests
{
    private const string AllCaps = "000001ffffffffff", NoRawIo = "00000000a80425fb", None = "0000000000000000";
    private DiscoveryRoot _root = null!;

    [SetUp]
    public void MakeRoot() => _root = new DiscoveryRoot().With("proc/sys/kernel/osrelease", "6.12.0-test\n").WithUser(0, AllCaps);

    [TearDown]
    public void RemoveRoot() => _root.Dispose();

    private DiscoveryRoot Config(params string[] lines) => _root.With("boot/config-6.12.0-test", string.Join('\n', lines) + "\n");

    private void Expect(string name, bool usable, string detail, string? remedy)
    {
        var way = _root.Way(name);
        Assert.That((way.Usable, way.Detail), Is.EqualTo((usable, way.Detail)), way.ToString());
        Assert.That(way.Detail, Does.Contain(detail));
        if (remedy is null) Assert.That(way.Remedy, Is.Null);
        else Assert.That(way.Remedy, Does.Contain(remedy).And.Not.Contain('\n'));
    }

    [Test]
    public void Dev_mem_that_opens_says_how_far_it_leads()
    {
        _root.With("dev/mem");
        Expect("/dev/mem", true, "not known (no kernel configuration to read)", "iomem=relaxed");
        Config("CONFIG_STRICT_DEVMEM=y", "CONFIG_IO_STRICT_DEVMEM=y");
        Expect("/dev/mem", true, "not the registers a driver holds (CONFIG_IO_STRICT_DEVMEM)", "iomem=relaxed");
        _root.With("proc/cmdline", "quiet iomem=relaxed\n");
        Expect("/dev/mem", true, "all registers (iomem=relaxed)", null);
        _root.With("proc/cmdline", "quiet iomem=relaxedly\n");
        Config("CONFIG_STRICT_DEVMEM=y", "# CONFIG_IO_STRICT_DEVMEM is not set");
        Expect("/dev/mem", true, "no RAM (CONFIG_STRICT_DEVMEM)", null);
        Config("# CONFIG_STRICT_DEVMEM is not set");
        Expect("/dev/mem", true, "no CONFIG_STRICT_DEVMEM", null);
    }

    [Test]
    public void A_kernel_s_configuration_is_also_read_from_proc_and_the_modules_folder()
    {
        _root.With("dev/mem");
        using (var file = File.Create(Path.Join(_root.Folder, "proc/config.gz")))
        using (var gzip = new GZipStream(file, CompressionMode.Compress))
            gzip.Write("CONFIG_STRICT_DEVMEM=y\nCONFIG_IO_STRICT_DEVMEM=y\n"u8);
        Expect("/dev/mem", true, "CONFIG_IO_STRICT_DEVMEM", "iomem=relaxed");
        _root.With("proc/config.gz", "no gzip");
        Expect("/dev/mem", true, "no kernel configuration", "iomem=relaxed");
        _root.With("lib/modules/6.12.0-test/config", "CONFIG_STRICT_DEVMEM=n\n");
        Expect("/dev/mem", true, "no CONFIG_STRICT_DEVMEM", null);
    }

    [Test]
    public void Dev_mem_that_is_not_there()
    {
        Expect("/dev/mem", false, "ENOENT: there is no such file", "mknod -m 640 /dev/mem c 1 1");
        Config("# CONFIG_DEVMEM is not set");
        Expect("/dev/mem", false, "ENOENT: this kernel is built without it (CONFIG_DEVMEM)", "UIO");
        Config("CONFIG_DEVMEM=y");
        Expect("/dev/mem", false, "ENOENT: there is no such file", "mknod");
        _root.With(".dockerenv");
        Expect("/dev/mem", false, "ENOENT", "--device /dev/mem --cap-add SYS_RAWIO, or with --privileged");
        _root.Answers["/dev/mem"] = Errno.ENXIO;
        Expect("/dev/mem", false, "ENXIO: this kernel is built without it", "UIO");
        _root.Answers["/dev/mem"] = Errno.EIO;
        Expect("/dev/mem", false, "EIO", "open(2)");
    }

    [Test]
    public void Dev_mem_that_is_refused_says_by_whom()
    {
        _root.WithUser(1000, None).Answers["/dev/mem"] = Errno.EACCES;
        Expect("/dev/mem", false, "EACCES", "run as root (sudo)");
        _root.Answers["/dev/mem"] = Errno.EPERM;
        Expect("/dev/mem", false, "EPERM: CAP_SYS_RAWIO is missing", "run as root (sudo)");
        _root.WithUser(0, NoRawIo);
        Expect("/dev/mem", false, "EPERM: CAP_SYS_RAWIO is missing", "CapabilityBoundingSet");
        _root.WithUser(0, AllCaps);
        Expect("/dev/mem", false, "EPERM: a security module or a device cgroup forbids it", "DeviceAllow=");
        _root.With("run/.containerenv");
        Expect("/dev/mem", false, "EPERM: podman does not let this container have it", "--device /dev/mem");
        _root.With("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        Expect("/dev/mem", false, "EPERM: the kernel is locked down (integrity)", "Secure Boot");
        _root.WithUser(1000, None);
        Expect("/dev/mem", false, "EPERM: CAP_SYS_RAWIO is missing", "--cap-add SYS_RAWIO");
        _root.WithUser(0, AllCaps).With("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
        Expect("/dev/mem", false, "EPERM: podman", "--device /dev/mem");
    }

    [TestCase(Errno.EPERM, None, "EPERM: CAP_SYS_RAWIO is missing", "run as root (sudo)")]
    [TestCase(Errno.EPERM, AllCaps, "EPERM: a security module", "DeviceAllow=")]
    [TestCase(Errno.ENOSYS, AllCaps, "ENOSYS: this kernel is built without CONFIG_X86_IOPL_IOPERM", "/dev/port")]
    [TestCase(Errno.EINVAL, AllCaps, "EINVAL", "/dev/port")]
    [TestCase(Errno.ENOMEM, AllCaps, "ENOMEM", "(2)")]
    public void Port_rights_that_are_refused(Errno errno, string capabilities, string detail, string remedy)
    {
        _root.WithUser(1000, capabilities).IoPerm = errno;
        _root.IoPl = errno;
        Expect("ioperm", false, detail, remedy);
        Expect("iopl", false, detail, remedy);
    }

    [Test]
    public void Port_rights_are_usable_with_the_native_library_only()
    {
        Expect("ioperm", true, "thread by thread", null);
        Expect("iopl", true, "all ports", null);
        Assert.That(_root.Probe().Library, Is.EqualTo(new HostWay("librawio", true, "loads")));
        Assert.That(_root.Calls, Does.Contain("ioperm 0x80"));
        _root.HasLibRawIo = false;
        Expect("ioperm", false, "native library", "librawio.so");
        Assert.That(_root.Probe().Library, Has.Property("Usable").False.And.Property("Remedy").Contains("librawio.so"));
        _root.IoPl = Errno.EPERM;
        _root.With("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
        Expect("iopl", false, "locked down (confidentiality)", "Secure Boot");
    }

    [Test]
    public void Dev_port_has_its_own_answers()
    {
        Expect("/dev/port", false, "ENOENT", "mknod -m 640 /dev/port c 1 4");
        Config("CONFIG_DEVPORTS=y");
        Expect("/dev/port", false, "built without it (CONFIG_DEVPORT)", "ioperm");
        _root.With("dev/port");
        Expect("/dev/port", true, "bytes only", null);
        _root.WithUser(1000, None).Answers["/dev/port"] = Errno.EACCES;
        Expect("/dev/port", false, "EACCES", "run as root");
        _root.Answers["/dev/port"] = Errno.EPERM;
        Expect("/dev/port", false, "CAP_SYS_RAWIO is missing", "run as root");
        _root.Answers["/dev/port"] = Errno.EIO;
        Expect("/dev/port", false, "EIO", "open(2)");
    }

    [TestCase(Architecture.Arm64)]
    [TestCase(Architecture.Arm)]
    [TestCase(Architecture.RiscV64)]
    public void A_processor_without_ports_is_not_asked_for_any(Architecture architecture)
    {
        _root.Architecture = architecture;
        var report = _root.Probe();
        Assert.That(report.Ways.Select(w => w.Name), Is.EqualTo(new[] { "/dev/mem", "UIO" }));
        Assert.That(report.Notes, Has.One.EqualTo("This processor has no I/O ports."));
        Assert.That(_root.Calls, Has.None.Contains("io"), "no ioperm, no iopl, no /dev/port");
    }

    [Test]
    public void Gpiomem_says_what_it_maps_and_to_whom_it_belongs()
    {
        _root.WithBoard("pi4").WithUser(1000, None).With("etc/group", "root:x:0:\ngpio:x:997:pi\ncdrom:x:24:pi\n");
        Expect("/dev/gpiomem", false, "ENOENT", "modprobe raspberrypi-gpiomem");
        _root.With("dev/gpiomem");
        Expect("/dev/gpiomem", true, "registers 0xfe200000-0xfe200fff", null);
        _root.Answers["/dev/gpiomem"] = Errno.EACCES;
        Expect("/dev/gpiomem", false, "EACCES", "udev rule");
        _root.With("etc/group", "gpio:x:5:pi\n");
        Expect("/dev/gpiomem", false, "EACCES", "usermod -aG gpio $USER");
        _root.With(".dockerenv");
        Expect("/dev/gpiomem", false, "EACCES", "--group-add gpio");
        _root.Answers["/dev/gpiomem"] = Errno.EPERM;
        Expect("/dev/gpiomem", false, "EPERM", "--cap-add");
        _root.Answers["/dev/gpiomem"] = Errno.ENXIO;
        Expect("/dev/gpiomem", false, "ENXIO", "modprobe");
        File.Delete(Path.Join(_root.Folder, "dev/gpiomem"));
        Expect("/dev/gpiomem", false, "ENOENT", "--device /dev/gpiomem");
    }

    [Test]
    public void A_Pi_5_has_its_five_files()
    {
        _root.Architecture = Architecture.Arm64;
        _root.With(DiscoveryBoardTests.Pi5());
        Expect("/dev/gpiomem0", false, "ENOENT", "modprobe");
        _root.With("dev/gpiomem0").With("dev/gpiomem1").With("dev/gpiomem4");
        Expect("/dev/gpiomem0", true, "registers 0x1f000d0000-0x1f000fffff", null);
        Expect("/dev/gpiomem1", true, "registers 0x107d508500-0x107d50853f", null);
        Expect("/dev/gpiomem4", true, "does not tell", null);
    }

    [Test]
    public void Uio_devices_are_listed_with_their_names_and_not_opened()
    {
        Expect("UIO", false, "no device has a UIO driver", "uio_pci_generic");
        _root.With("sys/class/uio/uio0/name", "edu\n").With("sys/class/uio/uio0/maps/map0/addr").With("sys/class/uio/uio0/maps/map1/addr").With("dev/uio0")
            .With("sys/class/uio/uio2/name", "irq\n").With("dev/uio2")
            .With("sys/class/uio/uio10/maps/map0/addr");
        Assert.That(_root.Probe().Ways.Where(w => w.Name.Contains("uio", StringComparison.Ordinal)).Select(w => w.Name), Is.EqualTo(new[] { "/dev/uio0", "/dev/uio2", "/dev/uio10" }));
        Expect("/dev/uio0", true, "edu, 2 maps", null);
        Expect("/dev/uio2", false, "irq, 0 maps: interrupts only", "BARs");
        Expect("/dev/uio10", false, "no name, 1 map; ENOENT", "udev");
        _root.Answers["/dev/uio0"] = Errno.EACCES;
        Expect("/dev/uio0", false, "edu, 2 maps; EACCES", "SUBSYSTEM==\"uio\"");
        _root.With(".dockerenv");
        Expect("/dev/uio10", false, "ENOENT", "--device /dev/uio10");
        Assert.That(_root.Calls, Has.None.StartsWith("open /dev/uio").And.Some.EqualTo("access /dev/uio0"));
    }

    [Test]
    public void Pci_devices_are_counted_and_not_opened()
    {
        const string Edu = "/sys/bus/pci/devices/0000:00:04.0/resource0", Vga = "/sys/bus/pci/devices/0000:00:02.0/resource2";
        Assert.That(_root.Probe().Ways, Has.None.Property("Name").EqualTo("PCI BARs"), "no PCI here");
        _root.With("sys/bus/pci/devices/0000:00:00.0/resource");
        Expect("PCI BARs", false, "1 device, none with a BAR", "/dev/mem");
        _root.With(Edu).With(Vga).With("sys/bus/pci/devices/0000:00:02.0/resource2_wc");
        Expect("PCI BARs", true, "2 devices under", null);
        _root.Answers[Vga] = Errno.EACCES;
        Expect("PCI BARs", true, "1 of 2 devices under /sys/bus/pci/devices; EACCES for the others", "run as root");
        _root.Answers[Edu] = Errno.EACCES;
        Expect("PCI BARs", false, "EACCES: the files are root's", "run as root (sudo)");
        _root.With(".dockerenv").Answers[Edu] = (Errno)30;
        _root.Answers[Vga] = (Errno)30;
        Expect("PCI BARs", false, "EROFS: /sys is mounted read-only", "--privileged");
        _root.With("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        Expect("PCI BARs", false, "locked down (integrity)", "Secure Boot");
        Assert.That(_root.Calls, Has.None.StartsWith("open /sys"));
    }
}
