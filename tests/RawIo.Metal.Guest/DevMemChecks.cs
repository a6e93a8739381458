namespace RawIo.Metal;

/// <summary>/dev/mem and the claims, on whatever machine.</summary>
internal static class DevMemChecks
{
    public static IEnumerable<Check> AnyMachine() =>
    [
        Check.Of(A_device_file_that_is_not_there_says_so),
        Check.Of(Ram_is_refused_before_the_kernel_is_asked),
        Check.Of(A_user_without_rights_is_told_to_be_root),
        Check.Of(A_user_without_rights_sees_no_addresses_and_is_told_so),
        Check.Of(A_claim_of_one_process_keeps_another_off),
    ];

    /// <summary>On machines booted without iomem=relaxed.</summary>
    public static IEnumerable<Check> Strict() => [Check.Of(The_kernel_keeps_its_ram_to_itself)];

    private static void A_device_file_that_is_not_there_says_so()
    {
        var error = Assert.Throws<RawIoException>(() => DeviceFile.Map("/dev/nothing", 0, 4, 0))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.ENOENT));
        Assert.That(error.Message, Does.Contain("/dev/nothing").And.Contain("--device"));
    }

    private static void Ram_is_refused_before_the_kernel_is_asked()
    {
        using var host = HostMachine.Open();
        var ram = host.Memory.All().First(r => r.Name == "System RAM" && r.Size > 0x100000);
        var error = Assert.Throws<RawIoException>(() => host.IoRemap(ram.Start + 0x10000, 4))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.EINVAL));
        Assert.That(error.Message, Does.Contain("RAM").And.Contain($"{ram.Start:x}"));
    }

    private static void The_kernel_keeps_its_ram_to_itself()
    {
        using var host = HostMachine.Open();
        var ram = host.Memory.All().First(r => r.Name == "System RAM" && r.Size > 0x1000000);
        var error = Assert.Throws<RawIoException>(() => DeviceFile.Map("/dev/mem", ram.Start + 0x800000, 4, 0))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.EPERM));
        Assert.That(error.Message, Does.Contain("CONFIG_STRICT_DEVMEM"));
    }

    private static void A_user_without_rights_is_told_to_be_root() =>
        Assert.That(OtherUser.Try("map"), Does.StartWith("EACCES: ").And.Contain("/dev/mem").And.Contain("run as root"));

    private static void A_user_without_rights_sees_no_addresses_and_is_told_so() =>
        Assert.That(OtherUser.Try("claim"), Does.Contain("CAP_SYS_ADMIN").And.Contain("/proc/iomem"));

    private static void A_claim_of_one_process_keeps_another_off()
    {
        using var host = HostMachine.Open();
        using (host.RequestMemRegion(OtherUser.FreeAddress, 0x100, "lab"))
            Assert.That(OtherUser.Try("claim"), Does.Contain("EBUSY: ").And.Contain("metal-guest"));
        Assert.That(OtherUser.Try("claim"), Does.Not.Contain("EBUSY"));
    }
}
