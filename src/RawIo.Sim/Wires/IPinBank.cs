namespace RawIo.Sim;

/// <summary>A device whose pads come out of the chip as pins.</summary>
public interface IPinBank
{
    /// <summary>The pads, by number: wire, pull, drive and watch them.</summary>
    IReadOnlyList<Pin> Pins { get; }
}
