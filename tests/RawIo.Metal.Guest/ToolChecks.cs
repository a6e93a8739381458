using System.Text.Json;
using Mono.Unix.Native;
using static RawIo.Metal.RawIoProgram;

namespace RawIo.Metal;

/// <summary>The program rawio on real kernels, seen from outside: what it prints, what it says, and its exit code.</summary>
internal static class ToolChecks
{
    /// <summary>Each starts several programs, which on an emulated Pi takes seconds apiece.</summary>
    public static IEnumerable<Check> Patient(params Check[] checks) => checks.Select(static check => check with { TimeLimit = TimeSpan.FromMinutes(4) });

    public static void TheDoctorFinds(string machine)
    {
        Assert.That(Succeed("doctor"), Does.Contain(machine).And.Contain("This process can reach registers.").And.Not.Contain("\u001b"));
        using var json = JsonDocument.Parse(Succeed("doctor --json"));
        Assert.That(json.RootElement.GetProperty("reachesRegisters").GetBoolean(), Is.True);
        Assert.That(json.RootElement.GetProperty("library").GetProperty("usable").GetBoolean(), Is.True);
    }

    public static void PrintsWhatTheKernelPrints(string name) =>
        Assert.That(Succeed($"{name} --host"), Is.EqualTo(File.ReadAllText($"/proc/{name}")));

    /// <summary>A write holds for a time, or until Ctrl-C, and is restored; another run of the program sees it so.</summary>
    public static void RestoresAWrite(ulong address)
    {
        Assert.That(Succeed($"write --host 0x{address:x} 0x11223344"), Is.Empty);
        var held = Run($"write --host 0x{address:x} 0xcafe --undo --for 300ms");
        Assert.That(held.ExitCode, Is.Zero, held.Error);
        Assert.That(held.Output, Is.EqualTo("0x11223344\n"), "the old value");
        Assert.That(held.Error, Does.Match($"^rawio: holds for 0.3 s[^\n]*\nrawio: restored 0x0*{address:x} = 0x11223344\n$"));
        Assert.That(Read(address), Is.EqualTo("0x11223344"));

        using var waiting = Start($"write --host 0x{address:x} 0xcafe --undo");
        waiting.AwaitError("holds until the end of input or Ctrl-C");
        Assert.That(Read(address), Is.EqualTo("0x0000cafe"), "while it holds");
        Refuse(Run($"write --host 0x{address:x} 1"), "rawio");
        waiting.Signal(Signum.SIGINT);
        var interrupted = waiting.Result();
        Assert.That(interrupted.ExitCode, Is.EqualTo(130), interrupted.Error);
        Assert.That(interrupted.Error, Does.EndWith("= 0x11223344\n").And.Contain("restored"));
        Assert.That(Read(address), Is.EqualTo("0x11223344"), "after Ctrl-C");
    }

    /// <summary>The one value that a read prints.</summary>
    public static string Read(ulong address) => Succeed($"read --host 0x{address:x}").TrimEnd('\n');
}
