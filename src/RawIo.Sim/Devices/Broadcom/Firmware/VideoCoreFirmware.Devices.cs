using static RawIo.Sim.PropertyTag;

namespace RawIo.Sim;

// Clocks, power, voltages, and the GPIO expander.
public sealed partial class VideoCoreFirmware
{
    private const uint ARM = 3, NoSuchDevice = 2, FirstExpanderPin = 128, NoSuchVoltage = 0x8000_0000;

    // Offsets from 1.2 V in steps of 25 mV.
    private const int HighestVoltage = 8, LowestVoltage = -16;

    /// <summary>A clock of the table "clocks": its rate at the start, its least and its most; 0 where there is none.</summary>
    internal static (uint Rate, uint Min, uint Max) ClockOf(BoardFacts board, uint clock)
    {
        const uint MHz = 1_000_000;
        return clock switch
        {
            1 => (250 * MHz, 250 * MHz, 250 * MHz), // EMMC
            2 => (48 * MHz, 0, 1000 * MHz), // UART
            ARM => (board.ArmClock, Math.Min(board.ArmClock, 600 * MHz), board.ArmClock),
            4 => (board.CoreClock, Math.Min(board.CoreClock, 250 * MHz), board.CoreClock), // CORE
            5 or 6 or 7 => (Math.Min(board.CoreClock, 300 * MHz), 250 * MHz, Math.Max(board.CoreClock, 300 * MHz)), // V3D, H264, ISP
            8 => (400 * MHz, 400 * MHz, 450 * MHz), // SDRAM
            9 => (25_200_000, 0, 2400 * MHz), // PIXEL
            10 => (0, 0, 500 * MHz), // PWM
            11 when board.IsBcm2711 => (500 * MHz, 250 * MHz, 500 * MHz), // HEVC
            12 when board.IsBcm2711 => (100 * MHz, 0, 200 * MHz), // EMMC2
            13 when board.IsBcm2711 => (120 * MHz, 120 * MHz, 600 * MHz), // M2MC
            14 when board.IsBcm2711 => (75 * MHz, 75 * MHz, 600 * MHz), // PIXEL_BVB
            _ => default,
        };
    }

    private byte[]? AnswerClock(uint tag, PropertyMessage.Request request)
    {
        var id = request[0];
        var (_, min, max) = ClockOf(Board, id);
        switch (tag)
        {
            case GET_CLOCKS:
                // Pairs of a parent, of which the firmware tells none, and a clock.
                return Words([.. Enumerable.Range(1, FirmwareState.ClockCount - 1).Where(i => ClockOf(Board, (uint)i).Max != 0).SelectMany(i => new[] { 0u, (uint)i })]);
            case GET_CLOCK_STATE: break;
            case SET_CLOCK_STATE:
                if (max != 0) _state.ClockOn[id] = (request[1] & 1) != 0;
                break;
            case GET_CLOCK_RATE: return Words(id, max == 0 ? 0 : _state.ClockRate[id]);
            case SET_CLOCK_RATE:
                if (max != 0) _state.ClockRate[id] = Math.Clamp(request[1], min, max);
                return Words(id, max == 0 ? 0 : _state.ClockRate[id]);
            case GET_MAX_CLOCK_RATE: return Words(id, max);
            case GET_MIN_CLOCK_RATE: return Words(id, min);
            case GET_CLOCK_MEASURED: return Words(id, max != 0 && _state.ClockOn[id] ? _state.ClockRate[id] : 0);
            case GET_TURBO: return Words(id, id == 0 ? _state.Turbo : 0);
            case SET_TURBO:
                if (id == 0) (_state.Turbo, _state.ClockRate[ARM]) = (request[1] & 1, (request[1] & 1) != 0 ? Board.ArmClock : _state.ClockRate[ARM]);
                return Words(id, id == 0 ? _state.Turbo : 0);
            default: return null;
        }
        return Words(id, max == 0 ? NoSuchDevice : _state.ClockOn[id] ? 1u : 0);
    }

    private byte[]? AnswerPower(uint tag, PropertyMessage.Request request)
    {
        var id = request[0];
        switch (tag)
        {
            case GET_POWER_STATE:
            case SET_POWER_STATE:
                if (id >= FirmwareState.PowerCount) return Words(id, NoSuchDevice);
                if (tag == SET_POWER_STATE) _state.Powered[id] = (request[1] & 1) != 0;
                return Words(id, _state.Powered[id] ? 1u : 0);
            case GET_TIMING: return Words(id, 0);
            case GET_DOMAIN_STATE:
            case SET_DOMAIN_STATE:
                if (id >= FirmwareState.DomainCount) return Words(id, 0);
                if (tag == SET_DOMAIN_STATE) _state.Domains[id] = request[1] & 1;
                return Words(id, _state.Domains[id]);
            case GET_VOLTAGE:
            case SET_VOLTAGE:
            case GET_MAX_VOLTAGE:
            case GET_MIN_VOLTAGE:
                return Words(id, id is 0 or >= FirmwareState.VoltageCount ? NoSuchVoltage : Voltage(tag, id, (int)request[1]));
            default: return null;
        }
    }

    private uint Voltage(uint tag, uint id, int asked)
    {
        if (tag == GET_MAX_VOLTAGE) return HighestVoltage;
        if (tag == GET_MIN_VOLTAGE) return unchecked((uint)LowestVoltage);
        if (tag == SET_VOLTAGE) _state.Voltage[id] = (uint)Math.Clamp(asked, LowestVoltage, HighestVoltage);
        return _state.Voltage[id];
    }

    /// <summary>The pins behind the firmware, 128 and up: Bluetooth, activity lamp and the like. A first word of 0 says that there is such a pin.</summary>
    private byte[]? AnswerGpio(uint tag, PropertyMessage.Request request)
    {
        if (tag is not (GET_GPIO_STATE or SET_GPIO_STATE or GET_GPIO_CONFIG or SET_GPIO_CONFIG)) return null;
        var number = request[0] - FirstExpanderPin;
        if (number >= FirmwareState.ExpanderPins) return Words(request[0], 0);
        ref var pin = ref _state.Expander[number];
        switch (tag)
        {
            case SET_GPIO_STATE: pin.State = request[1] & 1; break;
            case SET_GPIO_CONFIG: pin = new(request[1] & 1, request[2] & 1, request[3] & 1, request[4] & 1, request[5] & 1); break;
            case GET_GPIO_CONFIG: return Words(0, pin.Direction, pin.Polarity, pin.PullEnable, pin.PullUp);
        }
        return tag == SET_GPIO_CONFIG ? Words(0, pin.Direction, pin.Polarity, pin.PullEnable, pin.PullUp, pin.State) : Words(0, pin.State);
    }
}
