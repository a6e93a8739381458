namespace RawIo.Drivers;

/// <summary>What a look at the keyboard controller found.</summary>
/// <param name="Status">The status before anything was done.</param>
/// <param name="CommandByte">The command byte before anything was done; it was put back at the end.</param>
/// <param name="SelfTest">What command 0xaa answered; 0x55 is passed.</param>
/// <param name="KeyboardTest">What the keyboard interface test answered; 0 is passed.</param>
/// <param name="AuxTest">What the auxiliary interface test answered, 0 is passed; null where there is no auxiliary port.</param>
/// <param name="KeyboardId">The keyboard's id bytes, "ab 83" as a rule; empty where none answered.</param>
/// <param name="MouseId">The mouse's id, 0, 3 or 4 as a rule; null where none answered.</param>
/// <param name="Flushed">How many bytes waited in the buffer and were thrown away.</param>
public sealed record I8042Report(
    I8042Status Status, I8042CommandByte CommandByte, byte SelfTest, byte KeyboardTest, byte? AuxTest,
    IReadOnlyList<byte> KeyboardId, byte? MouseId, int Flushed)
{
    /// <summary>Whether the self test and the interface tests passed.</summary>
    public bool Passed => SelfTest == 0x55 && KeyboardTest == 0 && AuxTest is null or 0;
}
