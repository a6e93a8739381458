namespace RawIo.Sim;

/// <summary>A device that moves data at others' request: the board wires their <see cref="Device.DmaRequests"/> to it.</summary>
public interface IDmaController
{
    /// <summary>Wires a request to the controller. Several may share a number: each of them asserts it.</summary>
    void Connect(DmaRequest request);
}
