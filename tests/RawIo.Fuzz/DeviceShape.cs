using RawIo.Sim;

namespace RawIo.Fuzz;

/// <summary>Where a device is and where it has registers, found by trying: what the steps aim at.</summary>
internal sealed class DeviceShape
{
    private const int MostProbes = 16 * 1024;

    private DeviceShape(IReadOnlyList<(int Offset, byte Size)> registers, int length, IReadOnlyList<IStimulus> stimuli) =>
        (Registers, Length, Stimuli) = (registers, length, stimuli);

    /// <summary>Accesses that the device takes without a word.</summary>
    public IReadOnlyList<(int Offset, byte Size)> Registers { get; }

    public int Length { get; }

    /// <summary>The stimuli, for their names alone.</summary>
    public IReadOnlyList<IStimulus> Stimuli { get; }

    /// <summary>Tries every aligned offset once, on a machine that is thrown away.</summary>
    public static DeviceShape Probe(Subject subject)
    {
        using var machine = subject.MakeMachine();
        machine.Faults.Policy = FaultPolicy.Hardware;
        var attached = subject.In(machine);
        var (device, length) = (attached.Device, (int)Math.Min(attached.Length, int.MaxValue - 64));
        var registers = new List<(int, byte)>();
        foreach (var size in (ReadOnlySpan<byte>)[1, 2, 4, 8])
        {
            if (((int)device.Sizes & size) == 0) continue;
            for (var offset = 0; offset <= length - size && registers.Count + offset / size < MostProbes; offset += size)
                if (IsOwn(machine, attached, offset, size) && (Passes(machine, () => device.Read(offset, size)) || Passes(machine, () => device.Write(offset, size, 0))))
                    registers.Add((offset, size));
        }
        return new(registers, length, Outside.Of(machine, attached));
    }

    /// <summary>Of a range of ports some may be another device's.</summary>
    private static bool IsOwn(SimMachine machine, AttachedDevice attached, int offset, int size)
    {
        if (!attached.IsPort || attached.IsConfiguration) return true;
        for (var i = 0; i < size; i++)
            if (machine.PortBus!.Find((int)attached.Start + offset + i)?.Device != attached.Device) return false;
        return true;
    }

    private static bool Passes(SimMachine machine, Action access)
    {
        var before = machine.Faults.Count;
        access();
        return machine.Faults.Count == before;
    }
}
