using System.Globalization;

namespace RawIo.Native;

/// <summary>Where a PCI function is: "0000:00:04.0", as the kernel writes it (drivers/pci/probe.c, pci_setup_device).</summary>
/// <param name="Domain">The domain (segment), 0 on most machines.</param>
/// <param name="Bus">The bus.</param>
/// <param name="Slot">The device on the bus, 0 to 31.</param>
/// <param name="Function">The function of the device, 0 to 7.</param>
public readonly record struct PciAddress(uint Domain, byte Bus, byte Slot, byte Function) : IComparable<PciAddress>
{
    /// <summary>Reads "0000:00:04.0", or "00:04.0" for domain 0.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static PciAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var address) ? address
            : throw new FormatException($"'{text}' is no PCI address: write domain:bus:slot.function in hexadecimal, as 0000:00:04.0, or 00:04.0 in domain 0.");
    }

    /// <summary>Reads "0000:00:04.0", or "00:04.0" for domain 0.</summary>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out PciAddress address)
    {
        address = default;
        var domain = 0u;
        if (text.Length > 7)
        {
            // Domains have four digits, or more behind an Intel VMD.
            var digits = text.Length - 8;
            if (digits is < 4 or > 8 || text[digits] != ':' || !Hex(text[..digits], out domain)) return false;
            text = text[(digits + 1)..];
        }
        if (text.Length != 7 || text[2] != ':' || text[5] != '.') return false;
        if (!Hex(text[..2], out var bus) || !Hex(text[3..5], out var slot) || !Hex(text[6..], out var function)) return false;
        if (slot > 31 || function > 7) return false;
        address = new(domain, (byte)bus, (byte)slot, (byte)function);
        return true;
    }

    /// <summary>By domain, bus, slot, function.</summary>
    public int CompareTo(PciAddress other) => (Domain, Bus, Slot, Function).CompareTo((other.Domain, other.Bus, other.Slot, other.Function));

    /// <summary>Whether one comes before the other.</summary>
    public static bool operator <(PciAddress left, PciAddress right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes after the other.</summary>
    public static bool operator >(PciAddress left, PciAddress right) => left.CompareTo(right) > 0;

    /// <summary>Whether one does not come after the other.</summary>
    public static bool operator <=(PciAddress left, PciAddress right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one does not come before the other.</summary>
    public static bool operator >=(PciAddress left, PciAddress right) => left.CompareTo(right) >= 0;

    /// <summary>As the kernel writes it.</summary>
    public override string ToString() => $"{Domain:x4}:{Bus:x2}:{Slot:x2}.{Function:x}";

    // .NET takes NUL characters after a number for nothing.
    private static bool Hex(ReadOnlySpan<char> text, out uint value) =>
        uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && !text.Contains('\0');
}
