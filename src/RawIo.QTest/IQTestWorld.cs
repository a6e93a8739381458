namespace RawIo.QTest;

/// <summary>
/// What a machine has besides memory, ports and a clock: its interrupt and output lines, and the world outside its
/// chips. What a machine has no use for throws <see cref="NotSupportedException"/> with the reason, and a name or value
/// it does not know <see cref="ArgumentException"/>; both become <c>FAIL</c>.
/// </summary>
public interface IQTestWorld
{
    /// <summary>Tells each change of an input of the interrupt controller from now on, at once and from any thread: its number and the level.</summary>
    void WatchInterrupts(Action<int, bool> changed);

    /// <summary>Tells each change of an output of a device from now on, at once and from any thread: its number and the level.</summary>
    /// <param name="device">"gpio", or a path that ends so.</param>
    /// <param name="changed">Who is told.</param>
    void WatchOutputs(string device, Action<int, bool> changed);

    /// <summary>Presses or releases a key.</summary>
    /// <param name="code">The key in QEMU's words (QKeyCode): "a", "ret", "shift".</param>
    /// <param name="down">Whether it goes down.</param>
    void Key(string code, bool down);

    /// <summary>Presses or releases a mouse button.</summary>
    /// <param name="name">"left", "middle" or "right".</param>
    /// <param name="down">Whether it goes down.</param>
    void Button(string name, bool down);

    /// <summary>Moves the mouse, in counts.</summary>
    /// <param name="dx">To the right.</param>
    /// <param name="dy">Down the screen.</param>
    void Move(int dx, int dy);

    /// <summary>Sends characters to a serial port of the machine.</summary>
    /// <param name="line">"com1", "uart0" and the like.</param>
    /// <param name="characters">The characters.</param>
    void Send(string line, ReadOnlySpan<byte> characters);

    /// <summary>Takes what a serial port of the machine has sent since the last call.</summary>
    /// <param name="line">"com1", "uart0" and the like.</param>
    byte[] Receive(string line);

    /// <summary>Finishes what a request has set off, where that is to be over before the answer.</summary>
    void Finish();

    /// <summary>Whether the machine has asked for its reset.</summary>
    bool ResetRequested { get; }
}
