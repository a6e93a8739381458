namespace RawIo.Sim;

/// <summary>A resistor on a pin.</summary>
public enum PinPull
{
    /// <summary>None: an undriven pin floats.</summary>
    None,
    /// <summary>To the supply.</summary>
    Up,
    /// <summary>To ground.</summary>
    Down,
}

/// <summary>The chip behind a pin: told of what happens at the pad.</summary>
internal interface IPinOwner
{
    /// <summary>The lock the machine calls the chip under; null where it is in no machine.</summary>
    BiasedLock? Gate { get; }

    /// <summary>The pad's level changed.</summary>
    void PinChanged(int index, bool level);

    /// <summary>The pad left its level and came back, faster than the chip samples it.</summary>
    void PinGlitched(int index);
}

/// <summary>
/// A contact: a pad of a chip, or of a part of the outside world (a button, a lamp). It is driven from two sides, by
/// its chip and from outside, each side with a resistor of its own; <see cref="Wire.Connect"/> joins it to others.
/// </summary>
/// <remarks>
/// <para>Joined pins have one level. Strong over pull over floating: any driver decides it, and where drivers
/// disagree low wins (as the stronger N-channel half of a CMOS output does) and <see cref="IsInConflict"/> is true;
/// with no driver the resistors decide it, low where they disagree; with neither the last level stays, as charge
/// on a wire does, and low wins where two floating pins of different levels are joined.</para>
/// <para>A pin that a wire leads to a machine's chip may be driven from any thread: it then waits for the access the
/// machine is at, and handlers run under the machine's lock. Pins of the outside world alone have no lock, and a wire
/// between two machines wants one thread for both.</para>
/// </remarks>
public sealed class Pin
{
    private readonly IPinOwner? _owner;
    private readonly int _index;
    private Side _chip, _outside;

    /// <summary>A contact of the outside world: floating and low.</summary>
    /// <param name="name">What it is called in messages.</param>
    public Pin(string name) : this(name, null, 0)
    {
    }

    internal Pin(string name, IPinOwner? owner, int index)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Name, _owner, _index) = (name, owner, index);
        Net = new Net(this);
    }

    private struct Side
    {
        public bool? Driven;
        public PinPull Pull;
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>The level on it.</summary>
    public bool Level => Net.Level;

    /// <summary>Whether its chip drives it: an output.</summary>
    public bool IsDrivenByChip => _chip.Driven is not null;

    /// <summary>What its chip drives it with; null where it does not.</summary>
    public bool? Output => _chip.Driven;

    /// <summary>Whether one driver pulls it high and another low. The level is low then.</summary>
    public bool IsInConflict => Net.IsInConflict;

    /// <summary>Called after each change of the level, with the new one. A handler may drive, connect and cut; what that changes is told after this change has been told to everybody.</summary>
    public event Action<bool>? LevelChanged;

    /// <summary>Called after each change of <see cref="Output"/>, with the new one, also where the level stays. Handlers run inside the chip: they note it and return.</summary>
    public event Action<bool?>? OutputChanged;

    /// <summary>Called when drivers begin to disagree: on a real board something gets hot. Every pin of the wire tells it.</summary>
    public event Action<Pin>? ConflictBegan;

    internal Net Net { get; set; }

    /// <summary>The wires that end here, in the order they were made.</summary>
    internal List<Wire>? Wires { get; set; }

    internal BiasedLock? Gate => _owner?.Gate;

    internal bool HasListener => LevelChanged is not null;

    /// <summary>Drives it from outside.</summary>
    /// <param name="level">High, low, or null to let go.</param>
    public void Drive(bool? level)
    {
        using var held = new HeldLock(Net.Gate);
        Drive(ref _outside, level);
    }

    /// <summary>Puts a resistor on it from outside.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pull.</exception>
    public void Pull(PinPull pull)
    {
        using var held = new HeldLock(Net.Gate);
        Pull(ref _outside, pull);
    }

    /// <summary>
    /// A pulse from outside, to <paramref name="level"/> and back at once: shorter than a period of the chip's system
    /// clock, so that only asynchronous edge detection sees it. Nothing happens where the level would not change.
    /// </summary>
    public void Glitch(bool level)
    {
        using var held = new HeldLock(Net.Gate);
        Net.Glitch(level);
    }

    internal void DriveByChip(bool? level)
    {
        if (_chip.Driven == level) return;
        Drive(ref _chip, level);
        OutputChanged?.Invoke(level);
    }

    internal void PullByChip(PinPull pull) => Pull(ref _chip, pull);

    internal PinPull ChipPull => _chip.Pull;

    /// <summary>Charges the wire to a level that it keeps only while nothing drives or pulls it.</summary>
    internal void Charge(bool level) => Net.Charge(level);

    private void Drive(ref Side side, bool? level)
    {
        if (side.Driven == level) return;
        Net.Driver(side.Driven, -1);
        side.Driven = level;
        Net.Driver(level, 1);
        Net.Resolve();
    }

    private void Pull(ref Side side, PinPull pull)
    {
        if (pull is not (PinPull.None or PinPull.Up or PinPull.Down))
            throw new ArgumentOutOfRangeException(nameof(pull), pull, "A pull is None, Up or Down.");
        if (side.Pull == pull) return;
        Net.Resistor(side.Pull, -1);
        side.Pull = pull;
        Net.Resistor(pull, 1);
        Net.Resolve();
    }

    /// <summary>Adds what this pin contributes to a net's counts.</summary>
    internal void CountIn(Net net)
    {
        net.Driver(_chip.Driven, 1);
        net.Driver(_outside.Driven, 1);
        net.Resistor(_chip.Pull, 1);
        net.Resistor(_outside.Pull, 1);
    }

    internal void TellOwner(bool level) => _owner?.PinChanged(_index, level);

    internal void TellOwnerOfGlitch() => _owner?.PinGlitched(_index);

    internal void TellConflict() => ConflictBegan?.Invoke(this);

    internal void TellListeners(bool level) => LevelChanged?.Invoke(level);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
