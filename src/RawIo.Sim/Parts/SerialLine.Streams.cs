namespace RawIo.Sim;

// A serial port with a stream at the other end of the cable.
public sealed partial class SerialLine
{
    /// <summary>Down to so few waiting characters a stream is asked for more.</summary>
    internal const int LowWater = 1024;

    /// <summary>The chip has taken all but <see cref="LowWater"/> characters of those that waited. Handlers run inside the chip.</summary>
    internal event Action? Drained;

    /// <summary>Joins the line and a stream both ways, until the connection is disposed: what the chip sends is written to it, what is read from it is sent to the chip.</summary>
    /// <param name="stream">A pseudo-terminal, a pipe, a socket. It is not disposed with the connection.</param>
    /// <exception cref="ArgumentException">The stream cannot be read, or not be written.</exception>
    public SerialConnection Connect(Stream stream) => Connect(stream, stream);

    /// <summary>Joins the line and two streams, such as the process's standard input and output.</summary>
    /// <param name="input">What is read from it is sent to the chip.</param>
    /// <param name="output">What the chip sends is written to it.</param>
    /// <exception cref="ArgumentException">The input cannot be read, or the output not be written.</exception>
    public SerialConnection Connect(Stream input, Stream output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        if (!input.CanRead) throw new ArgumentException("The input cannot be read.", nameof(input));
        if (!output.CanWrite) throw new ArgumentException("The output cannot be written.", nameof(output));
        return new(this, input, output);
    }
}
