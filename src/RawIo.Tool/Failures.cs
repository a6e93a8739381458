using RawIo.QTest;

namespace RawIo.Tool;

/// <summary>The command line asks for what cannot be: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Whoever read standard output has gone, as <c>head</c> does: nothing is wrong, nothing more is wanted.</summary>
internal sealed class ClosedOutputException(IOException inner) : IOException("The reader of standard output has gone.", inner)
{
    private const int EPIPE = 32;

    /// <summary>Whether writing failed because nobody reads; a full disk, say, is another matter. On Unix the HResult is the errno.</summary>
    public static bool Means(IOException error) => error.HResult == EPIPE;
}

/// <summary>Exit codes, and which error is which.</summary>
internal static class Failures
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int Usage = 2;

    /// <summary>The exit code of an error that is the user's or the hardware's; null for a bug of ours.</summary>
    public static int? ExitCode(Exception error) => error switch
    {
        ClosedOutputException => Done,
        UsageException or ArgumentException or DataMisalignedException => Usage,
        IOException or InvalidDataException or MalformedInputException or UnauthorizedAccessException => Refused,
        InvalidOperationException or NotSupportedException => Refused,
        AggregateException several when several.InnerExceptions.All(e => ExitCode(e) is not null) => Refused,
        _ => null,
    };

    /// <summary>The error as one line, of a length a person reads, that does nothing to a terminal.</summary>
    public static string Line(Exception error) => Line(OneLine.Of(error));

    /// <summary>A text as such a line.</summary>
    public static string Line(string line)
    {
        const int Longest = 1000, Kept = Longest / 2 - 3;
        // What is said about a long word stands before and after it.
        if (line.Length > Longest) line = $"{line[..Kept]} ... {line[^Kept..]}";
        return string.Create(line.Length, line, static (place, text) =>
        {
            for (var i = 0; i < text.Length; i++) place[i] = char.IsControl(text[i]) ? '?' : text[i];
        });
    }
}
