namespace RawIo.Sim;

/// <summary>A device with a serial line out of the chip.</summary>
public interface ISerialPort
{
    /// <summary>Its cable.</summary>
    SerialLine Line { get; }
}
