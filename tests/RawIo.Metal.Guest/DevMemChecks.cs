namespace RawIo.Metal;

/// <summary>/dev/mem, on whatever machine.</summary>
internal static class DevMemChecks
{
    public static IEnumerable<Check> AnyMachine() =>
    [
        Check.Of(The_kernel_lists_its_memory),
        Check.Of(A_file_that_is_not_there_says_so),
    ];

    private static void The_kernel_lists_its_memory() =>
        Assert.That(File.ReadAllText("/proc/iomem"), Does.Contain("System RAM"));

    private static void A_file_that_is_not_there_says_so() =>
        Assert.That(Assert.Throws<RawIoException>(() => DeviceFile.Map("/dev/nothing", 0, 4, 0))!.Errno, Is.EqualTo(Errno.ENOENT));
}
