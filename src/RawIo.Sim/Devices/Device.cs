namespace RawIo.Sim;

/// <summary>Access sizes in bytes, as a set.</summary>
[Flags]
public enum AccessSizes
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>8 bits.</summary>
    One = 1,
    /// <summary>16 bits.</summary>
    Two = 2,
    /// <summary>32 bits.</summary>
    Four = 4,
    /// <summary>64 bits.</summary>
    Eight = 8,
}

/// <summary>
/// The model of one device. It knows offsets, never the address it sits at; interrupts, clocks, wires and streams
/// are handed to its constructor. The bus calls it with offsets inside its range, aligned, of a size it takes, and
/// never from two threads at once.
/// </summary>
public abstract class Device
{
    /// <summary>What the datasheet calls it.</summary>
    public abstract string Name { get; }

    /// <summary>The device tree's <c>compatible</c> strings that this model answers to.</summary>
    public abstract IReadOnlyList<string> Compatible { get; }

    /// <summary>The sizes it takes. Any other is a guest error; a bus that splits accesses splits them first.</summary>
    public virtual AccessSizes Sizes => AccessSizes.Four;

    /// <summary>How many bytes it decodes where that is more than its device tree node says; else 0.</summary>
    public virtual int DecodedLength => 0;

    /// <summary>What the real part does and the model does not; empty when nothing is known to be missing.</summary>
    public virtual string LeavesOut => "";

    /// <summary>Reads, with the side effects the datasheet gives the read.</summary>
    /// <param name="offset">Bytes from the start of the device's range.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    public abstract ulong Read(int offset, int size);

    /// <summary>Writes, with the side effects the datasheet gives the write.</summary>
    /// <param name="offset">Bytes from the start of the device's range.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">The value, in the low bits.</param>
    public abstract void Write(int offset, int size, ulong value);

    /// <summary>The state after power-on.</summary>
    public abstract void Reset();

    /// <summary>Its interrupt requests, in the order of its device tree node's <c>interrupts</c>, or of a PC's interrupt requests.</summary>
    public virtual IReadOnlyList<SignalLine> InterruptLines => [];

    /// <summary>Its requests to a DMA controller, each with the number the controller knows it by (BCM2835: the DREQ of PERMAP; PC: the channel).</summary>
    public virtual IReadOnlyList<DmaRequest> DmaRequests => [];

    /// <summary>Everything the device remembers, as an object that later accesses do not change: <see cref="Restore"/> takes it back, any number of times.</summary>
    /// <exception cref="NotSupportedException">The model cannot.</exception>
    public virtual object Save() => throw new NotSupportedException($"{Name} has no snapshot: its model does not override Save and Restore.");

    /// <summary>Goes back to what was saved, with its timers set anew. Wires, and what is outside the chip, stay as they are.</summary>
    /// <param name="saved">What <see cref="Save"/> of the same device returned.</param>
    /// <exception cref="NotSupportedException">The model cannot.</exception>
    public virtual void Restore(object saved) => throw new NotSupportedException($"{Name} has no snapshot: its model does not override Save and Restore.");

    /// <summary>What is wrong with its state that no sequence of accesses may bring about; null where nothing is. Tests ask between accesses.</summary>
    internal virtual string? BrokenInvariant() => null;

    /// <summary>Where guest errors go; set when the device is attached to a bus.</summary>
    internal DeviceErrors Errors { get; set; } = DeviceErrors.Detached;

    /// <summary>The machine's lock, for what reaches the device from elsewhere than the bus; set when the device is attached.</summary>
    internal virtual BiasedLock? Gate { get; set; }

    /// <summary>Reports a read the datasheet does not allow and answers what the hardware would, where the policy lets it pass.</summary>
    protected ulong BadRead(int offset, int size, string what, ulong answer = 0)
    {
        Errors.Report(this, offset, size, isWrite: false, what);
        return answer;
    }

    /// <summary>Reports a write the datasheet does not allow; it has no effect where the policy lets it pass.</summary>
    protected void BadWrite(int offset, int size, string what) => Errors.Report(this, offset, size, isWrite: true, what);
}

/// <summary>A device's request to a DMA controller: asserted while it has room for a write, or data for a read.</summary>
/// <param name="Number">The request's number at the controller.</param>
/// <param name="Line">The line.</param>
public sealed record DmaRequest(int Number, SignalLine Line);
