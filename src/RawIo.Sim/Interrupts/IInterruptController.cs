namespace RawIo.Sim;

/// <summary>A device that gathers interrupt lines: the board wires the lines of the others to its inputs.</summary>
public interface IInterruptController
{
    /// <summary>The input that a specifier names.</summary>
    /// <param name="specifier">As in the device tree's <c>interrupts</c>, <c>#interrupt-cells</c> numbers; on a PC the one number of the interrupt request.</param>
    /// <returns>The input, the same at each call; null where the controller has none of that name.</returns>
    InterruptInput? Input(IReadOnlyList<uint> specifier);

    /// <summary>The inputs, by pin: of a PC's the interrupt request, of BCM2835's the GPU's 0 to 63 and then the ARM's, of a GIC the shared ones from 0. Null where no device can be wired, as at a cascade.</summary>
    IReadOnlyList<InterruptInput?> Inputs { get; }
}
