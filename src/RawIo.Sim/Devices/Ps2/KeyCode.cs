namespace RawIo.Sim;

/// <summary>The keys of a PC keyboard, by what is printed on a US keyboard. <see cref="Keys"/> has their names in QEMU's words.</summary>
public enum KeyCode
{
    /// <summary>A.</summary>
    A,
    /// <summary>B.</summary>
    B,
    /// <summary>C.</summary>
    C,
    /// <summary>D.</summary>
    D,
    /// <summary>E.</summary>
    E,
    /// <summary>F.</summary>
    F,
    /// <summary>G.</summary>
    G,
    /// <summary>H.</summary>
    H,
    /// <summary>I.</summary>
    I,
    /// <summary>J.</summary>
    J,
    /// <summary>K.</summary>
    K,
    /// <summary>L.</summary>
    L,
    /// <summary>M.</summary>
    M,
    /// <summary>N.</summary>
    N,
    /// <summary>O.</summary>
    O,
    /// <summary>P.</summary>
    P,
    /// <summary>Q.</summary>
    Q,
    /// <summary>R.</summary>
    R,
    /// <summary>S.</summary>
    S,
    /// <summary>T.</summary>
    T,
    /// <summary>U.</summary>
    U,
    /// <summary>V.</summary>
    V,
    /// <summary>W.</summary>
    W,
    /// <summary>X.</summary>
    X,
    /// <summary>Y.</summary>
    Y,
    /// <summary>Z.</summary>
    Z,
    /// <summary>1 of the upper row.</summary>
    D1,
    /// <summary>2 of the upper row.</summary>
    D2,
    /// <summary>3 of the upper row.</summary>
    D3,
    /// <summary>4 of the upper row.</summary>
    D4,
    /// <summary>5 of the upper row.</summary>
    D5,
    /// <summary>6 of the upper row.</summary>
    D6,
    /// <summary>7 of the upper row.</summary>
    D7,
    /// <summary>8 of the upper row.</summary>
    D8,
    /// <summary>9 of the upper row.</summary>
    D9,
    /// <summary>0 of the upper row.</summary>
    D0,
    /// <summary>Minus.</summary>
    Minus,
    /// <summary>Equals.</summary>
    Equal,
    /// <summary>Left bracket.</summary>
    BracketLeft,
    /// <summary>Right bracket.</summary>
    BracketRight,
    /// <summary>Backslash.</summary>
    Backslash,
    /// <summary>Semicolon.</summary>
    Semicolon,
    /// <summary>Apostrophe.</summary>
    Apostrophe,
    /// <summary>Grave accent.</summary>
    GraveAccent,
    /// <summary>Comma.</summary>
    Comma,
    /// <summary>Full stop.</summary>
    Dot,
    /// <summary>Slash.</summary>
    Slash,
    /// <summary>The key beside the left Shift of 102-key keyboards.</summary>
    Less,
    /// <summary>Space bar.</summary>
    Space,
    /// <summary>Tab.</summary>
    Tab,
    /// <summary>Backspace.</summary>
    Backspace,
    /// <summary>Enter.</summary>
    Return,
    /// <summary>Escape.</summary>
    Escape,
    /// <summary>Left Shift.</summary>
    Shift,
    /// <summary>Right Shift.</summary>
    ShiftRight,
    /// <summary>Left Ctrl.</summary>
    Ctrl,
    /// <summary>Right Ctrl.</summary>
    CtrlRight,
    /// <summary>Left Alt.</summary>
    Alt,
    /// <summary>Right Alt.</summary>
    AltRight,
    /// <summary>Left Windows key.</summary>
    Meta,
    /// <summary>Right Windows key.</summary>
    MetaRight,
    /// <summary>Menu key.</summary>
    Compose,
    /// <summary>Caps Lock.</summary>
    CapsLock,
    /// <summary>Num Lock.</summary>
    NumLock,
    /// <summary>Scroll Lock.</summary>
    ScrollLock,
    /// <summary>F1.</summary>
    F1,
    /// <summary>F2.</summary>
    F2,
    /// <summary>F3.</summary>
    F3,
    /// <summary>F4.</summary>
    F4,
    /// <summary>F5.</summary>
    F5,
    /// <summary>F6.</summary>
    F6,
    /// <summary>F7.</summary>
    F7,
    /// <summary>F8.</summary>
    F8,
    /// <summary>F9.</summary>
    F9,
    /// <summary>F10.</summary>
    F10,
    /// <summary>F11.</summary>
    F11,
    /// <summary>F12.</summary>
    F12,
    /// <summary>Print Screen.</summary>
    Print,
    /// <summary>Pause.</summary>
    Pause,
    /// <summary>SysRq on a key of its own.</summary>
    SysRq,
    /// <summary>Insert.</summary>
    Insert,
    /// <summary>Delete.</summary>
    Delete,
    /// <summary>Home.</summary>
    Home,
    /// <summary>End.</summary>
    End,
    /// <summary>Page Up.</summary>
    PageUp,
    /// <summary>Page Down.</summary>
    PageDown,
    /// <summary>Up arrow.</summary>
    Up,
    /// <summary>Down arrow.</summary>
    Down,
    /// <summary>Left arrow.</summary>
    Left,
    /// <summary>Right arrow.</summary>
    Right,
    /// <summary>Keypad 0.</summary>
    Kp0,
    /// <summary>Keypad 1.</summary>
    Kp1,
    /// <summary>Keypad 2.</summary>
    Kp2,
    /// <summary>Keypad 3.</summary>
    Kp3,
    /// <summary>Keypad 4.</summary>
    Kp4,
    /// <summary>Keypad 5.</summary>
    Kp5,
    /// <summary>Keypad 6.</summary>
    Kp6,
    /// <summary>Keypad 7.</summary>
    Kp7,
    /// <summary>Keypad 8.</summary>
    Kp8,
    /// <summary>Keypad 9.</summary>
    Kp9,
    /// <summary>Keypad plus.</summary>
    KpAdd,
    /// <summary>Keypad minus.</summary>
    KpSubtract,
    /// <summary>Keypad asterisk.</summary>
    KpMultiply,
    /// <summary>Keypad slash.</summary>
    KpDivide,
    /// <summary>Keypad full stop.</summary>
    KpDecimal,
    /// <summary>Keypad Enter.</summary>
    KpEnter,
    /// <summary>Keypad equals.</summary>
    KpEquals,
    /// <summary>Keypad comma of Brazilian keyboards.</summary>
    KpComma,
    /// <summary>Ro of Japanese keyboards.</summary>
    Ro,
    /// <summary>Yen of Japanese keyboards.</summary>
    Yen,
    /// <summary>Hiragana.</summary>
    Hiragana,
    /// <summary>Katakana/Hiragana.</summary>
    KatakanaHiragana,
    /// <summary>Henkan.</summary>
    Henkan,
    /// <summary>Muhenkan.</summary>
    Muhenkan,
    /// <summary>Hangul; it has no break code.</summary>
    Lang1,
    /// <summary>Hanja; it has no break code.</summary>
    Lang2,
    /// <summary>F13.</summary>
    F13,
    /// <summary>F14.</summary>
    F14,
    /// <summary>F15.</summary>
    F15,
    /// <summary>Power.</summary>
    Power,
    /// <summary>Sleep.</summary>
    Sleep,
    /// <summary>Wake.</summary>
    Wake,
    /// <summary>Mute.</summary>
    AudioMute,
    /// <summary>Volume down.</summary>
    VolumeDown,
    /// <summary>Volume up.</summary>
    VolumeUp,
    /// <summary>Next track.</summary>
    AudioNext,
    /// <summary>Previous track.</summary>
    AudioPrevious,
    /// <summary>Play/pause.</summary>
    AudioPlay,
    /// <summary>Stop playing.</summary>
    AudioStop,
    /// <summary>Media.</summary>
    MediaSelect,
    /// <summary>Mail.</summary>
    Mail,
    /// <summary>Calculator.</summary>
    Calculator,
    /// <summary>My computer.</summary>
    Computer,
    /// <summary>Browser: stop.</summary>
    Stop,
    /// <summary>Browser: back.</summary>
    AcBack,
    /// <summary>Browser: forward.</summary>
    AcForward,
    /// <summary>Browser: home.</summary>
    AcHome,
    /// <summary>Browser: refresh.</summary>
    AcRefresh,
    /// <summary>Browser: favourites.</summary>
    AcBookmarks,
}
