namespace RawIo;

/// <summary>
/// A machine with devices that look at memory from outside the processors' own domain, as a DMA master does. There a
/// processor's ordinary barrier (<c>dmb ish</c> on arm64) does not reach far enough. A machine in the process needs none of this.
/// </summary>
public interface IDeviceBarriers
{
    /// <summary>Orders reads before it against reads after it, for devices too (kernel: <c>rmb</c>).</summary>
    void ReadBarrier();

    /// <summary>Orders writes before it against writes after it, for devices too (kernel: <c>wmb</c>).</summary>
    void WriteBarrier();

    /// <summary>Orders everything before it against everything after it, for devices too (kernel: <c>mb</c>).</summary>
    void FullBarrier();
}
