using System.Numerics;
using System.Runtime.CompilerServices;

namespace RawIo.Tests;

/// <summary>Ports for tests: every access comes down to <see cref="In"/> or <see cref="Out"/>, checked as real ports check it.</summary>
internal abstract class FakePorts(int firstPort, int count) : IPortIo
{
    public int FirstPort => firstPort;

    public int Count => count;

    /// <summary>One read; the answer has no more bits than were asked for, else the access throws <see cref="OverflowException"/>.</summary>
    protected abstract ulong In(int port, int size);

    protected abstract void Out(int port, int size, ulong value);

    /// <summary>Called before what is no plain access: "rep" or "pause". A double whose subject must not make one throws.</summary>
    protected virtual void OnForm(string form)
    {
    }

    public byte In8(int port) => Get<byte>(port);
    public ushort In16(int port) => Get<ushort>(port);
    public uint In32(int port) => Get<uint>(port);
    public void Out8(int port, byte value) => Put(port, value);
    public void Out16(int port, ushort value) => Put(port, value);
    public void Out32(int port, uint value) => Put(port, value);
    public void InRep(int port, Span<byte> destination) => GetMany(port, destination);
    public void InRep(int port, Span<ushort> destination) => GetMany(port, destination);
    public void InRep(int port, Span<uint> destination) => GetMany(port, destination);
    public void OutRep(int port, ReadOnlySpan<byte> source) => PutMany(port, source);
    public void OutRep(int port, ReadOnlySpan<ushort> source) => PutMany(port, source);
    public void OutRep(int port, ReadOnlySpan<uint> source) => PutMany(port, source);
    public void Pause() => OnForm("pause");

    private T Get<T>(int port) where T : unmanaged, IBinaryInteger<T>
    {
        AccessCheck.Port(port, Unsafe.SizeOf<T>(), firstPort, count);
        return T.CreateChecked(In(port, Unsafe.SizeOf<T>()));
    }

    private void Put<T>(int port, T value) where T : unmanaged, IBinaryInteger<T>
    {
        AccessCheck.Port(port, Unsafe.SizeOf<T>(), firstPort, count);
        Out(port, Unsafe.SizeOf<T>(), ulong.CreateChecked(value));
    }

    private void GetMany<T>(int port, Span<T> values) where T : unmanaged, IBinaryInteger<T>
    {
        OnForm("rep");
        foreach (ref var value in values) value = Get<T>(port);
    }

    private void PutMany<T>(int port, ReadOnlySpan<T> values) where T : unmanaged, IBinaryInteger<T>
    {
        OnForm("rep");
        foreach (var value in values) Put(port, value);
    }
}
