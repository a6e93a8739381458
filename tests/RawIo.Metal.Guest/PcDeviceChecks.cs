using System.Diagnostics;
using RawIo.Drivers;
using static RawIo.LinuxKernel;

namespace RawIo.Metal;

/// <summary>The devices every PC has, by their ports: the keyboard controller, which the kernel was kept off (initcall_blacklist=i8042_init), and the clock.</summary>
internal static class PcDeviceChecks
{
    private const ulong I8042_COMMAND_REG = 0x64;
    private const ulong I8042_STATUS_REG = 0x64;
    private const ulong I8042_DATA_REG = 0x60;

    public static IEnumerable<Check> All() =>
    [
        Check.Of(The_chapters_i8042_listing_on_the_machines_own_controller),
        Check.Of(The_i8042_is_the_kernels_and_force_takes_it),
        Check.Of(The_i8042_driver_examines_controller_keyboard_and_mouse),
        Check.Of(The_cmos_clock_tells_the_guests_time),
        Check.Of(The_pm_timer_runs_at_3_579545_MHz),
    ];

    private static int i8042_read_data() => inb(I8042_DATA_REG);

    private static int i8042_read_status() => inb(I8042_STATUS_REG);

    private static void i8042_write_command(int val) => outb((byte)val, I8042_COMMAND_REG);

    private static void The_chapters_i8042_listing_on_the_machines_own_controller()
    {
        using var host = HostMachine.Open();
        using var kernel = On(host);
        Assert.That(request_region(I8042_DATA_REG, 1, "mydriver"), Is.Null, "/proc/ioports has it as 'keyboard', as the chapter shows");
        while ((i8042_read_status() & 0x01) != 0) i8042_read_data();
        i8042_write_command(0xaa);
        var clock = Stopwatch.StartNew();
        while ((i8042_read_status() & 0x01) == 0 && clock.ElapsedMilliseconds < 5000) { }
        Assert.That(i8042_read_status() & 0x01, Is.EqualTo(1), "the same port, read: the status; the answer waits");
        Assert.That(i8042_read_data(), Is.EqualTo(0x55), "the controller passed its self test");
        Assert.That(i8042_read_status() & 0x01, Is.Zero, "reading the data took it");
    }

    private static void The_i8042_is_the_kernels_and_force_takes_it()
    {
        using (var host = HostMachine.Open())
            Assert.That(Assert.Throws<ResourceBusyException>(() => new I8042(host).Dispose())!.Message, Does.Contain("keyboard"));
        var warnings = new List<string>();
        using var forced = HostMachine.Open(new() { Force = true, Warn = warnings.Add });
        using var i8042 = new I8042(forced);
        Assert.That(warnings.Count, Is.EqualTo(2));
        Assert.That(warnings[0], Does.Contain("by force").And.Contain("keyboard"));
        Assert.That(i8042.SelfTest(), Is.EqualTo(0x55));
    }

    private static void The_i8042_driver_examines_controller_keyboard_and_mouse()
    {
        using var host = HostMachine.Open();
        using var ports = host.OpenPorts(0x60, 5);
        var report = new I8042(ports, host.Time).Probe();
        Assert.That(report.Passed, Is.True, $"{report}");
        Assert.That(report.KeyboardId.ToArray(), Is.EqualTo(new byte[] { 0xab, 0x83 }));
        Assert.That(report.MouseId, Is.Zero);
    }

    private static void The_cmos_clock_tells_the_guests_time()
    {
        using var host = HostMachine.Open();
        using var ports = host.OpenPorts(0x70, 2);
        byte Read(int register)
        {
            ports.Out8(0x70, (byte)register);
            return ports.In8(0x71);
        }
        // MC146818: register A bit 7, an update is under way; B bit 2, binary; B bit 1, 24 hours.
        DateTime Take()
        {
            while ((Read(0x0a) & 0x80) != 0) { }
            var b = Read(0x0b);
            Assert.That(b & 0x02, Is.Not.Zero, "24 hours");
            int Number(int register) => Read(register) is var raw && (b & 0x04) != 0 ? raw : raw / 16 * 10 + raw % 16;
            return new(2000 + Number(9), Number(8), Number(7), Number(4), Number(2), Number(0), DateTimeKind.Utc);
        }
        // Two readings that agree were not taken across an update.
        DateTime first, second;
        do (first, second) = (Take(), Take());
        while (first != second);
        Assert.That(Math.Abs((DateTime.UtcNow - second).TotalSeconds), Is.LessThanOrEqualTo(2), $"the clock says {second:O}, the guest {DateTime.UtcNow:O}");
    }

    private static void The_pm_timer_runs_at_3_579545_MHz()
    {
        using var host = HostMachine.Open();
        var timer = host.Ports.All().Single(r => r.Name == "ACPI PM_TMR");
        using var ports = host.OpenPorts((int)timer.Start, 4);
        var rate = 0d;
        // The emulator may stop for moments between two readings: the best of five. 24 bits last 4.6 s.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var (clock, start) = (Stopwatch.StartNew(), ports.In32((int)timer.Start));
            while (clock.ElapsedMilliseconds < 500) Thread.Sleep(1);
            rate = ((ports.In32((int)timer.Start) - start) & 0xffffff) / clock.Elapsed.TotalMicroseconds;
            if (rate is > 3.579545 * 0.99 and < 3.579545 * 1.01) return;
        }
        Assert.Fail($"it counts {rate} a microsecond");
    }
}
