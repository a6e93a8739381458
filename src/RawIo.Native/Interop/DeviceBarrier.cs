namespace RawIo.Native;

/// <summary>
/// Barriers that reach devices: the kernel's <c>mb</c>, <c>rmb</c> and <c>wmb</c>, for when an access of one kind of
/// memory must not overtake one of another, such as a buffer in RAM that a device fetches by itself. Register accesses need none:
/// <see cref="IMmio"/>'s are ordered by themselves.
/// </summary>
/// <remarks>
/// With librawio they are <c>dsb sy</c>, <c>dsb ld</c>, <c>dsb st</c> on arm64 (they wait until it is done, for the whole
/// system) and <c>mfence</c>, <c>lfence</c>, <c>sfence</c> on x86. Without it each is
/// <see cref="Interlocked.MemoryBarrier"/>, on arm64 <c>dmb ish</c>: that orders what the CPUs see of each other and
/// promises nothing about a device. <see cref="ReachesDevices"/> tells. (arch/arm64/include/asm/barrier.h,
/// arch/x86/include/asm/barrier.h, Documentation/memory-barriers.txt.)
/// </remarks>
public static class DeviceBarrier
{
    /// <summary>Whether the barriers reach devices: librawio is there.</summary>
    public static bool ReachesDevices => LibRawIo.IsAvailable;

    /// <summary>Every access before comes before every access after (kernel: <c>mb</c>).</summary>
    public static void Full()
    {
        if (LibRawIo.IsAvailable) LibRawIo.BarrierFull();
        else Interlocked.MemoryBarrier();
    }

    /// <summary>The reads before come before the reads after (kernel: <c>rmb</c>).</summary>
    public static void Read()
    {
        if (LibRawIo.IsAvailable) LibRawIo.BarrierRead();
        else Interlocked.MemoryBarrier();
    }

    /// <summary>The writes before come before the writes after (kernel: <c>wmb</c>).</summary>
    public static void Write()
    {
        if (LibRawIo.IsAvailable) LibRawIo.BarrierWrite();
        else Interlocked.MemoryBarrier();
    }
}
