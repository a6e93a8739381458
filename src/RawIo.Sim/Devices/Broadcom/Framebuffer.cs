namespace RawIo.Sim;

/// <summary>The screen of a Raspberry Pi as the firmware shows it: the part of the framebuffer at the virtual offset, in the display's size.</summary>
/// <remarks>
/// Pixel order RGB (1) has red in the lowest byte of 24 and 32 bits and in the highest bits of 16; BGR (0) has them the other way.
/// 8 bits are an index into the palette. Alpha is not looked at, and the picture is not scaled: what lies outside the virtual
/// size is black. The cursor lies over it, by its alpha.
/// </remarks>
public sealed class Framebuffer
{
    private readonly VideoCoreFirmware _firmware;
    private readonly BiasedLock? _gate;

    internal Framebuffer(VideoCoreFirmware firmware, BiasedLock? gate) => (_firmware, _gate) = (firmware, gate);

    /// <summary>Whether a driver has had a buffer allocated; without one the screen is black.</summary>
    public bool IsAllocated => _firmware.Screen.Base != 0;

    /// <summary>Pixels a row of the display.</summary>
    public int Width => (int)_firmware.Screen.Width;

    /// <summary>Rows of the display.</summary>
    public int Height => (int)_firmware.Screen.Height;

    /// <summary>Bits a pixel: 8, 16, 24 or 32.</summary>
    public int Depth => (int)_firmware.Screen.Depth;

    /// <summary>A pixel of the display as 0xRRGGBB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not on the display.</exception>
    public uint Pixel(int x, int y)
    {
        using var held = new HeldLock(_gate);
        var screen = _firmware.Screen;
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, screen.Width, nameof(x));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, screen.Height, nameof(y));
        return ColorAt(screen, (uint)x, (uint)y);
    }

    /// <summary>Writes what the display shows as a PNG of 8 bits red, green and blue.</summary>
    public void SavePng(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var held = new HeldLock(_gate);
        var screen = _firmware.Screen;
        PngWriter.Write(stream, (int)screen.Width, (int)screen.Height, (x, y) => ColorAt(screen, (uint)x, (uint)y));
    }

    private uint ColorAt(ScreenState screen, uint x, uint y)
    {
        if (screen.IsBlank) return 0;
        var cursor = _firmware.CursorAt(x, y);
        return cursor >> 24 == 0xff ? cursor & 0xff_ffff : Colors.Over(cursor, PixelAt(screen, x, y));
    }

    private uint PixelAt(ScreenState screen, uint x, uint y)
    {
        (x, y) = (x + screen.XOffset, y + screen.YOffset);
        if (screen.Base == 0 || x >= screen.VirtualWidth || y >= screen.VirtualHeight) return 0;
        var bytes = screen.Depth / 8;
        var at = screen.Base + y * screen.Pitch + x * bytes;
        var raw = 0u;
        for (var i = 0u; i < Math.Min(bytes, 3); i++) raw |= _firmware.ReadByte(at + i) << (int)(8 * i);
        if (bytes == 1) return Colors.Swapped(_firmware.PaletteEntry((int)raw)) & 0xff_ffff;
        var rgb = screen.PixelOrder == 1;
        if (bytes == 2) return rgb ? Colors.Of565(raw) : Colors.Swapped(Colors.Of565(raw));
        return rgb ? Colors.Swapped(raw) : raw;
    }
}
