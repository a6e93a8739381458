using System.Diagnostics.CodeAnalysis;

namespace RawIo;

public sealed partial class DeviceTreeNode
{
    private DeviceTreeReg[]? _reg;
    private BusWindows? _ranges;
    private BusWindows? _dmaRanges;
    private IReadOnlyList<string>? _regNames;

    /// <summary><c>reg</c>, untranslated: the addresses on the bus the node sits on, which its parent is. Empty if there is none, and for the root.</summary>
    /// <exception cref="MalformedInputException">Its length is no multiple of the parent's <c>#address-cells</c> and <c>#size-cells</c>.</exception>
    public IReadOnlyList<DeviceTreeReg> Reg => _reg ??= AddressDecoder.Reg(this);

    /// <summary><c>ranges</c>: where this bus lies on the bus above. Empty means the two are the same; null (no such property) that nothing here has an address above.</summary>
    /// <exception cref="MalformedInputException">Its length does not fit the cells of the two buses.</exception>
    public IReadOnlyList<DeviceTreeRange>? Ranges => Windows(dma: false).Entries;

    /// <summary><c>dma-ranges</c>: where the memory that devices on this bus address lies on the bus above. Empty or null means at the same addresses.</summary>
    /// <exception cref="MalformedInputException">Its length does not fit the cells of the two buses.</exception>
    public IReadOnlyList<DeviceTreeRange>? DmaRanges => Windows(dma: true).Entries;

    /// <summary><c>reg</c> as the CPU sees it, each entry a new <see cref="Resource"/> of kind <see cref="ResourceFlags.Mem"/>, named by <c>reg-names</c> or else the node's name. Entries that have no CPU address and entries of no size are left out; <see cref="TryTranslate"/> says why.</summary>
    /// <exception cref="MalformedInputException"><c>reg</c>, <c>reg-names</c> or a bus's property above has the wrong shape.</exception>
    public IReadOnlyList<Resource> Resources
    {
        get
        {
            var resources = new List<Resource>(Reg.Count);
            for (var i = 0; i < Reg.Count; i++)
                if (TryTranslate(i, out var resource, out _)) resources.Add(resource);
            return resources;
        }
    }

    /// <summary>One entry of <see cref="Reg"/> as the CPU sees it, through the <c>ranges</c> of every bus above. As in the kernel, the first address decides the window and the length is not held against it.</summary>
    /// <param name="index">Which entry, from 0.</param>
    /// <param name="resource">Its CPU addresses.</param>
    /// <param name="why">Why there are none.</param>
    /// <returns>Whether there are any.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entry.</exception>
    /// <exception cref="MalformedInputException">As for <see cref="Resources"/>.</exception>
    public bool TryTranslate(int index, [NotNullWhen(true)] out Resource? resource, [NotNullWhen(false)] out string? why)
    {
        if ((uint)index >= (uint)Reg.Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"{Path} has {Reg.Count} entries in reg, counted from 0.");
        resource = null;
        var (address, size) = Reg[index];
        if (size == 0)
        {
            why = $"entry {index} of {Path} has no size";
            return false;
        }
        if (!TryTranslateAddress(address, out var start, out why)) return false;
        if (size - 1 > ulong.MaxValue - start)
        {
            why = $"entry {index} of {Path}, at 0x{start:x}, runs past 64 bits";
            return false;
        }
        var names = _regNames ??= this["reg-names"]?.AsStrings() ?? [];
        resource = new Resource(start, start + (ulong)(size - 1), index < names.Count ? names[index] : Name);
        return true;
    }

    /// <summary>The CPU address of an address on the bus the node sits on.</summary>
    /// <param name="busAddress">The address as <see cref="Reg"/> has it.</param>
    /// <param name="cpuAddress">Where the CPU finds it.</param>
    /// <param name="why">Why it does not.</param>
    /// <returns>Whether it does.</returns>
    /// <exception cref="MalformedInputException">A bus's property above has the wrong shape.</exception>
    public bool TryTranslateAddress(UInt128 busAddress, out ulong cpuAddress, [NotNullWhen(false)] out string? why) =>
        AddressTranslation.ToCpu(Parent, busAddress, dma: false, out cpuAddress, out why);

    /// <summary>The CPU address of memory that the device addresses by DMA, through the <c>dma-ranges</c> of every bus above. A bus without that property changes nothing, as in the kernel.</summary>
    /// <param name="busAddress">What the device puts on its bus, such as 0xc0001000.</param>
    /// <param name="cpuAddress">Where the CPU finds it.</param>
    /// <param name="why">Why it does not.</param>
    /// <returns>Whether it does.</returns>
    /// <exception cref="MalformedInputException">A bus's property above has the wrong shape.</exception>
    public bool TryTranslateDma(UInt128 busAddress, out ulong cpuAddress, [NotNullWhen(false)] out string? why) =>
        AddressTranslation.ToCpu(Parent, busAddress, dma: true, out cpuAddress, out why);

    /// <summary>The address on the bus the node sits on of a CPU address: 0x7e200034 of 0x3f200034 for a device on the Pi 3. The first window at each level that holds it is taken.</summary>
    /// <param name="cpuAddress">The physical address as the CPU sees it.</param>
    /// <returns>The address; null where no window leads to that bus.</returns>
    /// <exception cref="MalformedInputException">A bus's property above has the wrong shape.</exception>
    public UInt128? ToBusAddress(ulong cpuAddress) => AddressTranslation.FromCpu(Parent, cpuAddress, dma: false);

    /// <summary>What the device must put on its bus to reach a CPU address by DMA: 0xc0001000 of 0x1000 on the Pi 3.</summary>
    /// <param name="cpuAddress">The physical address as the CPU sees it.</param>
    /// <returns>The address; null where no window leads to it.</returns>
    /// <exception cref="MalformedInputException">A bus's property above has the wrong shape.</exception>
    public UInt128? ToDmaAddress(ulong cpuAddress) => AddressTranslation.FromCpu(Parent, cpuAddress, dma: true);

    internal BusWindows Windows(bool dma) => dma
        ? _dmaRanges ??= new BusWindows(AddressDecoder.Ranges(this, "dma-ranges"))
        : _ranges ??= new BusWindows(AddressDecoder.Ranges(this, "ranges"));
}
