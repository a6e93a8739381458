namespace RawIo;

/// <summary>The windows of a bus as its <c>ranges</c> or <c>dma-ranges</c> list them; null where there is no such property.</summary>
internal sealed class BusWindows(DeviceTreeRange[]? entries)
{
    private const int Few = 16;
    private WindowIndex? _index;

    public DeviceTreeRange[]? Entries => entries;

    /// <summary>The number of the first window that holds an address: by looking where they are few, by a table where they are many, so that translating all of a tree takes no more time than its size allows. -1 where none does.</summary>
    /// <param name="kind">What the bus's addresses are made of; always the same for one bus.</param>
    /// <param name="address">An address on the bus.</param>
    public int Find(AddressKind kind, UInt128 address)
    {
        if (entries!.Length > Few) return (_index ??= new WindowIndex(entries, kind)).Find(kind.Space(address), address & kind.NumberMask());
        return Array.FindIndex(entries, window => kind.Holds(window.ChildAddress, window.Size, address, out _));
    }
}
