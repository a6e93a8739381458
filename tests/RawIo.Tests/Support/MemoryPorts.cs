namespace RawIo.Tests;

/// <summary>Ports over an array that write down every access: "in8@60", "out16@64=1234", "pause".</summary>
internal sealed class MemoryPorts(int first, int count) : FakePorts(first, count)
{
    private readonly byte[] _bytes = new byte[count];

    public List<string> Accesses { get; } = [];

    protected override ulong In(int port, int size)
    {
        Accesses.Add($"in{size * 8}@{port:x}");
        return Bytes.Get(_bytes, port - FirstPort, size);
    }

    protected override void Out(int port, int size, ulong value)
    {
        Accesses.Add($"out{size * 8}@{port:x}={value:x}");
        Bytes.Put(_bytes, port - FirstPort, size, value);
    }

    protected override void OnForm(string form)
    {
        if (form == "pause") Accesses.Add(form);
    }
}
