namespace RawIo.Native;

/// <summary>Where the files of the machine are: "/", or a folder that stands for it in a test.</summary>
internal readonly record struct HostRoot(string Folder)
{
    /// <summary>The path of a file, from its path on the machine.</summary>
    public string this[string path] => Folder == "/" ? path : Path.Join(Folder, path);

    /// <summary>The text of a file; null where there is none or it may not be read.</summary>
    public string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(this[path]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
