using RawIo.Native;

namespace RawIo.Tests;

public class PciDeviceTests
{
    private SysfsFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void A_machine_without_PCI_has_no_devices()
    {
        Assert.That(PciDevice.All(_folder.Options), Is.Empty);
        Assert.That(Assert.Throws<RawIoException>(() => PciDevice.Open("00:04.0", _folder.Options))!.Errno, Is.EqualTo(Errno.ENODEV));
        Assert.That(Assert.Throws<RawIoException>(() => PciDevice.Find(0x1234, 0x11e8, _folder.Options))!.Errno, Is.EqualTo(Errno.ENODEV));
    }

    [Test]
    public void Devices_come_by_address_and_what_is_none_is_passed_over()
    {
        foreach (var address in new[] { "10000:e1:00.0", "0000:01:00.0", "0000:00:1f.7", "0000:00:02.0" }) _folder.AddPci(address);
        foreach (var other in new[] { "0000:00:20.0", "0000:00:01.8", "00:04.0", "0000:00:04.A", "x", "0000:00:040" }) _folder.Write($"sys/bus/pci/devices/{other}/vendor", "x");
        Assert.That(PciDevice.All(_folder.Options).Select(p => $"{p.Address}"), Is.EqualTo(new[] { "0000:00:02.0", "0000:00:1f.7", "0000:01:00.0", "10000:e1:00.0" }));
    }

    [TestCase("0000:00:04.0")]
    [TestCase("00:04.0")]
    public void It_tells_what_the_files_say(string address)
    {
        var folder = _folder.AddPci();
        var pci = PciDevice.Open(address, _folder.Options);
        Assert.That($"{pci.Address}", Is.EqualTo("0000:00:04.0"));
        Assert.That((pci.Vendor, pci.Device, pci.SubsystemVendor, pci.SubsystemDevice), Is.EqualTo(((ushort)0x1234, (ushort)0x11e8, (ushort)0x1af4, (ushort)0x1100)));
        Assert.That((pci.Class, pci.Revision, pci.Irq, pci.Driver, pci.IsEnabled), Is.EqualTo((0xff00u, (byte)0x10, 11u, (string?)null, false)));
        Assert.That(pci.ToString(), Is.EqualTo("0000:00:04.0 (1234:11e8)"));
        _folder.Link($"{folder}/driver", "../../../bus/pci/drivers/edu");
        Assert.That(pci.Driver, Is.EqualTo("edu"), "read anew");
        File.Delete(_folder[$"{folder}/revision"]);
        Assert.That(PciDevice.Open(address, _folder.Options).Revision, Is.EqualTo(0x10), "from configuration space, for old kernels");
    }

    [Test]
    public void Find_gives_the_one_and_lists_the_many()
    {
        _folder.AddPci("0000:00:04.0");
        _folder.AddPci("0000:00:05.0", 0x8086, 0x100e);
        _folder.AddPci("0000:00:06.0", 0x8086, 0x100e);
        Assert.That($"{PciDevice.Find(0x1234, 0x11e8, _folder.Options).Address}", Is.EqualTo("0000:00:04.0"));
        var error = Assert.Throws<RawIoException>(() => PciDevice.Find(0x8086, 0x100e, _folder.Options))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.EEXIST));
        Assert.That(error.Message, Does.Contain("0000:00:05.0, 0000:00:06.0"));
        Assert.That(PciDevice.FindAll(0x8086, 0x100e, _folder.Options).Select(p => p.Address.Slot), Is.EqualTo(new[] { 5, 6 }));
        Assert.That(PciDevice.FindAll(0x8086, 0, _folder.Options), Is.Empty);
    }

    [TestCase("")]
    [TestCase("4")]
    [TestCase("0000:00:04")]
    [TestCase("0000:00:04.8")]
    [TestCase("0000:00:20.0")]
    [TestCase("000:00:04.0")]
    [TestCase("123456789:00:04.0")]
    [TestCase("0000:0 :04.0")]
    [TestCase("0000-00:04.0")]
    [TestCase("../:00:04.0")]
    [TestCase("0000:+1:04.0")]
    [TestCase("0000:1\0:04.0")]
    [TestCase("1000\0:00:04.0")]
    public void What_is_no_address_is_refused_saying_how_to_write_one(string text) =>
        Assert.That(Assert.Throws<FormatException>(() => PciDevice.Open(text, _folder.Options))!.Message, Does.Contain("0000:00:04.0"));

    [Test]
    public void Addresses_are_read_written_and_ordered()
    {
        var address = PciAddress.Parse("0001:AB:1f.7");
        Assert.That(address, Is.EqualTo(new PciAddress(1, 0xab, 0x1f, 7)));
        Assert.That($"{address}", Is.EqualTo("0001:ab:1f.7"));
        Assert.That(PciAddress.Parse("00:00.0") < address && address > default(PciAddress) && address <= new PciAddress(1, 0xac, 0, 0) && address >= new PciAddress(1, 0xab, 0x1f, 6), Is.True);
        Assert.Throws<ArgumentNullException>(() => PciAddress.Parse(null!));
    }

    [Test]
    public void Bars_are_those_the_device_has_with_what_the_bits_say()
    {
        _folder.AddPci();
        var bars = PciDevice.Open("00:04.0", _folder.Options).Bars;
        Assert.That(bars.Select(b => (b.Index, b.Start, b.Size)), Is.EqualTo(new[] { (0, 0xfea00000ul, 0x100000L), (2, 0x800000000ul, 0x10000L), (4, 0xc100ul, 8L), (6, 0xfeb00000ul, 0x10000L) }));
        Assert.That(bars.Select(b => b.IsIo), Is.EqualTo(new[] { false, false, true, false }));
        Assert.That(bars.Select(b => b.IsPrefetchable), Is.EqualTo(new[] { false, true, false, true }));
        Assert.That(bars.Select(b => b.Is64Bit), Is.EqualTo(new[] { false, true, false, false }));
        Assert.That(bars.Select(b => b.IsRom), Is.EqualTo(new[] { false, false, false, true }));
        Assert.That(bars.Select(b => b.IsAssigned), Is.All.True);
        Assert.That(bars.Select(b => b.ToString()), Is.EqualTo(new[] { "BAR 0: 0xfea00000-0xfeafffff", "BAR 2: 0x800000000-0x80000ffff", "BAR 4: 0xc100-0xc107", "ROM: 0xfeb00000-0xfeb0ffff" }));
    }

    [Test]
    public void Bridge_windows_after_the_ROM_are_no_BARs()
    {
        var folder = _folder.AddPci();
        _folder.Write($"{folder}/resource", SysfsFolder.Resources + "0x000000000000d000 0x000000000000dfff 0x0000000000000101\n0x0000000000000000 0xffffffffffffffff 0x0000000000000000\n");
        Assert.That(PciDevice.Open("00:04.0", _folder.Options).Bars, Has.Count.EqualTo(4));
    }

    [TestCase("", 1)]
    [TestCase("0x0 0x0 0x0\n", 2)]
    [TestCase("0x00000000fea00000 0x00000000feafffff\n", 1)]
    [TestCase("0x00000000fea00000 0x00000000fe9fffff 0x0000000000040200\n", 1)]
    [TestCase("0x0000000000000000 0xffffffffffffffff 0x0000000000040200\n", 1)]
    [TestCase("0x0000000000000001 0x8000000000000000 0x0000000000040200\n", 1)]
    [TestCase("fea00000 feafffff 40200\n", 1)]
    [TestCase("0x00000000fea00000  0x00000000feafffff 0x0000000000040200\n", 1)]
    [TestCase("0x10000000000000000 0x00000000feafffff 0x0000000000040200\n", 1)]
    public void A_resource_file_that_no_kernel_prints_is_refused_naming_file_and_line(string first, int line)
    {
        var folder = _folder.AddPci();
        var rest = first.Length == 0 || line == 2 ? "" : SysfsFolder.Resources[(SysfsFolder.Resources.IndexOf('\n') + 1)..];
        _folder.Write($"{folder}/resource", first + rest);
        var error = Assert.Throws<MalformedInputException>(() => PciDevice.Open("00:04.0", _folder.Options))!;
        Assert.That(error.Message, Does.Contain($"{folder}/resource"));
        Assert.That(error.Position, Is.EqualTo(line));
    }

    [TestCase("vendor", "0x12345\n")]
    [TestCase("vendor", "1234\n")]
    [TestCase("device", "0xgggg\n")]
    [TestCase("subsystem_vendor", "\n")]
    [TestCase("subsystem_device", "0x1\n0x2\n")]
    [TestCase("class", "0x1000000\n")]
    [TestCase("revision", "0x100\n")]
    [TestCase("irq", "-1\n")]
    [TestCase("irq", "0x1\n")]
    public void An_attribute_that_no_kernel_prints_is_refused_naming_it(string file, string text)
    {
        var folder = _folder.AddPci();
        _folder.Write($"{folder}/{file}", text);
        Assert.That(Assert.Throws<MalformedInputException>(() => PciDevice.All(_folder.Options))!.Message, Does.Contain($"{folder}/{file}"));
    }

    [Test]
    public void Ten_thousand_mutated_resource_files_are_read_or_refused()
    {
        var random = new Random(20260102);
        var path = _folder["resource"];
        var (read, refused) = (0, 0);
        for (var i = 0; i < 10_000; i++)
        {
            var text = UioInfoTests.Mutate(SysfsFolder.Resources, random);
            _folder.Write("resource", text);
            try
            {
                foreach (var bar in PciBar.ReadAll(path))
                    if (bar.Index is < 0 or > 6 || bar.Size < 1 || bar.Start + (ulong)(bar.Size - 1) < bar.Start) Assert.Fail($"input {i}: {bar} of\n{text}");
                read++;
            }
            catch (MalformedInputException error)
            {
                if (error.Position < 1 || error.Position > text.Count(c => c == '\n') + 1) Assert.Fail($"input {i}: {error.Message}");
                refused++;
            }
        }
        Assert.That(read, Is.GreaterThan(500));
        Assert.That(refused, Is.GreaterThan(500));
    }
}
