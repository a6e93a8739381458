namespace RawIo.Tests;

/// <summary>A window onto an array that writes down every access it gets: "r32@10", "w8@3=ff".</summary>
internal sealed class MemoryMmio(byte[] memory) : FakeMmio(0x1000_0000, memory.Length)
{
    public List<string> Accesses { get; } = [];

    public byte[] Memory => memory;

    protected override ulong Read(long offset, int size)
    {
        Accesses.Add($"r{size * 8}@{offset:x}");
        return Bytes.Get(memory, offset, size);
    }

    protected override void Write(long offset, int size, ulong value)
    {
        Accesses.Add($"w{size * 8}@{offset:x}={value:x}");
        Bytes.Put(memory, offset, size, value);
    }
}
