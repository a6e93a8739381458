using System.Runtime.InteropServices;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>A folder that stands for "/" of some machine, and the kernel's answers there.</summary>
internal sealed class DiscoveryRoot : IHostCalls, IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("rawio").FullName;

    public HostOptions Options => new() { Root = Folder };

    public Architecture Architecture { get; set; } = Architecture.X64;

    /// <summary>What open and access answer for a path of the machine; else whether the file is there decides.</summary>
    public Dictionary<string, Errno> Answers { get; } = [];

    public Errno IoPerm { get; set; }

    public Errno IoPl { get; set; }

    public bool HasLibRawIo { get; set; } = true;

    /// <summary>The calls made, such as "open /dev/mem".</summary>
    public List<string> Calls { get; } = [];

    public DiscoveryRoot With(string path, string text = "")
    {
        var file = Path.Join(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    /// <summary>Unpacks a device tree as /proc/device-tree shows it.</summary>
    public DiscoveryRoot With(DeviceTree tree)
    {
        foreach (var node in tree.Nodes)
        {
            var folder = Path.Join(Folder, "proc/device-tree", node.Path);
            Directory.CreateDirectory(folder);
            foreach (var property in node.Properties) File.WriteAllBytes(Path.Join(folder, property.Name), property.Value.ToArray());
            File.WriteAllText(Path.Join(folder, "name"), node.BaseName + "\0");
        }
        return this;
    }

    public DiscoveryRoot WithBoard(string name) =>
        With(DeviceTree.Load(Path.Combine(Repository.Root, "src/RawIo.Sim/Boards", name + ".dtb")));

    /// <summary>The process's user: 0, or 1000 in groups 1000 and 997, and its effective capabilities.</summary>
    public DiscoveryRoot WithUser(int id, string capabilities) => With("proc/self/status",
        $"Name:\trawio\nUid:\t{id}\t{id}\t{id}\t{id}\nGid:\t{id}\t{id}\t{id}\t{id}\nGroups:\t{(id == 0 ? "0" : "24 997")} \nCapEff:\t{capabilities}\n");

    public HostReport Probe() => HostReport.Probe(Options, this);

    public HostWay Way(string name) => Probe().Ways.Single(w => w.Name == name);

    public Errno Open(string path) => Answer("open", path);

    public Errno Access(string path) => Answer("access", path);

    public Errno TryIoPerm(int port)
    {
        Calls.Add($"ioperm 0x{port:x}");
        return IoPerm;
    }

    public Errno TryIoPl()
    {
        Calls.Add("iopl");
        return IoPl;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private Errno Answer(string call, string path)
    {
        Assert.That(path, Does.StartWith(Folder), "nothing outside the machine's root is asked for");
        var inMachine = path[Folder.Length..];
        Calls.Add($"{call} {inMachine}");
        return Answers.TryGetValue(inMachine, out var errno) ? errno : File.Exists(path) ? Errno.None : Errno.ENOENT;
    }
}
