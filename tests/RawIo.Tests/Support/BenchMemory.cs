using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>16 MiB of memory for a model that reads and writes by itself; nothing beyond.</summary>
internal sealed class BenchMemory : IBusMaster
{
    public byte[] Bytes { get; } = new byte[1 << 24];

    public List<ulong> Writes { get; } = [];

    public bool TryRead(ulong busAddress, int size, out ulong value)
    {
        value = 0;
        if (busAddress + (ulong)size > (ulong)Bytes.Length) return false;
        for (var i = 0; i < size; i++) value |= (ulong)Bytes[(int)busAddress + i] << 8 * i;
        return true;
    }

    public bool TryWrite(ulong busAddress, int size, ulong value)
    {
        if (busAddress + (ulong)size > (ulong)Bytes.Length) return false;
        Writes.Add(busAddress);
        for (var i = 0; i < size; i++) Bytes[(int)busAddress + i] = (byte)(value >> 8 * i);
        return true;
    }
}
