using System.Numerics;
using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>A device's place on a bus, with what the fast way needs to know of it.</summary>
internal sealed class BusSlot(AttachedDevice attached)
{
    public readonly AttachedDevice Attached = attached;
    public readonly Device Device = attached.Device;
    public readonly ulong Start = attached.Start;
    public readonly ulong Length = (ulong)attached.Length;
    public readonly int Sizes = (int)attached.Device.Sizes;
    private readonly ulong _bytes = Registers(attached, 1), _words = Registers(attached, 2), _longs = Registers(attached, 4), _quads = Registers(attached, 8);

    /// <summary>Whether the device takes this access as it is: of a size of its own, aligned, and inside. The offset turned right by the size's bits tells the last two at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Takes(ulong offset, int size) => size switch
    {
        1 => offset < _bytes,
        2 => BitOperations.RotateRight(offset, 1) < _words,
        4 => BitOperations.RotateRight(offset, 2) < _longs,
        _ => BitOperations.RotateRight(offset, 3) < _quads,
    };

    /// <summary>How many registers of a size lie beside each other; none of a size that the device does not take. <see cref="AccessSizes"/> members are their sizes.</summary>
    private static ulong Registers(AttachedDevice attached, int size) => ((int)attached.Device.Sizes & size) != 0 ? (ulong)attached.Length / (ulong)size : 0;

    /// <summary>Whether the byte is the device's.</summary>
    public bool Covers(ulong address) => address - Start < Length;
}
