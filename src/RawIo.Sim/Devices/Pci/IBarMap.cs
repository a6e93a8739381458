namespace RawIo.Sim;

/// <summary>The machine's two address spaces as a PCI bus sees them: what is behind a BAR comes and goes.</summary>
internal interface IBarMap
{
    /// <summary>Maps it; null where RAM or another device is in the way, or the range leaves the address space.</summary>
    AttachedDevice? TryMap(Device device, ulong start, long length, bool isPort);

    /// <summary>Takes what was mapped away again.</summary>
    void Unmap(AttachedDevice attached);
}
