using static RawIo.Metal.RawIoProgram;

namespace RawIo.Metal;

/// <summary>rawio on a Raspberry Pi 3.</summary>
internal static class PiToolChecks
{
    private const ulong Gpfsel1 = 0x3f200004, Gplev0 = 0x3f200034;

    public static IEnumerable<Check> All() => ToolChecks.Patient(
        Check.Of(Rawio_doctor_finds_the_pis_ways),
        Check.Of(Rawio_iomem_is_the_kernels),
        Check.Of(Rawio_gpio_draws_the_header),
        Check.Of(Rawio_gpio_sets_a_pin_by_force_alone_and_undo_puts_it_back),
        Check.Of(Rawio_tells_of_an_address_that_nobody_answers_at),
        Check.Of(Rawio_dump_leaves_out_what_reading_changes),
        Check.Of(Rawio_write_undo_restores_after_its_time_and_on_ctrl_c));

    private static void Rawio_doctor_finds_the_pis_ways() => ToolChecks.TheDoctorFinds("BCM2837, peripherals at 0x3f000000");

    private static void Rawio_iomem_is_the_kernels() => ToolChecks.PrintsWhatTheKernelPrints("iomem");

    private static void Rawio_gpio_draws_the_header()
    {
        var drawn = Succeed("gpio --host");
        Assert.That(drawn.TrimEnd('\n').Split('\n').Length, Is.EqualTo(21), "a head and twenty rows of two pins");
        Assert.That(drawn, Does.Match(" (high|low) +\\w+ +GPIO17 +11 +12 +GPIO18 +\\w+ +(high|low)\n"));
    }

    private static void Rawio_gpio_sets_a_pin_by_force_alone_and_undo_puts_it_back()
    {
        Refuse(Run("gpio --host 16 out high"), "3f200000.gpio", "/sys/bus/platform/drivers/pinctrl-bcm2835/unbind", "force");
        var before = ToolChecks.Read(Gpfsel1);
        var held = Run("gpio --host 16 out high --force --undo --for 300ms");
        Assert.That($"{held.ExitCode} {held.Output}", Is.EqualTo("0 GPIO16: out, high\n"), held.Error);
        Assert.That(held.Error, Does.Contain("by force").And.Contain("restored 0x3f200004"));
        Assert.That(ToolChecks.Read(Gpfsel1), Is.EqualTo(before));

        foreach (var (level, bit) in new[] { ("high", 1u), ("low", 0u) })
        {
            var set = Run($"gpio --host 16 out {level} --force");
            Assert.That($"{set.ExitCode} {set.Output}", Is.EqualTo($"0 GPIO16: out, {level}\n"), set.Error);
            Assert.That(Convert.ToUInt32(ToolChecks.Read(Gplev0), 16) >> 16 & 1, Is.EqualTo(bit));
        }
        Assert.That(Run($"write --host --force 0x{Gpfsel1:x} {before}").ExitCode, Is.Zero);
    }

    private static void Rawio_tells_of_an_address_that_nobody_answers_at() => Refuse(Run("read --host 0x50000000"), "Nothing answers", "0x50000000");

    private static void Rawio_dump_leaves_out_what_reading_changes()
    {
        Assert.That(Succeed("dump --host 0x3f104000 16"), Does.Match("^3f104000  ([0-9a-f]{2} ){8} -- -- -- -- ([0-9a-f]{2} ){3}[0-9a-f]{2}  "), "RNG_DATA gives each number once");
    }

    // RAM that the kernel was kept off.
    private static void Rawio_write_undo_restores_after_its_time_and_on_ctrl_c() => ToolChecks.RestoresAWrite(0x30001000);
}
