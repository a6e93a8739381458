namespace RawIo.Tool;

/// <summary>One piece of a dump: bytes that were read in one go, or why they were not.</summary>
/// <param name="Address">The address of the first byte shown.</param>
/// <param name="Size">How many bytes are shown, 1 to 4.</param>
/// <param name="Value">The bytes shown, the first lowest.</param>
/// <param name="Mark">What stands in their place where they were not read.</param>
/// <param name="Why">The mark in words.</param>
/// <param name="Register">The register's name, where known.</param>
internal readonly record struct DumpCell(ulong Address, int Size, ulong Value, string? Mark, string? Why, string? Register);

/// <summary>Reads what a dump shows: 32 bits at a time from a device, bytes from RAM, and never what reading would change.</summary>
internal sealed class DumpReader(Target target, ulong start, long count)
{
    private TargetDevice? _device;
    private bool _any;

    public Exception? FirstFault { get; private set; }

    public long Faults { get; private set; }

    /// <summary>The cells of one row of 16 bytes, cut to what was asked for.</summary>
    public IEnumerable<DumpCell> Row(ulong row)
    {
        for (var at = row; at - row < 16; at += 4)
        {
            // From the word to the bytes of it that were asked for.
            var skip = at < start ? (int)Math.Min(start - at, 4) : 0;
            var last = start + (ulong)(count - 1);
            var take = at > last ? 0 : (int)Math.Min(last - at, 3) + 1;
            if (take > skip) yield return Cell(at, skip, take - skip);
        }
    }

    private DumpCell Cell(ulong word, int skip, int size)
    {
        if (_device?.Has(word) != true) _device = target.DeviceAt(word);
        var map = _device?.Map;
        var address = word + (ulong)skip;
        var offset = _device is null ? 0 : (long)(word - _device.Start);
        var name = RegisterNames.Name(map, offset, 4);
        if (map is not null && Forbidden(map, offset) is var (mark, why)) return new(address, size, 0, mark, why, name);
        try
        {
            ulong value = 0;
            if (target.IsRam(address))
            {
                for (var i = size - 1; i >= 0; i--) value = value << 8 | target.Memory.Read8((long)address + i);
            }
            else
            {
                value = (ulong)target.Memory.Read32((long)word) >> (8 * skip);
                if (size < 4) value &= (1UL << (8 * size)) - 1;
            }
            _any = true;
            return new(address, size, value, null, null, name);
        }
        // A refusal of the very first is one of all: no right, no file.
        catch (RawIoException fault) when (fault is BusFaultException || _any)
        {
            FirstFault ??= fault;
            Faults++;
            return new(address, size, 0, "!!", "fault", name);
        }
    }

    private static (string Mark, string Why)? Forbidden(RegisterMap map, long offset)
    {
        if (map.IsConsuming(offset, 4)) return ("--", "consuming");
        var registers = map.At(offset, 4).ToArray();
        if (registers.Length == 0) return ("..", "no register");
        return registers.All(r => r.Access == RegisterAccess.WriteOnly) ? ("wo", "write-only") : null;
    }
}
