using System.IO.Compression;
using System.Text;

namespace RawIo.Native;

/// <summary>
/// Files of the machine under its root: "/", or a folder that stands for it in a test. For what may well be missing:
/// what is not there, or may not be read, is null or nothing. <see cref="Sysfs"/> is for what a driver relies on.
/// </summary>
internal sealed record HostFiles(string Root)
{
    // The largest text read here, a kernel configuration, has a quarter of it.
    private const int Longest = 1 << 20;

    /// <summary>The path where the file really is.</summary>
    public string Path(string path) => $"{Root.TrimEnd('/')}/{path.TrimStart('/')}";

    public bool Exists(string path) => File.Exists(Path(path)) || Directory.Exists(Path(path));

    public string? Text(string path) => Guard(() =>
    {
        using var file = File.OpenRead(Path(path));
        return Read(file);
    });

    /// <summary>A gzip file's text.</summary>
    public string? GzipText(string path) => Guard(() =>
    {
        using var file = File.OpenRead(Path(path));
        using var text = new GZipStream(file, CompressionMode.Decompress);
        return Read(text);
    });

    /// <summary>A file of one line, fit for a terminal; null also where it is blank.</summary>
    public string? Line(string path) => Clean(Text(path));

    /// <summary>The names of what is in a folder, sorted with numbers in their order: uio2 before uio10.</summary>
    public IReadOnlyList<string> Names(string folder, string pattern = "*") => Guard(() =>
    {
        var names = new DirectoryInfo(Path(folder)).GetFileSystemInfos(pattern).Select(e => e.Name).ToArray();
        Array.Sort(names, static (a, b) => a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(a, b));
        return names;
    }) ?? [];

    /// <summary>The value of a "Name : value" or "Name: value" line.</summary>
    public static string? Field(string? text, string name)
    {
        foreach (var line in (text ?? "").AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon >= 0 && line[..colon].TrimEnd().SequenceEqual(name)) return Clean(line[(colon + 1)..].ToString());
        }
        return null;
    }

    /// <summary>The text before its first NUL, without what a terminal would act upon; null for nothing.</summary>
    public static string? Clean(string? text)
    {
        text = text?.Split('\0')[0].Replace('\t', ' ').Trim();
        return string.IsNullOrEmpty(text) ? null : string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
    }

    private static string Read(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (text.Length < Longest && reader.ReadBlock(buffer) is > 0 and var count) text.Append(buffer, 0, count);
        return text.ToString();
    }

    private static T? Guard<T>(Func<T> read) where T : class
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            return null;
        }
    }
}
