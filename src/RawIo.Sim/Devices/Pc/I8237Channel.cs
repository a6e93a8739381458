using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>A channel of an 8237A: its four 16-bit registers and its mode register.</summary>
internal struct I8237Channel
{
    public const int Verify = 0, ToMemory = 1, FromMemory = 2, Demand = 0, Single = 1, Block = 2, Cascade = 3;

    public ushort BaseAddress, BaseCount, Address, Count;

    /// <summary>Bits 7:2 of the mode register.</summary>
    public byte Mode;

    public readonly int Kind => Mode >> 2 & 3;

    public readonly int Service => Mode >> 6;

    public readonly bool Autoinitializes => (Mode & 0x10) != 0;

    /// <summary>Steps the address up, or down where the mode says so; it wraps within its 16 bits.</summary>
    public void StepAddress() => Address += (Mode & 0x20) == 0 ? (ushort)1 : ushort.MaxValue;

    /// <summary>Counts a transfer; true for the last, after which the count is FFFF, or the base again.</summary>
    public bool StepCount()
    {
        if (Count-- != 0) return false;
        if (Autoinitializes) (Address, Count) = (BaseAddress, BaseCount);
        return true;
    }

    public readonly byte Read(bool count, bool high) => (byte)((count ? Count : Address) >> (high ? 8 : 0));

    /// <summary>Writes half a register: base and current alike.</summary>
    public void Write(bool count, bool high, byte value)
    {
        if (count) Count = BaseCount = Merge(BaseCount, high, value);
        else Address = BaseAddress = Merge(BaseAddress, high, value);
    }

    private static ushort Merge(ushort register, bool high, byte value) =>
        high ? (ushort)(register & 0xff | value << 8) : (ushort)(register & 0xff00 | value);

    [InlineArray(4)]
    public struct Four
    {
        private I8237Channel _first;
    }
}
