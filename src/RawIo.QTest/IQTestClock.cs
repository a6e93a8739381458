namespace RawIo.QTest;

/// <summary>The clock that <c>clock_step</c> and <c>clock_set</c> move: a simulated machine's, in nanoseconds since power-on.</summary>
public interface IQTestClock
{
    /// <summary>Nanoseconds since power-on.</summary>
    long Now { get; }

    /// <summary>Moves time forward by <paramref name="nanoseconds"/>, 0 or more, running due timers in order.</summary>
    void Step(long nanoseconds);

    /// <summary>Moves time to the next timer's due time; false, and nothing happens, where there is none.</summary>
    bool StepToNextTimer();
}
