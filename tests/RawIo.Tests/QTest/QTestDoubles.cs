using System.Text;
using RawIo.QTest;

namespace RawIo.Tests;

/// <summary>Memory that notes each access: "r4 10" is a 32-bit read at offset 0x10, "w1 3=7f" an 8-bit write.</summary>
internal sealed class NotedMemory(int length, ulong start = 0) : IMmio
{
    public byte[] Bytes { get; } = new byte[length];
    public List<string> Accesses { get; } = [];
    public bool Quiet { get; init; }
    public Func<long, string?> Fault { get; init; } = _ => null;

    public ulong PhysicalAddress => start;
    public long Length => length;

    private ulong Read(long offset, int size)
    {
        AccessCheck.Access(offset, size, Length);
        if (Fault(offset) is { } why) throw new BusFaultException(why, (ulong)offset, size, false);
        if (!Quiet) Accesses.Add($"r{size} {offset:x}");
        ulong value = 0;
        for (var i = size - 1; i >= 0; i--) value = value << 8 | Bytes[offset + i];
        return value;
    }

    private void Write(long offset, int size, ulong value)
    {
        AccessCheck.Access(offset, size, Length);
        if (Fault(offset) is { } why) throw new BusFaultException(why, (ulong)offset, size, true);
        if (!Quiet) Accesses.Add($"w{size} {offset:x}={value:x}");
        for (var i = 0; i < size; i++) Bytes[offset + i] = (byte)(value >> (8 * i));
    }

    public byte Read8(long offset) => (byte)Read(offset, 1);
    public ushort Read16(long offset) => (ushort)Read(offset, 2);
    public uint Read32(long offset) => (uint)Read(offset, 4);
    public ulong Read64(long offset) => Read(offset, 8);
    public void Write8(long offset, byte value) => Write(offset, 1, value);
    public void Write16(long offset, ushort value) => Write(offset, 2, value);
    public void Write32(long offset, uint value) => Write(offset, 4, value);
    public void Write64(long offset, ulong value) => Write(offset, 8, value);

    public byte ReadRelaxed8(long offset) => throw new AssertionException("qtest accesses are ordered");
    public ushort ReadRelaxed16(long offset) => throw new AssertionException("qtest accesses are ordered");
    public uint ReadRelaxed32(long offset) => throw new AssertionException("qtest accesses are ordered");
    public ulong ReadRelaxed64(long offset) => throw new AssertionException("qtest accesses are ordered");
    public void WriteRelaxed8(long offset, byte value) => throw new AssertionException("qtest accesses are ordered");
    public void WriteRelaxed16(long offset, ushort value) => throw new AssertionException("qtest accesses are ordered");
    public void WriteRelaxed32(long offset, uint value) => throw new AssertionException("qtest accesses are ordered");
    public void WriteRelaxed64(long offset, ulong value) => throw new AssertionException("qtest accesses are ordered");
    public void ReadRep(long offset, Span<byte> destination) => throw new AssertionException("not a qtest access");
    public void ReadRep(long offset, Span<ushort> destination) => throw new AssertionException("not a qtest access");
    public void ReadRep(long offset, Span<uint> destination) => throw new AssertionException("not a qtest access");
    public void ReadRep(long offset, Span<ulong> destination) => throw new AssertionException("not a qtest access");
    public void WriteRep(long offset, ReadOnlySpan<byte> source) => throw new AssertionException("not a qtest access");
    public void WriteRep(long offset, ReadOnlySpan<ushort> source) => throw new AssertionException("not a qtest access");
    public void WriteRep(long offset, ReadOnlySpan<uint> source) => throw new AssertionException("not a qtest access");
    public void WriteRep(long offset, ReadOnlySpan<ulong> source) => throw new AssertionException("not a qtest access");
    public void Fill(long offset, byte value, long length) => throw new AssertionException("pieces of 8 bytes are not QEMU's");
    public void CopyFrom(long offset, Span<byte> destination) => throw new AssertionException("pieces of 8 bytes are not QEMU's");
    public void CopyTo(long offset, ReadOnlySpan<byte> source) => throw new AssertionException("pieces of 8 bytes are not QEMU's");
    public IMmio Window(long offset, long length) => throw new AssertionException("not needed");
}

/// <summary>Ports that note each access and answer what was last written.</summary>
internal sealed class NotedPorts : IPortIo
{
    private readonly uint[] _values = new uint[0x10000];

    public List<string> Accesses { get; } = [];
    public bool Quiet { get; init; }

    public int FirstPort => 0;
    public int Count => 0x10000;

    private uint In(int port, int size)
    {
        AccessCheck.Port(port, size, 0, Count);
        if (!Quiet) Accesses.Add($"in{size} {port:x}");
        return _values[port];
    }

    private void Out(int port, int size, uint value)
    {
        AccessCheck.Port(port, size, 0, Count);
        if (!Quiet) Accesses.Add($"out{size} {port:x}={value:x}");
        _values[port] = value;
    }

    public byte In8(int port) => (byte)In(port, 1);
    public ushort In16(int port) => (ushort)In(port, 2);
    public uint In32(int port) => In(port, 4);
    public void Out8(int port, byte value) => Out(port, 1, value);
    public void Out16(int port, ushort value) => Out(port, 2, value);
    public void Out32(int port, uint value) => Out(port, 4, value);
    public void InRep(int port, Span<byte> destination) => throw new AssertionException("not a qtest access");
    public void InRep(int port, Span<ushort> destination) => throw new AssertionException("not a qtest access");
    public void InRep(int port, Span<uint> destination) => throw new AssertionException("not a qtest access");
    public void OutRep(int port, ReadOnlySpan<byte> source) => throw new AssertionException("not a qtest access");
    public void OutRep(int port, ReadOnlySpan<ushort> source) => throw new AssertionException("not a qtest access");
    public void OutRep(int port, ReadOnlySpan<uint> source) => throw new AssertionException("not a qtest access");
    public void Pause() => throw new AssertionException("not a qtest access");
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
