namespace RawIo.QTest;

/// <summary>Errors as one line of text.</summary>
internal static class OneLine
{
    /// <summary>The text with its line ends turned into blanks.</summary>
    public static string Of(string text) => text.AsSpan().IndexOfAny('\r', '\n') < 0
        ? text
        : string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>An exception's message, without the lines .NET adds to name the parameter and its value.</summary>
    public static string Of(Exception error)
    {
        var text = error.Message;
        if (error is ArgumentException { ParamName: { } name })
        {
            var tail = text.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal);
            if (tail > 0) text = text[..tail];
        }
        return Of(text);
    }
}
