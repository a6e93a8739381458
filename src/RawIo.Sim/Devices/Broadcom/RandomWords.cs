namespace RawIo.Sim;

/// <summary>Random words that a seed decides and a snapshot can go back in: SplitMix64 (Steele, Lea and Flood 2014).</summary>
internal struct RandomWords(int seed)
{
    private ulong _state = (ulong)seed;

    /// <summary>The next 32 bits.</summary>
    public uint Next()
    {
        _state += 0x9e37_79b9_7f4a_7c15;
        var z = _state;
        z = (z ^ z >> 30) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ z >> 27) * 0x94d0_49bb_1331_11eb;
        return (uint)((z ^ z >> 31) >> 32);
    }
}
