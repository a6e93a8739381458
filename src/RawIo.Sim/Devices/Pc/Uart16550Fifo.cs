using System.Runtime.CompilerServices;

namespace RawIo.Sim;

/// <summary>A FIFO of sixteen characters, each with what is wrong with it. A copy is a snapshot.</summary>
internal struct Uart16550Fifo
{
    public const int Depth = 16;

    private Slots _slots;
    private byte _first;

    public byte Count { get; private set; }

    public readonly bool IsEmpty => Count == 0;

    /// <summary>What is wrong with the character at the top, which the CPU reads next.</summary>
    public readonly SerialFault TopFault => Count > 0 ? _slots[_first].Fault : SerialFault.None;

    /// <summary>Whether any character has a fault that was not seen yet.</summary>
    public readonly bool HasFault
    {
        get
        {
            for (var i = 0; i < Count; i++)
                if (_slots[(_first + i) % Depth].Fault != SerialFault.None) return true;
            return false;
        }
    }

    public void Push(SerialCharacter character) => _slots[(_first + Count++) % Depth] = character;

    public byte Pop()
    {
        var value = _slots[_first].Value;
        _first = (byte)((_first + 1) % Depth);
        Count--;
        return value;
    }

    /// <summary>The fault at the top has been seen.</summary>
    public void ForgetTopFault()
    {
        if (Count > 0) _slots[_first] = _slots[_first] with { Fault = SerialFault.None };
    }

    public void Clear() => this = default;

    [InlineArray(Depth)]
    private struct Slots
    {
        private SerialCharacter _slot;
    }
}
