using static RawIo.Sim.PropertyTag;

namespace RawIo.Sim;

// The framebuffer.
public sealed partial class VideoCoreFirmware
{
    private const uint LargestSide = 4096, DefaultAlignment = 4096;

    /// <summary>How the screen is set up now, and where its pixels are.</summary>
    internal ScreenState Screen => _state.Screen;

    /// <summary>A colour of the palette: red in bits 7:0, green, blue, alpha.</summary>
    internal uint PaletteEntry(int index) => _state.Palette[index];

    /// <summary>A word of RAM by its bus address; 0 where there is none.</summary>
    internal uint ReadByte(uint address) => _bus.TryRead(address, 1, out var value) ? (uint)value : 0;

    private byte[]? AnswerFramebuffer(uint tag, PropertyMessage.Request request)
    {
        var screen = _state.Screen;
        switch (tag)
        {
            case ALLOCATE_BUFFER: return AllocateBuffer(request[0]);
            case RELEASE_BUFFER: ReleaseBuffer(); return Words();
            case BLANK_SCREEN:
                _state.Screen = screen with { IsBlank = (request[0] & 1) != 0 };
                return Words(request[0] & 1);
            case GET_PITCH: return Words(screen.Pitch);
            case GET_NUM_DISPLAYS: return Words(1);
            case GET_PALETTE: return Words(_state.Palette);
            case TEST_PALETTE: return Words(PaletteFits(request) ? 0u : 1);
            case SET_PALETTE: return Words(SetPalette(request) ? 0u : 1);
        }
        var wanted = (tag & ~(Test | Set)) switch
        {
            PHYSICAL_SIZE => screen with { Width = request[0], Height = request[1] },
            VIRTUAL_SIZE => screen with { VirtualWidth = request[0], VirtualHeight = request[1] },
            DEPTH => screen with { Depth = request[0] },
            PIXEL_ORDER => screen with { PixelOrder = request[0] },
            ALPHA_MODE => screen with { AlphaMode = request[0] },
            VIRTUAL_OFFSET => screen with { XOffset = request[0], YOffset = request[1] },
            OVERSCAN => screen with { Top = request[0], Bottom = request[1], Left = request[2], Right = request[3] },
            _ => (ScreenState?)null,
        };
        if (wanted is null || (tag & (Test | Set)) == (Test | Set)) return null;
        // What the screen cannot do is answered with what it does.
        var result = (tag & (Test | Set)) != 0 && IsPossible(wanted.Value) ? wanted.Value : screen;
        if ((tag & Set) != 0) Change(result);
        return (tag & ~(Test | Set)) switch
        {
            PHYSICAL_SIZE => Words(result.Width, result.Height),
            VIRTUAL_SIZE => Words(result.VirtualWidth, result.VirtualHeight),
            DEPTH => Words(result.Depth),
            PIXEL_ORDER => Words(result.PixelOrder),
            ALPHA_MODE => Words(result.AlphaMode),
            VIRTUAL_OFFSET => Words(result.XOffset, result.YOffset),
            _ => Words(result.Top, result.Bottom, result.Left, result.Right),
        };
    }

    private static bool IsPossible(ScreenState screen) =>
        screen.Width is > 0 and <= LargestSide && screen.Height is > 0 and <= LargestSide
        && screen.VirtualWidth is > 0 and <= LargestSide && screen.VirtualHeight is > 0 and <= LargestSide
        && screen.Depth is 8 or 16 or 24 or 32 && screen.PixelOrder <= 1 && screen.AlphaMode <= 2
        && screen.XOffset < LargestSide && screen.YOffset < LargestSide
        && screen.Top + (ulong)screen.Bottom < LargestSide && screen.Left + (ulong)screen.Right < LargestSide;

    // A buffer of another size is none: the pixels have to be asked for anew.
    private void Change(ScreenState screen)
    {
        var before = _state.Screen;
        _state.Screen = screen;
        if (screen.Base != 0 && (screen.Pitch, screen.VirtualHeight) != (before.Pitch, before.VirtualHeight)) ReleaseBuffer();
    }

    private byte[] AllocateBuffer(uint alignment)
    {
        ReleaseBuffer();
        var screen = _state.Screen;
        if (Allocate(0, screen.Pitch * screen.VirtualHeight, Math.Max(alignment, DefaultAlignment), Board.Alias) is not { } piece) return Words(0, 0);
        _state.Screen = screen with { Base = AddressOf(piece), Size = piece.Size };
        return Words(AddressOf(piece), piece.Size);
    }

    private void ReleaseBuffer()
    {
        _state.Allocations.RemoveAll(piece => piece.Handle == 0);
        _state.Screen = _state.Screen with { Base = 0, Size = 0 };
    }

    private static bool PaletteFits(PropertyMessage.Request request) => request[0] < 256 && request[1] is > 0 and <= 256 && request[0] + request[1] <= 256;

    private bool SetPalette(PropertyMessage.Request request)
    {
        if (!PaletteFits(request)) return false;
        for (var i = 0; i < request[1]; i++) _state.Palette[request[0] + i] = request[2 + i];
        return true;
    }

    /// <summary>Channel 1: ten words of which pitch, address and size are the answer, and behind them, for 8 bits, a palette of 5-6-5 bits.</summary>
    private bool SetUpFramebuffer(uint address)
    {
        uint Word(int index) => _bus.TryRead(address + 4 * (uint)index, 4, out var value) ? (uint)value : 0;
        var screen = _state.Screen with
        {
            Width = Word(0), Height = Word(1), VirtualWidth = Word(2), VirtualHeight = Word(3),
            Depth = Word(5), XOffset = Word(6), YOffset = Word(7),
        };
        if (!IsPossible(screen)) return false;
        _state.Screen = screen;
        var given = AllocateBuffer(DefaultAlignment);
        _bus.TryWrite(address + 16, 4, _state.Screen.Pitch);
        _bus.TryWrite(address + 32, 4, BitConverter.ToUInt32(given));
        _bus.TryWrite(address + 36, 4, BitConverter.ToUInt32(given, 4));
        for (var i = 0; i < 256 && screen.Depth == 8; i++)
        {
            var color = Word(10 + i / 2) >> 16 * (i & 1) & 0xffff;
            _state.Palette[i] = 0xff00_0000 | Colors.Swapped(Colors.Of565(color));
        }
        return _state.Screen.Base != 0;
    }
}
