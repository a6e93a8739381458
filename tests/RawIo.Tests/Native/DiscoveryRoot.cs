using System.Runtime.InteropServices;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>A machine's files, and its kernel's answers to the calls that try a way.</summary>
internal sealed class DiscoveryRoot : MachineFolder, IHostCalls
{
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
        Write(path, text);
        return this;
    }

    public DiscoveryRoot With(DeviceTree tree)
    {
        WriteDeviceTree(tree);
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

    private Errno Answer(string call, string path)
    {
        Assert.That(path, Does.StartWith(Folder), "nothing outside the machine's root is asked for");
        var inMachine = path[Folder.Length..];
        Calls.Add($"{call} {inMachine}");
        return Answers.TryGetValue(inMachine, out var errno) ? errno : File.Exists(path) ? Errno.None : Errno.ENOENT;
    }
}
