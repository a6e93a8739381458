using System.Text;
using RawIo.QTest;

namespace RawIo.Tests;

/// <summary>Memory that notes each access: "r4 10" is a 32-bit read at offset 0x10, "w1 3=7f" an 8-bit write.</summary>
internal sealed class NotedMemory(int length, ulong start = 0) : FakeMmio(start, length)
{
    public byte[] Bytes { get; } = new byte[length];
    public List<string> Accesses { get; } = [];
    public bool Quiet { get; init; }
    public Func<long, string?> Fault { get; init; } = _ => null;

    protected override ulong Read(long offset, int size)
    {
        if (Fault(offset) is { } why) throw new BusFaultException(why, (ulong)offset, size, false);
        if (!Quiet) Accesses.Add($"r{size} {offset:x}");
        return Tests.Bytes.Get(Bytes, offset, size);
    }

    protected override void Write(long offset, int size, ulong value)
    {
        if (Fault(offset) is { } why) throw new BusFaultException(why, (ulong)offset, size, true);
        if (!Quiet) Accesses.Add($"w{size} {offset:x}={value:x}");
        Tests.Bytes.Put(Bytes, offset, size, value);
    }

    // qtest accesses are ordered, one at a time, and its blocks go in QEMU's pieces, not in ours.
    protected override void OnForm(string form) => throw new AssertionException($"qtest makes no {form} access");
}

/// <summary>Ports that note each access and answer what was last written.</summary>
internal sealed class NotedPorts() : FakePorts(0, 0x10000)
{
    private readonly uint[] _values = new uint[0x10000];

    public List<string> Accesses { get; } = [];
    public bool Quiet { get; init; }

    protected override ulong In(int port, int size)
    {
        if (!Quiet) Accesses.Add($"in{size} {port:x}");
        return _values[port] & uint.MaxValue >> (32 - 8 * size);
    }

    protected override void Out(int port, int size, ulong value)
    {
        if (!Quiet) Accesses.Add($"out{size} {port:x}={value:x}");
        _values[port] = (uint)value;
    }

    protected override void OnForm(string form) => throw new AssertionException($"qtest makes no {form} access");
}

/// <summary>A clock with one timer at most.</summary>
internal sealed class OneTimerClock : IQTestClock
{
    public long Now { get; set; }
    public long? Timer { get; set; }

    public void Step(long nanoseconds) => Now += nanoseconds;

    public bool StepToNextTimer()
    {
        if (Timer is not { } due) return false;
        (Now, Timer) = (due, null);
        return true;
    }
}

/// <summary>A stream that gives what it has in pieces of a few bytes, as a pipe may.</summary>
internal sealed class Dribble(byte[] content, int piece) : MemoryStream(content)
{
    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
}

internal static class QTestRun
{
    /// <summary>Sends the lines and gives the replies.</summary>
    public static string[] Ask(this QTestServer server, params string[] lines) =>
        server.AskText(string.Concat(lines.Select(l => l + "\n")));

    public static string[] AskText(this QTestServer server, string input)
    {
        using var output = new MemoryStream();
        server.Serve(new MemoryStream(Encoding.Latin1.GetBytes(input)), output);
        var text = Encoding.UTF8.GetString(output.ToArray());
        Assert.That(text.Length == 0 || text.EndsWith('\n'), "each reply ends its line");
        return text.Length == 0 ? [] : text[..^1].Split('\n');
    }
}
