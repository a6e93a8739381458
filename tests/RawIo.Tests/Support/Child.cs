using System.Diagnostics;
using System.Text;

namespace RawIo.Tests;

/// <summary>This program once more, as <see cref="Program"/> has it, in a process of its own, for three minutes at most.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;
    private readonly Task _reading;
    private readonly StringBuilder _error = new();
    private readonly IDisposable _limit;

    public Child(params string[] arguments) : this("--default-signal", arguments)
    {
    }

    private Child(string dispositions, string[] arguments)
    {
        var program = Path.Combine(TestContext.CurrentContext.TestDirectory, "RawIo.Tests.dll");
        // Whoever started the tests may have had others.
        _process = Process.Start(new ProcessStartInfo("env", [dispositions, "dotnet", program, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        _reading = ReadErrors();
        _limit = _process.EndAfter(TimeSpan.FromMinutes(3));
    }

    /// <summary>The same, started with a signal ignored, as nohup does it.</summary>
    public static Child Ignoring(string signal, params string[] arguments) => new($"--ignore-signal={signal}", arguments);

    public StreamWriter Input => _process.StandardInput;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Waits until it has said something on its standard error, a minute at most.</summary>
    public void UntilItSays(string text)
    {
        lock (_error)
            while (!_error.ToString().Contains(text, StringComparison.Ordinal))
                Assert.That(Monitor.Wait(_error, TimeSpan.FromMinutes(1)), Is.True, $"it says '{text}' and not '{_error}'");
    }

    /// <summary>Sends a signal by name: "INT".</summary>
    public void Send(string signal) => Process.Start("kill", ["-" + signal, $"{_process.Id}"]).WaitForExit();

    /// <summary>Waits for the end, a minute at most; a signal's end is 128 and its number.</summary>
    public (int Code, string Error) End()
    {
        Assert.That(_process.WaitForExit(TimeSpan.FromMinutes(1)), "it ends");
        _reading.Wait();
        return (_process.ExitCode, _error.ToString());
    }

    private async Task ReadErrors()
    {
        var letters = new char[1024];
        while (await _process.StandardError.ReadAsync(letters) is > 0 and var count)
        {
            lock (_error)
            {
                _error.Append(letters, 0, count);
                Monitor.PulseAll(_error);
            }
        }
    }

    public void Dispose()
    {
        _limit.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
