using System.Diagnostics;
using Mono.Unix.Native;

namespace RawIo.Metal;

/// <summary>What a user without any rights gets told. The program starts itself again and gives up being root there.</summary>
internal static class OtherUser
{
    private const uint Nobody = 65534;

    private static readonly Dictionary<string, Action> s_acts = new()
    {
        ["map"] = () => DeviceFile.Map("/dev/mem", 0xf0000, 16, 0xf0000, writable: false).Dispose(),
    };

    /// <summary>What the user "nobody" is told when doing something of <see cref="s_acts"/>: "EACCES: message", or "done".</summary>
    public static string Try(string what)
    {
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--as", $"{Nobody}", what]) { RedirectStandardOutput = true })!;
        var said = child.StandardOutput.ReadToEnd().Trim();
        child.WaitForExit();
        return said.Length > 0 ? said : $"the program ended with {child.ExitCode} and said nothing";
    }

    public static int Act(uint uid, string what)
    {
        if (Syscall.setgroups([]) != 0 || Syscall.setgid(uid) != 0 || Syscall.setuid(uid) != 0) return 3;
        try
        {
            s_acts[what]();
            Console.WriteLine("done");
        }
        catch (RawIoException e)
        {
            Console.WriteLine($"{e.Errno}: {CheckRunner.OneLine(e.Message)}");
        }
        catch (Exception e)
        {
            Console.WriteLine(CheckRunner.OneLine(e.ToString()));
        }
        return 0;
    }
}
