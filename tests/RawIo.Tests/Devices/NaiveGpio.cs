namespace RawIo.Tests;

/// <summary>What the datasheet says of one pin, 54 times over.</summary>
internal sealed class NaiveGpio
{
    public sealed class OnePin
    {
        public int Function;
        public bool Latch, Level, Event;
        public bool Rising, Falling, High, Low, AsyncRising, AsyncFalling;
        public bool? Outside;
        public int Pull;

        /// <summary>Call after anything changed.</summary>
        public void Settle()
        {
            var was = Level;
            var chip = Function == 1 ? Latch : (bool?)null;
            if (chip == false || Outside == false) Level = false;
            else if (chip == true || Outside == true) Level = true;
            else if (Pull != 0) Level = Pull == 2;
            if (Level && !was && (Rising || AsyncRising)) Event = true;
            if (!Level && was && (Falling || AsyncFalling)) Event = true;
            if (Level ? High : Low) Event = true;
        }
    }

    private int _pud;

    public OnePin[] Pins { get; } = [.. Enumerable.Range(0, 54).Select(i => new OnePin { Pull = DefaultPull(i) })];

    public NaiveGpio()
    {
        foreach (var pin in Pins) pin.Settle();
    }

    private static int DefaultPull(int pin) =>
        pin is 28 or 29 or 44 or 45 ? 0 : pin <= 8 || pin is 34 or 35 or 36 || pin >= 46 ? 2 : 1;

    public uint Bits(Func<OnePin, bool> bit, int bank)
    {
        uint bits = 0;
        for (var i = 0; i < 32; i++)
            if (bank * 32 + i < 54 && bit(Pins[bank * 32 + i]))
                bits |= 1u << i;
        return bits;
    }

    public void Drive(int pin, bool? level)
    {
        Pins[pin].Outside = level;
        Pins[pin].Settle();
    }

    public void Write(int offset, uint value)
    {
        for (var i = 0; i < 54; i++)
        {
            var pin = Pins[i];
            if (offset < 0x18)
            {
                if (i / 10 == offset / 4) pin.Function = (int)(value >> i % 10 * 3 & 7);
                pin.Settle();
                continue;
            }
            bool Is(int first) => offset == first + i / 32 * 4;
            var bit = (value >> i % 32 & 1) != 0;
            if (Is(0x1c) && bit) pin.Latch = true;
            if (Is(0x28) && bit) pin.Latch = false;
            if (Is(0x40) && bit) pin.Event = false;
            if (Is(0x4c)) pin.Rising = bit;
            if (Is(0x58)) pin.Falling = bit;
            if (Is(0x64)) pin.High = bit;
            if (Is(0x70)) pin.Low = bit;
            if (Is(0x7c)) pin.AsyncRising = bit;
            if (Is(0x88)) pin.AsyncFalling = bit;
            if (Is(0x98) && bit) pin.Pull = _pud;
            pin.Settle();
        }
        if (offset == 0x94) _pud = (int)(value & 3);
    }
}
