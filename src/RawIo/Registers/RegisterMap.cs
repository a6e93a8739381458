namespace RawIo;

/// <summary>The registers of one kind of device, by offset: what a dump prints and what it must not read.</summary>
public sealed class RegisterMap
{
    private readonly Register[] _registers;

    /// <summary>Makes a map.</summary>
    /// <param name="device">What the datasheet calls the block.</param>
    /// <param name="registers">Its registers, in any order. A read side and a write side may share an offset.</param>
    public RegisterMap(string device, params IEnumerable<Register> registers)
    {
        ArgumentException.ThrowIfNullOrEmpty(device);
        ArgumentNullException.ThrowIfNull(registers);
        Device = device;
        _registers = [.. registers.OrderBy(r => r.Offset)];
    }

    /// <summary>What the datasheet calls the block.</summary>
    public string Device { get; }

    /// <summary>The registers in address order.</summary>
    public IReadOnlyList<Register> Registers => _registers;

    /// <summary>The registers that have any byte of <paramref name="size"/> bytes from <paramref name="offset"/>; usually one, two where a read side and a write side share it.</summary>
    public IEnumerable<Register> At(long offset, int size = 1) =>
        _registers.Where(r => r.Offset < (Int128)offset + size && offset < (Int128)r.Offset + r.Size);

    /// <summary>Whether reading these bytes changes the device.</summary>
    public bool IsConsuming(long offset, int size) => At(offset, size).Any(r => r.Access == RegisterAccess.Consuming);
}
