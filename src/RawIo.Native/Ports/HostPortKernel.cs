using System.Runtime.InteropServices;

namespace RawIo.Native;

/// <summary>This machine's port instructions and rights, through librawio.</summary>
internal sealed class HostPortKernel(bool hasInstructions) : IPortKernel
{
    public Architecture Machine => RuntimeInformation.ProcessArchitecture;

    public bool HasInstructions => hasInstructions && LibRawIo.HasPorts;

    public Errno IoPerm(int first, int count, bool on) => (Errno)(-LibRawIo.IoPerm((uint)first, (uint)count, on ? 1 : 0));

    public Errno IoPl(int level) => (Errno)(-LibRawIo.IoPl(level));

    public byte In8(ushort port) => LibRawIo.In8(port);

    public ushort In16(ushort port) => LibRawIo.In16(port);

    public uint In32(ushort port) => LibRawIo.In32(port);

    public void Out8(ushort port, byte value) => LibRawIo.Out8(port, value);

    public void Out16(ushort port, ushort value) => LibRawIo.Out16(port, value);

    public void Out32(ushort port, uint value) => LibRawIo.Out32(port, value);

    public void Ins(ushort port, Span<byte> destination) => LibRawIo.Ins(port, destination);

    public void Ins(ushort port, Span<ushort> destination) => LibRawIo.Ins(port, destination);

    public void Ins(ushort port, Span<uint> destination) => LibRawIo.Ins(port, destination);

    public void Outs(ushort port, ReadOnlySpan<byte> source) => LibRawIo.Outs(port, source);

    public void Outs(ushort port, ReadOnlySpan<ushort> source) => LibRawIo.Outs(port, source);

    public void Outs(ushort port, ReadOnlySpan<uint> source) => LibRawIo.Outs(port, source);
}
