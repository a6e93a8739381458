namespace RawIo.Drivers;

// Time, date and alarm, in whichever of its formats the chip is.
public sealed partial class CmosRtc
{
    private const int Seconds = 0, Minutes = 2, Hours = 4, DayOfWeek = 6, Day = 7, Month = 8, Year = 9;
    private const byte Afternoon = 0x80, AnyTime = 0xff;

    /// <summary>Reads time and date, all of one second: where an update came between, they are read again.</summary>
    /// <exception cref="RawIoException">The updates do not end (ETIMEDOUT), or the bytes are no date (EIO).</exception>
    public DateTime ReadTime()
    {
        var deadline = new Deadline(_time, UpdateTimeout);
        Span<byte> first = stackalloc byte[8];
        Span<byte> second = stackalloc byte[8];
        while (true)
        {
            // UIP clear promises 244 us, which a slow bus or a preempted thread may overrun: two equal readings are one second's.
            if ((ReadByte(RegisterA) & UpdateInProgress) == 0)
            {
                ReadDate(first);
                ReadDate(second);
                if ((ReadByte(RegisterA) & UpdateInProgress) == 0 && first.SequenceEqual(second)) return Date(first);
            }
            if (deadline.HasPassed()) throw deadline.Exception("The clock's update did not end");
        }
    }

    /// <summary>Sets time and date; the clock goes on from there half a second later (the datasheet's DV).</summary>
    /// <param name="time">The time, whole seconds of it; years 0 to 9999.</param>
    public void SetTime(DateTime time)
    {
        var (a, b) = (ReadByte(RegisterA), ReadByte(RegisterB));
        WriteByte(RegisterB, (byte)(b | SetMode));
        WriteByte(RegisterA, (byte)(a & ~UpdateInProgress | HoldDivider));
        WriteByte(Seconds, Encode(time.Second, b));
        WriteByte(Minutes, Encode(time.Minute, b));
        WriteByte(Hours, EncodeHour(time.Hour, b));
        WriteByte(DayOfWeek, Encode((int)time.DayOfWeek + 1, b));
        WriteByte(Day, Encode(time.Day, b));
        WriteByte(Month, Encode(time.Month, b));
        WriteByte(Year, Encode(time.Year % 100, b));
        WriteByte(CenturyIndex, Encode(time.Year / 100, b));
        WriteByte(RegisterB, (byte)(b & ~SetMode));
        WriteByte(RegisterA, (byte)(a & ~UpdateInProgress));
    }

    /// <summary>Sets the alarm; <see cref="EnabledInterrupts"/> lets it come.</summary>
    /// <param name="hour">0 to 23; null for each.</param>
    /// <param name="minute">0 to 59; null for each.</param>
    /// <param name="second">0 to 59; null for each.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such time.</exception>
    public void SetAlarm(int? hour, int? minute, int? second)
    {
        if (hour is < 0 or > 23) throw new ArgumentOutOfRangeException(nameof(hour), hour, "The hours are 0 to 23, or null for each.");
        if (minute is < 0 or > 59) throw new ArgumentOutOfRangeException(nameof(minute), minute, "The minutes are 0 to 59, or null for each.");
        if (second is < 0 or > 59) throw new ArgumentOutOfRangeException(nameof(second), second, "The seconds are 0 to 59, or null for each.");
        var b = ReadByte(RegisterB);
        WriteByte(Seconds + 1, second is { } s ? Encode(s, b) : AnyTime);
        WriteByte(Minutes + 1, minute is { } m ? Encode(m, b) : AnyTime);
        WriteByte(Hours + 1, hour is { } h ? EncodeHour(h, b) : AnyTime);
    }

    private void ReadDate(Span<byte> date)
    {
        ReadOnlySpan<byte> indices = [Seconds, Minutes, Hours, Day, Month, Year, CenturyIndex, RegisterB];
        for (var i = 0; i < indices.Length; i++) date[i] = ReadByte(indices[i]);
    }

    private static DateTime Date(ReadOnlySpan<byte> date)
    {
        var b = date[7];
        var hour = date[2];
        var isAfternoon = (b & Hours24) == 0 && (hour & Afternoon) != 0;
        var hours = Decode(isAfternoon ? (byte)(hour & ~Afternoon) : hour, b);
        if ((b & Hours24) == 0) hours = hours % 12 + (isAfternoon ? 12 : 0);
        // A machine without the century byte has something else there; the kernel's guess is 1970 to 2069.
        var year = Decode(date[5], b);
        var century = Decode(date[6], b);
        year += century is >= 19 and <= 29 ? century * 100 : year < 70 ? 2000 : 1900;
        var (month, day, minute, second) = (Decode(date[4], b), Decode(date[3], b), Decode(date[1], b), Decode(date[0], b));
        if (month is < 1 or > 12 || day < 1 || year is < 1 or > 9999 || day > DateTime.DaysInMonth(year, month) || hours > 23 || minute > 59 || second > 59)
            throw new RawIoException(Errno.EIO, $"The clock's bytes are no date (seconds to year and century: {Convert.ToHexStringLower(date[..7])}); set it.");
        return new(year, month, day, hours, minute, second, DateTimeKind.Unspecified);
    }

    private static int Decode(byte value, byte registerB) => (registerB & BinaryMode) != 0 ? value : (value >> 4) * 10 + (value & 15);

    private static byte Encode(int value, byte registerB) => (byte)((registerB & BinaryMode) != 0 ? value : value / 10 << 4 | value % 10);

    private static byte EncodeHour(int hour, byte registerB) => (registerB & Hours24) != 0
        ? Encode(hour, registerB)
        : (byte)(Encode((hour + 11) % 12 + 1, registerB) | (hour >= 12 ? Afternoon : 0));
}
