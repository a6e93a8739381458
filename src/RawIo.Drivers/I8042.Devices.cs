namespace RawIo.Drivers;

// The keyboard and the mouse behind the controller.
public sealed partial class I8042
{
    private const byte ACK = 0xFA, RESEND = 0xFE;

    private const int Attempts = 3;

    /// <summary>Sends a byte to the keyboard and waits for the acknowledgement; a byte it did not understand is sent three times at most.</summary>
    /// <exception cref="RawIoException">ETIMEDOUT: no keyboard; EIO: it refuses the byte.</exception>
    public void SendKeyboard(byte value) => Send(value, toAux: false);

    /// <summary>Sends a byte to the auxiliary device and waits for the acknowledgement; a byte it did not understand is sent three times at most.</summary>
    /// <exception cref="RawIoException">ETIMEDOUT: no mouse; EIO: it refuses the byte.</exception>
    public void SendAux(byte value) => Send(value, toAux: true);

    /// <summary>Sets the keyboard's lights: command 0xed.</summary>
    /// <exception cref="RawIoException">ETIMEDOUT: no keyboard; EIO: it refuses.</exception>
    public void SetLeds(KeyboardLeds leds)
    {
        if ((leds & ~(KeyboardLeds)7) != 0) throw new ArgumentOutOfRangeException(nameof(leds), leds, "The lights are bits 0 to 2.");
        SendKeyboard(0xED);
        SendKeyboard((byte)leds);
    }

    /// <summary>Makes the keyboard send scan codes: command 0xf4.</summary>
    /// <exception cref="RawIoException">ETIMEDOUT: no keyboard; EIO: it refuses.</exception>
    public void EnableScanning() => SendKeyboard(0xF4);

    /// <summary>Makes the keyboard stop sending scan codes, with its defaults set: command 0xf5.</summary>
    /// <exception cref="RawIoException">ETIMEDOUT: no keyboard; EIO: it refuses.</exception>
    public void DisableScanning() => SendKeyboard(0xF5);

    /// <summary>The keyboard's id: command 0xf2.</summary>
    /// <returns>"ab 83" from an enhanced keyboard ("ab 41" where translation is on), nothing from an AT keyboard.</returns>
    /// <exception cref="RawIoException">ETIMEDOUT: no keyboard; EIO: it refuses.</exception>
    public IReadOnlyList<byte> IdentifyKeyboard()
    {
        SendKeyboard(0xF2);
        var id = new List<byte>(2);
        while (id.Count < 2 && TryWaitRead(fromAux: false) is { } value) id.Add(value);
        return id;
    }

    /// <summary>The mouse's id: command 0xf2.</summary>
    /// <returns>0, 3 with a wheel, 4 with a wheel and five buttons.</returns>
    /// <exception cref="RawIoException">ETIMEDOUT: no mouse; EIO: it refuses.</exception>
    public byte IdentifyMouse()
    {
        SendAux(0xF2);
        return TryWaitRead(fromAux: true) ?? throw TimedOut("the mouse's id");
    }

    /// <summary>
    /// Looks at everything: status, command byte, the three tests, both devices. Interrupts and translation are off
    /// meanwhile; the command byte is put back at the end, also where something fails. What was typed is lost.
    /// </summary>
    /// <exception cref="RawIoException">ETIMEDOUT or EIO: there is no controller.</exception>
    public I8042Report Probe()
    {
        var status = ReadStatus();
        var flushed = Flush();
        var before = CommandByte;
        try
        {
            CommandByte = I8042CommandByte.KeyboardDisabled | I8042CommandByte.AuxDisabled;
            var selfTest = SelfTest();
            var keyboardTest = TestKeyboardInterface();
            var auxTest = Try(() => (byte?)TestAuxInterface());
            CommandByte = I8042CommandByte.AuxDisabled;
            var keyboard = Try(IdentifyKeyboard) ?? [];
            CommandByte = I8042CommandByte.KeyboardDisabled;
            var mouse = auxTest is null ? null : Try(() => (byte?)IdentifyMouse());
            return new I8042Report(status, before, selfTest, keyboardTest, auxTest, keyboard, mouse, flushed);
        }
        finally
        {
            CommandByte = before;
        }
    }

    private void Send(byte value, bool toAux)
    {
        var device = toAux ? "mouse" : "keyboard";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (toAux) Execute(0xD4, value);
            else
            {
                WaitWrite();
                WriteData(value);
            }
            var answer = WaitAnswer(toAux) ?? throw TimedOut($"the {device} to acknowledge 0x{value:x2}");
            if (answer == ACK) return;
        }
        throw new RawIoException(Errno.EIO, $"The {device} refused 0x{value:x2} {Attempts} times.");
    }

    // Scan codes and movement from before may still be on their way; they are dropped.
    private byte? WaitAnswer(bool fromAux)
    {
        for (var count = 0; count < BufferSize; count++)
        {
            var value = TryWaitRead(fromAux);
            if (value is null or ACK or RESEND or 0xFC) return value;
        }
        return null;
    }

    private byte? TryWaitRead(bool fromAux)
    {
        for (var count = 0; count < BufferSize; count++)
        {
            if (!Wait(s => s.HasFlag(I8042Status.OutputBufferFull), out var status)) return null;
            var value = ReadData();
            if (status.HasFlag(I8042Status.AuxData) == fromAux) return value;
        }
        return null;
    }

    // A device that is not there does not answer or is answered for with an error; the look goes on.
    private static T? Try<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (RawIoException e) when (e.Errno is Errno.ETIMEDOUT or Errno.EIO)
        {
            return default;
        }
    }
}
