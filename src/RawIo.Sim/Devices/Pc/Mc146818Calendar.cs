namespace RawIo.Sim;

/// <summary>
/// The ten time, calendar and alarm bytes of an MC146818A, in place: BCD or binary, 12 or 24 hours, as register B says.
/// A byte that is no valid value goes to its least one, with a carry, at its next count; the datasheet leaves that open.
/// </summary>
internal readonly ref struct Mc146818Calendar(Span<byte> bytes, bool isBinary, bool is24)
{
    private const int SECONDS = 0, SECONDS_ALARM = 1, MINUTES = 2, MINUTES_ALARM = 3, HOURS = 4, HOURS_ALARM = 5;
    private const int WEEKDAY = 6, DAY = 7, MONTH = 8, YEAR = 9;
    private const int SecondsOfDay = 86_400;
    private const byte PM = 0x80, DontCare = 0xc0;

    private readonly Span<byte> _bytes = bytes;

    /// <summary>How many updates until the alarm matches: 1 or more; <see cref="long.MaxValue"/> for never.</summary>
    public long UntilAlarm()
    {
        // Invalid bytes count on one by one: after an hour at most, the time of day is valid.
        Span<byte> copy = stackalloc byte[10];
        _bytes[..10].CopyTo(copy);
        var ahead = new Mc146818Calendar(copy, isBinary, is24);
        var passed = 0L;
        while (ahead.TimeOfDay() < 0)
        {
            ahead.Advance(1);
            passed++;
            if (ahead.Matches(SECONDS) && ahead.Matches(MINUTES) && ahead.Matches(HOURS)) return passed;
        }
        var now = ahead.TimeOfDay();
        for (var i = 1; i <= SecondsOfDay;)
        {
            var (second, minute, hour) = Split((now + i) % SecondsOfDay);
            copy[SECONDS] = Encode(second);
            copy[MINUTES] = Encode(minute);
            copy[HOURS] = EncodeHour(hour);
            if (!ahead.Matches(HOURS)) i += 3600 - minute * 60 - second;
            else if (!ahead.Matches(MINUTES)) i += 60 - second;
            else if (!ahead.Matches(SECONDS)) i++;
            else return passed + i;
        }
        return long.MaxValue;
    }

    /// <summary>Counts on by updates, one a second.</summary>
    public void Advance(long updates)
    {
        var minutes = Count(SECONDS, updates, 0, 60);
        var hours = Count(MINUTES, minutes, 0, 60);
        var days = CountHours(hours);
        if (days == 0) return;
        Count(WEEKDAY, days, 1, 7);
        CountDays(days);
    }

    /// <summary>Sets the time and the calendar.</summary>
    public void Set(DateTime time)
    {
        _bytes[SECONDS] = Encode(time.Second);
        _bytes[MINUTES] = Encode(time.Minute);
        _bytes[HOURS] = EncodeHour(time.Hour);
        _bytes[WEEKDAY] = Encode((int)time.DayOfWeek + 1);
        _bytes[DAY] = Encode(time.Day);
        _bytes[MONTH] = Encode(time.Month);
        _bytes[YEAR] = Encode(time.Year % 100);
    }

    private static (int Second, int Minute, int Hour) Split(int time) => (time % 60, time / 60 % 60, time / 3600);

    private bool Matches(int field) => _bytes[field + 1] >= DontCare || _bytes[field + 1] == _bytes[field];

    /// <summary>Seconds since midnight; negative where a byte is invalid.</summary>
    private int TimeOfDay()
    {
        var (second, minute, hour) = (Decode(_bytes[SECONDS]), Decode(_bytes[MINUTES]), DecodeHour(_bytes[HOURS]));
        return second is < 0 or > 59 || minute is < 0 or > 59 || hour < 0 ? -1 : hour * 3600 + minute * 60 + second;
    }

    private long Count(int field, long by, int first, int length)
    {
        if (by == 0) return 0;
        var (value, carry) = Next(Decode(_bytes[field]), by, first, length);
        _bytes[field] = Encode(value);
        return carry;
    }

    private long CountHours(long by)
    {
        if (by == 0) return 0;
        var (hour, days) = Next(DecodeHour(_bytes[HOURS]), by, 0, 24);
        _bytes[HOURS] = EncodeHour(hour);
        return days;
    }

    private static (int Value, long Carry) Next(int value, long by, int first, int length)
    {
        // An invalid value counts as the last one: the next is the first, with a carry.
        var position = value < first || value >= first + length ? length - 1 : value - first;
        var sum = position + by;
        return ((int)(sum % length) + first, sum / length);
    }

    private void CountDays(long by)
    {
        var (day, month, year) = (Decode(_bytes[DAY]), Decode(_bytes[MONTH]), Decode(_bytes[YEAR]));
        while (by > 0)
        {
            var length = DaysOf(month, year);
            if (day < 1 || day > length) day = length;
            var step = Math.Min(by, length - day + 1);
            by -= step;
            day += (int)step;
            if (day <= length) continue;
            day = 1;
            if (month is >= 1 and < 12)
            {
                month++;
                continue;
            }
            month = 1;
            year = year is >= 0 and < 99 ? year + 1 : 0;
        }
        (_bytes[DAY], _bytes[MONTH], _bytes[YEAR]) = (Encode(day), Encode(month), Encode(year));
    }

    /// <summary>The part knows no centuries: each fourth year is a leap year.</summary>
    private static int DaysOf(int month, int year) => month switch
    {
        2 => year % 4 == 0 ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private int Decode(byte value)
    {
        if (isBinary) return value;
        return (value & 0x0f) > 9 || value > 0x99 ? -1 : (value >> 4) * 10 + (value & 0x0f);
    }

    private byte Encode(int value) => (byte)(value < 0 ? 0xff : isBinary ? value : value / 10 << 4 | value % 10);

    /// <summary>0 to 23; negative where the byte is invalid.</summary>
    private int DecodeHour(byte value)
    {
        var hour = Decode((byte)(is24 ? value : value & ~PM));
        if (is24) return hour is >= 0 and < 24 ? hour : -1;
        return hour is < 1 or > 12 ? -1 : hour % 12 + ((value & PM) != 0 ? 12 : 0);
    }

    private byte EncodeHour(int hour)
    {
        if (is24) return Encode(hour);
        return (byte)(Encode((hour + 11) % 12 + 1) | (hour >= 12 ? PM : 0));
    }
}
