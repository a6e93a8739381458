namespace RawIo.Sim;

/// <summary>
/// A device on a channel of the PC's DMA controllers: it asks by its <see cref="DmaRequest"/> line, and the controller's
/// acknowledge with IOR or IOW comes as these calls. A channel of 0 to 3 moves bytes, one of 5 to 7 words.
/// </summary>
public interface IDmaPeripheral
{
    /// <summary>The controller takes a byte or word for memory. The device drops its request line here where it has no more.</summary>
    /// <param name="channel">0 to 7.</param>
    ushort ReadDma(int channel);

    /// <summary>The controller brings a byte or word from memory. The device drops its request line here where it wants no more.</summary>
    /// <param name="channel">0 to 7.</param>
    /// <param name="value">The byte or word.</param>
    void WriteDma(int channel, ushort value);

    /// <summary>The TC line: the transfer just made was the channel's last.</summary>
    /// <param name="channel">0 to 7.</param>
    void TerminalCount(int channel);
}
