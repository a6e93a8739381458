using System.Text;

namespace RawIo.Tool;

/// <summary>A shell's line into words: blanks part them, quotes keep them together, # ends them.</summary>
internal static class ShellLine
{
    /// <summary>Splits a line; false where a quote is not closed.</summary>
    public static bool TrySplit(string line, out List<string> words)
    {
        words = [];
        var word = new StringBuilder();
        var (inWord, quote) = (false, '\0');
        foreach (var c in line)
        {
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                else word.Append(c);
            }
            else if (c is '"' or '\'')
            {
                (quote, inWord) = (c, true);
            }
            else if (c == '#' && !inWord)
            {
                break;
            }
            else if (char.IsWhiteSpace(c))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }
        if (inWord) words.Add(word.ToString());
        return quote == '\0';
    }
}
