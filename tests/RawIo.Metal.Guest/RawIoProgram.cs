using System.Diagnostics;
using Mono.Unix.Native;

namespace RawIo.Metal;

/// <summary>What a run of rawio printed and answered.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Error);

/// <summary>rawio as users get it: a program of its own, told what to do by its command line alone.</summary>
internal sealed class RawIoProgram : IDisposable
{
    private const string Path = "/tool/rawio";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly List<string> _errors = [];

    private RawIoProgram(string program, IEnumerable<string> words)
    {
        _process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Starts it, with standard input open.</summary>
    /// <param name="line">Its command line; blanks part the words.</param>
    public static RawIoProgram Start(string line) => new(Path, line.Split(' '));

    /// <summary>Runs it to its end.</summary>
    /// <param name="line">Its command line; blanks part the words.</param>
    /// <param name="input">What it reads.</param>
    public static ProgramResult Run(string line, string input = "")
    {
        using var program = Start(line);
        return program.End(input);
    }

    /// <summary>Runs what must succeed and complain of nothing; what it printed.</summary>
    public static string Succeed(string line, string input = "")
    {
        var result = Run(line, input);
        Assert.That(result.ExitCode, Is.Zero, $"{line}: {result.Error}");
        Assert.That(result.Error, Is.Empty, line);
        return result.Output;
    }

    /// <summary>Runs it as a user without any rights.</summary>
    public static ProgramResult RunAsNobody(string line)
    {
        using var program = new RawIoProgram(Environment.ProcessPath!, ["--as", $"{OtherUser.Nobody}", "--", Path, .. line.Split(' ')]);
        return program.End("");
    }

    /// <summary>Waits until it says something on standard error.</summary>
    public void AwaitError(string part)
    {
        string? line;
        do
        {
            line = _process.StandardError.ReadLine() ?? throw new InvalidOperationException($"It ended without saying '{part}': {string.Join('\n', _errors)}");
            _errors.Add(line);
        }
        while (!line.Contains(part, StringComparison.Ordinal));
    }

    public void Signal(Signum signal) => Syscall.kill(_process.Id, signal);

    /// <summary>Sends the last input and waits for its end.</summary>
    public ProgramResult End(string input)
    {
        try
        {
            _process.StandardInput.Write(input);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading.
        }
        return Result();
    }

    /// <summary>Waits for its end, standard input open.</summary>
    public ProgramResult Result()
    {
        var errors = _process.StandardError.ReadToEndAsync();
        Assert.That(_process.WaitForExit(Limit), Is.True, "rawio goes on and on");
        return new(_process.ExitCode, _output.Result, string.Concat(_errors.Select(line => line + "\n")) + errors.Result);
    }

    /// <summary>Runs what must be refused: exit code 1, nothing printed, one line that says why.</summary>
    public static void Refuse(ProgramResult result, params string[] saying)
    {
        Assert.That(result.ExitCode, Is.EqualTo(1), $"{result}");
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Error, Does.Match("^rawio: [^\n]+\n$"));
        foreach (var part in saying) Assert.That(result.Error, Does.Contain(part));
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
