using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RawIo.Bench;

/// <summary>What a table was measured on, and where it goes.</summary>
internal static class Host
{
    public static string Cpu { get; } = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
        ?? RuntimeInformation.ProcessArchitecture.ToString();

    public static string Description =>
        $"{Cpu}, {Environment.ProcessorCount} cores, Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, {RuntimeInformation.FrameworkDescription}, commit {Commit()}";

    /// <summary>Where the tables of this processor are, from the top of the repository.</summary>
    public static string ResultsLink { get; } = "bench/results/" + string.Concat(Cpu.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '-')) + "/table.md";

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>What a program prints; a program that fails, or is not there, throws.</summary>
    public static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = Root })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {text}");
    }

    private static string Commit()
    {
        var commit = Output("git", "rev-parse", "--short", "HEAD").Trim();
        return Output("git", "status", "--porcelain", "--untracked-files=no", "--", "src", "native", "bench", ":!bench/results").Length > 0 ? commit + " and changes" : commit;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "RawIo.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Run it from within the repository.");
        return folder;
    }
}
