namespace RawIo.Sim;

/// <summary>A device's place on a bus, with what the fast way needs to know of it.</summary>
internal sealed class BusSlot(AttachedDevice attached)
{
    public readonly AttachedDevice Attached = attached;
    public readonly Device Device = attached.Device;
    public readonly ulong Start = attached.Start;
    public readonly ulong Length = (ulong)attached.Length;
    public readonly int Sizes = (int)attached.Device.Sizes;

    /// <summary>Whether the device takes this access as it is. <see cref="AccessSizes"/> members are their sizes.</summary>
    public bool Takes(ulong offset, int size) =>
        offset <= Length - (ulong)size && Length >= (ulong)size && (Sizes & size) != 0 && ((int)offset & (size - 1)) == 0;

    /// <summary>Whether the byte is the device's.</summary>
    public bool Covers(ulong address) => address - Start < Length;
}
