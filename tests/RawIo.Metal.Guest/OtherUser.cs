using System.Diagnostics;
using Mono.Unix.Native;

namespace RawIo.Metal;

/// <summary>What a user without any rights gets told. The program starts itself again and gives up being root there.</summary>
internal static class OtherUser
{
    /// <summary>An address where neither machine has anything.</summary>
    public const ulong FreeAddress = 0x1_0000_0000_0000;

    /// <summary>A user without any rights.</summary>
    public const uint Nobody = 65534;

    private static readonly Dictionary<string, Action> s_acts = new()
    {
        ["map"] = static () => DeviceFile.Map("/dev/mem", 0xf0000, 16, 0xf0000, writable: false).Dispose(),
        ["claim"] = static () =>
        {
            using var host = HostMachine.Open(new() { Warn = Console.WriteLine });
            host.RequestMemRegion(FreeAddress, 0x100, "nobody").Dispose();
        },
        ["ioperm"] = static () => Ports(PortAccess.IoPerm),
        ["iopl"] = static () => Ports(PortAccess.IoPl),
        ["/dev/port"] = static () => Ports(PortAccess.DevPort),
        ["bar"] = static () => PciDevice.Find(0x1234, 0x11e8).MapBar(0).Dispose(),
        ["uio"] = static () => UioDevice.Open("uio0").Dispose(),
        ["doctor"] = static () => Console.WriteLine(string.Join('\n', HostReport.Probe().Ways.Select(w => $"{w.Name}: {w.Usable}: {w.Remedy}"))),
        ["ports"] = static () => Ports(PortAccess.Auto),
    };

    /// <summary>What the user "nobody" is told when doing something of <see cref="s_acts"/>: warnings, then "EACCES: message" or "done"; one line.</summary>
    public static string Try(string what)
    {
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--as", $"{Nobody}", what]) { RedirectStandardOutput = true })!;
        var said = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return said.Length > 0 ? CheckRunner.OneLine(said) : $"the program ended with {child.ExitCode} and said nothing";
    }

    public static int Act(uint uid, string what)
    {
        if (!GiveUpRoot(uid)) return 3;
        try
        {
            s_acts[what]();
            Console.WriteLine("done");
        }
        catch (RawIoException e)
        {
            Console.WriteLine($"{e.Errno}: {e.Message}");
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
        }
        return 0;
    }

    /// <summary>Goes on as another program, without rights.</summary>
    public static int Become(uint uid, string[] program) => GiveUpRoot(uid) ? Syscall.execv(program[0], [.. program, null!]) : 3;

    private static bool GiveUpRoot(uint uid) => Syscall.setgroups([]) == 0 && Syscall.setgid(uid) == 0 && Syscall.setuid(uid) == 0;

    private static void Ports(PortAccess access)
    {
        using var host = HostMachine.Open(new() { PortAccess = access });
        using var ports = host.OpenPorts(0x70, 2);
        ports.In8(0x71);
    }
}
