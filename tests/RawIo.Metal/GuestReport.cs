using System.Text.RegularExpressions;

namespace RawIo.Metal;

/// <summary>What a guest said of its checks.</summary>
internal sealed partial class GuestReport
{
    private readonly string _boot;
    private readonly string _console;
    private readonly string _emulator;
    private readonly Dictionary<string, string> _results = new(StringComparer.Ordinal);

    /// <summary>Reads the console.</summary>
    /// <param name="boot">Whose it is.</param>
    /// <param name="console">The file with everything the guest printed.</param>
    /// <param name="emulator">What QEMU itself complained of.</param>
    public GuestReport(string boot, string console, string emulator)
    {
        (_boot, _emulator) = (boot, emulator);
        _console = File.Exists(console) ? File.ReadAllText(console) : "";
        string? running = null;
        foreach (var line in _console.Split('\n').Select(l => l.TrimEnd('\r')))
        {
            if (line.StartsWith("CHECK ", StringComparison.Ordinal)) running = line["CHECK ".Length..];
            // Only a result of the check that runs is one; the first counts.
            else if (running is not null && Result().IsMatch(line) && IsOf(running, line[5..]))
                _results.TryAdd(running, line[..5] + line[(5 + running.Length)..].TrimStart(':', ' '));
        }
    }

    /// <summary>Whether the guest has said its last word.</summary>
    public static bool IsOver(string console)
    {
        if (!File.Exists(console)) return false;
        using var file = new FileStream(console, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(file.Length, 200), SeekOrigin.End);
        return new StreamReader(file).ReadToEnd().Split('\n').Any(line => line.TrimEnd('\r') == "OVER" || line.Contains("Kernel panic", StringComparison.Ordinal));
    }

    /// <summary>Makes what the guest said of a check the running test's result.</summary>
    public void AssertPassed(string check)
    {
        if (!_results.TryGetValue(check, out var result))
            Assert.Fail($"The guest {_boot} did not report it. QEMU said: {_emulator}\nThe end of the console:\n{Tail()}");
        else if (result.StartsWith("FAIL", StringComparison.Ordinal)) Assert.Fail(result[5..]);
        else if (result.StartsWith("SKIP", StringComparison.Ordinal)) Assert.Ignore($"SKIPPED: {result[5..]}");
        else TestContext.Out.WriteLine($"{_boot}: passed in {result[5..]} ms");
    }

    // The name, and then the time or the message.
    private static bool IsOf(string check, string rest) =>
        rest.Length > check.Length && rest.StartsWith(check, StringComparison.Ordinal) && rest[check.Length] is (' ' or ':');

    private string Tail() => string.Join('\n', _console.Split('\n').TakeLast(25));

    [GeneratedRegex("^(PASS|FAIL|SKIP) ")]
    private static partial Regex Result();
}
