namespace RawIo.Sim;

// Transfers of RAM that no device takes part in are made many at a time: nothing but the memory can tell.
public sealed partial class I8237PairModel
{
    private const int Page = 0x1000, Fewest = 4;

    /// <summary>Makes at most so many transfers of the channel that was chosen, and not its last; how many it made, 0 where they must be made one by one.</summary>
    private int Together(I8237 chip, int channel, int most)
    {
        var at = channel + (chip == _chips[1] ? 4 : 0);
        var ofMemory = chip.MovesMemory && channel == 0;
        var count = Math.Min(most, chip.BeforeLast(channel));
        if (count < Fewest || !ofMemory && _plugged[at].Line is not null || !chip.IsSteady(channel)) return 0;
        if (ofMemory) count = Move(chip, at, count);
        else if (chip.Channel(channel).Kind is (I8237Channel.ToMemory or I8237Channel.FromMemory) and var kind) count = Pass(at, chip.Step(channel), count, kind == I8237Channel.ToMemory);
        if (count > 0) chip.CountBeforeLast(channel, count);
        return count;
    }

    /// <summary>Nobody's data to memory, which is all ones, or memory's to nobody.</summary>
    private int Pass(int at, int step, int count, bool toMemory)
    {
        var size = at < 4 ? 1 : 2;
        var (lowest, fitting) = InPage(Address(at), step * size, count);
        var span = _memory.FindSpan(lowest, (fitting - 1) * size + size, toMemory);
        if (span.Length < fitting * size) return 0;
        if (toMemory) span.Ram.Fill(0xff);
        return fitting;
    }

    private int Move(I8237 chip, int at, int count)
    {
        // The addresses of the second controller are of words, and it moves one byte of each.
        var scale = at < 4 ? 1 : 2;
        var (from, to) = (chip.Step(0) * scale, chip.Step(1) * scale);
        (_, count) = InPage(Address(at), from, count);
        (var lowTo, count) = InPage(Address(at + 1), to, count);
        var (lowFrom, _) = InPage(Address(at), from, count);
        var source = _memory.FindSpan(lowFrom, Math.Abs(from) * (count - 1) + 1, isWrite: false);
        var target = _memory.FindSpan(lowTo, Math.Abs(to) * (count - 1) + 1, isWrite: true);
        if (source.Length <= Math.Abs(from) * (count - 1) || target.Length <= Math.Abs(to) * (count - 1)) return 0;
        // In the order of the transfers: they may overlap.
        var (read, write, value) = (from < 0 ? source.Length - 1 : 0, to < 0 ? target.Length - 1 : 0, (byte)0xff);
        for (var i = 0; i < count; i++, read += from, write += to)
        {
            if (source.IsRam) value = source.Ram[read];
            if (target.IsRam) target.Ram[write] = value;
        }
        chip.Temporary = value;
        return count;
    }

    /// <summary>How many of the transfers stay in the page they begin in, and the lowest of their addresses.</summary>
    private static (uint Lowest, int Count) InPage(uint address, int step, int count)
    {
        var offset = (int)(address % Page);
        var fitting = step == 0 ? count : Math.Min(count, step > 0 ? (Page - 1 - offset) / step + 1 : offset / -step + 1);
        return (step < 0 ? address - (uint)(-step * (fitting - 1)) : address, fitting);
    }
}
