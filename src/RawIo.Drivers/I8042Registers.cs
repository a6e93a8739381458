namespace RawIo.Drivers;

/// <summary>
/// The registers of the PC's keyboard controller, by offset from port 0x60. Bit names are those of Linux
/// (drivers/input/serio/i8042.h) without the prefix.
/// </summary>
public static class I8042Registers
{
    /// <summary>The data port's number on a PC.</summary>
    public const int DataPort = 0x60;

    /// <summary>The status and command port's number on a PC.</summary>
    public const int CommandPort = 0x64;

    /// <summary>Port 0x60, read: the output buffer. A read takes the byte.</summary>
    public static ConsumingRegister<byte> DataRead { get; } = new("I8042_DATA_REG", 0);

    /// <summary>Port 0x60, written: the input buffer, a data byte.</summary>
    public static WriteOnlyRegister<byte> DataWrite { get; } = new("I8042_DATA_REG", 0);

    /// <summary>Port 0x64, read: the status.</summary>
    public static ReadOnlyRegister<byte> Status { get; } = new("I8042_STATUS_REG", 4);

    /// <summary>Port 0x64, written: the input buffer, a command.</summary>
    public static WriteOnlyRegister<byte> Command { get; } = new("I8042_COMMAND_REG", 4);

    /// <summary>All of them.</summary>
    public static RegisterMap Map { get; } = new("i8042", DataRead, DataWrite, Status, Command);
}

/// <summary>The status register, port 0x64.</summary>
[Flags]
public enum I8042Status : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>OBF: there is a byte to read at port 0x60.</summary>
    OutputBufferFull = 0x01,
    /// <summary>IBF: the controller has not taken the last byte written yet.</summary>
    InputBufferFull = 0x02,
    /// <summary>SYS: the self test has passed.</summary>
    SystemFlag = 0x04,
    /// <summary>A2: the last byte written was a command.</summary>
    Command = 0x08,
    /// <summary>KEYLOCK: the keyboard is not locked.</summary>
    NotLocked = 0x10,
    /// <summary>AUXDATA: the byte to read is the auxiliary device's.</summary>
    AuxData = 0x20,
    /// <summary>TIMEOUT: the device did not answer in time.</summary>
    Timeout = 0x40,
    /// <summary>PARITY: the byte came with a wrong parity.</summary>
    Parity = 0x80,
}

/// <summary>The command byte, written by command 0x60 and read by 0x20 (Linux: CTR).</summary>
[Flags]
public enum I8042CommandByte : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>KBDINT: a keyboard byte raises IRQ1.</summary>
    KeyboardInterrupt = 0x01,
    /// <summary>AUXINT: an auxiliary byte raises IRQ12.</summary>
    AuxInterrupt = 0x02,
    /// <summary>SYS: copied to <see cref="I8042Status.SystemFlag"/>.</summary>
    SystemFlag = 0x04,
    /// <summary>IGNKEYLOCK: the keyboard works though it is locked.</summary>
    IgnoreKeylock = 0x08,
    /// <summary>KBDDIS: the keyboard's clock is held.</summary>
    KeyboardDisabled = 0x10,
    /// <summary>AUXDIS: the auxiliary device's clock is held.</summary>
    AuxDisabled = 0x20,
    /// <summary>XLATE: scan codes are translated from set 2 to set 1.</summary>
    Translate = 0x40,
    /// <summary>Reserved.</summary>
    Reserved = 0x80,
}

/// <summary>The keyboard's lights, as command 0xed takes them.</summary>
[Flags]
public enum KeyboardLeds : byte
{
    /// <summary>All out.</summary>
    None = 0,
    /// <summary>Scroll Lock.</summary>
    ScrollLock = 1,
    /// <summary>Num Lock.</summary>
    NumLock = 2,
    /// <summary>Caps Lock.</summary>
    CapsLock = 4,
}
