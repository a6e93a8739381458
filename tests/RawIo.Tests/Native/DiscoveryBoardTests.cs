using System.Runtime.InteropServices;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>Which board a root folder is taken for.</summary>
public sealed class DiscoveryBoardTests
{
    private readonly DiscoveryRoot _root = new() { Architecture = Architecture.Arm64 };

    [OneTimeTearDown]
    public void RemoveFolder() => _root.Dispose();

    [SetUp]
    public void EmptyFolder()
    {
        foreach (var folder in Directory.GetDirectories(_root.Folder)) Directory.Delete(folder, recursive: true);
    }

    private static string CpuInfo(string? hardware, string? revision, string? model = null, string part = "0xd03") =>
        $"processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: {part}\nCPU revision\t: 4\n\n"
        + (hardware is null ? "" : $"Hardware\t: {hardware}\n") + (revision is null ? "" : $"Revision\t: {revision}\n") + "Serial\t\t: 00000000765fc593\n"
        + (model is null ? "" : $"Model\t\t: {model}\n");

    /// <summary>A tree as Raspberry Pi's kernel has it for the Pi 5: RP1 behind PCI Express behind the AXI bus.</summary>
    internal static DeviceTree Pi5(string compatible = "raspberrypi,5-model-b") => new FdtBuilder()
        .Begin().Prop("model", "Raspberry Pi 5 Model B Rev 1.0").Prop("compatible", compatible, "brcm,bcm2712").Prop("#address-cells", 2).Prop("#size-cells", 2)
        .Begin("soc@107c000000").Prop("#address-cells", 1).Prop("#size-cells", 1).Prop("ranges", 0x7c000000, 0x10, 0x7c000000, 0x04000000)
        .Begin("gpiomem@7d508500").Prop("compatible", "raspberrypi,gpiomem").Prop("reg", 0x7d508500, 0x40).Prop("chardev-name", "gpiomem1").End()
        .Begin("gpiomem@7d517c00").Prop("compatible", "raspberrypi,gpiomem").Prop("reg", 0x7d517c00, 0x40).Prop("chardev-name", "gpiomem2").End().End()
        .Begin("axi").Prop("#address-cells", 2).Prop("#size-cells", 2).Prop("ranges", 0, 0, 0, 0, 0x10, 0, 0x10, 0, 0x10, 0, 0x10, 0)
        .Begin("pcie@120000").Prop("device_type", "pci").Prop("#address-cells", 3).Prop("#size-cells", 2)
        .Prop("ranges", 0x02000000, 0, 0, 0x1f, 0, 0, 0xfffffffc)
        .Begin("rp1").Prop("#address-cells", 2).Prop("#size-cells", 2).Prop("ranges", 0xc0, 0x40000000, 0x02000000, 0, 0, 0, 0x00410000)
        .Begin("gpio@d0000").Prop("compatible", "raspberrypi,rp1-gpio").Prop("reg", 0xc0, 0x400d0000, 0, 0xc000, 0xc0, 0x400e0000, 0, 0xc000).End()
        .Begin("gpiomem@d0000").Prop("compatible", "raspberrypi,gpiomem").Prop("reg", 0xc0, 0x400d0000, 0, 0x30000).Prop("chardev-name", "gpiomem0").End()
        .End().End().End().End().Tree();

    private static DeviceTree Tree(string model, params string[] compatible) => new FdtBuilder()
        .Begin().Prop("model", model).Prop("compatible", compatible[0], compatible[1..]).End().Tree();

    [TestCase("pi1", "BCM2835", 0x20000000u, "0xb76")]
    [TestCase("pi3", "BCM2837", 0x3f000000u, "0xd03")]
    [TestCase("pi4", "BCM2711", 0xfe000000u, "0xd08")]
    public void A_device_tree_alone_tells_the_chip_and_the_bases(string name, string soc, uint peripherals, string part)
    {
        var board = _root.WithBoard(name).With("proc/cpuinfo", CpuInfo(null, null, part: part)).Probe().Board;
        Assert.That((board.IsRaspberryPi, board.Soc, board.PeripheralBase, board.GpioBase, board.Revision, board.MemoryMiB),
            Is.EqualTo((true, soc, (ulong?)peripherals, (ulong?)peripherals + 0x200000, (RaspberryPiRevision?)null, (int?)null)));
        Assert.That(board.Model, Does.StartWith("Raspberry Pi "));
    }

    [TestCase(DeviceTreeFiles.Pi3, "Raspberry Pi 3 Model B", "BCM2837", 0x3f000000u)]
    [TestCase(DeviceTreeFiles.Pi4, "Raspberry Pi 4 Model B", "BCM2711", 0xfe000000u)]
    public void A_kernel_s_own_tree_tells_the_same(string file, string model, string soc, uint peripherals)
    {
        var board = _root.With(DeviceTree.Parse(DeviceTreeFiles.ReadKernel(file))).Probe().Board;
        Assert.That((board.Model, board.Soc, board.PeripheralBase, board.GpioBase), Is.EqualTo((model, soc, (ulong?)peripherals, (ulong?)peripherals + 0x200000)));
    }

    [TestCase("raspberrypi,5-model-b")]
    [TestCase("raspberrypi,5-compute-module")]
    public void On_a_Pi_5_the_peripherals_are_RP1_s(string compatible)
    {
        var board = _root.With(Pi5(compatible)).With("proc/cpuinfo", CpuInfo(null, "d04170")).Probe().Board;
        Assert.That((board.Soc, board.PeripheralBase, board.GpioBase, board.MemoryMiB), Is.EqualTo(("BCM2712 + RP1", (ulong?)0x1f_0000_0000, (ulong?)0x1f_000d_0000, (int?)8192)));
    }

    [Test]
    public void A_Pi_5_tree_that_keeps_RP1_to_itself_is_told_by_the_chip() => Assert.That(
        _root.With(Tree("Raspberry Pi 5", "raspberrypi,5-model-b", "brcm,bcm2712")).Probe().Board,
        Has.Property("PeripheralBase").EqualTo(0x1f_0000_0000).And.Property("GpioBase").EqualTo(0x1f_000d_0000));

    [Test]
    public void A_tree_that_maps_the_peripherals_elsewhere_is_believed()
    {
        var tree = new FdtBuilder().Begin().Prop("compatible", "raspberrypi,3-model-b", "brcm,bcm2837").Prop("#address-cells", 1).Prop("#size-cells", 1)
            .Begin("soc").Prop("#address-cells", 1).Prop("#size-cells", 1).Prop("ranges", 0x40000000, 0x40000000, 0x1000, 0x7e000000, 0x5f000000, 0x1000000)
            .Begin("gpio@7e300000").Prop("compatible", "brcm,bcm2835-gpio").Prop("reg", 0x7e300000, 0xb4).End().End().End().Tree();
        Assert.That(_root.With(tree).Probe().Board, Has.Property("PeripheralBase").EqualTo(0x5f000000).And.Property("GpioBase").EqualTo(0x5f300000));
    }

    [TestCase("BCM2708", "000e", "Raspberry Pi B Rev 2.0", "BCM2835", 0x20000000u, 512)]
    [TestCase("BCM2708", "1000002", "Raspberry Pi B Rev 1.0", "BCM2835", 0x20000000u, 256)]
    [TestCase("BCM2709", "a01041", "Raspberry Pi 2B Rev 1.1", "BCM2836", 0x3f000000u, 1024)]
    [TestCase("BCM2835", "a02042", "Raspberry Pi 2B Rev 1.2", "BCM2837", 0x3f000000u, 1024)]
    [TestCase("BCM2835", "c03114", "Raspberry Pi 4B Rev 1.4", "BCM2711", 0xfe000000u, 4096)]
    [TestCase("BCM2709", null, "Raspberry Pi (BCM2709)", "BCM2836 or BCM2837", 0x3f000000u, null)]
    [TestCase("BCM2710", "zzz", "Raspberry Pi (BCM2710)", "BCM2837", 0x3f000000u, null)]
    [TestCase("BCM2711", "0000", "Raspberry Pi (BCM2711)", "BCM2711", 0xfe000000u, null)]
    public void Without_a_tree_cpuinfo_tells(string hardware, string? revision, string model, string soc, uint peripherals, int? memory)
    {
        var board = _root.With("proc/cpuinfo", CpuInfo(hardware, revision)).Probe().Board;
        Assert.That((board.IsRaspberryPi, board.Model, board.Soc, board.PeripheralBase, board.GpioBase, board.MemoryMiB),
            Is.EqualTo((true, model, soc, (ulong?)peripherals, (ulong?)peripherals + 0x200000, memory)));
    }

    [Test]
    public void BCM2835_as_hardware_says_nothing_of_the_chip_as_all_Pis_say_so()
    {
        var board = _root.With("proc/cpuinfo", CpuInfo("BCM2835", null, "Raspberry Pi 9")).Probe().Board;
        Assert.That((board.Model, board.Soc, board.PeripheralBase, board.GpioBase), Is.EqualTo(("Raspberry Pi 9", (string?)null, (ulong?)null, (ulong?)null)));
    }

    [TestCase("0xc07", "BCM2836")]
    [TestCase("0xd03", "BCM2837")]
    public void A_Pi_2_s_cores_tell_its_chip_where_no_revision_does(string part, string soc) => Assert.That(
        _root.With(Tree("Raspberry Pi 2 Model B", "raspberrypi,2-model-b", "brcm,bcm2836")).With("proc/cpuinfo", CpuInfo(null, null, part: part)).Probe().Board,
        Has.Property("Soc").EqualTo(soc).And.Property("PeripheralBase").EqualTo(0x3f000000));

    [TestCase("brcm,bcm2708", "BCM2835", 0x20000000u)]
    [TestCase("brcm,bcm2710", "BCM2837", 0x3f000000u)]
    public void The_old_kernel_s_chip_names_are_known(string compatible, string soc, uint peripherals) => Assert.That(
        _root.With(Tree("Raspberry Pi", "raspberrypi,x", compatible)).Probe().Board,
        Has.Property("Soc").EqualTo(soc).And.Property("PeripheralBase").EqualTo(peripherals));

    [Test]
    public void The_revision_that_firmware_puts_into_the_tree_is_found()
    {
        var tree = new FdtBuilder().Begin().Prop("model", "Raspberry Pi 4").Prop("compatible", "raspberrypi,4-model-b", "brcm,bcm2711")
            .Begin("system").Prop("linux,revision", 0xb03115).End().End().Tree();
        var board = _root.With(tree).Probe().Board;
        Assert.That((board.Revision!.Type, board.Revision.Board, board.MemoryMiB), Is.EqualTo(("4B", "1.5", 2048)));
    }

    [Test]
    public void Another_board_s_Revision_line_is_not_decoded()
    {
        var board = _root.With("proc/cpuinfo", CpuInfo("Allwinner sun8i Family", "a02082")).Probe().Board;
        Assert.That((board.IsRaspberryPi, board.Model, board.Soc, board.Revision, board.PeripheralBase), Is.EqualTo((false, "Allwinner sun8i Family", (string?)null, (RaspberryPiRevision?)null, (ulong?)null)));
        board = _root.With(Tree("Radxa ROCK 5B", "radxa,rock-5b", "rockchip,rk3588")).With("proc/cpuinfo", CpuInfo("BCM2835", "a02082")).Probe().Board;
        Assert.That((board.IsRaspberryPi, board.Model, board.Soc, board.Revision, board.GpioBase), Is.EqualTo((false, "Radxa ROCK 5B", "rockchip,rk3588", (RaspberryPiRevision?)null, (ulong?)null)));
    }

    [TestCase("QEMU", "Standard PC (i440FX + PIIX, 1996)", "QEMU Standard PC (i440FX + PIIX, 1996)")]
    [TestCase("Dell Inc.", null, "Dell Inc.")]
    [TestCase("Foo", "Foo Bar", "Foo Bar")]
    [TestCase(null, "X\u001b[2J1", "X?[2J1")]
    public void A_PC_is_what_its_firmware_says(string? maker, string? product, string model)
    {
        if (maker is not null) _root.With("sys/class/dmi/id/sys_vendor", maker + "\n");
        if (product is not null) _root.With("sys/class/dmi/id/product_name", product + "\n");
        Assert.That(_root.Probe().Board, Has.Property("Model").EqualTo(model).And.Property("IsRaspberryPi").False);
    }

    [Test]
    public void Nothing_at_all_is_an_unknown_machine() =>
        Assert.That(_root.Probe().Board, Is.EqualTo(new HostBoard { Model = "Unknown machine (aarch64)" }));

    [Test]
    public void A_malformed_tree_is_noted_and_the_rest_goes_on()
    {
        _root.With("proc/device-tree/phandle", "x").With("proc/cpuinfo", CpuInfo("BCM2711", "c03114"));
        var report = _root.Probe();
        Assert.That(report.Notes, Has.One.StartsWith("/proc/device-tree cannot be read: "));
        Assert.That(report.Board.Soc, Is.EqualTo("BCM2711"));
    }

    [Test]
    public void Malformed_properties_are_passed_over()
    {
        _root.With("proc/device-tree/compatible", "raspberrypi,4-model-b\0brcm,bcm2711\0").With("proc/device-tree/model", "no NUL")
            .With("proc/device-tree/soc/ranges", "odd").With("proc/device-tree/system/linux,revision", "odd");
        Assert.That(_root.Probe().Board, Has.Property("Model").EqualTo("Raspberry Pi (raspberrypi,4-model-b)").And.Property("PeripheralBase").EqualTo(0xfe000000));
        _root.With("proc/device-tree/compatible", "no NUL");
        Assert.That(_root.Probe().Board.Model, Is.EqualTo("Unknown machine (aarch64)"));
    }
}
