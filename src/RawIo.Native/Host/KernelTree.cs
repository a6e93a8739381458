using System.Text.RegularExpressions;

namespace RawIo.Native;

/// <summary>
/// /proc/iomem or /proc/ioports as a tree that claims are put into. It is read again before each claim, since drivers
/// come and go.
/// </summary>
/// <remarks>
/// The text does not say what is BUSY. A range with others inside is a bus or a device, not a claim; so is one named
/// as the kernel names buses, PCI devices and ACPI devices. Everything else, and RAM, is held by who is named.
/// </remarks>
internal sealed partial class KernelTree
{
    private readonly HostFiles _files;
    private readonly string _path;
    private readonly ResourceFlags _type;
    private readonly List<Resource> _known = []; // what came from the text
    private string? _text = ""; // null once it could not be read

    public KernelTree(HostFiles files, string path, ResourceFlags type)
    {
        (_files, _path, _type) = (files, path, type);
        var isMemory = type == ResourceFlags.Mem;
        Tree = new(new Resource(0, isMemory ? ulong.MaxValue : 0xffff, isMemory ? "PCI mem" : "PCI IO", type));
    }

    /// <summary>What the kernel shows, and the claims of this process.</summary>
    public ResourceTree Tree { get; }

    /// <summary>Why the kernel's side is not in the tree; null where it is.</summary>
    public string? Blind { get; private set; }

    /// <summary>Reads the text again and brings the tree up to it.</summary>
    /// <param name="claims">The claims of this process: they stay.</param>
    /// <exception cref="MalformedInputException">The kernel printed what it cannot have printed.</exception>
    public void Refresh(IReadOnlyCollection<Resource> claims)
    {
        var text = _files.Text(_path);
        if (text == _text) return;
        var seen = text is null ? null : ResourceTree.ParseProcText(text, _type);
        Blind = seen is null ? $"{_path} cannot be read: what kernel drivers hold is not known."
            : seen.AddressesHidden ? $"{_path} hides its addresses from who lacks CAP_SYS_ADMIN: what kernel drivers hold is not known."
            : null;

        List<Resource> shown = seen is null || Blind is not null ? [] : [.. seen.All().Select(r => new Resource(r.Start, r.End, r.Name, Flags(r)))];
        foreach (var claim in claims) Tree.Remove(claim);
        foreach (var resource in _known) Tree.Remove(resource);
        _known.Clear();
        // From the innermost out: what is put in around a resource of the same range becomes its parent. So the claim
        // of a whole device comes before the device, and a forced one, which is around what it was taken from, after it.
        foreach (var claim in claims)
            if (IsWholeDevice(claim, shown)) Place(claim);
        foreach (var resource in Enumerable.Reverse(shown))
            if (Place(resource)) _known.Add(resource);
        // A driver that came since and crosses a claim wins the place.
        foreach (var claim in claims)
            if (claim.Parent is null) Place(claim);
        _text = text;
    }

    /// <summary>Puts a range where it belongs.</summary>
    /// <returns>False: it crosses another, and is not in the tree.</returns>
    public bool Place(Resource resource)
    {
        try
        {
            Tree.Insert(resource);
            return true;
        }
        catch (ResourceBusyException)
        {
            return false;
        }
    }

    /// <summary>The ranges of RAM, and whatever else the kernel shows, that share an address with a range.</summary>
    public IEnumerable<Resource> Touching(ulong start, long length)
    {
        var end = start + (ulong)length - 1;
        return Tree.All().Where(r => r.Start <= end && start <= r.End);
    }

    private static bool IsWholeDevice(Resource claim, List<Resource> shown)
    {
        var same = shown.FindAll(r => r.Start == claim.Start && r.End == claim.End);
        return same.Count > 0 && same.TrueForAll(static r => (r.Flags & ResourceFlags.Busy) == 0);
    }

    private ResourceFlags Flags(Resource resource)
    {
        if (IsRam(resource)) return _type | ResourceFlags.SysRam | ResourceFlags.Busy;
        var isKnownPlace = resource.Child is not null || resource.Name is null || KnownPlace().IsMatch(resource.Name);
        return isKnownPlace ? _type : _type | ResourceFlags.Busy;
    }

    public static bool IsRam(Resource resource) => resource.Name is { } name && name.StartsWith("System RAM", StringComparison.Ordinal);

    // Buses, PCI devices (0000:00:04.0), ACPI and PnP devices (PNP0103:00, pnp 00:04), what firmware reserved.
    [GeneratedRegex(@"^(PCI Bus |PCI MMCONFIG|[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$|[A-Z]{3,4}[0-9A-F]{4}:[0-9a-f]{2}$|pnp |[Rr]eserved$|Unknown E820)")]
    private static partial Regex KnownPlace();
}
