using RawIo.Native;

namespace RawIo.Tests;

public class UioInfoTests
{
    private SysfsFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void A_machine_without_UIO_has_no_devices() => Assert.That(UioDevice.All(_folder.Options), Is.Empty);

    [Test]
    public void Devices_come_by_number_and_what_is_no_device_is_passed_over()
    {
        foreach (var number in new[] { 10, 2, 0 }) _folder.AddUio(number, $"dev{number}");
        foreach (var other in new[] { "uio", "uio01", "uio-1", "uio1x", "xuio1", "uio99999999999" }) _folder.Write($"sys/class/uio/{other}/name", "x\n");
        Assert.That(UioDevice.All(_folder.Options).Select(u => (u.Number, u.Name)), Is.EqualTo(new[] { (0, "dev0"), (2, "dev2"), (10, "dev10") }));
    }

    [Test]
    public void It_tells_name_version_events_and_the_PCI_device_behind_it()
    {
        _folder.AddUio(3, "uio_pci_generic", "0000:3f:1c.7");
        var info = UioDevice.All(_folder.Options).Single();
        Assert.That((info.Name, info.Version, info.EventCount), Is.EqualTo(("uio_pci_generic", "0.01.0", 0u)));
        Assert.That(info.PciAddress, Is.EqualTo(new PciAddress(0, 0x3f, 0x1c, 7)));
        Assert.That(info.ToString(), Is.EqualTo("uio3 (uio_pci_generic)"));
        _folder.Write("sys/class/uio/uio3/event", "4294967295\n");
        Assert.That(info.EventCount, Is.EqualTo(uint.MaxValue));
        _folder.Link("sys/class/uio/uio3/device", "../../../fe200000.gpio");
        Assert.That(UioDevice.All(_folder.Options).Single().PciAddress, Is.Null);
    }

    [Test]
    public void Maps_and_ports_are_read()
    {
        _folder.AddUio(0, "board");
        _folder.AddMap(0, 0, "registers", "0xfea00000", "0x100000");
        _folder.AddMap(0, 1, "", "0x800000000", "0x1000");
        _folder.Write("sys/class/uio/uio0/portio/port0/name", "index\n");
        _folder.Write("sys/class/uio/uio0/portio/port0/start", "0x2e\n");
        _folder.Write("sys/class/uio/uio0/portio/port0/size", "0x2\n");
        _folder.Write("sys/class/uio/uio0/portio/port0/porttype", "port_x86\n");
        var info = UioDevice.All(_folder.Options).Single();
        Assert.That(info.Maps.Select(m => (m.Index, m.Name, m.Address, m.Size, m.Offset, m.PhysicalAddress, m.Length)), Is.EqualTo(new[]
        {
            (0, "registers", 0xfea00000ul, 0x100000L, 0L, 0xfea00000ul, 0x100000L),
            (1, "", 0x800000000ul, 0x1000L, 0L, 0x800000000ul, 0x1000L),
        }));
        Assert.That(info.PortIos, Is.EqualTo(new[] { new UioPortIo(0, "index", 0x2e, 2, UioPortType.X86) }));
    }

    // Older kernels leave the offset in the address; newer ones round the address down and the size up, with the offset in it.
    [TestCase("0xfea00010", "0x20", "0x10", 0xfea00010ul, 0x10, 0x20, TestName = "Offset_in_the_address")]
    [TestCase("0xfea00010", "0x20", null, 0xfea00010ul, 0x10, 0x20, TestName = "Offset_in_the_address_and_in_no_file")]
    [TestCase("0xfea00ff0", "0x20", "0xff0", 0xfea00ff0ul, 0xff0, 0x20, TestName = "Offset_in_the_address_and_over_a_page")]
    [TestCase("0xfea00000", "0x1000", "0x10", 0xfea00010ul, 0x10, 0xff0, TestName = "Offset_beside_the_address_and_in_the_size")]
    [TestCase("0xfea00000", "0x20", "0x10", 0xfea00010ul, 0x10, 0x20, TestName = "Offset_beside_the_address_and_not_in_the_size")]
    [TestCase("0xfea00000", "0xff8", "0x10", 0xfea00010ul, 0x10, 0xff0, TestName = "The_kernel_maps_no_second_page_for_an_offset_beside_the_address")]
    [TestCase("0xfffffffffffff000", "0x1000", "0x0", 0xfffffffffffff000ul, 0, 0x1000, TestName = "The_last_page")]
    public void The_device_begins_where_address_and_offset_say(string address, string size, string? offset, ulong physical, long inPage, long length)
    {
        if (Environment.SystemPageSize != 0x1000) Assert.Ignore("SKIPPED: the numbers are for pages of 4 KiB");
        _folder.AddUio(0, "x");
        _folder.AddMap(0, 0, "x", address, size, offset);
        var map = UioDevice.All(_folder.Options).Single().Maps[0];
        Assert.That((map.PhysicalAddress, map.Offset, map.Length), Is.EqualTo((physical, inPage, length)));
    }

    [TestCase("name", "two\nlines\n")]
    [TestCase("maps/map0/addr", "fea00000\n")]
    [TestCase("maps/map0/addr", "0x\n")]
    [TestCase("maps/map0/addr", "0x-1\n")]
    [TestCase("maps/map0/addr", "-0x1\n")]
    [TestCase("maps/map0/addr", "0x10000000000000000\n")]
    [TestCase("maps/map0/addr", " 0x10\n")]
    [TestCase("maps/map0/addr", "0x10\0\n")]
    [TestCase("maps/map0/addr", "")]
    [TestCase("maps/map0/addr", "0xfffffffffffff000\n")]
    [TestCase("maps/map0/size", "0x0\n")]
    [TestCase("maps/map0/size", "0x8000000000000000\n")]
    [TestCase("maps/map0/size", "0xffffffffffffffff\n")]
    [TestCase("maps/map0/size", "4096\n")]
    [TestCase("maps/map0/offset", "0x1000000\n")]
    [TestCase("maps/map256/name", "x\n")]
    [TestCase("portio/port0/porttype", "port_z80\n")]
    [TestCase("portio/port0/size", "0x0\n")]
    [TestCase("portio/port0/start", "0xffffffffffffffff\n")]
    [TestCase("event", "-1\n")]
    [TestCase("event", "4294967296\n")]
    public void What_no_kernel_prints_is_refused_naming_the_file(string file, string text)
    {
        _folder.AddUio(0, "x");
        _folder.AddMap(0, 0, "x", "0x1000", "0x2000", "0x10");
        foreach (var (name, value) in new[] { ("name", "p"), ("start", "0x60"), ("size", "0x8"), ("porttype", "port_other") })
            _folder.Write($"sys/class/uio/uio0/portio/port0/{name}", $"{value}\n");
        Assert.That(UioDevice.All(_folder.Options).Single().EventCount, Is.Zero, "as it should be");
        _folder.Write($"sys/class/uio/uio0/{file}", text);
        var error = Assert.Throws<MalformedInputException>(() => _ = UioDevice.All(_folder.Options).Single().EventCount)!;
        Assert.That(error.Message, Does.Contain(_folder["sys/class/uio/uio0/" + file.Split('/')[0]]));
        Assert.That(error.Message.Contains('\0'), Is.False);
        Assert.That((error.Unit, error.Position), Is.EqualTo(("line", file == "name" ? 2L : 1L)));
    }

    [Test]
    public void A_file_without_end_is_not_read_to_its_end()
    {
        _folder.AddUio(0, "x");
        using (var huge = File.OpenWrite(_folder["sys/class/uio/uio0/name"])) huge.SetLength(1L << 40);
        Assert.That(Assert.Throws<MalformedInputException>(() => UioDevice.All(_folder.Options))!.Message, Does.Contain("longer"));
    }

    [Test]
    public void A_device_whose_files_went_is_told_by_its_errno()
    {
        _folder.AddUio(0, "x");
        var info = UioDevice.All(_folder.Options).Single();
        File.Delete(_folder["sys/class/uio/uio0/event"]);
        Assert.That(Assert.Throws<RawIoException>(() => _ = info.EventCount)!.Errno, Is.EqualTo(Errno.ENOENT));
        File.Delete(_folder["sys/class/uio/uio0/name"]);
        var error = Assert.Throws<RawIoException>(() => UioDevice.All(_folder.Options))!;
        Assert.That(error.Message, Does.Contain(_folder["sys/class/uio/uio0/name"]).And.Contain("gone"));
    }

    [Test]
    public void Two_thousand_mutated_devices_are_read_or_refused()
    {
        _folder.AddUio(0, "x");
        _folder.AddMap(0, 0, "registers", "0xfea00010", "0x1000", "0x10");
        var files = new[] { "name", "addr", "size", "offset" };
        var texts = files.ToDictionary(f => f, f => _folder.Read($"sys/class/uio/uio0/maps/map0/{f}"));
        var random = new Random(20260101);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 2000; i++)
        {
            var file = files[random.Next(files.Length)];
            var text = Mutate(texts[file], random);
            _folder.Write($"sys/class/uio/uio0/maps/map0/{file}", text);
            try
            {
                var map = UioDevice.All(_folder.Options).Single().Maps.Single();
                if (map.Length < 1 || map.Length > map.Size || map.Offset < 0 || map.Offset >= Environment.SystemPageSize
                    || map.PhysicalAddress > ulong.MaxValue - (ulong)map.Length + 1 || (map.PhysicalAddress % (ulong)Environment.SystemPageSize) != (ulong)map.Offset)
                    Assert.Fail($"input {i}, {file} '{text}': {map}");
                read++;
            }
            catch (MalformedInputException)
            {
                refused++;
            }
            _folder.Write($"sys/class/uio/uio0/maps/map0/{file}", texts[file]);
        }
        Assert.That(read, Is.GreaterThan(200));
        Assert.That(refused, Is.GreaterThan(200));
    }

    /// <summary>One to three characters changed, put in, taken out, or doubled.</summary>
    internal static string Mutate(string text, Random random)
    {
        const string Alphabet = "0123456789abcdefABCDEFx-+ .\n\r\0\tgz\u00e9";
        var list = text.ToList();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(list.Count + 1);
            var c = Alphabet[random.Next(Alphabet.Length)];
            switch (random.Next(4))
            {
                case 0 when at < list.Count: list[at] = c; break;
                case 1 when at < list.Count: list.RemoveAt(at); break;
                case 2: list.InsertRange(at, list.Take(random.Next(20)).ToArray()); break;
                default: list.Insert(at, c); break;
            }
        }
        return new([.. list]);
    }
}
