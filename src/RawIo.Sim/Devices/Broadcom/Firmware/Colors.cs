namespace RawIo.Sim;

/// <summary>Colours as 0xRRGGBB.</summary>
internal static class Colors
{
    /// <summary>Of 5, 6 and 5 bits, red highest: full stays full.</summary>
    public static uint Of565(uint color)
    {
        var (red, green, blue) = (color >> 11 & 0x1f, color >> 5 & 0x3f, color & 0x1f);
        return (red << 3 | red >> 2) << 16 | (green << 2 | green >> 4) << 8 | blue << 3 | blue >> 2;
    }

    /// <summary>A colour 0xAARRGGBB laid over another.</summary>
    public static uint Over(uint color, uint below)
    {
        var alpha = color >> 24;
        if (alpha == 0) return below;
        var mixed = 0u;
        for (var shift = 0; shift < 24; shift += 8) mixed |= ((color >> shift & 0xff) * alpha + (below >> shift & 0xff) * (255 - alpha)) / 255 << shift;
        return mixed;
    }

    /// <summary>With red and blue exchanged.</summary>
    public static uint Swapped(uint color) => (color & 0xff) << 16 | color & 0xff00 | color >> 16 & 0xff;
}
