using System.Collections.Frozen;

namespace RawIo.Sim;

/// <summary>How a key behaves in scan code set 3 (IBM PS/2 Hardware Interface Technical Reference, keyboard commands F7 to FD).</summary>
internal enum KeyType : byte
{
    MakeBreak,
    Make,
    Typematic,
    TypematicMakeBreak,
}

/// <summary>One key: its name in QEMU's words, its make codes, and its power-on type in set 3.</summary>
/// <param name="Code">The key.</param>
/// <param name="Name">QEMU's QKeyCode name.</param>
/// <param name="Set2">The make code in set 2; 0xe0 in the high byte where it has that prefix.</param>
/// <param name="Set3">The make code in set 3; 0 where the key has none.</param>
/// <param name="Type">The power-on type in set 3.</param>
internal sealed record KeyInfo(KeyCode Code, string Name, ushort Set2, byte Set3, KeyType Type);

/// <summary>
/// The key table. Make codes are those of the IBM 101/102-key keyboard and, for the later keys, of Microsoft's
/// Keyboard Scan Code Specification 1.3a. Set 1 is not listed: each of its codes is the set 2 code translated.
/// </summary>
public static class Keys
{
    private const KeyType T = KeyType.Typematic;
    private const KeyType B = KeyType.MakeBreak;
    private const KeyType M = KeyType.Make;

    private static readonly KeyInfo[] s_keys =
    [
        new(KeyCode.A, "a", 0x1c, 0x1c, T),
        new(KeyCode.B, "b", 0x32, 0x32, T),
        new(KeyCode.C, "c", 0x21, 0x21, T),
        new(KeyCode.D, "d", 0x23, 0x23, T),
        new(KeyCode.E, "e", 0x24, 0x24, T),
        new(KeyCode.F, "f", 0x2b, 0x2b, T),
        new(KeyCode.G, "g", 0x34, 0x34, T),
        new(KeyCode.H, "h", 0x33, 0x33, T),
        new(KeyCode.I, "i", 0x43, 0x43, T),
        new(KeyCode.J, "j", 0x3b, 0x3b, T),
        new(KeyCode.K, "k", 0x42, 0x42, T),
        new(KeyCode.L, "l", 0x4b, 0x4b, T),
        new(KeyCode.M, "m", 0x3a, 0x3a, T),
        new(KeyCode.N, "n", 0x31, 0x31, T),
        new(KeyCode.O, "o", 0x44, 0x44, T),
        new(KeyCode.P, "p", 0x4d, 0x4d, T),
        new(KeyCode.Q, "q", 0x15, 0x15, T),
        new(KeyCode.R, "r", 0x2d, 0x2d, T),
        new(KeyCode.S, "s", 0x1b, 0x1b, T),
        new(KeyCode.T, "t", 0x2c, 0x2c, T),
        new(KeyCode.U, "u", 0x3c, 0x3c, T),
        new(KeyCode.V, "v", 0x2a, 0x2a, T),
        new(KeyCode.W, "w", 0x1d, 0x1d, T),
        new(KeyCode.X, "x", 0x22, 0x22, T),
        new(KeyCode.Y, "y", 0x35, 0x35, T),
        new(KeyCode.Z, "z", 0x1a, 0x1a, T),
        new(KeyCode.D1, "1", 0x16, 0x16, T),
        new(KeyCode.D2, "2", 0x1e, 0x1e, T),
        new(KeyCode.D3, "3", 0x26, 0x26, T),
        new(KeyCode.D4, "4", 0x25, 0x25, T),
        new(KeyCode.D5, "5", 0x2e, 0x2e, T),
        new(KeyCode.D6, "6", 0x36, 0x36, T),
        new(KeyCode.D7, "7", 0x3d, 0x3d, T),
        new(KeyCode.D8, "8", 0x3e, 0x3e, T),
        new(KeyCode.D9, "9", 0x46, 0x46, T),
        new(KeyCode.D0, "0", 0x45, 0x45, T),
        new(KeyCode.Minus, "minus", 0x4e, 0x4e, T),
        new(KeyCode.Equal, "equal", 0x55, 0x55, T),
        new(KeyCode.BracketLeft, "bracket_left", 0x54, 0x54, T),
        new(KeyCode.BracketRight, "bracket_right", 0x5b, 0x5b, T),
        new(KeyCode.Backslash, "backslash", 0x5d, 0x5c, T),
        new(KeyCode.Semicolon, "semicolon", 0x4c, 0x4c, T),
        new(KeyCode.Apostrophe, "apostrophe", 0x52, 0x52, T),
        new(KeyCode.GraveAccent, "grave_accent", 0x0e, 0x0e, T),
        new(KeyCode.Comma, "comma", 0x41, 0x41, T),
        new(KeyCode.Dot, "dot", 0x49, 0x49, T),
        new(KeyCode.Slash, "slash", 0x4a, 0x4a, T),
        new(KeyCode.Less, "less", 0x61, 0x13, T),
        new(KeyCode.Space, "spc", 0x29, 0x29, T),
        new(KeyCode.Tab, "tab", 0x0d, 0x0d, T),
        new(KeyCode.Backspace, "backspace", 0x66, 0x66, T),
        new(KeyCode.Return, "ret", 0x5a, 0x5a, T),
        new(KeyCode.Escape, "esc", 0x76, 0x08, M),
        new(KeyCode.Shift, "shift", 0x12, 0x12, B),
        new(KeyCode.ShiftRight, "shift_r", 0x59, 0x59, B),
        new(KeyCode.Ctrl, "ctrl", 0x14, 0x11, B),
        new(KeyCode.CtrlRight, "ctrl_r", 0xe014, 0x58, M),
        new(KeyCode.Alt, "alt", 0x11, 0x19, B),
        new(KeyCode.AltRight, "alt_r", 0xe011, 0x39, M),
        new(KeyCode.Meta, "meta_l", 0xe01f, 0x8b, M),
        new(KeyCode.MetaRight, "meta_r", 0xe027, 0x8c, M),
        new(KeyCode.Compose, "compose", 0xe02f, 0x8d, M),
        new(KeyCode.CapsLock, "caps_lock", 0x58, 0x14, B),
        new(KeyCode.NumLock, "num_lock", 0x77, 0x76, M),
        new(KeyCode.ScrollLock, "scroll_lock", 0x7e, 0x5f, M),
        new(KeyCode.F1, "f1", 0x05, 0x07, M),
        new(KeyCode.F2, "f2", 0x06, 0x0f, M),
        new(KeyCode.F3, "f3", 0x04, 0x17, M),
        new(KeyCode.F4, "f4", 0x0c, 0x1f, M),
        new(KeyCode.F5, "f5", 0x03, 0x27, M),
        new(KeyCode.F6, "f6", 0x0b, 0x2f, M),
        new(KeyCode.F7, "f7", 0x83, 0x37, M),
        new(KeyCode.F8, "f8", 0x0a, 0x3f, M),
        new(KeyCode.F9, "f9", 0x01, 0x47, M),
        new(KeyCode.F10, "f10", 0x09, 0x4f, M),
        new(KeyCode.F11, "f11", 0x78, 0x56, M),
        new(KeyCode.F12, "f12", 0x07, 0x5e, M),
        new(KeyCode.Print, "print", 0xe07c, 0x57, M),
        new(KeyCode.Pause, "pause", 0xe077, 0x62, M),
        new(KeyCode.SysRq, "sysrq", 0x84, 0x57, M),
        new(KeyCode.Insert, "insert", 0xe070, 0x67, M),
        new(KeyCode.Delete, "delete", 0xe071, 0x64, T),
        new(KeyCode.Home, "home", 0xe06c, 0x6e, M),
        new(KeyCode.End, "end", 0xe069, 0x65, M),
        new(KeyCode.PageUp, "pgup", 0xe07d, 0x6f, M),
        new(KeyCode.PageDown, "pgdn", 0xe07a, 0x6d, M),
        new(KeyCode.Up, "up", 0xe075, 0x63, T),
        new(KeyCode.Down, "down", 0xe072, 0x60, T),
        new(KeyCode.Left, "left", 0xe06b, 0x61, T),
        new(KeyCode.Right, "right", 0xe074, 0x6a, T),
        new(KeyCode.Kp0, "kp_0", 0x70, 0x70, M),
        new(KeyCode.Kp1, "kp_1", 0x69, 0x69, M),
        new(KeyCode.Kp2, "kp_2", 0x72, 0x72, M),
        new(KeyCode.Kp3, "kp_3", 0x7a, 0x7a, M),
        new(KeyCode.Kp4, "kp_4", 0x6b, 0x6b, M),
        new(KeyCode.Kp5, "kp_5", 0x73, 0x73, M),
        new(KeyCode.Kp6, "kp_6", 0x74, 0x74, M),
        new(KeyCode.Kp7, "kp_7", 0x6c, 0x6c, M),
        new(KeyCode.Kp8, "kp_8", 0x75, 0x75, M),
        new(KeyCode.Kp9, "kp_9", 0x7d, 0x7d, M),
        new(KeyCode.KpAdd, "kp_add", 0x79, 0x7c, T),
        new(KeyCode.KpSubtract, "kp_subtract", 0x7b, 0x84, M),
        new(KeyCode.KpMultiply, "kp_multiply", 0x7c, 0x7e, M),
        new(KeyCode.KpDivide, "kp_divide", 0xe04a, 0x77, M),
        new(KeyCode.KpDecimal, "kp_decimal", 0x71, 0x71, M),
        new(KeyCode.KpEnter, "kp_enter", 0xe05a, 0x79, M),
        new(KeyCode.KpEquals, "kp_equals", 0x0f, 0x00, M),
        new(KeyCode.KpComma, "kp_comma", 0x6d, 0x00, M),
        new(KeyCode.Ro, "ro", 0x51, 0x00, M),
        new(KeyCode.Yen, "yen", 0x6a, 0x5d, M),
        new(KeyCode.Hiragana, "hiragana", 0x62, 0x87, M),
        new(KeyCode.KatakanaHiragana, "katakanahiragana", 0x13, 0x87, M),
        new(KeyCode.Henkan, "henkan", 0x64, 0x86, M),
        new(KeyCode.Muhenkan, "muhenkan", 0x67, 0x85, M),
        new(KeyCode.Lang1, "lang1", 0xf2, 0x00, M),
        new(KeyCode.Lang2, "lang2", 0xf1, 0x00, M),
        new(KeyCode.F13, "f13", 0x2f, 0x7f, M),
        new(KeyCode.F14, "f14", 0x37, 0x80, M),
        new(KeyCode.F15, "f15", 0x3f, 0x81, M),
        new(KeyCode.Power, "power", 0xe037, 0x00, M),
        new(KeyCode.Sleep, "sleep", 0xe03f, 0x00, M),
        new(KeyCode.Wake, "wake", 0xe05e, 0x00, M),
        new(KeyCode.AudioMute, "audiomute", 0xe023, 0x9c, M),
        new(KeyCode.VolumeDown, "volumedown", 0xe021, 0x9d, M),
        new(KeyCode.VolumeUp, "volumeup", 0xe032, 0x95, M),
        new(KeyCode.AudioNext, "audionext", 0xe04d, 0x93, M),
        new(KeyCode.AudioPrevious, "audioprev", 0xe015, 0x94, M),
        new(KeyCode.AudioPlay, "audioplay", 0xe034, 0x00, M),
        new(KeyCode.AudioStop, "audiostop", 0xe03b, 0x98, M),
        new(KeyCode.MediaSelect, "mediaselect", 0xe050, 0x00, M),
        new(KeyCode.Mail, "mail", 0xe048, 0x00, M),
        new(KeyCode.Calculator, "calculator", 0xe02b, 0xa3, M),
        new(KeyCode.Computer, "computer", 0xe040, 0x00, M),
        new(KeyCode.Stop, "stop", 0xe028, 0x0a, M),
        new(KeyCode.AcBack, "ac_back", 0xe038, 0x00, M),
        new(KeyCode.AcForward, "ac_forward", 0xe030, 0x00, M),
        new(KeyCode.AcHome, "ac_home", 0xe03a, 0x97, M),
        new(KeyCode.AcRefresh, "ac_refresh", 0xe020, 0x00, M),
        new(KeyCode.AcBookmarks, "ac_bookmarks", 0xe018, 0x00, M),
    ];

    private static readonly FrozenDictionary<string, KeyCode> s_byName = s_keys.Select(k => (k.Name, k.Code))
        .Append(("asterisk", KeyCode.KpMultiply)) // QEMU's other name of it
        .ToFrozenDictionary(k => k.Item1, k => k.Item2, StringComparer.Ordinal);

    // QEMU's names of keys that only Sun's keyboards have, and of none.
    private static readonly FrozenSet<string> s_foreign = FrozenSet.ToFrozenSet(
        ["menu", "again", "props", "undo", "front", "copy", "open", "paste", "find", "cut", "lf", "help", "unmapped"]);

    /// <summary>All keys' names, in the order of <see cref="KeyCode"/>: QEMU's QKeyCode names ("a", "ret", "shift", "kp_enter").</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_keys.Select(k => k.Name)];

    /// <summary>The key of that name, one of <see cref="Names"/> or QEMU's other name "asterisk" of kp_multiply.</summary>
    /// <returns>False where no key has the name; the names are lower case.</returns>
    public static bool TryParse(string name, out KeyCode code) => s_byName.TryGetValue(name, out code);

    /// <summary>The key of that name.</summary>
    /// <exception cref="ArgumentException">No key of a PC's keyboard has that name.</exception>
    public static KeyCode Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (s_byName.TryGetValue(name, out var code)) return code;
        throw new ArgumentException(s_foreign.Contains(name)
            ? $"A PC's keyboard has no key '{name}', which QEMU knows of Sun's{(name == "menu" ? "; the one beside the right Windows key is compose" : "")}."
            : $"No key is named '{name}'; names are QEMU's, such as a, 1, ret, shift, f1, kp_enter.", nameof(name));
    }

    /// <summary>The key's name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such key.</exception>
    public static string NameOf(KeyCode code) => Of(code).Name;

    internal static KeyInfo Of(KeyCode code) => (uint)code < (uint)s_keys.Length
        ? s_keys[(int)code]
        : throw new ArgumentOutOfRangeException(nameof(code), code, $"Keys are 0 to {s_keys.Length - 1}.");

    internal static bool IsSet3Code(byte code) => code != 0 && Array.Exists(s_keys, k => k.Set3 == code);

    internal static void DefaultTypes(Span<KeyType> types)
    {
        types.Clear();
        foreach (var key in s_keys) types[key.Set3] = key.Type;
    }
}
