using RawIo.Sim;

namespace RawIo.Conformance;

/// <summary>A device that our simulator and QEMU both have: how to bring up both, and how to drive it. Every subclass is found and run; README.md has an example.</summary>
internal abstract class DeviceProfile
{
    /// <summary>The device, as the summary and the table call it: "i8042".</summary>
    public abstract string Name { get; }

    /// <summary>QEMU's machine: "pc", "raspi3b".</summary>
    public abstract string Machine { get; }

    /// <summary>Our board: "pc", "pi3".</summary>
    public abstract string Board { get; }

    /// <summary>More arguments for QEMU.</summary>
    public virtual IReadOnlyList<string> Arguments => [];

    /// <summary>How our board is made.</summary>
    public virtual SimOptions SimOptions => new() { SteppedClock = true, InstantTransfers = true, Faults = FaultPolicy.Hardware };

    /// <summary>What is done to our machine before the run: parts to plug in, lines to make instant.</summary>
    public virtual void Prepare(SimMachine machine)
    {
    }

    /// <summary>Lines that both machines get before the run, as a scenario has them.</summary>
    public virtual string Start => "";

    /// <summary>The path to intercept the device's interrupt lines at ("ioapic"), so that their changes are compared too; null where they are not.</summary>
    public virtual string? Intercept => null;

    /// <summary>Which changes of interrupt lines are compared; by default those of all lines.</summary>
    public virtual bool IsInterrupt(int number) => true;

    /// <summary>The first port or address of the device; what <see cref="Generate"/> gives counts from there.</summary>
    public virtual ulong Base => 0;

    /// <summary>A line that our machine gets after each access: "clock_step 1000000" where it needs time for what QEMU does at once; null where it gets none.</summary>
    public virtual string? AfterStep => null;

    /// <summary>Datasheet scenarios.</summary>
    public virtual IReadOnlyList<Scenario> Scenarios => [];

    /// <summary>Where QEMU is known to be otherwise.</summary>
    public virtual IReadOnlyList<Deviation> Deviations => [];

    /// <summary>How many random accesses a seed makes at least.</summary>
    public virtual int StepsPerSeed => 4000;

    /// <summary>Adds the next access of a random run, or a few that belong together: valid ones mostly, invalid ones that QEMU does not abort at too.</summary>
    public abstract void Generate(Random random, Steps steps);

    public sealed override string ToString() => Name;
}
