namespace RawIo.Sim;

// The devices' requests to the DMA controller.
public sealed partial class SimMachine
{
    /// <summary>Wires each device's requests to the board's DMA controller.</summary>
    private void WireDmaRequests()
    {
        foreach (var attached in _devices)
        {
            if (attached.Device is not IDmaController controller) continue;
            foreach (var device in _devices)
                foreach (var request in device.Device.DmaRequests)
                    controller.Connect(request);
        }
    }
}
