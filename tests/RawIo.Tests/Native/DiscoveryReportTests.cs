using System.Runtime.InteropServices;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>The report as a whole, and the real kernel's answers.</summary>
public sealed class DiscoveryReportTests
{
    private DiscoveryRoot _root = null!;

    [SetUp]
    public void MakeRoot() => _root = new();

    [TearDown]
    public void RemoveRoot() => _root.Dispose();

    [Test]
    public void A_machine_of_no_files_has_no_ways_and_no_exceptions()
    {
        _root.IoPerm = _root.IoPl = Errno.EPERM;
        var report = _root.Probe();
        Assert.That((report.ReachesRegisters, report.Kernel, report.Architecture), Is.EqualTo((false, "unknown", "x86_64")));
        Assert.That(report.Ways.Select(w => (w.Usable, w.Remedy is null)), Is.All.EqualTo((false, false)), "each with a remedy");
        Assert.That(report.Notes, Is.EqualTo(new[] { "This process runs as a user that is not told, capabilities not told." }));
    }

    [TestCase("/dev/mem")]
    [TestCase("/dev/port")]
    public void One_usable_way_is_enough(string path)
    {
        _root.IoPerm = _root.IoPl = Errno.EPERM;
        Assert.That(_root.With(path).Probe().ReachesRegisters);
    }

    [Test]
    public void The_user_the_groups_and_the_capability_are_told()
    {
        _root.WithUser(1000, "0000000000020000").With("etc/group", "gpio:x:997:pi\nbroken\n:x:24:\n");
        Assert.That(_root.Probe().Notes, Is.EqualTo(new[] { "This process runs as user 1000, in 1000, 24, gpio, with CAP_SYS_RAWIO." }));
        _root.WithUser(0, "fffffffffffdffff").With("etc/group", "root:x:0:\n");
        Assert.That(_root.Probe().Notes, Is.EqualTo(new[] { "This process runs as user 0, in root, without CAP_SYS_RAWIO." }));
        _root.With("proc/self/status", "Uid:\tx\ty\nCapEff:\tzz\n");
        Assert.That(_root.Probe().Notes, Has.Count.EqualTo(1));
    }

    [TestCase(".dockerenv", "", "docker")]
    [TestCase("run/.containerenv", "engine=\"podman\"", "podman")]
    [TestCase("run/systemd/container", "systemd-nspawn\n", "systemd-nspawn")]
    [TestCase("proc/1/cgroup", "0::/system.slice/docker-0123.scope\n", "docker")]
    [TestCase("proc/1/cgroup", "12:devices:/kubepods/besteffort/pod1\n", "kubepods")]
    [TestCase("proc/self/cgroup", "4:memory:/lxc/web\n", "lxc")]
    public void A_container_is_noticed(string path, string text, string name) =>
        Assert.That(_root.With(path, text).Probe().Notes, Has.One.StartsWith($"It runs in a container ({name})"));

    [Test]
    public void A_lockdown_is_noted() => Assert.That(
        _root.With("sys/kernel/security/lockdown", "none [integrity] confidentiality\n").Probe().Notes, Has.One.StartsWith("The kernel is locked down (integrity)"));

    [TestCase(Architecture.Arm64, "aarch64")]
    [TestCase(Architecture.Arm, "arm")]
    [TestCase(Architecture.X86, "i686")]
    [TestCase(Architecture.RiscV64, "riscv64")]
    public void Architectures_are_named_as_uname_names_them(Architecture architecture, string name)
    {
        _root.Architecture = architecture;
        Assert.That(_root.With("proc/sys/kernel/osrelease", "6.6.31+rpt-rpi-v8\n").Probe(), Has.Property("Architecture").EqualTo(name).And.Property("Kernel").EqualTo("6.6.31+rpt-rpi-v8"));
    }

    [Test]
    public void Files_that_are_folders_links_to_nowhere_or_random_bytes_do_no_harm()
    {
        string[] files =
        [
            "proc/cpuinfo", "proc/cmdline", "proc/config.gz", "proc/self/status", "proc/1/cgroup", "proc/sys/kernel/osrelease", "etc/group",
            "sys/kernel/security/lockdown", "sys/class/dmi/id/product_name", "sys/class/uio/uio0/name", "proc/device-tree/model", "proc/device-tree/compatible",
            "proc/device-tree/soc/ranges", "dev/gpiomem",
        ];
        var random = new Random(2712);
        for (var round = 0; round < 100; round++)
        {
            using var root = new DiscoveryRoot { Architecture = round % 2 == 0 ? Architecture.X64 : Architecture.Arm64 };
            foreach (var file in files)
            {
                var path = Path.Join(root.Folder, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                var bytes = new byte[random.Next(64)];
                random.NextBytes(bytes);
                switch (random.Next(5))
                {
                    case 0: Directory.CreateDirectory(path); break;
                    case 1: File.CreateSymbolicLink(path, "/nowhere/at/all"); break;
                    case 2: File.WriteAllText(path, "Hardware : BCM2711\nRevision: c03114\nUid: 1 2\nCapEff:\nraspberrypi,4-model-b\0"); break;
                    case 3: File.WriteAllBytes(path, bytes); break;
                }
            }
            var report = root.Probe();
            Assert.That(string.Concat(report.Notes) + report.Board + string.Concat(report.Ways), Has.None.Matches<char>(char.IsControl), "fit for a terminal");
        }
    }

    [Test]
    [Platform("Linux")]
    public void The_real_kernel_is_asked_by_open_and_access()
    {
        var calls = new HostCalls();
        var file = _root.With("dev/mem").Folder + "/dev/mem";
        Assert.That((calls.Open(file), calls.Access(file)), Is.EqualTo((Errno.None, Errno.None)));
        Assert.That((calls.Open(file + "x"), calls.Access(file + "x")), Is.EqualTo((Errno.ENOENT, Errno.ENOENT)));
        Assert.That(calls.Open(_root.Folder), Is.EqualTo((Errno)21), "EISDIR");
        Assert.That(calls.Architecture, Is.EqualTo(RuntimeInformation.ProcessArchitecture));
    }

    [Test]
    [Platform("Linux")]
    public void This_machine_has_a_report()
    {
        var report = HostReport.Probe();
        Assert.That(report.Board.Model, Is.Not.Empty);
        Assert.That(report.Kernel, Is.EqualTo(File.ReadAllText("/proc/sys/kernel/osrelease").Trim()));
        Assert.That(report.Ways.Where(w => !w.Usable).Select(w => w.Remedy), Is.All.Not.Null);
        Assert.That(HostReport.Probe(new HostOptions()).Ways, Is.EqualTo(report.Ways));
    }
}
