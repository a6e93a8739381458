using RawIo.Native;

namespace RawIo.Tests;

/// <summary>A folder that stands for "/": /dev/mem is an ordinary, sparse file there, and /proc says what a test wants.</summary>
internal sealed class HostFolder : IDisposable
{
    /// <summary>A PC without drivers: every register is free.</summary>
    public const string QuietMemory = "00000000-00000fff : Reserved\n00100000-1ffdffff : System RAM\n20000000-febfffff : PCI Bus 0000:00\n  fea00000-feafffff : 0000:00:04.0\n";

    public HostFolder(string iomem = QuietMemory, string ioports = "")
    {
        Folder = Directory.CreateTempSubdirectory("rawio-host-").FullName;
        Write("/proc/iomem", iomem);
        Write("/proc/ioports", ioports);
        Directory.CreateDirectory(Path.Join(Folder, "run/lock"));
        Directory.CreateDirectory(Path.Join(Folder, "dev"));
        using var memory = File.Create(Path.Join(Folder, "dev/mem"));
        memory.SetLength(0x1_4000_0000);
        File.WriteAllBytes(Path.Join(Folder, "dev/port"), new byte[0x10000]);
    }

    public string Folder { get; }

    public List<string> Warnings { get; } = [];

    public void Write(string path, string text)
    {
        var full = Path.Join(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public HostMachine Open(bool force = false) => HostMachine.Open(new() { Root = Folder, Force = force, Warn = Warnings.Add });

    /// <summary>Bytes of the file that stands for physical memory.</summary>
    public byte[] Memory(long address, int length)
    {
        using var memory = File.OpenRead(Path.Join(Folder, "dev/mem"));
        memory.Position = address;
        var bytes = new byte[length];
        memory.ReadExactly(bytes);
        return bytes;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
