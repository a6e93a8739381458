using static RawIo.Sim.PropertyTag;

namespace RawIo.Sim;

// Which display there is, and the cursor on it.
public sealed partial class VideoCoreFirmware
{
    private const uint ShortestCursorSide = 16, MostCursorPixels = 64 * 64, Hdmi0 = 2, NoEdid = 1;

    /// <summary>The cursor's pixel at a place of the display, as 0xAARRGGBB.</summary>
    internal uint CursorAt(uint x, uint y) => _state.Cursor.At(_state.Screen, x, y);

    private byte[]? AnswerDisplay(uint tag, PropertyMessage.Request request)
    {
        var screen = _state.Screen;
        switch (tag)
        {
            case SET_CURSOR_INFO: return Words(SetCursor(request) ? 0u : 1);
            case SET_CURSOR_STATE:
                _state.Cursor = _state.Cursor with { IsVisible = (request[0] & 1) != 0, X = request[1], Y = request[2], InFramebuffer = (request[3] & 1) != 0 };
                return Words(0);
            case GET_EDID_BLOCK: return Words([request[0], NoEdid, .. new uint[32]]);
            case SET_DISPLAY_NUM: return Words(0);
            case GET_DISPLAY_ID: return Words(Hdmi0);
            case GET_DISPLAY_SETTINGS:
                return Words(0, screen.Width, screen.Height, screen.Depth, screen.Pitch, screen.VirtualWidth, screen.VirtualHeight, screen.XOffset, screen.YOffset, screen.Base);
            // A first word of 0 says that the buffer was taken.
            case SET_TOUCHBUF: _state.TouchBuffer = request[0]; return Words(0);
            case SET_GPIOVIRTBUF: _state.GpioBuffer = request[0]; return Words(0);
            case GET_TOUCHBUF: return Words(_state.TouchBuffer);
            case GET_GPIOVIRTBUF: return Words(_state.GpioBuffer);
            default: return null;
        }
    }

    private bool SetCursor(PropertyMessage.Request request)
    {
        var (width, height, address) = (request[0], request[1], request[3]);
        if (width < ShortestCursorSide || height < ShortestCursorSide || (ulong)width * height > MostCursorPixels || address % 4 != 0 || !MayWork(8 * width * height)) return false;
        var pixels = new uint[width * height];
        for (var i = 0u; i < pixels.Length; i++)
        {
            if (!_bus.TryRead(address + 4 * i, 4, out var pixel)) return false;
            pixels[i] = (uint)pixel;
        }
        _state.Cursor = _state.Cursor with { Pixels = pixels, Width = width, HotX = request[4], HotY = request[5] };
        return true;
    }
}
