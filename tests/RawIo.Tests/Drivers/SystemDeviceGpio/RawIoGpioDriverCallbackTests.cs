using System.Device.Gpio;
using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>What callbacks may do, and waits.</summary>
public partial class RawIoGpioDriverCallbackTests
{
    private const PinEventTypes Both = PinEventTypes.Rising | PinEventTypes.Falling;

    private GpioRig _rig = null!;

    [SetUp]
    public void Attach()
    {
        _rig = new GpioRig();
        _rig.Pin(4).Drive(false);
        _rig.Controller.OpenPin(4, PinMode.Input);
    }

    [TearDown]
    public void Detach() => _rig.Dispose();

    private void On(PinEventTypes edges, PinChangeEventHandler callback) => _rig.Controller.RegisterCallbackForPinValueChangedEvent(4, edges, callback);

    [Test]
    public void A_callback_may_go_and_take_another_with_it()
    {
        var calls = new List<string>();
        PinChangeEventHandler first = null!, second = (_, _) => calls.Add("second");
        first = (sender, _) =>
        {
            calls.Add(sender == _rig.Driver ? "first" : "whose?");
            _rig.Controller.UnregisterCallbackForPinValueChangedEvent(4, second);
            _rig.Controller.UnregisterCallbackForPinValueChangedEvent(4, first);
        };
        On(PinEventTypes.Rising, first);
        On(PinEventTypes.Rising, second);
        _rig.Pin(4).Drive(true);
        _rig.Look();
        Assert.That(calls, Is.EqualTo(new[] { "first" }));
        Assert.That(_rig.Time.ArmedTimers, Is.Zero);
    }

    [Test]
    public void A_callback_that_comes_hears_only_what_happens_from_then_on()
    {
        On(PinEventTypes.Rising, (_, _) => { if (_rig.Told.Count == 0) _rig.Listen(4); });
        _rig.Pin(4).Drive(true);
        _rig.Pin(4).Drive(false);
        _rig.Look();
        Assert.That(_rig.Told, Is.Empty);
        _rig.Pin(4).Drive(true);
        _rig.Look();
        Assert.That(_rig.Told, Is.EqualTo(new[] { "4 Rising" }));
    }

    [Test]
    public void A_callback_that_throws_stops_nobody_and_is_told()
    {
        var errors = new List<Exception>();
        _rig.Driver.EventFailed += errors.Add;
        On(Both, (_, _) => throw new TimeoutException());
        _rig.Listen(4);
        for (var i = 0; i < 3; i++)
        {
            _rig.Pin(4).Drive(i % 2 == 0);
            _rig.Look();
        }
        Assert.That(_rig.Told, Is.EqualTo(new[] { "4 Rising", "4 Falling", "4 Rising" }));
        Assert.That(errors, Has.Count.EqualTo(3).And.All.TypeOf<TimeoutException>());
        _rig.Driver.EventFailed += _ => throw new TimeoutException("even so");
        _rig.Pin(4).Drive(false);
        _rig.Look();
        Assert.That(_rig.Told, Has.Count.EqualTo(4));
    }

    [Test]
    public void Callbacks_neither_nest_nor_change_order()
    {
        var depth = 0;
        On(Both, (_, e) =>
        {
            Assert.That(++depth, Is.EqualTo(1));
            _rig.Told.Add($"{e.ChangeType} begins");
            if (_rig.Told.Count < 6)
            {
                _rig.Pin(4).Drive(e.ChangeType == PinEventTypes.Falling);
                _rig.Look();                             // time passes in a callback
            }
            _rig.Told.Add($"{e.ChangeType} ends");
            depth--;
        });
        _rig.Pin(4).Drive(true);
        _rig.Look();
        Assert.That(_rig.Told, Is.EqualTo(new[]
        {
            "Rising begins", "Rising ends", "Falling begins", "Falling ends", "Rising begins", "Rising ends", "Falling begins", "Falling ends",
        }));
    }

    [Test]
    public void A_callback_may_dispose_the_controller()
    {
        On(Both, (_, _) => _rig.Controller.Dispose());
        _rig.Listen(4);
        _rig.Pin(4).Drive(true);
        _rig.Look();
        Assert.That((_rig.Told.Count, _rig.Time.ArmedTimers), Is.EqualTo((0, 0)));
    }

    [Test, CancelAfter(30_000)]
    public void A_callback_may_wait_for_the_next_edge(CancellationToken token)
    {
        WaitForEventResult? result = null;
        On(PinEventTypes.Rising, (_, _) =>
        {
            using var other = new Timer(_ => _rig.Pin(4).Drive(false), null, 20, Timeout.Infinite);
            result = _rig.Controller.WaitForEvent(4, PinEventTypes.Falling, token);
        });
        _rig.Pin(4).Drive(true);
        _rig.Look();
        Assert.That(result, Is.EqualTo(new WaitForEventResult { EventTypes = PinEventTypes.Falling }));
    }

    [Test, CancelAfter(60_000)]
    public void Listeners_come_and_go_on_other_threads_while_edges_are_told(CancellationToken token)
    {
        using var machine = SimMachine.Create("pi3", new SimOptions { SteppedClock = true });
        using var controller = new GpioController(RawIoGpioDriver.Create(machine));
        var pins = machine.Device<Bcm2835GpioModel>().Pins;
        for (var pin = 0; pin < 4; pin++) controller.OpenPin(pin, PinMode.InputPullDown);
        pins[0].Drive(false);
        var told = 0;
        controller.RegisterCallbackForPinValueChangedEvent(0, Both, (_, _) => Interlocked.Increment(ref told));
        using var done = new CancellationTokenSource();
        var others = Enumerable.Range(1, 3).Select(pin => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                PinChangeEventHandler callback = (_, _) => { };
                controller.RegisterCallbackForPinValueChangedEvent(pin, Both, callback);
                controller.RegisterCallbackForPinValueChangedEvent(0, PinEventTypes.Rising, callback);
                pins[pin].Drive(!pins[pin].Level);
                controller.WaitForEvent(pin, Both, new CancellationToken(true));
                controller.UnregisterCallbackForPinValueChangedEvent(0, callback);
                controller.UnregisterCallbackForPinValueChangedEvent(pin, callback);
            }
        }, token)).ToArray();
        const int edges = 2000;
        for (var i = 0; i < edges; i++)
        {
            pins[0].Drive(i % 2 == 0);
            // A look that meets a listener coming or going leaves the edge to the next.
            while (Volatile.Read(ref told) <= i && !token.IsCancellationRequested) machine.Clock.Step(1_000_000);
        }
        done.Cancel();
        Task.WaitAll(others, token);
        Assert.That(told, Is.EqualTo(edges));
    }
}
