namespace RawIo.Drivers;

/// <summary>Where a PCI function is.</summary>
/// <param name="Bus">0 to 255.</param>
/// <param name="Device">The slot, 0 to 31.</param>
/// <param name="Function">0 to 7.</param>
public readonly record struct PciLocation(byte Bus, byte Device, byte Function)
{
    /// <summary>As lspci writes it: "00:04.0".</summary>
    public override string ToString() => $"{Bus:x2}:{Device:x2}.{Function:x}";
}

/// <summary>A base address register, as it says of itself.</summary>
/// <param name="Index">Which, 0 to 5.</param>
/// <param name="IsIo">Whether it decodes ports; else memory.</param>
/// <param name="Is64Bit">Whether it takes the next register as well.</param>
/// <param name="IsPrefetchable">Whether what is behind it may be read ahead.</param>
/// <param name="Address">Where it points; 0 where nobody has set it.</param>
/// <param name="Size">How many bytes or ports it decodes.</param>
public sealed record PciBarInfo(int Index, bool IsIo, bool Is64Bit, bool IsPrefetchable, ulong Address, ulong Size);

/// <summary>
/// PCI configuration space by mechanism #1, the ports 0xcf8 to 0xcff (PCI Local Bus Specification 3.0, 3.2.2.3.2), as Linux's
/// arch/x86/pci/direct.c. On a Linux host the kernel has these ports: there it is for what runs before or beside it, and
/// sysfs is the way (RawIo.Native's PciDevice).
/// </summary>
/// <remarks>Each access is two, address then data; a lock keeps this object's together. Nobody else may use the ports meanwhile.</remarks>
public sealed class PciConfig : IDisposable
{
    /// <summary>The first port, CONFIG_ADDRESS.</summary>
    public const int FirstPort = 0xcf8;

    private const int Data = 0xcfc, COMMAND = 0x04, BAR0 = 0x10;
    private const ushort Decodes = 0x0003;

    private readonly Lock _lock = new();
    private readonly IPortIo _ports;
    private readonly PortRegion? _region;

    /// <summary>Claims the ports under the name "PCI conf1".</summary>
    /// <exception cref="ResourceBusyException">Somebody holds them.</exception>
    public PciConfig(IHardware hardware)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        _region = hardware.RequestRegion(FirstPort, 8, "PCI conf1");
        _ports = _region.Ports;
    }

    /// <summary>Uses ports that somebody else has opened and will close.</summary>
    /// <param name="ports">A range that holds 0xcf8 to 0xcff.</param>
    public PciConfig(IPortIo ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        _ports = ports;
    }

    /// <summary>Reads 8 bits of a function's configuration space: all ones where nobody answers, as of every width.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The location or the offset (0 to 255) does not exist.</exception>
    public byte Read8(PciLocation location, int offset)
    {
        lock (_lock) return _ports.In8(Select(location, offset, 1));
    }

    /// <summary>Reads 16 bits.</summary>
    /// <exception cref="DataMisalignedException">The offset is odd.</exception>
    public ushort Read16(PciLocation location, int offset)
    {
        lock (_lock) return _ports.In16(Select(location, offset, 2));
    }

    /// <summary>Reads 32 bits.</summary>
    /// <exception cref="DataMisalignedException">The offset is no multiple of 4.</exception>
    public uint Read32(PciLocation location, int offset)
    {
        lock (_lock) return _ports.In32(Select(location, offset, 4));
    }

    /// <summary>Writes 8 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The location or the offset (0 to 255) does not exist.</exception>
    public void Write8(PciLocation location, int offset, byte value)
    {
        lock (_lock) _ports.Out8(Select(location, offset, 1), value);
    }

    /// <summary>Writes 16 bits.</summary>
    /// <exception cref="DataMisalignedException">The offset is odd.</exception>
    public void Write16(PciLocation location, int offset, ushort value)
    {
        lock (_lock) _ports.Out16(Select(location, offset, 2), value);
    }

    /// <summary>Writes 32 bits.</summary>
    /// <exception cref="DataMisalignedException">The offset is no multiple of 4.</exception>
    public void Write32(PciLocation location, int offset, uint value)
    {
        lock (_lock) _ports.Out32(Select(location, offset, 4), value);
    }

    /// <summary>Every function of bus 0, and of the buses behind bridges that have numbers.</summary>
    public IReadOnlyList<PciLocation> Enumerate()
    {
        var found = new List<PciLocation>();
        var buses = new Queue<byte>([0]);
        var seen = new HashSet<byte>(buses);
        while (buses.TryDequeue(out var bus))
        {
            for (byte device = 0; device < 32; device++)
            {
                for (byte function = 0; function < 8; function++)
                {
                    var location = new PciLocation(bus, device, function);
                    if (Read16(location, 0) == 0xffff)
                    {
                        if (function == 0) break;
                        continue;
                    }
                    found.Add(location);
                    var header = Read8(location, 0x0e);
                    if ((header & 0x7f) == 1 && Read8(location, 0x19) is var behind && seen.Add(behind)) buses.Enqueue(behind);
                    if (function == 0 && (header & 0x80) == 0) break;
                }
            }
        }
        return found;
    }

    /// <summary>The first function of that kind, if any.</summary>
    /// <param name="vendor">Its vendor ID.</param>
    /// <param name="device">Its device ID.</param>
    public PciLocation? Find(ushort vendor, ushort device)
    {
        foreach (var location in Enumerate())
            if (Read32(location, 0) == ((uint)device << 16 | vendor)) return location;
        return null;
    }

    /// <summary>Asks each base address register of a type 0 header its size: decoding is off meanwhile, and everything is put back.</summary>
    public IReadOnlyList<PciBarInfo> SizeBars(PciLocation location)
    {
        var bars = new List<PciBarInfo>();
        if ((Read8(location, 0x0e) & 0x7f) != 0) return bars;
        var command = Read16(location, COMMAND);
        Write16(location, COMMAND, (ushort)(command & ~Decodes));
        try
        {
            for (var index = 0; index < 6; index++)
            {
                var (low, lowMask) = SizeRegister(location, index);
                if (lowMask == 0) continue;
                var io = (low & 1) != 0;
                var wide = !io && (low & 6) == 4 && index < 5;
                var (high, highMask) = wide ? SizeRegister(location, index + 1) : (0u, io && lowMask >> 16 == 0 ? 0xffffu : 0xffff_ffff);
                // A port BAR may leave its upper half at 0: ports have 16 bits.
                var mask = io ? 0xffff_ffff_0000_0000 | lowMask & ~3u | (highMask == 0xffff ? 0xffff_0000u : 0) : (ulong)highMask << 32 | lowMask & ~15u;
                bars.Add(new(index, io, wide, !io && (low & 8) != 0, (ulong)high << 32 | low & (io ? ~3u : ~15u), ~mask + 1));
                if (wide) index++;
            }
        }
        finally
        {
            Write16(location, COMMAND, command);
        }
        return bars;
    }

    /// <summary>Points a base address register somewhere, as firmware does: decoding is off meanwhile.</summary>
    /// <param name="location">The function.</param>
    /// <param name="bar">The register, from <see cref="SizeBars"/>.</param>
    /// <param name="address">A multiple of its size.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no multiple, or has more bits than the register.</exception>
    public void AssignBar(PciLocation location, PciBarInfo bar, ulong address)
    {
        ArgumentNullException.ThrowIfNull(bar);
        if ((address & bar.Size - 1) != 0 || (!bar.Is64Bit && address > uint.MaxValue))
            throw new ArgumentOutOfRangeException(nameof(address), address, $"BAR {bar.Index} takes multiples of its size, 0x{bar.Size:x}, below 2^{(bar.Is64Bit ? 64 : 32)}.");
        var command = Read16(location, COMMAND);
        Write16(location, COMMAND, (ushort)(command & ~Decodes));
        Write32(location, BAR0 + 4 * bar.Index, (uint)address);
        if (bar.Is64Bit) Write32(location, BAR0 + 4 * bar.Index + 4, (uint)(address >> 32));
        Write16(location, COMMAND, command);
    }

    /// <summary>Lets a function decode its ports and memory, and be bus master.</summary>
    /// <param name="location">The function.</param>
    public void Enable(PciLocation location) => Write16(location, COMMAND, (ushort)(Read16(location, COMMAND) | 0x0007));

    /// <summary>Gives the ports back, where they were claimed. A second call does nothing.</summary>
    public void Dispose() => _region?.Dispose();

    private (uint Value, uint Mask) SizeRegister(PciLocation location, int index)
    {
        var at = BAR0 + 4 * index;
        var value = Read32(location, at);
        Write32(location, at, uint.MaxValue);
        var ones = Read32(location, at);
        Write32(location, at, value);
        return (value, ones);
    }

    private int Select(PciLocation location, int offset, int size)
    {
        if (location.Device > 31 || location.Function > 7)
            throw new ArgumentOutOfRangeException(nameof(location), location, "A bus has the devices 0 to 31, a device the functions 0 to 7.");
        if (offset is < 0 or > 0xff) throw new ArgumentOutOfRangeException(nameof(offset), offset, "Mechanism #1 reaches 256 bytes of configuration space.");
        if ((offset & size - 1) != 0) throw new DataMisalignedException($"A {8 * size}-bit access at 0x{offset:x} is misaligned.");
        _ports.Out32(FirstPort, 0x8000_0000 | (uint)location.Bus << 16 | (uint)location.Device << 11 | (uint)location.Function << 8 | (uint)(offset & 0xfc));
        return Data + (offset & 3);
    }
}
