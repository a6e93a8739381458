using System.Diagnostics;
using RawIo.QTest;
using RawIo.Sim;
using RawIo.Tests;

namespace RawIo.Conformance;

/// <summary>
/// Machines for drivers: clocks run, and what goes out of the first serial line comes back in, both simulated and on QEMU.
/// QEMU's clock stands still while the machine is stopped, so there the processor runs: code that only halts.
/// </summary>
internal static class DriverMachines
{
    /// <summary>What the clock of both PCs shows at the start.</summary>
    public static readonly DateTime Start = new(2021, 12, 31, 23, 59, 58);

    private static readonly string s_folder = Folder();

    /// <summary>A simulated machine on the host's clock.</summary>
    /// <param name="board">Which.</param>
    /// <param name="serial">The id of its first serial line.</param>
    public static SimMachine Simulate(string board, string serial)
    {
        var machine = SimMachine.Create(board, new() { Rtc = new(Start, TimeSpan.Zero) });
        var line = ((ISerialPort)machine.Device<Device>(serial)).Line;
        line.Sent += character => line.Send(character);
        return machine;
    }

    /// <summary>A PC of QEMU with an edu; the test is skipped where QEMU is not installed.</summary>
    public static QTestMachine EmulatePc()
    {
        // 64 KiB below 1 MiB; at the reset vector, f000:fff0: cli; hlt; jmp to the hlt.
        var code = new byte[0x1_0000];
        ((ReadOnlySpan<byte>)[0xfa, 0xf4, 0xeb, 0xfd]).CopyTo(code.AsSpan(0xfff0));
        return Qemu.Open("pc", new QTestOptions
        {
            Stopped = false,
            Arguments = ["-bios", Write("halt.bin", code), "-device", "edu,addr=4", "-rtc", $"base={Start:s},clock=vm", .. Echo()],
        });
    }

    /// <summary>A Raspberry Pi 3 of QEMU, with our device tree: qtest cannot tell it.</summary>
    public static QTestMachine EmulatePi()
    {
        using var tree = SimMachine.Create("pi3", new() { SteppedClock = true });
        // wfi; b to the wfi. The other three processors wait in QEMU's own loader.
        return Qemu.Open("raspi3b", new QTestOptions
        {
            Stopped = false,
            DeviceTree = tree.DeviceTree,
            Arguments = ["-kernel", Write("wfi.img", [0x7f, 0x20, 0x03, 0xd5, 0xff, 0xff, 0xff, 0x17]), .. Echo()],
        });
    }

    /// <summary>RAM, as a driver's author gets it from his system.</summary>
    public static IMmio Ram(IHardware machine, ulong start, long length) => machine is SimMachine sim
        ? sim.PhysicalMemory.Window((long)start, length)
        : machine.IoRemap(start, length);

    /// <summary>A serial line that comes back: QEMU opens one pipe for both ways.</summary>
    private static string[] Echo()
    {
        var path = Path.Join(s_folder, $"echo{Guid.NewGuid():n}");
        using var mkfifo = Process.Start("mkfifo", path);
        mkfifo.WaitForExit();
        Assert.That(mkfifo.ExitCode, Is.Zero, "mkfifo");
        return ["-chardev", $"pipe,id=echo,path={path}", "-serial", "chardev:echo"];
    }

    private static string Write(string name, byte[] code)
    {
        var path = Path.Join(s_folder, name);
        File.WriteAllBytes(path, code);
        return path;
    }

    private static string Folder()
    {
        var folder = Directory.CreateTempSubdirectory("rawio-drivers-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
