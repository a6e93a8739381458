using System.Runtime.InteropServices;

namespace RawIo.Native;

/// <summary>The system calls and the instructions that ports need: this machine's, or a test's model of them.</summary>
internal interface IPortKernel
{
    /// <summary>The machine's instruction set.</summary>
    Architecture Machine { get; }

    /// <summary>Whether the instructions and the two calls are there at all.</summary>
    bool HasInstructions { get; }

    /// <summary>ioperm(2): the calling thread's right to a range.</summary>
    Errno IoPerm(int first, int count, bool on);

    /// <summary>iopl(2): the calling thread's right to all ports (3) or none but the granted (0).</summary>
    Errno IoPl(int level);

    byte In8(ushort port);

    ushort In16(ushort port);

    uint In32(ushort port);

    void Out8(ushort port, byte value);

    void Out16(ushort port, ushort value);

    void Out32(ushort port, uint value);

    void Ins(ushort port, Span<byte> destination);

    void Ins(ushort port, Span<ushort> destination);

    void Ins(ushort port, Span<uint> destination);

    void Outs(ushort port, ReadOnlySpan<byte> source);

    void Outs(ushort port, ReadOnlySpan<ushort> source);

    void Outs(ushort port, ReadOnlySpan<uint> source);
}
