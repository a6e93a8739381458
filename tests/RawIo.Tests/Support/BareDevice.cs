using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A device model with nothing around it, as a window: no bus, no MMU, every access counted.</summary>
internal sealed class BareDevice(Device device, long length) : IMmio
{
    public List<(char Kind, long Offset, ulong Value)> Log { get; } = [];

    public bool IsLogging { get; set; } = true;

    public int Reads => Log.Count(a => a.Kind == 'R');

    public int Writes => Log.Count(a => a.Kind == 'W');

    public ulong PhysicalAddress => 0x3f20_0000;

    public long Length => length;

    /// <summary>Has a model without a machine answer as the hardware would; returns the errors it counts.</summary>
    public static GuestErrors BehaveAsHardware(Device device)
    {
        var errors = new GuestErrors { Policy = FaultPolicy.Hardware };
        device.Errors = new DeviceErrors(errors, 0);
        return errors;
    }

    private T Get<T>(long offset) where T : unmanaged
    {
        var size = Unsafe.SizeOf<T>();
        AccessCheck.Access(offset, size, length);
        if (((int)device.Sizes & size) == 0) throw new BusFaultException("size", (ulong)offset, size, false);
        var value = device.Read((int)offset, size);
        Assert.That(size == 8 ? 0 : value >> size * 8, Is.Zero, "a device answers no more bits than were asked for");
        if (IsLogging) Log.Add(('R', offset, value));
        return MemoryMarshal.Read<T>(MemoryMarshal.AsBytes([value]));
    }

    private void Put<T>(long offset, T value) where T : unmanaged
    {
        var size = Unsafe.SizeOf<T>();
        AccessCheck.Access(offset, size, length);
        if (((int)device.Sizes & size) == 0) throw new BusFaultException("size", (ulong)offset, size, true);
        ulong wide = 0;
        MemoryMarshal.Write(MemoryMarshal.AsBytes(new Span<ulong>(ref wide)), value);
        if (IsLogging) Log.Add(('W', offset, wide));
        device.Write((int)offset, size, wide);
    }

    private void GetRep<T>(long offset, Span<T> values) where T : unmanaged
    {
        for (var i = 0; i < values.Length; i++) values[i] = Get<T>(offset);
    }

    private void PutRep<T>(long offset, ReadOnlySpan<T> values) where T : unmanaged
    {
        foreach (var value in values) Put(offset, value);
    }

    public byte Read8(long offset) => Get<byte>(offset);
    public ushort Read16(long offset) => Get<ushort>(offset);
    public uint Read32(long offset) => Get<uint>(offset);
    public ulong Read64(long offset) => Get<ulong>(offset);
    public void Write8(long offset, byte value) => Put(offset, value);
    public void Write16(long offset, ushort value) => Put(offset, value);
    public void Write32(long offset, uint value) => Put(offset, value);
    public void Write64(long offset, ulong value) => Put(offset, value);
    public byte ReadRelaxed8(long offset) => Get<byte>(offset);
    public ushort ReadRelaxed16(long offset) => Get<ushort>(offset);
    public uint ReadRelaxed32(long offset) => Get<uint>(offset);
    public ulong ReadRelaxed64(long offset) => Get<ulong>(offset);
    public void WriteRelaxed8(long offset, byte value) => Put(offset, value);
    public void WriteRelaxed16(long offset, ushort value) => Put(offset, value);
    public void WriteRelaxed32(long offset, uint value) => Put(offset, value);
    public void WriteRelaxed64(long offset, ulong value) => Put(offset, value);
    public void ReadRep(long offset, Span<byte> destination) => GetRep(offset, destination);
    public void ReadRep(long offset, Span<ushort> destination) => GetRep(offset, destination);
    public void ReadRep(long offset, Span<uint> destination) => GetRep(offset, destination);
    public void ReadRep(long offset, Span<ulong> destination) => GetRep(offset, destination);
    public void WriteRep(long offset, ReadOnlySpan<byte> source) => PutRep(offset, source);
    public void WriteRep(long offset, ReadOnlySpan<ushort> source) => PutRep(offset, source);
    public void WriteRep(long offset, ReadOnlySpan<uint> source) => PutRep(offset, source);
    public void WriteRep(long offset, ReadOnlySpan<ulong> source) => PutRep(offset, source);
    public void Fill(long offset, byte value, long length) => throw new NotSupportedException();
    public void CopyFrom(long offset, Span<byte> destination) => throw new NotSupportedException();
    public void CopyTo(long offset, ReadOnlySpan<byte> source) => throw new NotSupportedException();
    public IMmio Window(long offset, long length) => throw new NotSupportedException();
}
