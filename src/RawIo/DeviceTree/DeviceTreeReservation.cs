namespace RawIo;

/// <summary>An entry of the memory reservation block (<c>/memreserve/</c>): RAM that nobody may use.</summary>
/// <param name="Address">The first physical address.</param>
/// <param name="Size">The length in bytes.</param>
public readonly record struct DeviceTreeReservation(ulong Address, ulong Size);
