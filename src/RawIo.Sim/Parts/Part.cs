namespace RawIo.Sim;

/// <summary>
/// A part of the outside world on a bus of the chip: a memory, a sensor, an expander. It gets its time from the bus it
/// is plugged into, and its power too: plugging it in resets what it forgets without power.
/// </summary>
/// <remarks>The bus calls it under its machine's lock. What else reaches it, a test that sets a temperature, takes that lock by <see cref="Hold"/>.</remarks>
public abstract class Part
{
    private TimeProvider? _time;
    private DeviceAlarm? _alarm;

    /// <summary>What the datasheet calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it is plugged in.</summary>
    public bool IsPlugged => _time is not null;

    /// <summary>Nanoseconds of the machine's time; 0 while it is not plugged in.</summary>
    protected long Now => _alarm?.Now ?? 0;

    /// <summary>The lock of the machine it is plugged into.</summary>
    internal BiasedLock? Gate { get; private set; }

    /// <summary>Everything it remembers, as an object that later use does not change: <see cref="Restore"/> takes it back, any number of times.</summary>
    public abstract object Save();

    /// <summary>Goes back to what was saved, with its alarm set anew. Its pins' wires stay as they are.</summary>
    /// <param name="saved">What <see cref="Save"/> of the same part returned.</param>
    public abstract void Restore(object saved);

    /// <summary>It was plugged in: the state after power-on.</summary>
    protected virtual void PowerOn()
    {
    }

    /// <summary>Has <see cref="AlarmRang"/> called at a time of <see cref="Now"/>, or not any more.</summary>
    protected void SetAlarm(long? at) => _alarm?.Set(at);

    /// <summary>The time given to <see cref="SetAlarm"/> has come; on the host's clock it may be a little early or late.</summary>
    protected virtual void AlarmRang()
    {
    }

    /// <summary>Holds the machine's lock until it is disposed.</summary>
    internal HeldLock Hold() => new(Gate);

    internal void Plug(TimeProvider time, BiasedLock? gate, string bus)
    {
        if (IsPlugged) throw new ArgumentException($"The {Name} is plugged in already; unplug it first, or make another for {bus}.");
        (_time, Gate) = (time, gate);
        _alarm = new(time, () =>
        {
            using var held = Hold();
            if (_time == time) AlarmRang();
        });
        PowerOn();
    }

    internal void Unplug()
    {
        SetAlarm(null);
        (_time, _alarm, Gate) = (null, null, null);
    }

    internal void SetGate(BiasedLock? gate) => Gate = gate;
}

/// <summary>A part on an I2C bus, as the bus drives it: an address that it takes, then bytes one way, then a stop or another start.</summary>
public abstract class I2cPart : Part
{
    private long _stretch;

    /// <summary>Its address was called.</summary>
    /// <param name="isRead">Whether the master will read.</param>
    /// <returns>Whether it acknowledges.</returns>
    protected internal virtual bool Start(bool isRead) => true;

    /// <summary>The master sent a byte.</summary>
    /// <returns>Whether it acknowledges.</returns>
    protected internal abstract bool Write(byte value);

    /// <summary>The next byte for the master.</summary>
    protected internal abstract byte Read();

    /// <summary>The master ended the transfer. A repeated start calls <see cref="Start"/> again instead, or another part.</summary>
    protected internal virtual void Stop()
    {
    }

    /// <summary>The master began a transfer with another part without ending this one by a stop.</summary>
    protected internal virtual void Abandoned()
    {
    }

    /// <summary>Holds the clock low after what the bus is at now, for so many nanoseconds.</summary>
    protected void Stretch(long nanoseconds) => _stretch = DeviceAlarm.Later(_stretch, Math.Max(0, nanoseconds));

    internal long TakeStretch()
    {
        var stretch = _stretch;
        _stretch = 0;
        return stretch;
    }
}

/// <summary>A part on an SPI bus, as the bus drives it: selected, clocked bit by bit, deselected.</summary>
public abstract class SpiPart : Part
{
    /// <summary>Whether a high chip select selects it; most parts want a low one.</summary>
    protected internal virtual bool IsSelectedHigh => false;

    /// <summary>Whether it understands a mode (CPOL in bit 1, CPHA in bit 0). In any other it samples at the wrong edge and gets each bit one late.</summary>
    protected internal virtual bool Takes(int mode) => mode is 0 or 3;

    /// <summary>Its chip select became active.</summary>
    protected internal virtual void Selected()
    {
    }

    /// <summary>One clock.</summary>
    /// <param name="mosi">The bit to the part.</param>
    /// <returns>The bit from the part, which it put out before it knew <paramref name="mosi"/>.</returns>
    protected internal abstract bool Clock(bool mosi);

    /// <summary>Its chip select became inactive.</summary>
    protected internal virtual void Deselected()
    {
    }
}

/// <summary>An SPI part that thinks in bytes, the highest bit first.</summary>
public abstract class SpiBytePart : SpiPart
{
    private (int Bits, byte In, byte Out) _shift;

    /// <inheritdoc/>
    protected internal override void Selected() => _shift = default;

    /// <inheritdoc/>
    protected internal sealed override bool Clock(bool mosi)
    {
        if (_shift.Bits == 0) _shift.Out = NextByte();
        var miso = (_shift.Out & 0x80) != 0;
        _shift = (_shift.Bits + 1, (byte)(_shift.In << 1 | (mosi ? 1 : 0)), (byte)(_shift.Out << 1));
        if (_shift.Bits != 8) return miso;
        _shift.Bits = 0;
        ByteCame(_shift.In);
        return miso;
    }

    /// <summary>Whether whole bytes have come since it was selected.</summary>
    protected bool IsAtByteBoundary => _shift.Bits == 0;

    /// <summary>The byte to put out while the next one comes.</summary>
    protected abstract byte NextByte();

    /// <summary>A byte has come.</summary>
    protected abstract void ByteCame(byte value);

    /// <summary>What <see cref="Part.Save"/> is to keep, beside the byte that is half way.</summary>
    protected abstract object SaveState();

    /// <summary>Takes back what <see cref="SaveState"/> kept.</summary>
    protected abstract void RestoreState(object saved);

    /// <inheritdoc/>
    public sealed override object Save() => (_shift, SaveState());

    /// <inheritdoc/>
    public sealed override void Restore(object saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        ((_shift), var state) = (((int, byte, byte), object))saved;
        RestoreState(state);
    }
}
