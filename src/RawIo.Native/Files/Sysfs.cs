using System.Globalization;
using System.Text;
using Mono.Unix.Native;

namespace RawIo.Native;

/// <summary>
/// The small text files of sysfs, read strictly: only what the kernel could have printed passes, and a refusal throws.
/// <see cref="HostFiles"/> is for what may well be missing.
/// </summary>
internal static class Sysfs
{
    /// <summary>No attribute is longer than a page (Documentation/filesystems/sysfs.rst); pages here have 64 KiB at most.</summary>
    private const int Most = 0x10000;

    /// <summary>The text of an attribute, as it is.</summary>
    /// <exception cref="RawIoException">It cannot be read.</exception>
    /// <exception cref="MalformedInputException">It is longer than any attribute.</exception>
    public static string Text(string path) =>
        Open(path, OpenFlags.O_RDONLY, out var errno) is var fd and >= 0 ? Text(fd, path) : throw Unreadable(path, errno);

    /// <summary>An attribute of one line.</summary>
    public static string Line(string path) => OneLine(Text(path), path);

    /// <summary>An attribute of one line that not every kernel has; null where it is missing.</summary>
    public static string? LineOrNull(string path) => TextOrNull(path) is { } text ? OneLine(text, path) : null;

    /// <summary>A hexadecimal number: "0x1af4".</summary>
    public static ulong Hex(string path, ulong most = ulong.MaxValue) => Hex(OneLine(Text(path), path), path, 1, most);

    /// <summary>A hexadecimal number in an attribute that not every kernel has.</summary>
    public static ulong? HexOrNull(string path, ulong most = ulong.MaxValue) =>
        LineOrNull(path) is { } text ? Hex(text, path, 1, most) : null;

    /// <summary>A decimal number of 32 bits: "17".</summary>
    public static uint Decimal(string path)
    {
        var text = OneLine(Text(path), path);
        return AllAre(text, char.IsAsciiDigit) && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value : throw Malformed(path, 1, $"'{Shown(text)}' is no decimal number of 32 bits");
    }

    /// <summary>Reads one number of a text.</summary>
    public static ulong Hex(ReadOnlySpan<char> text, string path, int line, ulong most = ulong.MaxValue)
    {
        if (!text.StartsWith("0x", StringComparison.Ordinal) || !AllAre(text[2..], char.IsAsciiHexDigit) || !ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            throw Malformed(path, line, $"'{Shown(text)}' is no hexadecimal number of 64 bits (0x...)");
        return value <= most ? value : throw Malformed(path, line, $"0x{value:x} is more than 0x{most:x}");
    }

    /// <summary>Writes an attribute: one write(2), as the kernel wants it.</summary>
    /// <returns>The kernel's answer.</returns>
    public static Errno Write(string path, string text)
    {
        var fd = Open(path, OpenFlags.O_WRONLY, out var errno);
        if (fd < 0) return errno;
        _ = Kernel.Write(fd, Encoding.ASCII.GetBytes(text), out errno);
        Kernel.Close(fd);
        return errno;
    }

    /// <summary>The file a symbolic link names, without its folders; null where there is no link.</summary>
    public static string? LinkName(string path) => new FileInfo(path).LinkTarget is { } target ? Path.GetFileName(target.TrimEnd('/')) : null;

    /// <summary>The numbers N of the entries "prefixN" of a folder, ascending; none where there is no folder.</summary>
    public static List<int> Numbers(string folder, string prefix)
    {
        var numbers = new List<int>();
        if (!Directory.Exists(folder)) return numbers;
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
            if (Number(Path.GetFileName(entry), prefix) is { } number) numbers.Add(number);
        numbers.Sort();
        return numbers;
    }

    /// <summary>N of "prefixN" as the kernel prints it (%d); null where it is no such name.</summary>
    public static int? Number(ReadOnlySpan<char> name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length && (name[prefix.Length] != '0' || name.Length == prefix.Length + 1)
        && AllAre(name[prefix.Length..], char.IsAsciiDigit) && int.TryParse(name[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>What is wrong in a file.</summary>
    public static MalformedInputException Malformed(string path, int line, string what) => new($"{path}: {what}", line, "line");

    private static string? TextOrNull(string path)
    {
        var fd = Open(path, OpenFlags.O_RDONLY, out var errno);
        if (fd >= 0) return Text(fd, path);
        return errno == Errno.ENOENT ? null : throw Unreadable(path, errno);
    }

    private static int Open(string path, OpenFlags flags, out Errno errno) => Kernel.Open(path, flags, out errno);

    private static string Text(int fd, string path)
    {
        try
        {
            var bytes = new byte[Most + 1];
            var length = 0;
            while (length <= Most)
            {
                var count = Kernel.Read(fd, bytes.AsSpan(length), out var errno);
                if (count < 0) throw Unreadable(path, errno);
                if (count == 0) return Encoding.UTF8.GetString(bytes, 0, length);
                length += (int)count;
            }
            throw Malformed(path, 1, $"the file is longer than the 0x{Most:x} bytes an attribute may have");
        }
        finally
        {
            Kernel.Close(fd);
        }
    }

    /// <summary>.NET takes NUL characters after a number for nothing; here they are not well formed.</summary>
    private static bool AllAre(ReadOnlySpan<char> text, Func<char, bool> digit)
    {
        foreach (var c in text)
            if (!digit(c)) return false;
        return true;
    }

    private static string OneLine(string text, string path)
    {
        var line = text.EndsWith('\n') ? text[..^1] : text;
        return line.Contains('\n', StringComparison.Ordinal) ? throw Malformed(path, 2, "there is a second line") : line;
    }

    /// <summary>Hostile text is shown short and harmless.</summary>
    private static string Shown(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder();
        foreach (var c in text[..Math.Min(text.Length, 40)]) shown.Append(char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '+' or '.' or '_' or ':' ? c : '?');
        return text.Length > 40 ? $"{shown}..." : $"{shown}";
    }

    private static RawIoException Unreadable(string path, Errno errno)
    {
        var remedy = errno switch
        {
            Errno.ENOENT => "there is no such file; the device has gone, or the kernel does not have it.",
            Errno.EACCES or Errno.EPERM => "run as root.",
            Errno.ENODEV or Errno.ENXIO or Errno.EIO => "the device has gone.",
            _ => "see read(2).",
        };
        return new(errno, $"Cannot read {path} ({errno}): {remedy}");
    }
}
