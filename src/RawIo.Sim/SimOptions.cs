namespace RawIo.Sim;

/// <summary>How a simulated machine is to be made.</summary>
public sealed record SimOptions
{
    /// <summary>Whether time stands still but for <see cref="MachineClock.Step"/>; otherwise it follows the host's clock.</summary>
    public bool SteppedClock { get; init; }

    /// <summary>What to do with guest errors.</summary>
    public FaultPolicy Faults { get; init; } = FaultPolicy.Throw;

    /// <summary>Where guest errors are logged under <see cref="FaultPolicy.Log"/>.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>The seed of everything random in the machine.</summary>
    public int Seed { get; init; } = 1;
}
