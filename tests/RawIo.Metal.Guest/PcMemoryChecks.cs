using System.Text;

namespace RawIo.Metal;

/// <summary>Memory of a PC that is no RAM, through /dev/mem.</summary>
internal static class PcMemoryChecks
{
    private const ulong IoApic = 0xfec00000;
    private const ulong Hpet = 0xfed00000;

    /// <summary>However it was booted.</summary>
    public static IEnumerable<Check> Any() =>
    [
        Check.Of(The_processor_starts_with_a_far_jump_and_the_firmware_has_a_date),
        Check.Of(A_read_only_mapping_refuses_to_write),
        Check.Of(A_pc_has_no_device_tree),
    ];

    public static IEnumerable<Check> Strict() => [Check.Of(A_page_that_the_kernel_holds_is_refused_and_the_holder_named)];

    public static IEnumerable<Check> Relaxed() => [Check.Of(A_page_that_the_kernel_holds_can_be_looked_at), Check.Of(The_hpet_tells_what_it_is)];

    private static void The_processor_starts_with_a_far_jump_and_the_firmware_has_a_date()
    {
        using var host = HostMachine.Open();
        using var reset = host.IoRemap(0xffff0, 16);
        Assert.That(reset.Read8(0), Is.EqualTo(0xea), "jmp ptr16:16");
        var date = new byte[8];
        reset.CopyFrom(5, date);
        Assert.That(Encoding.ASCII.GetString(date), Does.Match(@"^\d\d/\d\d/\d\d$"));
        Assert.That(() => reset.Read8(16), Throws.TypeOf<ArgumentOutOfRangeException>(), "the page goes on; the window does not");
    }

    private static void A_read_only_mapping_refuses_to_write()
    {
        using var rom = DeviceFile.Map("/dev/mem", 0xf0000, 0x1000, 0xf0000, writable: false);
        var before = rom.Read32(0);
        Assert.That(Assert.Throws<RawIoException>(() => rom.Write32(0, ~before))!.Errno, Is.EqualTo(Errno.EACCES));
        Assert.That(rom.Read32(0), Is.EqualTo(before));
    }

    private static void A_pc_has_no_device_tree()
    {
        using var host = HostMachine.Open();
        Assert.That(host.DeviceTree, Is.Null);
    }

    private static void A_page_that_the_kernel_holds_is_refused_and_the_holder_named()
    {
        using var host = HostMachine.Open();
        var error = Assert.Throws<RawIoException>(() => host.IoRemap(IoApic + 0x10, 4))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.EPERM));
        Assert.That(error.Message, Does.Contain("'IOAPIC 0'").And.Contain("CONFIG_IO_STRICT_DEVMEM").And.Contain("iomem=relaxed"));
    }

    private static void A_page_that_the_kernel_holds_can_be_looked_at()
    {
        using var host = HostMachine.Open();
        Assert.That(Assert.Throws<ResourceBusyException>(() => host.RequestMemRegion(IoApic, 0x20, "lab"))!.Message, Does.Contain("IOAPIC 0"));
        using var ioapic = host.IoRemap(IoApic, 0x20);
        Assert.That(ioapic.Read32(0) & 0xffffff00, Is.Zero, "IOREGSEL has 8 bits");
    }

    private static void The_hpet_tells_what_it_is()
    {
        using var host = HostMachine.Open();
        using var hpet = host.IoRemap(Hpet, 0x400);
        // IA-PC HPET specification 1.0a, 2.3.4: General Capabilities and ID.
        var capabilities = hpet.Read64(0);
        Assert.That(capabilities >> 16 & 0xffff, Is.EqualTo(0x8086), "VENDOR_ID");
        Assert.That(capabilities >> 32, Is.EqualTo(10_000_000), "COUNTER_CLK_PERIOD: 10 ns in fs");
        Assert.That(hpet.Read32(4), Is.EqualTo((uint)(capabilities >> 32)));
    }
}
