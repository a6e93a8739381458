namespace RawIo.Sim;

/// <summary>Scan codes: the 8042's translation from set 2 to set 1, and what a key sends in each set.</summary>
internal static class ScanCodes
{
    public const byte EXTENDED = 0xE0;
    public const byte EXTENDED1 = 0xE1;
    public const byte BREAK = 0xF0;

    /// <summary>The longest sequence of any key, in bytes: Pause in set 2.</summary>
    public const int Longest = 8;

    // The ROM table of the 8042 (IBM PC AT Technical Reference, keyboard controller). From 0x85 up codes stay.
    private static ReadOnlySpan<byte> Set2To1 =>
    [
        0xff, 0x43, 0x41, 0x3f, 0x3d, 0x3b, 0x3c, 0x58, 0x64, 0x44, 0x42, 0x40, 0x3e, 0x0f, 0x29, 0x59,
        0x65, 0x38, 0x2a, 0x70, 0x1d, 0x10, 0x02, 0x5a, 0x66, 0x71, 0x2c, 0x1f, 0x1e, 0x11, 0x03, 0x5b,
        0x67, 0x2e, 0x2d, 0x20, 0x12, 0x05, 0x04, 0x5c, 0x68, 0x39, 0x2f, 0x21, 0x14, 0x13, 0x06, 0x5d,
        0x69, 0x31, 0x30, 0x23, 0x22, 0x15, 0x07, 0x5e, 0x6a, 0x72, 0x32, 0x24, 0x16, 0x08, 0x09, 0x5f,
        0x6b, 0x33, 0x25, 0x17, 0x18, 0x0b, 0x0a, 0x60, 0x6c, 0x34, 0x35, 0x26, 0x27, 0x19, 0x0c, 0x61,
        0x6d, 0x73, 0x28, 0x74, 0x1a, 0x0d, 0x62, 0x6e, 0x3a, 0x36, 0x1c, 0x1b, 0x75, 0x2b, 0x63, 0x76,
        0x55, 0x56, 0x77, 0x78, 0x79, 0x7a, 0x0e, 0x7b, 0x7c, 0x4f, 0x7d, 0x4b, 0x47, 0x7e, 0x7f, 0x6f,
        0x52, 0x53, 0x50, 0x4c, 0x4d, 0x48, 0x01, 0x45, 0x57, 0x4e, 0x51, 0x4a, 0x37, 0x49, 0x46, 0x54,
        0x80, 0x81, 0x82, 0x41, 0x54,
    ];

    /// <summary>What the 8042 makes of a byte from the keyboard when XLATE is on; the break prefix is the caller's.</summary>
    public static byte Translate(byte code) => code < Set2To1.Length ? Set2To1[code] : code;

    /// <summary>Writes what the key sends in a set when it is pressed or released; returns the count, 0 where it sends nothing.</summary>
    /// <param name="set">1, 2 or 3.</param>
    /// <param name="key">The key.</param>
    /// <param name="down">Whether it is pressed.</param>
    /// <param name="form">For Print Screen and Pause: which modifiers are held.</param>
    /// <param name="to">At least <see cref="Longest"/> bytes.</param>
    public static int Sequence(int set, KeyInfo key, bool down, KeyForm form, Span<byte> to)
    {
        if (set == 3) return Set3(key, down, to);
        var count = Set2(key, down, form, to);
        return set == 2 ? count : ToSet1(to[..count]);
    }

    private static int Set3(KeyInfo key, bool down, Span<byte> to)
    {
        if (key.Set3 == 0) return 0;
        if (down) return Put(to, key.Set3);
        return Put(to, BREAK, key.Set3);
    }

    private static int Set2(KeyInfo key, bool down, KeyForm form, Span<byte> to)
    {
        switch (key.Code)
        {
            case KeyCode.Pause:
                if (!down) return 0;
                return form.HasFlag(KeyForm.Ctrl)
                    ? Put(to, EXTENDED, 0x7E, EXTENDED, BREAK, 0x7E)
                    : Put(to, EXTENDED1, 0x14, 0x77, EXTENDED1, BREAK, 0x14, BREAK, 0x77);
            case KeyCode.Print when form.HasFlag(KeyForm.Alt):
                return down ? Put(to, 0x84) : Put(to, BREAK, 0x84);
            case KeyCode.Print when form == KeyForm.Plain:
                return down
                    ? Put(to, EXTENDED, 0x12, EXTENDED, 0x7C)
                    : Put(to, EXTENDED, BREAK, 0x7C, EXTENDED, BREAK, 0x12);
            case KeyCode.Lang1 or KeyCode.Lang2 when !down:
                return 0;
        }
        var code = (byte)key.Set2;
        if (key.Set2 > 0xFF) return down ? Put(to, EXTENDED, code) : Put(to, EXTENDED, BREAK, code);
        return down ? Put(to, code) : Put(to, BREAK, code);
    }

    private static int ToSet1(Span<byte> sequence)
    {
        var count = 0;
        byte release = 0;
        foreach (var code in sequence)
        {
            if (code == BREAK)
            {
                release = 0x80;
                continue;
            }
            sequence[count++] = (byte)(Translate(code) | release);
            release = 0;
        }
        return count;
    }

    private static int Put(Span<byte> to, params ReadOnlySpan<byte> codes)
    {
        codes.CopyTo(to);
        return codes.Length;
    }
}

/// <summary>The modifiers that change what Print Screen and Pause send.</summary>
[Flags]
internal enum KeyForm
{
    Plain = 0,
    Shift = 1,
    Ctrl = 2,
    Alt = 4,
}
