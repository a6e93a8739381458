using System.Buffers.Binary;
using static RawIo.Sim.DmaRegisters;

namespace RawIo.Sim;

// Words between places of RAM are moved many at a time: nothing but the memory can tell.
internal sealed partial class DmaChannel
{
    private const int Fewest = 4;

    /// <summary>Moves at most so many words, and not the last of the row; how many it moved, 0 where they must be moved one by one.</summary>
    private int MoveTogether(int most)
    {
        var ti = _state.Ti;
        var count = (int)Math.Min((uint)most, (_state.Left - 1) / 4);
        if (count < Fewest || IsPaced || (ti & (SRC_INC | SRC_WIDTH)) == SRC_WIDTH || (ti & (DEST_INC | DEST_WIDTH)) == DEST_WIDTH) return 0;
        var (from, to) = ((ti & SRC_INC) != 0 ? 4 : 0, (ti & DEST_INC) != 0 ? 4 : 0);
        var (reads, writes) = ((ti & SRC_IGNORE) == 0, (ti & DEST_IGNORE) == 0);
        var source = reads ? _bus.Find(_state.SourceAd, from * (count - 1) + 4, isWrite: false) : default;
        if (reads) count = Fitting(source.Length, from, count);
        if (count == 0) return 0;
        var target = writes ? _bus.Find(_state.DestAd, to * (count - 1) + 4, isWrite: true) : default;
        if (writes) count = Fitting(target.Length, to, count);
        if (count == 0) return 0;
        // In the order of the words: they may overlap.
        for (var i = 0; i < count && target.IsRam; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(target.Ram[(i * to)..], source.IsRam ? BinaryPrimitives.ReadUInt32LittleEndian(source.Ram[(i * from)..]) : 0);
        if (reads && !source.IsRam) _state.Errors |= READ_ERROR;
        _state.SourceAd += (uint)(from * count);
        _state.DestAd += (uint)(to * count);
        _state.Left -= 4 * (uint)count;
        _state.Beat = _state.Beat + (uint)count & 3;
        return count;
    }

    private static int Fitting(int length, int step, int count) => length < 4 ? 0 : step == 0 ? count : Math.Min(count, length / 4);
}
