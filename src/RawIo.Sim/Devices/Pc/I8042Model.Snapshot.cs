namespace RawIo.Sim;

// What the keyboard controller remembers, with what is plugged into it.
public sealed partial class I8042Model
{
    private sealed record Saved(State State, byte OutputPort, object Keyboard, object Mouse);

    /// <inheritdoc/>
    public override object Save() => new Saved(Copy(_s), _p2.Value, Keyboard.Save(), Mouse.Save());

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        var (state, outputPort, keyboard, mouse) = (Saved)saved;
        _s = Copy(state);
        Keyboard.Restore(keyboard);
        Mouse.Restore(mouse);
        _p2.Restore(outputPort);
        UpdateInterrupts();
    }

    internal override string? BrokenInvariant()
    {
        var full = (_s.Status & STAT_OBF) != 0;
        var aux = (_s.Status & STAT_AUX_OBF) != 0;
        if ((_s.Status & 0xc2) != 0 || (_s.Status & STAT_INH) == 0 || aux && !full) return $"status 0x{_s.Status:x2}";
        if ((_p2.Value & 2) != 0 != A20.Level) return $"A20 is {A20.Level} with output port 0x{_p2.Value:x2}";
        if (Irq1.Level != (full && !aux && (_s.CommandByte & CMD_INT) != 0) || Irq12.Level != (full && aux && (_s.CommandByte & CMD_INT2) != 0))
            return $"IRQ 1 is {Irq1.Level}, IRQ 12 {Irq12.Level} with status 0x{_s.Status:x2} and command byte 0x{_s.CommandByte:x2}";
        if (Mouse.Count > 32) return $"the mouse has {Mouse.Count} bytes";
        return SystemReset.Level ? "the reset is held" : Keyboard.BrokenInvariant();
    }

    private static State Copy(State state) => state with { Ram = [.. state.Ram] };
}
