namespace RawIo.Conformance;

/// <summary>Characters that wait at a serial line of QEMU when the machine starts: a file in place of a pipe.</summary>
internal static class SerialInput
{
    private static readonly string s_folder = Folder();

    /// <summary>A line for QEMU alone that takes it so many rounds of its main loop, in each of which a serial line takes a character.</summary>
    public static string Pause { get; } = "qemu: write 0x100000 0x8000 0x" + new string('0', 0x10000);

    /// <summary>QEMU's arguments for a serial line with these characters.</summary>
    public static string[] Arguments(string name, string characters)
    {
        var path = Path.Join(s_folder, name);
        File.WriteAllText(path + ".in", characters);
        File.WriteAllText(path + ".out", "");
        return ["-chardev", $"pipe,id={name},path={path}", "-serial", $"chardev:{name}"];
    }

    private static string Folder()
    {
        var folder = Directory.CreateTempSubdirectory("rawio-serial-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
