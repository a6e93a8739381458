namespace RawIo.Sim;

// Going back in time: what a machine on a stepped clock was at one moment.
public sealed partial class SimMachine
{
    /// <summary>Keeps the machine's state: RAM, every device, the clock.</summary>
    /// <exception cref="NotSupportedException">A device's model has no snapshot; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed.</exception>
    public MachineSnapshot Save()
    {
        using var held = new HeldLock(_gate);
        ThrowIfDisposed();
        return new(this, Clock.Now, _ram.Save(), [.. _devices.Select(d => (d.Device, d.Device.Save()))])
        {
            ResetRequested = ResetRequested,
            TransferTime = _transferClock?.Now ?? 0,
        };
    }

    /// <summary>
    /// Goes back to a state that was kept, any number of times. Mappings, claims and wires stay as they are, and so do
    /// the page tables; timers that a user made on the machine's clock keep their times. An interrupt that a driver has
    /// open is told of a level that is there afterwards, and of no edge.
    /// </summary>
    /// <exception cref="ArgumentException">It is another machine's snapshot, or from before a device was attached or detached.</exception>
    /// <exception cref="InvalidOperationException">The clock follows the host's, which does not go back: make the machine with <see cref="SimOptions.SteppedClock"/>.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed.</exception>
    public void Restore(MachineSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        using var held = new HeldLock(_gate);
        ThrowIfDisposed();
        if (snapshot.Machine != this || !snapshot.Devices.Select(d => d.Device).SequenceEqual(_devices.Select(d => d.Device)))
            throw new ArgumentException($"The snapshot is not of {Name} with the devices it has now.", nameof(snapshot));
        Clock.SetBack(snapshot.Time);
        _transferClock?.SetBack(snapshot.TransferTime);
        _ram.Restore(snapshot.Ram, except: (_plan.KernelData.Start, _plan.KernelData.Length));
        (_master.IsClosed, IsRestoring) = (true, true);
        try
        {
            // Twice: the first brings the lines between devices to their places, which others may have taken for an edge.
            for (var i = 0; i < 2; i++)
                foreach (var (device, saved) in snapshot.Devices) device.Restore(saved);
        }
        finally
        {
            (_master.IsClosed, IsRestoring) = (false, false);
        }
        ResetRequested = snapshot.ResetRequested;
        foreach (var interrupt in _interrupts.ToArray()) interrupt.Restored();
    }

    /// <summary>Whether lines change because the machine is put back, which is no edge.</summary>
    internal bool IsRestoring { get; private set; }
}

/// <summary>What a machine was at one moment; <see cref="SimMachine.Restore"/> goes back to it.</summary>
public sealed class MachineSnapshot
{
    internal MachineSnapshot(SimMachine machine, long time, object ram, IReadOnlyList<(Device, object)> devices) =>
        (Machine, Time, Ram, Devices) = (machine, time, ram, devices);

    /// <summary>When it was, in the machine's nanoseconds.</summary>
    public long Time { get; }

    internal SimMachine Machine { get; }

    internal bool ResetRequested { get; init; }

    internal long TransferTime { get; init; }

    internal object Ram { get; }

    internal IReadOnlyList<(Device Device, object Saved)> Devices { get; }
}
