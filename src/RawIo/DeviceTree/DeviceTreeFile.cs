namespace RawIo;

/// <summary>Reads files of a device tree, and says what the system said in this library's exceptions.</summary>
internal static class DeviceTreeFile
{
    private const int Limit = 64 << 20;

    public static byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) throw new RawIoException(Errno.EINVAL, $"{path} is a folder: read it with DeviceTree.FromFolder.");
        return Guard(path, () => ReadUpTo(path, Limit));
    }

    /// <summary>Reads a file to its end, or to one byte past a limit.</summary>
    private static byte[] ReadUpTo(string path, int limit)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        using var content = new MemoryStream();
        var buffer = new byte[64 << 10];
        for (int count; (count = stream.Read(buffer)) > 0 && content.Length <= limit;) content.Write(buffer, 0, count);
        return content.Length <= limit ? content.ToArray()
            : throw new MalformedInputException($"{path} has more than the {limit} bytes that are read of a device tree", limit, "byte");
    }

    public static T Guard<T>(string path, Func<T> read) => FileRefusals.Tell(read, errno => errno switch
    {
        Errno.ENOENT => $"{path} is not there. A kernel that uses a device tree has it in /proc/device-tree.",
        Errno.EACCES => $"{path} may not be read by this user. Run as root, or copy it as root.",
        _ => $"{path} cannot be read",
    });
}
