namespace RawIo.Sim;

/// <summary>Which physical address a bus address of a device means.</summary>
internal static class BusAddresses
{
    /// <summary>Bits of an address within one of VideoCore's four views of RAM (BCM2835 ARM Peripherals, 1.2.4): the two above choose the cache.</summary>
    private const ulong Alias = 0x3fff_ffff;

    /// <summary>On a BCM2835 to BCM2711: first the peripherals' windows, then the aliases of RAM.</summary>
    public static Func<ulong, ulong?> OfBroadcom(IReadOnlyList<BusWindow> windows) => address =>
    {
        if (address > uint.MaxValue) return null;
        foreach (var window in windows)
            if (address - window.Bus < window.Length) return address - window.Bus + window.Cpu;
        return address & Alias;
    };

    /// <summary>On a PC they are the same.</summary>
    public static ulong? OfPc(ulong address) => address;
}
