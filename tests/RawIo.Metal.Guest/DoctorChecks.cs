namespace RawIo.Metal;

/// <summary>What the doctor finds on real machines.</summary>
internal static class DoctorChecks
{
    public static IEnumerable<Check> Pc() => [Check.Of(The_doctor_finds_a_pc_and_every_way_of_it), Check.Of(The_doctor_finds_no_way_for_a_user_without_rights)];

    public static IEnumerable<Check> Pi() => [Check.Of(The_doctor_finds_a_pi_3_its_base_and_its_way), Check.Of(The_doctor_finds_no_way_for_a_user_without_rights)];

    private static void The_doctor_finds_a_pc_and_every_way_of_it()
    {
        var report = HostReport.Probe();
        Console.WriteLine(string.Join('\n', report.Ways.Select(w => $"doctor: {w.Name}: {w.Usable}: {w.Detail}: {w.Remedy}")));
        Assert.That(report.Board.IsRaspberryPi, Is.False);
        Assert.That(report.Architecture, Is.EqualTo("x86_64"));
        Assert.That(report.Kernel, Is.EqualTo(File.ReadAllText("/proc/sys/kernel/osrelease").Trim()));
        foreach (var way in new[] { "/dev/mem", "ioperm", "iopl", "/dev/port" })
            Assert.That(report.Ways.Any(w => w.Name.Contains(way, StringComparison.Ordinal) && w.Usable), Is.True, way);
        Assert.That(report.Library.Usable, Is.True);
    }

    private static void The_doctor_finds_a_pi_3_its_base_and_its_way()
    {
        var report = HostReport.Probe();
        Console.WriteLine(string.Join('\n', report.Ways.Select(w => $"doctor: {w.Name}: {w.Usable}: {w.Detail}: {w.Remedy}")));
        Assert.That(report.Board.Model, Does.StartWith("Raspberry Pi 3 Model B"));
        Assert.That(report.Board.IsRaspberryPi, Is.True);
        Assert.That(report.Board.Soc, Is.EqualTo("BCM2837"));
        Assert.That(report.Board.PeripheralBase, Is.EqualTo(0x3f000000));
        Assert.That(report.Board.GpioBase, Is.EqualTo(0x3f200000));
        Assert.That(report.Architecture, Is.EqualTo("aarch64"));
        Assert.That(report.Ways.Any(w => w.Name.Contains("/dev/mem", StringComparison.Ordinal) && w.Usable), Is.True);
        Assert.That(report.Library.Usable, Is.True);
    }

    private static void The_doctor_finds_no_way_for_a_user_without_rights() =>
        Assert.That(OtherUser.Try("doctor"), Does.Contain("/dev/mem: False: ").And.Not.Contain(": True: "));
}
