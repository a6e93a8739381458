namespace RawIo.Sim;

/// <summary>A bus for a master that works at its own time: what a device refuses is an error response, no exception out of a timer. The machine's count of guest errors has it.</summary>
internal sealed class QuietBus(IBusMaster bus) : IBusMaster, IBusSpans
{
    public bool TryRead(ulong busAddress, int size, out ulong value)
    {
        try
        {
            return bus.TryRead(busAddress, size, out value);
        }
        catch (BusFaultException)
        {
            value = 0;
            return false;
        }
    }

    public bool TryWrite(ulong busAddress, int size, ulong value)
    {
        try
        {
            return bus.TryWrite(busAddress, size, value);
        }
        catch (BusFaultException)
        {
            return false;
        }
    }

    public BusSpan Find(ulong busAddress, int most, bool isWrite) => bus.FindSpan(busAddress, most, isWrite);
}
