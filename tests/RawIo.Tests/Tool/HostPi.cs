using RawIo.Native;

namespace RawIo.Tests;

/// <summary>A Raspberry Pi 3 in a folder: its device tree, /proc/iomem, and a sparse file for its registers.</summary>
internal sealed class HostPi : HostFolder
{
    public const string Held = "00000000-3b3fffff : System RAM\n3f200000-3f2000b3 : gpio@7e200000\n  3f200000-3f2000b3 : 3f200000.gpio gpio@7e200000\n";

    public HostPi(string iomem = "00000000-3b3fffff : System RAM\n") : base(iomem)
    {
        var tree = new FdtBuilder().Begin().Prop("compatible", "raspberrypi,3-model-b", "brcm,bcm2837").Prop("#address-cells", 1).Prop("#size-cells", 1)
            .Begin("soc").Prop("compatible", "simple-bus").Prop("#address-cells", 1).Prop("#size-cells", 1).Prop("ranges", 0x7e000000, 0x3f000000, 0x1000000)
            .Begin("gpio@7e200000").Prop("compatible", "brcm,bcm2835-gpio").Prop("reg", 0x7e200000, 0xb4).End()
            .Begin("rng@7e104000").Prop("compatible", "brcm,bcm2835-rng").Prop("reg", 0x7e104000, 0x10).End().End().End().Tree();
        WriteDeviceTree(tree);
    }

    /// <summary>Runs rawio there.</summary>
    public ToolResult Run(string line, string input = "") =>
        ToolRun.Run(line.Split(' '), input, openHost: options => HostMachine.Open(options with { Root = Folder }));

    public uint this[long address]
    {
        get => BitConverter.ToUInt32(Memory(address, 4));
        set
        {
            using var memory = File.OpenWrite(this["/dev/mem"]);
            memory.Position = address;
            memory.Write(BitConverter.GetBytes(value));
        }
    }
}
