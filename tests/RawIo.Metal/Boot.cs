using System.Diagnostics;

namespace RawIo.Metal;

/// <summary>How QEMU is started for a boot of the lab.</summary>
/// <param name="Name">The boot, as <see cref="Lab"/> names it.</param>
/// <param name="Architecture">Debian's name of it.</param>
/// <param name="Emulator">The QEMU program.</param>
/// <param name="Machine">Machine and devices; the console goes to the file that stands for CONSOLE.</param>
/// <param name="CommandLine">The kernel's.</param>
internal sealed record Boot(string Name, string Architecture, string Emulator, string[] Machine, string CommandLine)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>A PC with the devices that the checks want.</summary>
    public static Boot PcWith(string name, string more) => new(name, "amd64", "qemu-system-x86_64",
        [
            "-accel", "tcg", "-M", "pc", "-m", "512", "-smp", "2", "-serial", "file:CONSOLE",
            "-device", "edu", "-device", "rtl8139,romfile=",
            "-object", "memory-backend-ram,size=1M,id=scratch", "-device", "ivshmem-plain,memdev=scratch",
        ],
        // No driver of the kernel's for the keyboard controller: it is ours.
        $"console=ttyS0 quiet panic=-1 no_timer_check initcall_blacklist=i8042_init {more} lab={name}".Replace("  ", " ", StringComparison.Ordinal));

    /// <summary>A Raspberry Pi 3. One thread for all processors and the second UART: otherwise it hangs now and then.</summary>
    public static Boot PiWith(string name, string more) => new(name, "arm64", "qemu-system-aarch64",
        ["-accel", "tcg,thread=single", "-M", "raspi3b", "-serial", "null", "-serial", "file:CONSOLE", "-dtb", "KERNELS/dtbs/broadcom/bcm2837-rpi-3-b.dtb"],
        // RAM from 512 MiB on is kept from the kernel: scratch memory that takes every size.
        $"console=ttyS1,115200 rdinit=/init panic=-1 quiet loglevel=1 mem=512M {more} lab={name}".Replace("  ", " ", StringComparison.Ordinal));

    /// <summary>Boots, waits for the end of the checks, and ends the guest.</summary>
    public GuestReport Run()
    {
        var kernels = Workshop.Kernels();
        Workshop.Need(Emulator, Architecture == "amd64" ? "qemu-system-x86" : "qemu-system-arm");
        Workshop.Need("cpio", "cpio");
        Workshop.Need("clang", "clang");
        if (Architecture == "arm64")
        {
            Workshop.Need("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu libc6-dev-arm64-cross libstdc++-12-dev-arm64-cross");
            Workshop.Need("ld.lld", "lld");
        }
        var image = GuestImage.Of(Architecture);
        var console = Path.Join(Workshop.Artifacts, $"{Name}.console.txt");
        File.Delete(console);
        string[] arguments =
        [
            .. Machine.Select(a => a.Replace("CONSOLE", console, StringComparison.Ordinal).Replace("KERNELS", kernels, StringComparison.Ordinal)),
            "-display", "none", "-monitor", "none", "-no-reboot",
            "-kernel", Path.Join(kernels, Architecture, "vmlinuz"), "-initrd", image.Path, "-append", CommandLine,
        ];
        var start = new ProcessStartInfo(Emulator, arguments) { RedirectStandardInput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var clock = Stopwatch.StartNew();
        // The Pi cannot switch itself off; the PC can but need not be waited for.
        while (clock.Elapsed < Limit && !process.WaitForExit(200))
            if (GuestReport.IsOver(console)) break;
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }
        TestContext.Progress.WriteLine($"{Name}: {clock.Elapsed.TotalSeconds:f1} s");
        return new(Name, console, errors.Result);
    }
}
