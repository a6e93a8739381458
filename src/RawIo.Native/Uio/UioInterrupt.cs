namespace RawIo.Native;

/// <summary>What a wait for a UIO device's interrupt found (drivers/uio/uio.c, uio_read).</summary>
/// <param name="Count">How many interrupts there were since the driver was bound. The kernel's count has 32 bits and wraps.</param>
/// <param name="Missed">How many came since the wait before, besides the one that this wait tells of: they came together. 0 in the usual case.</param>
public readonly record struct UioInterrupt(uint Count, uint Missed);
