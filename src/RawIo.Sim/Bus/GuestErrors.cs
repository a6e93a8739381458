namespace RawIo.Sim;

/// <summary>What a machine does when its guest does what the hardware forbids.</summary>
public enum FaultPolicy
{
    /// <summary>Throw <see cref="BusFaultException"/>: finds the driver's mistake at its line.</summary>
    Throw,
    /// <summary>Log it, then go on as the hardware would.</summary>
    Log,
    /// <summary>Go on as the hardware would.</summary>
    Hardware,
}

/// <summary>A machine's policy for guest errors, in one place for all its devices.</summary>
public sealed class GuestErrors
{
    /// <summary>What to do; may be changed while the machine runs.</summary>
    public FaultPolicy Policy { get; set; } = FaultPolicy.Throw;

    /// <summary>Where <see cref="FaultPolicy.Log"/> writes; one line each.</summary>
    public Action<string>? Log { get; set; }

    /// <summary>How many there were under any policy.</summary>
    public long Count { get; private set; }

    /// <summary>Counts one that nobody is told of, so that its message need not be made; false where somebody is.</summary>
    internal bool PassesSilently()
    {
        if (Policy != FaultPolicy.Hardware && (Policy != FaultPolicy.Log || Log is not null)) return false;
        Count++;
        return true;
    }

    /// <summary>Counts an error that nobody is told of, before a message is made for it; false under any other policy.</summary>
    internal bool Pass()
    {
        if (Policy != FaultPolicy.Hardware) return false;
        Count++;
        return true;
    }

    /// <summary>Applies the policy.</summary>
    /// <exception cref="BusFaultException">The policy is <see cref="FaultPolicy.Throw"/>.</exception>
    public void Report(string message, ulong address, int size, bool isWrite)
    {
        Count++;
        if (Policy == FaultPolicy.Throw) throw new BusFaultException(message, address, size, isWrite);
        if (Policy == FaultPolicy.Log) Log?.Invoke(message);
    }
}

/// <summary>Turns a device's offset into the machine's address for a report.</summary>
internal sealed class DeviceErrors(GuestErrors errors, ulong start)
{
    public static readonly DeviceErrors Detached = new(new GuestErrors(), 0);

    public void Report(Device device, int offset, int size, bool isWrite, string what)
    {
        if (errors.PassesSilently()) return;
        if (errors.Pass()) return;
        var kind = isWrite ? "write" : "read";
        errors.Report($"{device.Name}: {size * 8}-bit {kind} at 0x{start + (ulong)offset:x} (offset 0x{offset:x}): {what}",
            start + (ulong)offset, size, isWrite);
    }

    /// <summary>An access of a size or at an offset that the device does not take.</summary>
    public void Refuse(BusSlot slot, int offset, int size, bool isWrite)
    {
        if (errors.PassesSilently()) return;
        var sizes = Enumerable.Range(0, 4).Where(s => (slot.Sizes & 1 << s) != 0).Select(s => $"{8 << s}");
        Report(slot.Device, offset, size, isWrite,
            (slot.Sizes & size) != 0 ? "the address is misaligned" : $"it takes only {string.Join("- and ", sizes)}-bit accesses");
    }
}
