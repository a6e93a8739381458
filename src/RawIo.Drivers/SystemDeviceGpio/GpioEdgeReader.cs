using System.Device.Gpio;
using System.Numerics;

namespace RawIo.Drivers;

/// <summary>Finds edges on the pins it watches. Its caller keeps other threads away.</summary>
/// <remarks>
/// GPEDS has one bit a pin: it says that there were edges, not how many or which. With one kind watched, the bit is one
/// edge of that kind. With both, the level before and the level now decide: different, it was one edge; the same, it was
/// there and back. So what is reported did happen, in that order; edges beyond are reported as these.
/// </remarks>
internal sealed class GpioEdgeReader(Bcm2835Gpio gpio, GpioEdgeDetection detection, Action<int, PinEventTypes> found)
{
    // A pin that changes again in the 100 ns between clearing its event and reading its level is looked at again, so often.
    private const int Looks = 4;

    private ulong _rising, _falling, _levels;
    private bool _detectorsTried;

    /// <summary>How it notices edges. Detectors that do not keep what is written to them (QEMU has none) make it levels.</summary>
    public GpioEdgeDetection Detection { get; private set; } = detection;

    /// <summary>Watches a pin for these edges from now on; what there was before is reported under the old ones.</summary>
    public void Watch(int pin, PinEventTypes edges)
    {
        var old = EdgesOf(pin);
        if (old != PinEventTypes.None) Look(pin >> 5);
        if (old == edges) return;
        if (Detection == GpioEdgeDetection.Detectors) SetDetectors(pin, old, edges);
        else if (old == PinEventTypes.None) Remember(pin, gpio.Read(pin));
        var bit = 1UL << pin;
        _rising = (edges & PinEventTypes.Rising) != 0 ? _rising | bit : _rising & ~bit;
        _falling = (edges & PinEventTypes.Falling) != 0 ? _falling | bit : _falling & ~bit;
    }

    /// <summary>Stops watching everything without touching the block, which has failed.</summary>
    public void Forget() => _rising = _falling = 0;

    /// <summary>Reports the edges since the last look.</summary>
    public void Look()
    {
        Look(0);
        Look(1);
    }

    private void Look(int bank)
    {
        var watched = Half(_rising | _falling, bank);
        if (watched == 0) return;
        if (Detection == GpioEdgeDetection.Detectors) LookAtEvents(bank, watched);
        else LookAtLevels(bank, watched);
    }

    private void LookAtLevels(int bank, uint watched)
    {
        var levels = gpio.ReadBank(bank);
        for (var changed = (levels ^ Half(_levels, bank)) & watched; changed != 0; changed &= changed - 1)
            Edge(32 * bank + BitOperations.TrailingZeroCount(changed), levels);
    }

    private void LookAtEvents(int bank, uint watched)
    {
        var events = gpio.ReadEvents(bank) & watched;
        if (events == 0) return;
        gpio.ClearEvents(bank, events);
        var ambiguous = events & Half(_rising & _falling, bank);
        var levels = ambiguous == 0 ? 0 : ReadSettledLevels(bank, ambiguous);
        for (; events != 0; events &= events - 1)
        {
            var pin = 32 * bank + BitOperations.TrailingZeroCount(events);
            var edges = EdgesOf(pin);
            if (edges != (PinEventTypes.Rising | PinEventTypes.Falling))
            {
                found(pin, edges);
                continue;
            }
            if ((levels >> pin & 1) == (_levels >> pin & 1)) Edge(pin, ~levels);
            Edge(pin, levels);
        }
    }

    /// <summary>Reads levels with no edge between the clearing of the pins' events and the reading.</summary>
    private uint ReadSettledLevels(int bank, uint pins)
    {
        for (var look = 1; ; look++)
        {
            var levels = gpio.ReadBank(bank);
            var again = gpio.ReadEvents(bank) & pins;
            if (again == 0 || look == Looks) return levels;
            gpio.ClearEvents(bank, again);
        }
    }

    /// <summary>Reports the edge to the level that a bank's levels show, if that kind is watched.</summary>
    private void Edge(int pin, uint levels)
    {
        var level = (levels >> pin & 1) != 0;
        Remember(pin, level);
        var edge = level ? PinEventTypes.Rising : PinEventTypes.Falling;
        if ((EdgesOf(pin) & edge) != 0) found(pin, edge);
    }

    private void SetDetectors(int pin, PinEventTypes old, PinEventTypes edges)
    {
        var detect = (GpioDetect)edges;
        if (edges == PinEventTypes.None)
        {
            gpio.SetDetect(pin, GpioDetect.None);
        }
        else if ((edges & ~old) != 0)
        {
            var before = ReadLevelAfterEvents(pin);
            if (old == PinEventTypes.None) gpio.SetDetect(pin, detect);
            else gpio.SetEdges(pin, detect);
            if (!_detectorsTried && gpio.GetDetect(pin) != detect) Detection = GpioEdgeDetection.Levels;
            _detectorsTried = true;
            // An edge that the detectors saw counts from the level before it.
            var after = gpio.Read(pin);
            var seen = Detection == GpioEdgeDetection.Detectors && (gpio.ReadEvents(pin >> 5) >> pin & 1) != 0;
            Remember(pin, seen ? before : after);
        }
        else
        {
            gpio.SetEdges(pin, detect);
            // What came before the detector was off still is of either kind.
            Look(pin >> 5);
        }
    }

    /// <summary>Reads a level that no event comes before which is still to be reported as the kind watched so far.</summary>
    private bool ReadLevelAfterEvents(int pin)
    {
        for (var look = 1; ; look++)
        {
            var level = gpio.Read(pin);
            if (EdgesOf(pin) == PinEventTypes.None || look == Looks || (gpio.ReadEvents(pin >> 5) >> pin & 1) == 0) return level;
            Look(pin >> 5);
        }
    }

    private void Remember(int pin, bool level) => _levels = level ? _levels | 1UL << pin : _levels & ~(1UL << pin);

    // The bits of PinEventTypes are those of GpioDetect: 1 rising, 2 falling.
    private PinEventTypes EdgesOf(int pin) => (PinEventTypes)((_rising >> pin & 1) | (_falling >> pin & 1) << 1);

    private static uint Half(ulong pins, int bank) => (uint)(pins >> 32 * bank);
}
