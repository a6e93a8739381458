using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>A UART's FIFO of up to 32 characters with their flags; a struct, so that a copy of it is a snapshot. As the memory it is, an empty one still shows what was in the cell.</summary>
internal struct UartFifo
{
    private Cells _cells;
    private int _start;

    [InlineArray(32)]
    private struct Cells
    {
        private ushort _first;
    }

    /// <summary>How many characters are in it.</summary>
    public int Count { get; private set; }

    /// <summary>Puts one in; the caller has looked that there is room.</summary>
    /// <param name="value">The character and its flags.</param>
    /// <param name="depth">How many cells are in use; the same until <see cref="Clear"/>.</param>
    public void Push(uint value, int depth)
    {
        _cells[(_start + Count) % depth] = (ushort)value;
        Count++;
    }

    /// <summary>Takes the oldest out; of an empty FIFO what the next cell holds from before.</summary>
    public uint Pop(int depth)
    {
        var value = _cells[_start];
        if (Count == 0) return value;
        _start = (_start + 1) % depth;
        Count--;
        return value;
    }

    /// <summary>Empties it; the cells keep what they hold.</summary>
    public void Clear() => (_start, Count) = (0, 0);

}
