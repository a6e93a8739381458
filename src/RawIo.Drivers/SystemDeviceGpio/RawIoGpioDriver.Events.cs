using System.Device.Gpio;

namespace RawIo.Drivers;

// Edges. Any pin can be listened to, whatever its mode.
public sealed partial class RawIoGpioDriver
{
    private readonly GpioEvents _events;

    /// <summary>
    /// A callback threw, which keeps neither the other callbacks nor later events from being told; or the block did
    /// while the driver looked for edges (its machine was disposed), which ends the waits with the same exception, and
    /// the looks until somebody listens anew. Raised with no lock held.
    /// </summary>
    public event Action<Exception>? EventFailed;

    /// <summary>How edges are noticed. <see cref="GpioEdgeDetection.Detectors"/> becomes <see cref="GpioEdgeDetection.Levels"/> with the first listener where the block does not keep what is written to its detectors, as QEMU's does not.</summary>
    public GpioEdgeDetection EdgeDetection => _events.Detection;

    /// <summary>
    /// Calls <paramref name="callback"/> with each edge from now on that a look finds: one callback at a time, in the
    /// order of the looks, on the thread of the clock that times them, with no lock held.
    /// </summary>
    /// <remarks>
    /// <para>What two looks cannot tell apart is told as the least that must have happened. By detectors: several edges
    /// of the one kind listened to are one; of both kinds, edges that lead to the other level are one, and edges that
    /// lead back are two. By levels: edges that lead back are none. Edges of different pins found by one look are told
    /// in the order of the pins.</para>
    /// <para>A callback may add and remove callbacks, wait for events, close pins and dispose the controller. One that is
    /// removed is not called any more, unless another thread is calling it at that moment.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">The kinds of edges are none, or others than Rising and Falling.</exception>
    /// <exception cref="InvalidOperationException">The pin is not open.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        CheckEdges(eventTypes);
        ModeOf(pinNumber);
        _events.Add(pinNumber, eventTypes, callback);
    }

    /// <summary>Takes back one addition of a callback for either kind of edge. One that is not there is no error.</summary>
    /// <exception cref="InvalidOperationException">The pin is not open, or has no callback at all.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pin.</exception>
    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ModeOf(pinNumber);
        _events.Remove(pinNumber, callback);
    }

    /// <summary>
    /// Waits for the next edge; see <see cref="AddCallbackForPinValueChangedEvent"/> for what is one. Edges between two
    /// waits are nobody's: to see every edge take a callback.
    /// </summary>
    /// <returns>The edge; or timed out, with no kind, once cancelled or when the pin is closed.</returns>
    /// <inheritdoc cref="AddCallbackForPinValueChangedEvent"/>
    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        var wait = Wait(pinNumber, eventTypes, cancellationToken);
        // The clock may be waiting for the very callback that waits here.
        if (_events.IsInCallback)
            while (Task.WaitAny([wait], 1, CancellationToken.None) < 0)
                _events.Look();
        return wait.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="WaitForEvent"/>
    protected override ValueTask<WaitForEventResult> WaitForEventAsync(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        new(Wait(pinNumber, eventTypes, cancellationToken));

    private Task<WaitForEventResult> Wait(int pin, PinEventTypes edges, CancellationToken cancellationToken)
    {
        CheckEdges(edges);
        ModeOf(pin);
        return _events.Wait(pin, edges, cancellationToken);
    }

    private static void CheckEdges(PinEventTypes eventTypes)
    {
        if (eventTypes is PinEventTypes.None || (eventTypes & ~(PinEventTypes.Rising | PinEventTypes.Falling)) != 0)
            throw new ArgumentException($"{eventTypes} is no kind of edge. There are Rising, Falling and both.", nameof(eventTypes));
    }
}
