namespace RawIo.Sim;

/// <summary>A message of the property channel, in RAM: its size, a code, tags, and an end tag.</summary>
/// <param name="bus">The way to it.</param>
/// <param name="address">Its bus address, a multiple of 16.</param>
internal readonly struct PropertyMessage(IBusMaster bus, uint address)
{
    private const uint Success = 0x8000_0000, ParseError = 0x8000_0001, LongestMessage = 1 << 20;

    /// <summary>What a tag asks: its value buffer, before anything is answered.</summary>
    public readonly struct Request(IBusMaster bus, uint address, uint length)
    {
        /// <summary>A word of the value; 0 behind its end.</summary>
        public uint this[int word] => 4u * (uint)word < length && bus.TryRead(address + 4u * (uint)word, 4, out var value) ? (uint)value : 0;
    }

    /// <summary>Answers tag by tag.</summary>
    /// <param name="answer">Gives a tag's answer; null where it does not know the tag.</param>
    public void Process(Func<uint, Request, byte[]?> answer)
    {
        if (!bus.TryRead(address, 4, out var size) || size is < 12 or > LongestMessage || Word(address + 4) != 0 || Tags((uint)size) is not { } tags)
        {
            Put(address + 4, ParseError);
            return;
        }
        // A tag the firmware does not know keeps its code as it was, and the whole is no success.
        var all = true;
        foreach (var isLate in (ReadOnlySpan<bool>)[false, true])
            foreach (var (tag, at, length) in tags)
                if (IsLate(tag) == isLate) all &= Answer(tag, at, length, answer);
        Put(address + 4, all ? Success : ParseError);
    }

    // The framebuffer is one operation of several tags, whose order does not matter: what comes of it is told last.
    private static bool IsLate(uint tag) => tag is PropertyTag.ALLOCATE_BUFFER or PropertyTag.GET_PITCH;

    private bool Answer(uint tag, uint at, uint length, Func<uint, Request, byte[]?> answer)
    {
        if (answer(tag, new(bus, at + 12, length)) is not { } value) return false;
        Write(at + 12, value.AsSpan(0, (int)Math.Min(length, (uint)value.Length)));
        Put(at + 8, Success | (uint)value.Length);
        return true;
    }

    /// <summary>The tags up to the end tag; null where one leaves the message first, or there is none.</summary>
    private List<(uint Tag, uint At, uint Length)>? Tags(uint size)
    {
        var tags = new List<(uint, uint, uint)>();
        for (var at = 8u; at + 4 <= size;)
        {
            var tag = Word(address + at);
            if (tag == PropertyTag.END) return tags;
            if (at + 12 > size || Word(address + at + 4) is var length && length > size - at - 12) return null;
            tags.Add((tag, address + at, length));
            at += 12 + Padded(length);
        }
        return null;
    }

    private void Write(uint at, ReadOnlySpan<byte> value)
    {
        var words = value.Length / 4;
        for (var i = 0; i < words; i++) Put(at + 4 * (uint)i, BitConverter.ToUInt32(value[(4 * i)..]));
        for (var i = 4 * words; i < value.Length; i++) bus.TryWrite(at + (uint)i, 1, value[i]);
    }

    private uint Word(uint at) => bus.TryRead(at, 4, out var value) ? (uint)value : 0;

    private void Put(uint at, uint value) => bus.TryWrite(at, 4, value);

    private static uint Padded(uint length) => length + 3 & ~3u;
}
