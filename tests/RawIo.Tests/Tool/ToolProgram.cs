using System.Diagnostics;

namespace RawIo.Tests;

/// <summary>The program itself, as a shell starts it.</summary>
internal static class ToolProgram
{
    // The one that was published, where the build names it; else the one that was built.
    private static string Path => Environment.GetEnvironmentVariable("RAWIO_PROGRAM") is { Length: > 0 } published
        ? published
        : System.IO.Path.Combine(TestContext.CurrentContext.TestDirectory, "RawIo.Tool");

    /// <summary>Whether it is the published one.</summary>
    public static bool IsPublished => Environment.GetEnvironmentVariable("RAWIO_PROGRAM") is { Length: > 0 };

    /// <summary>Runs a line of bash in which rawio is the program, with an empty standard input, for a minute at most.</summary>
    public static (int Code, string Output, string Error) Shell(string command)
    {
        if (!File.Exists(Path)) Assert.Ignore($"SKIPPED: there is no program at {Path}");
        var start = new ProcessStartInfo("timeout", ["-k", "10", "60", "/bin/bash", "-c", $"rawio() {{ \"$RAWIO\" \"$@\"; }}; {command}"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["RAWIO"] = Path;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Runs a line that must succeed and say nothing on standard error.</summary>
    public static string[] Succeed(string command)
    {
        var result = Shell(command);
        Assert.That((result.Code, result.Error), Is.EqualTo((0, "")), command);
        return result.Output.TrimEnd('\n').Split('\n');
    }
}
