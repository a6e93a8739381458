namespace RawIo.Sim;

/// <summary>What wires join: some pins and the one level they share. Counts of drivers and resistors make a change cost the same however many pins there are.</summary>
internal sealed class Net
{
    // Made anew by every connect and cut, never changed: a handler may rewire while it is walked.
    private readonly Pin[] _pins;
    private int _high, _low, _up, _down;
    private bool _wasInConflict;

    public Net(Pin only) => _pins = [only];

    /// <summary>A net of pins that were elsewhere before, at the level the floating charge has; <see cref="Resolve"/> follows.</summary>
    private Net(Pin[] pins, bool level)
    {
        (_pins, Level) = (pins, level);
        foreach (var pin in pins) pin.CountIn(this);
    }

    public bool Level { get; private set; }

    /// <summary>The lock of the machine that any of the pins is in.</summary>
    public BiasedLock? Gate
    {
        get
        {
            foreach (var pin in _pins)
                if (pin.Gate is { } gate)
                    return gate;
            return null;
        }
    }

    public bool IsInConflict => _high > 0 && _low > 0;

    public void Driver(bool? level, int count)
    {
        if (level == true) _high += count;
        else if (level == false) _low += count;
    }

    public void Resistor(PinPull pull, int count)
    {
        if (pull == PinPull.Up) _up += count;
        else if (pull == PinPull.Down) _down += count;
    }

    /// <summary>Brings the level up to date and tells what changed.</summary>
    public void Resolve() => Settle(ResolvedLevel(_high, _low));

    /// <summary>Gives a floating wire a level; one that is driven or pulled has its own.</summary>
    public void Charge(bool level)
    {
        if ((_high | _low | _up | _down) == 0) Settle(level);
    }

    public void Glitch(bool level)
    {
        if (ResolvedLevel(_high + (level ? 1 : 0), _low + (level ? 0 : 1)) == Level) return;
        foreach (var pin in _pins) pin.TellOwnerOfGlitch();
    }

    /// <summary>Joins two nets.</summary>
    public static void Join(Net a, Net b)
    {
        if (a == b) return;
        var joined = new Net([.. a._pins, .. b._pins], a.Level && b.Level) { _wasInConflict = a._wasInConflict || b._wasInConflict };
        var (levelA, levelB) = (a.Level, b.Level);
        Adopt(joined);
        var level = joined.ResolvedLevel(joined._high, joined._low);
        joined.Level = level;
        joined.CheckConflict();
        if (levelA != level) Tell(a._pins, level);
        if (levelB != level) Tell(b._pins, level);
    }

    /// <summary>Sorts a net's pins anew by the wires that are left.</summary>
    public static void Split(Net net)
    {
        var seen = new HashSet<Pin>();
        var parts = new List<Net>();
        foreach (var start in net._pins)
        {
            if (!seen.Add(start)) continue;
            var reached = new List<Pin> { start };
            for (var i = 0; i < reached.Count; i++)
                foreach (var wire in reached[i].Wires ?? [])
                    if (seen.Add(wire.OtherEnd(reached[i])))
                        reached.Add(wire.OtherEnd(reached[i]));
            if (reached.Count == net._pins.Length) return;
            parts.Add(new Net([.. reached], net.Level) { _wasInConflict = net._wasInConflict });
        }
        foreach (var part in parts) Adopt(part);
        foreach (var part in parts) part.Resolve();
    }

    private static void Adopt(Net net)
    {
        foreach (var pin in net._pins) pin.Net = net;
    }

    private bool ResolvedLevel(int high, int low)
    {
        if (low > 0) return false;
        if (high > 0) return true;
        if (_down > 0) return false;
        return _up > 0 || Level;
    }

    private void Settle(bool level)
    {
        CheckConflict();
        if (Level == level) return;
        Level = level;
        Tell(_pins, level);
    }

    private void CheckConflict()
    {
        if (_wasInConflict == IsInConflict) return;
        _wasInConflict = IsInConflict;
        if (!_wasInConflict) return;
        foreach (var pin in _pins) pin.TellConflict();
    }

    private static void Tell(Pin[] pins, bool level)
    {
        var heard = false;
        foreach (var pin in pins)
        {
            pin.TellOwner(level);
            heard |= pin.HasListener;
        }
        if (heard) Announcements.Add(pins, level);
    }
}
