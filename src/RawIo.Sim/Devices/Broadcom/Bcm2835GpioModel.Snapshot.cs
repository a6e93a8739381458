namespace RawIo.Sim;

// What the GPIO block remembers: its registers, and of the pads what it does to them.
public partial class Bcm2835GpioModel
{
    private sealed record Saved(State State, ulong Levels, PinPull[] Pulls);

    /// <inheritdoc/>
    public override object Save() => new Saved(_state, _levels, [.. _pins.Select(p => p.ChipPull)]);

    /// <summary>Goes back to what was saved: registers, and how it drives and pulls its pins. Wires, and what drives them from outside, stay as they are.</summary>
    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        var (state, levels, pulls) = (Saved)saved;
        // What the pins do on the way is no event.
        _state = state with { Ren = 0, Fen = 0, Hen = 0, Len = 0, Aren = 0, Afen = 0 };
        _outputs = OutputsOf(state);
        for (var i = 0; i < _pins.Length; i++)
        {
            _pins[i].PullByChip(pulls[i]);
            _pins[i].DriveByChip((_outputs >> i & 1) == 0 ? null : (state.Latch >> i & 1) != 0);
        }
        // Only now is it known which of the wires float.
        for (var i = 0; i < _pins.Length; i++) _pins[i].Charge((levels >> i & 1) != 0);
        _state = state;
        DetectLevels();
    }

    internal override string? BrokenInvariant()
    {
        var registers = _state.Latch | _state.Eds | _state.Ren | _state.Fen | _state.Hen | _state.Len | _state.Aren | _state.Afen | _state.PudClk;
        if ((registers & ~_existing) != 0) return $"a register has bits 0x{registers & ~_existing:x} of pins that are not there";
        if (_state.Pud > 2 || _state.Test > 0xf) return $"GPPUD is {_state.Pud}, TEST 0x{_state.Test:x}";
        if (_outputs != OutputsOf(_state)) return $"outputs 0x{_outputs:x} are not those of GPFSEL";
        if (((_state.Hen & _levels | _state.Len & ~_levels) & ~_state.Eds) != 0) return $"a level of 0x{_levels:x} was not detected: events 0x{_state.Eds:x}";
        for (var i = 0; i < _pins.Length; i++)
        {
            if (_pins[i].Level != ((_levels >> i & 1) != 0)) return $"GPIO{i} reads {!_pins[i].Level} and is {_pins[i].Level}";
            if (_pins[i].Output != ((_outputs >> i & 1) == 0 ? null : (_state.Latch >> i & 1) != 0)) return $"GPIO{i} is driven {_pins[i].Output}";
        }
        return _interrupts[3].Level == (_state.Eds != 0) && _interrupts[3].Level == (_interrupts[0].Level || _interrupts[1].Level || _interrupts[2].Level)
            ? null
            : $"the interrupt lines are {string.Join(", ", _interrupts.Select(l => l.Level))} with events 0x{_state.Eds:x}";
    }

    private static ulong OutputsOf(in State state)
    {
        var outputs = 0ul;
        for (var i = 0; i < 60; i++)
            if ((state.Fsel[i / 10] >> i % 10 * 3 & 7) == 1) outputs |= 1ul << i;
        return outputs;
    }
}
