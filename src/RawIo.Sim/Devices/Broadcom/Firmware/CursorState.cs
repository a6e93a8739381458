namespace RawIo.Sim;

/// <summary>The cursor that the firmware lays over the screen.</summary>
/// <param name="Pixels">0xAARRGGBB, row by row; never changed.</param>
/// <param name="Width">Pixels a row; 0 where there is no picture.</param>
/// <param name="HotX">The pixel of it that is at the place told, from the left.</param>
/// <param name="HotY">And from the top.</param>
/// <param name="IsVisible">Whether it is shown.</param>
/// <param name="X">Its place from the left.</param>
/// <param name="Y">And from the top.</param>
/// <param name="InFramebuffer">Whether the place is one of the framebuffer's, and not of the display's.</param>
internal sealed record CursorState(uint[] Pixels, uint Width, uint HotX, uint HotY, bool IsVisible, uint X, uint Y, bool InFramebuffer)
{
    public static CursorState Default { get; } = new([], 0, 0, 0, false, 0, 0, false);

    /// <summary>What it has at a place of the display; 0, which is transparent, where it is not.</summary>
    public uint At(in ScreenState screen, uint x, uint y)
    {
        if (!IsVisible || Width == 0) return 0;
        if (InFramebuffer) (x, y) = (x + screen.XOffset, y + screen.YOffset);
        // Left of it and above it the difference wraps, and is beyond it too.
        var (column, row) = (x - X + HotX, y - Y + HotY);
        return column < Width && row < (uint)Pixels.Length / Width ? Pixels[row * Width + column] : 0;
    }
}
