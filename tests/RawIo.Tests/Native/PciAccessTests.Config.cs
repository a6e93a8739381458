namespace RawIo.Tests;

// Configuration space, the enable file and drivers.
public partial class PciAccessTests
{
    [Test]
    public void Enable_and_disable_write_the_file()
    {
        var pci = Open();
        pci.Enable();
        Assert.That((_folder.Read($"{_device}/enable"), pci.IsEnabled), Is.EqualTo(("1\n", true)));
        pci.Disable();
        Assert.That((_folder.Read($"{_device}/enable"), pci.IsEnabled), Is.EqualTo(("0\n", false)));
        Directory.Delete(_folder[_device], recursive: true);
        foreach (var gone in new Action[] { pci.Enable, pci.Disable, () => _ = pci.IsEnabled, () => pci.Config.Read8(0), () => pci.BusMaster = true })
            Assert.That(Assert.Throws<RawIoException>(gone)!.Errno, Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void Configuration_space_is_read_and_written_little_endian_at_every_width()
    {
        var config = Open().Config;
        Assert.That((config.Length, config.ReadVendor(), config.ReadDevice(), config.ReadCommand(), config.ReadStatus()), Is.EqualTo((256L, (ushort)0x1234, (ushort)0x11e8, (ushort)3, (ushort)0x10)));
        Assert.That((config.Read32(0), config.Read16(2), config.Read8(8)), Is.EqualTo((0x11e81234u, (ushort)0x11e8, (byte)0x10)));
        config.Write32(0x40, 0x44332211);
        config.Write16(0x44, 0x6655);
        config.Write8(0xff, 0x77);
        Assert.That(Bytes("config")[0x40..0x46], Is.EqualTo(new byte[] { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66 }));
        Assert.That(Bytes("config"), Has.Length.EqualTo(256));
        Assert.That(Bytes("config")[0xff], Is.EqualTo(0x77));
    }

    [Test]
    public void Configuration_accesses_outside_or_misaligned_throw_and_touch_nothing()
    {
        var config = Open().Config;
        var before = Bytes("config");
        foreach (var at in new[] { -1L, -4, 256, long.MaxValue, long.MinValue })
        {
            foreach (var access in new Action[] { () => config.Read8(at), () => config.Read16(at), () => config.Read32(at), () => config.Write8(at, 1), () => config.Write16(at, 1), () => config.Write32(at, 1) })
                Assert.Throws<ArgumentOutOfRangeException>(access, $"{at}");
        }
        foreach (var access in new Action[] { () => config.Read16(1), () => config.Read32(2), () => config.Read32(1), () => config.Write16(3, 1), () => config.Write32(6, 1) })
            Assert.Throws<DataMisalignedException>(access);
        Assert.That(Bytes("config"), Is.EqualTo(before));
    }

    [Test]
    public void Bus_master_and_interrupt_are_bits_of_the_command_register_and_leave_the_others()
    {
        var pci = Open();
        Assert.That((pci.BusMaster, pci.InterruptEnabled), Is.EqualTo((false, true)));
        pci.BusMaster = true;
        pci.InterruptEnabled = false;
        Assert.That(BitConverter.ToUInt16(Bytes("config"), 4), Is.EqualTo(0x407));
        Assert.That((pci.BusMaster, pci.InterruptEnabled), Is.EqualTo((true, false)));
        pci.BusMaster = false;
        pci.InterruptEnabled = true;
        Assert.That(BitConverter.ToUInt16(Bytes("config"), 4), Is.EqualTo(3));
    }

    [Test]
    public void A_driver_is_bound_and_unbound_by_the_kernels_files()
    {
        foreach (var file in new[] { "bind", "unbind", "new_id", "remove_id" }) _folder.Write($"sys/bus/pci/drivers/uio_pci_generic/{file}", "");
        _folder.Write($"{_device}/driver_override", "");
        var binding = Open().Binding;
        binding.Unbind();
        Assert.That(_folder.Read("sys/bus/pci/drivers/uio_pci_generic/unbind"), Is.Empty, "nobody has it");
        binding.AddId("uio_pci_generic");
        binding.Bind("uio_pci_generic");
        binding.RemoveId("uio_pci_generic");
        binding.Override("vfio-pci");
        Assert.That(_folder.Read("sys/bus/pci/drivers/uio_pci_generic/new_id"), Is.EqualTo("1234 11e8"));
        Assert.That(_folder.Read("sys/bus/pci/drivers/uio_pci_generic/remove_id"), Is.EqualTo("1234 11e8"));
        Assert.That(_folder.Read("sys/bus/pci/drivers/uio_pci_generic/bind"), Is.EqualTo("0000:00:04.0"));
        Assert.That(_folder.Read($"{_device}/driver_override"), Is.EqualTo("vfio-pci\n"));
        _folder.Link($"{_device}/driver", "../../../bus/pci/drivers/uio_pci_generic");
        binding.Unbind();
        Assert.That(_folder.Read("sys/bus/pci/drivers/uio_pci_generic/unbind"), Is.EqualTo("0000:00:04.0"));
        var busy = Assert.Throws<RawIoException>(() => binding.Bind("e1000"))!;
        Assert.That(busy.Errno, Is.EqualTo(Errno.EBUSY));
        Assert.That(busy.Message, Does.Contain("uio_pci_generic"));
    }

    [Test]
    public void A_driver_that_is_not_there_or_is_no_name_is_refused()
    {
        var binding = Open().Binding;
        foreach (var use in new Action[] { () => binding.Bind("uio_pci_generic"), () => binding.AddId("uio_pci_generic"), () => binding.RemoveId("uio_pci_generic"), () => binding.Override(null) })
        {
            var error = Assert.Throws<RawIoException>(use)!;
            Assert.That(error.Errno, Is.EqualTo(Errno.ENOENT));
            Assert.That(error.Message, Does.Contain("modprobe"));
        }
        foreach (var name in new[] { "", ".", "..", "a/b", "x\n", "x\0" })
        {
            Assert.Throws<ArgumentException>(() => binding.Bind(name));
            Assert.Throws<ArgumentException>(() => binding.AddId(name));
            Assert.Throws<ArgumentException>(() => binding.Override(name));
        }
    }
}
