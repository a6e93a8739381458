using System.Buffers.Binary;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A bus for models on a bench: RAM under its four aliases from 0, registers at 0x7e000000, nobody elsewhere; every access noted.</summary>
internal sealed class BenchBus(int ram = 1 << 20) : IBusMaster
{
    public byte[] Ram { get; } = new byte[ram];

    /// <summary>The register file at 0x7e000000; what is not in it has nobody.</summary>
    public Dictionary<ulong, Device> Devices { get; } = [];

    public List<(char Kind, ulong Address, int Size, ulong Value)> Registers { get; } = [];

    public uint this[ulong address]
    {
        get => BinaryPrimitives.ReadUInt32LittleEndian(Ram.AsSpan((int)(address & 0x3fff_ffff)));
        set => BinaryPrimitives.WriteUInt32LittleEndian(Ram.AsSpan((int)(address & 0x3fff_ffff)), value);
    }

    public void Put(ulong address, params uint[] words)
    {
        for (var i = 0; i < words.Length; i++) this[address + 4 * (ulong)i] = words[i];
    }

    public uint[] Get(ulong address, int words) => [.. Enumerable.Range(0, words).Select(i => this[address + 4 * (ulong)i])];

    public bool TryRead(ulong busAddress, int size, out ulong value)
    {
        Assert.That(busAddress % (ulong)size, Is.Zero, "a bus master's accesses are aligned");
        value = 0;
        if (Find(busAddress) is { } found)
        {
            value = found.Device.Read(found.Offset, size);
            Registers.Add(('R', busAddress, size, value));
            return true;
        }
        if ((busAddress & 0x3fff_ffff) + (ulong)size > (ulong)Ram.Length) return false;
        var bytes = Ram.AsSpan((int)(busAddress & 0x3fff_ffff));
        value = size switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        };
        return true;
    }

    public bool TryWrite(ulong busAddress, int size, ulong value)
    {
        Assert.That(busAddress % (ulong)size, Is.Zero, "a bus master's accesses are aligned");
        if (Find(busAddress) is { } found)
        {
            Registers.Add(('W', busAddress, size, value));
            found.Device.Write(found.Offset, size, value);
            return true;
        }
        if ((busAddress & 0x3fff_ffff) + (ulong)size > (ulong)Ram.Length) return false;
        for (var i = 0; i < size; i++) Ram[(int)(busAddress & 0x3fff_ffff) + i] = (byte)(value >> 8 * i);
        return true;
    }

    private (Device Device, int Offset)? Find(ulong address)
    {
        foreach (var (start, device) in Devices)
            if (address - start < 0x1000) return (device, (int)(address - start));
        return null;
    }
}
