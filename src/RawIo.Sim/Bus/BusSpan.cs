namespace RawIo.Sim;

/// <summary>A bus whose RAM a master may reach as a whole: the same as access after access, and faster.</summary>
internal interface IBusSpans
{
    /// <summary>What is from an address on, at most so many bytes of it.</summary>
    /// <param name="busAddress">The address on the device's bus.</param>
    /// <param name="most">How many bytes are of interest; at least 1.</param>
    /// <param name="isWrite">Whether they are to be written: what is found for a read must not be.</param>
    BusSpan Find(ulong busAddress, int most, bool isWrite);
}

/// <summary>The spans of a bus, whether it has any or not.</summary>
internal static class BusMasterSpans
{
    extension(IBusMaster bus)
    {
        /// <summary>As <see cref="IBusSpans.Find"/>; of a bus that has no spans, the default: access by access.</summary>
        public BusSpan FindSpan(ulong busAddress, int most, bool isWrite) => bus is IBusSpans spans ? spans.Find(busAddress, most, isWrite) : default;
    }
}

/// <summary>Bytes of one kind; the default is a device, whose registers are to be accessed one by one.</summary>
/// <param name="length">How many bytes; 0 of a device.</param>
/// <param name="ram">The bytes, where they are RAM; where nobody answers, none.</param>
internal readonly ref struct BusSpan(int length, Span<byte> ram)
{
    public int Length { get; } = length;

    public Span<byte> Ram { get; } = ram;

    public bool IsRam => Ram.Length > 0;
}
