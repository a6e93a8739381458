namespace RawIo.Sim;

/// <summary>An interrupt controller that drives the processor's own inputs, unless another controller stands between.</summary>
public interface ICpuInterruptSource
{
    /// <summary>Its lines to the cores, in their order.</summary>
    IReadOnlyList<CpuLines> Cpus { get; }
}

/// <summary>The interrupt inputs of a processor core.</summary>
/// <param name="Irq">The interrupt request.</param>
/// <param name="Fiq">The fast interrupt request; a processor that has none never sees it.</param>
public sealed record CpuLines(SignalLine Irq, SignalLine Fiq);
