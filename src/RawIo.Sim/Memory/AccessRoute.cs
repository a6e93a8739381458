namespace RawIo.Sim;

/// <summary>What an address's page is, as the page tables say.</summary>
public enum MemoryType
{
    /// <summary>Ordinary memory, cached.</summary>
    NormalCached,
    /// <summary>Device memory: never cached, never merged, in order (Device-nGnRE on ARM, UC on x86).</summary>
    Device,
}

/// <summary>One level of a page-table walk.</summary>
/// <param name="Table">The level's name: "L0" to "L3" on ARM; "PML4", "PDPT", "PD", "PT" on x86.</param>
/// <param name="Index">The index taken from the virtual address.</param>
/// <param name="DescriptorAddress">The physical address the descriptor was read from.</param>
/// <param name="Descriptor">The descriptor.</param>
/// <param name="Meaning">It in words: "table at 0x…", "page at 0x…, Device-nGnRE, AF, XN".</param>
public sealed record WalkStep(string Table, int Index, ulong DescriptorAddress, ulong Descriptor, string Meaning);

/// <summary>The route of one access through the machine, in the order it went.</summary>
/// <param name="VirtualAddress">The address the CPU used.</param>
/// <param name="TlbHit">Whether the TLB had the translation.</param>
/// <param name="Walk">The page-table levels read; empty after a TLB hit.</param>
/// <param name="MemoryType">The attributes of the page.</param>
/// <param name="Attributes">The attributes in words.</param>
/// <param name="Cache">What the caches said: "bypassed (Device memory)", "L1 hit", "L1 miss, L2 hit", "L1 miss, L2 miss".</param>
/// <param name="PhysicalAddress">Where translation led.</param>
/// <param name="BusAddress">The same place in the SoC's own bus addresses (0x7e… on a Pi); null where there is no such window.</param>
/// <param name="Target">The device reached; null for RAM.</param>
/// <param name="TargetName">"RAM", or the device's name.</param>
/// <param name="Offset">The offset in the device, or in RAM.</param>
/// <param name="Value">What was read.</param>
public sealed record AccessRoute(
    ulong VirtualAddress, bool TlbHit, IReadOnlyList<WalkStep> Walk, MemoryType MemoryType, string Attributes, string Cache,
    ulong PhysicalAddress, ulong? BusAddress, AttachedDevice? Target, string TargetName, long Offset, ulong Value);
