using static RawIo.Metal.RawIoProgram;

namespace RawIo.Metal;

/// <summary>rawio on a PC.</summary>
internal static class PcToolChecks
{
    public static IEnumerable<Check> All() => ToolChecks.Patient(
        Check.Of(Rawio_doctor_finds_the_pcs_ways),
        Check.Of(Rawio_iomem_and_ioports_are_the_kernels),
        Check.Of(Rawio_reads_a_port_and_takes_a_held_one_by_force_alone),
        Check.Of(Rawio_i8042_examines_the_controller),
        Check.Of(Rawio_reads_edu_and_serves_it_by_qtest),
        Check.Of(Rawio_write_undo_restores_after_its_time_and_on_ctrl_c),
        Check.Of(Rawio_is_refused_what_a_driver_holds_and_names_it),
        Check.Of(Rawio_tells_a_user_without_rights_the_remedy));

    private static void Rawio_doctor_finds_the_pcs_ways() => ToolChecks.TheDoctorFinds("x86_64");

    private static void Rawio_iomem_and_ioports_are_the_kernels()
    {
        ToolChecks.PrintsWhatTheKernelPrints("iomem");
        ToolChecks.PrintsWhatTheKernelPrints("ioports");
    }

    private static void Rawio_reads_a_port_and_takes_a_held_one_by_force_alone()
    {
        Assert.That(Succeed("in 0x64 --host"), Does.Match("^0x1[0-9a-f]\n$"), "the keyboard is not locked");

        Refuse(Run("out 0x64 0xaa --host"), "'keyboard'", "force");
        var selfTest = Run("shell --host --force", "in 0x60\nout 0x64 0xaa\nin 0x60\n");
        Assert.That(selfTest.ExitCode, Is.Zero, selfTest.Error);
        Assert.That(selfTest.Output, Does.EndWith("\n0x55\n"));
        Assert.That(selfTest.Error, Does.Match("^rawio: [^\n]*by force[^\n]*'keyboard'[^\n]*\n$"));
    }

    private static void Rawio_i8042_examines_the_controller()
    {
        Refuse(Run("i8042 --host"), "'keyboard'", "force");
        var report = Run("i8042 --host --force");
        Assert.That(report.ExitCode, Is.Zero, report.Error);
        Assert.That(report.Output, Does.Match("self test +0x55 +passed").And.Contain("enhanced keyboard").And.Contain("standard mouse"));
    }

    private static void Rawio_reads_edu_and_serves_it_by_qtest()
    {
        var edu = Bar(0x1234, 0x11e8, 0);
        Assert.That(ToolChecks.Read(edu), Is.EqualTo("0x010000ed"));
        Assert.That(Succeed("qtest --host", $"readl 0x{edu:x}\ninb 0x64\n"), Does.Match("^OK 0x00000000010000ed\nOK 0x001[0-9a-f]\n$"));
    }

    // ivshmem's RAM.
    private static void Rawio_write_undo_restores_after_its_time_and_on_ctrl_c() => ToolChecks.RestoresAWrite(Bar(0x1af4, 0x1110, 2) + 0x1000);

    private static void Rawio_is_refused_what_a_driver_holds_and_names_it()
    {
        Refuse(Run("write --host 0xfec00010 0"), "'IOAPIC 0'");
        Refuse(Run("read --host 0xfec00010"), "'IOAPIC 0'", "iomem=relaxed");
    }

    private static void Rawio_tells_a_user_without_rights_the_remedy()
    {
        Refuse(RunAsNobody("read --host 0xfed00000"), "/dev/mem", "run as root");
        Refuse(RunAsNobody("in 0x64 --host"), "run as root", "CAP_SYS_RAWIO");
        Refuse(RunAsNobody("iomem --host"), "/proc/iomem", "run as root");
        var doctor = RunAsNobody("doctor");
        Assert.That(doctor.ExitCode, Is.EqualTo(1), doctor.Output);
        Assert.That(doctor.Output, Does.Contain("root").And.Contain("No way to the registers works for this process"));
    }

    private static ulong Bar(ushort vendor, ushort device, int bar) => PciDevice.Find(vendor, device).Bars.Single(b => b.Index == bar).Start;
}
