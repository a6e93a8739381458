using System.Numerics;
using System.Runtime.CompilerServices;

namespace RawIo.Tests;

/// <summary>A window for tests: every access comes down to <see cref="Read"/> or <see cref="Write"/>, checked as a real window checks it.</summary>
internal abstract class FakeMmio(ulong physicalAddress, long length) : IMmio
{
    public ulong PhysicalAddress => physicalAddress;

    public long Length => length;

    /// <summary>One read; the answer has no more bits than were asked for, else the access throws <see cref="OverflowException"/>.</summary>
    protected abstract ulong Read(long offset, int size);

    protected abstract void Write(long offset, int size, ulong value);

    /// <summary>Called before what is no plain access: "relaxed", "rep", "block" or "window". A double whose subject must not make one throws.</summary>
    protected virtual void OnForm(string form)
    {
    }

    public byte Read8(long offset) => Get<byte>(offset);
    public ushort Read16(long offset) => Get<ushort>(offset);
    public uint Read32(long offset) => Get<uint>(offset);
    public ulong Read64(long offset) => Get<ulong>(offset);
    public void Write8(long offset, byte value) => Put(offset, value);
    public void Write16(long offset, ushort value) => Put(offset, value);
    public void Write32(long offset, uint value) => Put(offset, value);
    public void Write64(long offset, ulong value) => Put(offset, value);
    public byte ReadRelaxed8(long offset) => Get<byte>(offset, "relaxed");
    public ushort ReadRelaxed16(long offset) => Get<ushort>(offset, "relaxed");
    public uint ReadRelaxed32(long offset) => Get<uint>(offset, "relaxed");
    public ulong ReadRelaxed64(long offset) => Get<ulong>(offset, "relaxed");
    public void WriteRelaxed8(long offset, byte value) => Put(offset, value, "relaxed");
    public void WriteRelaxed16(long offset, ushort value) => Put(offset, value, "relaxed");
    public void WriteRelaxed32(long offset, uint value) => Put(offset, value, "relaxed");
    public void WriteRelaxed64(long offset, ulong value) => Put(offset, value, "relaxed");
    public void ReadRep(long offset, Span<byte> destination) => GetMany(offset, destination, 0, "rep");
    public void ReadRep(long offset, Span<ushort> destination) => GetMany(offset, destination, 0, "rep");
    public void ReadRep(long offset, Span<uint> destination) => GetMany(offset, destination, 0, "rep");
    public void ReadRep(long offset, Span<ulong> destination) => GetMany(offset, destination, 0, "rep");
    public void WriteRep(long offset, ReadOnlySpan<byte> source) => PutMany(offset, source, 0, "rep");
    public void WriteRep(long offset, ReadOnlySpan<ushort> source) => PutMany(offset, source, 0, "rep");
    public void WriteRep(long offset, ReadOnlySpan<uint> source) => PutMany(offset, source, 0, "rep");
    public void WriteRep(long offset, ReadOnlySpan<ulong> source) => PutMany(offset, source, 0, "rep");
    public void CopyFrom(long offset, Span<byte> destination) => GetMany(offset, destination, 1, "block");
    public void CopyTo(long offset, ReadOnlySpan<byte> source) => PutMany(offset, source, 1, "block");

    public void Fill(long offset, byte value, long length)
    {
        OnForm("block");
        for (var i = 0L; i < length; i++) Put(offset + i, value);
    }

    public IMmio Window(long offset, long length)
    {
        OnForm("window");
        throw new NotSupportedException();
    }

    private T Get<T>(long offset, string? form = null) where T : unmanaged, IBinaryInteger<T>
    {
        if (form is not null) OnForm(form);
        AccessCheck.Access(offset, Unsafe.SizeOf<T>(), length);
        return T.CreateChecked(Read(offset, Unsafe.SizeOf<T>()));
    }

    private void Put<T>(long offset, T value, string? form = null) where T : unmanaged, IBinaryInteger<T>
    {
        if (form is not null) OnForm(form);
        AccessCheck.Access(offset, Unsafe.SizeOf<T>(), length);
        Write(offset, Unsafe.SizeOf<T>(), ulong.CreateChecked(value));
    }

    private void GetMany<T>(long offset, Span<T> values, int step, string form) where T : unmanaged, IBinaryInteger<T>
    {
        OnForm(form);
        for (var i = 0; i < values.Length; i++) values[i] = Get<T>(offset + i * step);
    }

    private void PutMany<T>(long offset, ReadOnlySpan<T> values, int step, string form) where T : unmanaged, IBinaryInteger<T>
    {
        OnForm(form);
        for (var i = 0; i < values.Length; i++) Put(offset + i * step, values[i]);
    }
}
