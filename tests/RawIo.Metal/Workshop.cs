using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RawIo.Metal;

/// <summary>What the machine that runs the lab has: the kernels, the folder for what is built, and commands.</summary>
internal static class Workshop
{
    /// <summary>The folder that tests/fetch-kernels.sh filled; skips the test where there is none.</summary>
    public static string Kernels()
    {
        var folder = Environment.GetEnvironmentVariable("RAWIO_KERNELS");
        if (string.IsNullOrEmpty(folder) || !File.Exists(Path.Join(folder, ".complete")))
            Assert.Ignore("SKIPPED: RAWIO_KERNELS names no folder of kernels (fill one with tests/fetch-kernels.sh DIR, then set RAWIO_KERNELS=DIR)");
        return Path.GetFullPath(folder!);
    }

    /// <summary>artifacts/metal of the clone: what is built, and what the guests said.</summary>
    public static string Artifacts { get; } = Directory.CreateDirectory(Path.Join(Repository(), "artifacts", "metal")).FullName;

    /// <summary>The top of the clone.</summary>
    public static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Join(here, "../../.."));

    /// <summary>Skips the test where a command is missing.</summary>
    public static void Need(string command, string package)
    {
        foreach (var folder in Environment.GetEnvironmentVariable("PATH")!.Split(':'))
            if (File.Exists(Path.Join(folder, command))) return;
        Assert.Ignore($"SKIPPED: there is no {command} here (Debian: apt install {package})");
    }

    /// <summary>Runs a command to its end, and fails with what it said if it fails.</summary>
    public static void Run(TimeSpan limit, string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // A dotnet inside a dotnet test is one of its own.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || k is "DOTNET_CLI_TELEMETRY_SESSIONID").ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{command} {string.Join(' ', arguments)} did not end in {limit}");
        }
        if (process.ExitCode != 0) Assert.Fail($"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output.Result}{errors.Result}");
    }
}
