using System.Collections.Frozen;

namespace RawIo.Sim;

/// <summary>Which key types which character on a US keyboard.</summary>
internal static class UsLayout
{
    private static readonly FrozenDictionary<char, (KeyCode Key, bool Shift)> s_keys = Make();

    /// <summary>The key, and whether Shift is held with it; false where the keyboard has none for the character.</summary>
    public static bool TryFind(char character, out (KeyCode Key, bool Shift) key) => s_keys.TryGetValue(character, out key);

    private static FrozenDictionary<char, (KeyCode, bool)> Make()
    {
        var keys = new Dictionary<char, (KeyCode, bool)>
        {
            [' '] = (KeyCode.Space, false), ['\t'] = (KeyCode.Tab, false), ['\n'] = (KeyCode.Return, false), ['\r'] = (KeyCode.Return, false),
            ['\b'] = (KeyCode.Backspace, false), ['\e'] = (KeyCode.Escape, false),
        };
        for (var i = 0; i < 26; i++)
        {
            keys[(char)('a' + i)] = (KeyCode.A + i, false);
            keys[(char)('A' + i)] = (KeyCode.A + i, true);
        }
        // From 1 to Minus and Equal the keys of the upper row follow each other in KeyCode, and the others as here.
        const string Plain = "1234567890-=[]\\;'`,./", Shifted = "!@#$%^&*()_+{}|:\"~<>?";
        for (var i = 0; i < Plain.Length; i++)
        {
            keys[Plain[i]] = (KeyCode.D1 + i, false);
            keys[Shifted[i]] = (KeyCode.D1 + i, true);
        }
        return keys.ToFrozenDictionary();
    }
}
