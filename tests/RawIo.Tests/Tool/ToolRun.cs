using System.Text;
using RawIo.Native;
using RawIo.Tool;

namespace RawIo.Tests;

/// <summary>What one run of the tool printed and answered.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Length == 0 ? [] : Output.TrimEnd('\n').Split('\n');
}

/// <summary>Runs the tool inside the test's process.</summary>
internal static class ToolRun
{
    /// <summary>Runs a command line; blanks part the words.</summary>
    public static ToolResult Run(string arguments, string input = "") =>
        Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), input);

    /// <summary>Runs a command line before a person at a terminal.</summary>
    public static ToolResult RunAtTerminal(string arguments, string input = "") => Run(arguments.Split(' '), input, terminal: true);

    public static ToolResult Run(IReadOnlyList<string> arguments, string input = "", bool terminal = false, bool dumb = false, Func<HostOptions, IHardware>? openHost = null)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter { NewLine = "\n" };
        using var source = new MemoryStream(Encoding.UTF8.GetBytes(input));
        var code = Cli.Run(arguments, new Streams(source, output, error, InputIsTerminal: terminal, OutputIsTerminal: terminal) { IsDumb = dumb }, openHost);
        return new(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>Runs a command line that must succeed and say nothing on standard error.</summary>
    public static ToolResult Succeed(string arguments, string input = "")
    {
        var result = Run(arguments, input);
        Assert.That(result, Is.EqualTo(new ToolResult(0, result.Output, "")), arguments);
        return result;
    }

    /// <summary>Asserts that a command line ends with a code, prints nothing, and says one line that names what is wrong.</summary>
    public static void Refuse(string arguments, int code, params string[] saying)
    {
        var result = Run(arguments);
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(code), arguments);
            Assert.That(result.Output, Is.Empty, arguments);
            Assert.That(result.Error, Does.StartWith("rawio: ").And.EndsWith("\n"), arguments);
            Assert.That(result.Error.TrimEnd('\n'), Does.Not.Contain('\n'), arguments);
            foreach (var part in saying) Assert.That(result.Error, Does.Contain(part), arguments);
        });
    }
}
