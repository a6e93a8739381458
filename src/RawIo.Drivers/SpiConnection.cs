namespace RawIo.Drivers;

/// <summary>How a part on an SPI bus is spoken to.</summary>
/// <param name="ChipSelect">Its chip select.</param>
/// <param name="Mode">The mode, 0 to 3: CPOL in bit 1, CPHA in bit 0.</param>
/// <param name="Hertz">The fastest clock it takes; the controller goes as fast as it can below.</param>
public readonly record struct SpiConnection(int ChipSelect, int Mode = 0, long Hertz = 1_000_000);
