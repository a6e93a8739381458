using System.Text;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>A folder that stands for "/" of some machine: its device files, /proc and /sys are ordinary files there.</summary>
internal class MachineFolder : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("rawio-").FullName;

    public List<string> Warnings { get; } = [];

    public HostOptions Options => new() { Root = Folder, Warn = Warnings.Add };

    /// <summary>Where a path of the machine really is.</summary>
    public string this[string path] => Path.Join(Folder, path);

    public void Write(string path, string text) => WriteBytes(path, Encoding.UTF8.GetBytes(text));

    public void WriteBytes(string path, byte[] bytes)
    {
        MakeFolderOf(path);
        // Not emptied first: what is emptied and written again, ext4 puts on the disk at once.
        using var file = new FileStream(this[path], FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(bytes);
        if (file.CanSeek) file.SetLength(bytes.Length);
    }

    public string Read(string path) => File.ReadAllText(this[path]);

    public void Link(string path, string target)
    {
        MakeFolderOf(path);
        if (File.Exists(this[path]) || new FileInfo(this[path]).LinkTarget is not null) File.Delete(this[path]);
        File.CreateSymbolicLink(this[path], target);
    }

    /// <summary>Unpacks a device tree as /proc/device-tree shows it.</summary>
    public void WriteDeviceTree(DeviceTree tree) => DeviceTreeFiles.WriteFolder(tree, this["proc/device-tree"]);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void MakeFolderOf(string path) => Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
}
