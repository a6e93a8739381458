using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>A kernel that keeps port rights by the thread, as Linux does, over 64 Ki bytes of scratch. An access without the right, which would end a real process, throws and is kept in <see cref="Crimes"/>.</summary>
internal sealed class FakePortKernel : IPortKernel, IDisposable
{
    private readonly byte[] _bytes = new byte[0x10000];
    private readonly ThreadLocal<Rights> _rights;

    public FakePortKernel() => _rights = new(() => Inherited is { } parent ? new(parent) : new());

    public Architecture Machine { get; set; } = Architecture.X64;

    public bool HasInstructions { get; set; } = true;

    /// <summary>What a call answers instead of doing it: by the thread, the level or the first port.</summary>
    public Func<int, Errno> IoPermAnswer { get; set; } = _ => Errno.None;

    public Errno IoPlAnswer { get; set; }

    /// <summary>What threads have that come from now on: clone(2) passes rights on.</summary>
    public Rights? Inherited { get; set; }

    public ConcurrentQueue<string> Crimes { get; } = [];

    /// <summary>Byte cycles, in order; "R@60", "W@80". Null: not kept.</summary>
    public List<string>? Cycles { get; set; } = [];

    /// <summary>The system calls, in order: "ioperm 60 5 on", "iopl 3".</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>The calling thread's.</summary>
    public Rights Mine => _rights.Value!;

    public Errno IoPerm(int first, int count, bool on)
    {
        Calls.Enqueue($"ioperm {first:x} {count} {(on ? "on" : "off")}");
        if (first < 0 || count < 0 || first + count > 0x10000) return Errno.EINVAL;
        if (on && IoPermAnswer(first) is var errno and not Errno.None) return errno;
        Array.Fill(Mine.Ports, on, first, count);
        return Errno.None;
    }

    public Errno IoPl(int level)
    {
        Calls.Enqueue($"iopl {level}");
        if (level > Mine.Level && IoPlAnswer != Errno.None) return IoPlAnswer;
        Mine.Level = level;
        return Errno.None;
    }

    public byte In8(ushort port) => (byte)In(port, 1);

    public ushort In16(ushort port) => (ushort)In(port, 2);

    public uint In32(ushort port) => In(port, 4);

    public void Out8(ushort port, byte value) => Out(port, 1, value);

    public void Out16(ushort port, ushort value) => Out(port, 2, value);

    public void Out32(ushort port, uint value) => Out(port, 4, value);

    public void Ins(ushort port, Span<byte> destination)
    {
        foreach (ref var value in destination) value = In8(port);
    }

    public void Ins(ushort port, Span<ushort> destination)
    {
        foreach (ref var value in destination) value = In16(port);
    }

    public void Ins(ushort port, Span<uint> destination)
    {
        foreach (ref var value in destination) value = In32(port);
    }

    public void Outs(ushort port, ReadOnlySpan<byte> source)
    {
        foreach (var value in source) Out8(port, value);
    }

    public void Outs(ushort port, ReadOnlySpan<ushort> source)
    {
        foreach (var value in source) Out16(port, value);
    }

    public void Outs(ushort port, ReadOnlySpan<uint> source)
    {
        foreach (var value in source) Out32(port, value);
    }

    public void Dispose() => _rights.Dispose();

    private uint In(int port, int size)
    {
        Check(port, size, "R");
        Span<byte> bytes = stackalloc byte[4];
        _bytes.AsSpan(port, size).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private void Out(int port, int size, uint value)
    {
        Check(port, size, "W");
        for (var i = 0; i < size; i++) _bytes[port + i] = (byte)(value >> 8 * i);
    }

    private void Check(int port, int size, string what)
    {
        for (var at = port; at < port + size; at++)
        {
            if (Mine.Level != 3 && !Mine.Ports[at])
            {
                var crime = $"SIGSEGV: {what}@{at:x} on thread {Environment.CurrentManagedThreadId}";
                Crimes.Enqueue(crime);
                throw new InvalidOperationException(crime);
            }
            Cycles?.Add($"{what}@{at:x}");
        }
    }

    /// <summary>What one thread may do.</summary>
    internal sealed class Rights
    {
        public Rights()
        {
        }

        public Rights(Rights parent) => (Ports, Level) = ((bool[])parent.Ports.Clone(), parent.Level);

        public bool[] Ports { get; } = new bool[0x10000];

        public int Level { get; set; }

        /// <summary>The granted ranges: "60-64,80".</summary>
        public override string ToString()
        {
            var ranges = new List<string>();
            for (var first = 0; first < Ports.Length; first++)
            {
                if (!Ports[first]) continue;
                var last = first;
                while (last < 0xffff && Ports[last + 1]) last++;
                ranges.Add(first == last ? $"{first:x}" : $"{first:x}-{last:x}");
                first = last;
            }
            return string.Join(',', ranges);
        }
    }
}
