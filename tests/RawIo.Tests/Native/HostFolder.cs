using RawIo.Native;

namespace RawIo.Tests;

/// <summary>A whole machine in a folder: /dev/mem is a sparse file, and /proc says what a test wants.</summary>
internal class HostFolder : MachineFolder
{
    /// <summary>A PC without drivers: every register is free.</summary>
    public const string QuietMemory = "00000000-00000fff : Reserved\n00100000-1ffdffff : System RAM\n20000000-febfffff : PCI Bus 0000:00\n  fea00000-feafffff : 0000:00:04.0\n";

    public HostFolder(string iomem = QuietMemory, string ioports = "")
    {
        Write("/proc/iomem", iomem);
        Write("/proc/ioports", ioports);
        WriteBytes("/dev/port", new byte[0x10000]);
        Directory.CreateDirectory(this["/run/lock"]);
        using var memory = File.Create(this["/dev/mem"]);
        memory.SetLength(0x1_4000_0000);
    }

    public HostMachine Open(bool force = false) => HostMachine.Open(Options with { Force = force });

    /// <summary>Bytes of the file that stands for physical memory.</summary>
    public byte[] Memory(long address, int length)
    {
        using var memory = File.OpenRead(this["/dev/mem"]);
        memory.Position = address;
        var bytes = new byte[length];
        memory.ReadExactly(bytes);
        return bytes;
    }
}
