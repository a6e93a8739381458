namespace RawIo.Sim;

/// <summary>Which physical address a bus address of a device means.</summary>
internal static class BusAddresses
{
    /// <summary>Bits of an address within one of VideoCore's four views of RAM (BCM2835 ARM Peripherals, 1.2.4): the two above choose the cache.</summary>
    private const ulong Alias = 0x3fff_ffff;

    private const ulong ArmSide = 0x4000_0000, ArmSideEnd = 0x7c00_0000;

    /// <summary>
    /// On a BCM2835 to BCM2711: first the peripherals' windows, then the aliases of RAM. VideoCore's bus has RAM, of which the
    /// ARM sees nothing, where the ARM has its peripherals: nobody is there, and not the peripherals.
    /// </summary>
    public static Func<ulong, ulong?> OfBroadcom(IReadOnlyList<BusWindow> windows) => address =>
    {
        if (address > uint.MaxValue) return null;
        var ram = address & Alias;
        foreach (var window in windows)
        {
            if (!IsArms(window) && address - window.Bus < window.Length) return address - window.Bus + window.Cpu;
            if (ram - window.Cpu < window.Length) return null;
        }
        return ram;
    };

    /// <summary>The device trees have the registers of the ARM's own side at 0x40000000, where VideoCore's bus has a view of RAM.</summary>
    private static bool IsArms(BusWindow window) => window.Bus is >= ArmSide and < ArmSideEnd;

    /// <summary>On a PC they are the same.</summary>
    public static ulong? OfPc(ulong address) => address;
}
