using System.Diagnostics;
using RawIo.Sim;

namespace RawIo.Fuzz;

/// <summary>Runs steps on one freshly made board and watches what must hold.</summary>
internal sealed class Run : IDisposable
{
    // The quickest hardware here, a shift register at 125 MHz, is done every 64 ns; after the first thousand more is no hardware's.
    private const long TimersAtOnce = 1000, TimersPerMicrosecond = 20;

    // An hour of a timer of 1 MHz is no step: then time goes on only as far as these.
    private const int TimersPerWait = 64;

    /// <summary>So many steps take microseconds, and seconds only where one of them has no bound.</summary>
    private const int Stretch = 256;

    // Generous: the tests run instrumented for coverage and on busy machines, and a DMA controller moves megabytes a step.
    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(60);

    private readonly SimMachine _machine;
    private readonly AttachedDevice _attached;
    private readonly Device _device;
    private readonly IReadOnlyList<IStimulus> _stimuli;
    private readonly SignalLine[] _lines;
    private ulong _lastRead, _lastWritten;
    private long _timersSince, _timersFrom;
    private bool _tooWide;
    private (MachineSnapshot Machine, object?[] Outside, ulong LastRead, ulong LastWritten)? _mark;
    private int _markedAt;

    private readonly bool _thorough;

    /// <param name="subject">The device.</param>
    /// <param name="thorough">Whether its invariants are checked after reads too, and not after every eighth.</param>
    public Run(Subject subject, bool thorough = false)
    {
        _thorough = thorough;
        _machine = subject.MakeMachine();
        _attached = subject.In(_machine);
        _device = _attached.Device;
        _stimuli = Outside.Of(_machine, _attached);
        _lines = Outside.LinesOf(_device);
    }

    /// <summary>How many steps ran, those again after a snapshot included.</summary>
    public long Steps { get; private set; }

    public long Snapshots { get; private set; }

    public long Timers { get; private set; }

    /// <summary>Bytes that the steps allocated, without snapshots, exceptions and RAM written to for the first time.</summary>
    public long Allocated { get; private set; }

    /// <summary>Whether the board can be put back; else marks do nothing.</summary>
    public bool HasSnapshot { get; private set; } = true;

    /// <summary>How many accesses devices made by themselves: a DMA controller makes many in a step.</summary>
    public long MasterAccesses => _machine.DeviceBus.Accesses;

    /// <summary>The host's memory that the machine's RAM takes.</summary>
    public long RamBytes => _machine.Bus.Ram.Allocated;

    public void Dispose() => _machine.Dispose();

    /// <summary>Runs the steps.</summary>
    /// <param name="steps">What to do.</param>
    /// <param name="trace">Gets what each step showed; as long as the steps.</param>
    /// <returns>The first failure; null where all went well.</returns>
    public Failure? Do(ReadOnlySpan<FuzzStep> steps, Span<ulong> trace)
    {
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var (excluded, ramBefore) = (0L, RamBytes);
        var i = 0;
        var (started, worked) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        try
        {
            for (; i < steps.Length; i++)
            {
                if (i % Stretch == 0)
                {
                    // Time alone would blame the device for a busy machine.
                    if (Stopwatch.GetElapsedTime(started) > s_slow && Environment.CpuUsage.TotalTime - worked > Environment.ProcessorCount * s_slow)
                        return new(FailureKind.Slow, i - 1, $"{Stretch} steps took {Stopwatch.GetElapsedTime(started).TotalSeconds:f1} s");
                    (started, worked) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                }
                ref readonly var step = ref steps[i];
                if (step.Kind is StepKind.Mark or StepKind.Verify || step.Strict)
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    if (step.Strict) trace[i] = Strictly(step);
                    else if (step.Kind == StepKind.Mark) Mark(i);
                    else if (Verify(steps[..i], trace) is { } different) return different;
                    excluded += GC.GetAllocatedBytesForCurrentThread() - before;
                }
                else trace[i] = One(step);
                if ((step.Kind != StepKind.Read || i % 8 == 0 || _thorough) && Broken(step, i) is { } failure) return failure;
            }
            return Verify(steps, trace);
        }
        catch (Exception error)
        {
            return new(FailureKind.Exception, i, error.ToString());
        }
        finally
        {
            Allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore - excluded - (RamBytes - ramBefore);
        }
    }

    private Failure? Broken(in FuzzStep step, int at)
    {
        if (_tooWide) return new(FailureKind.Width, at, $"the value 0x{_lastRead:x}, if it was the last read, is wider than its access");
        if (_timersSince > TimersAtOnce + TimersPerMicrosecond * ((_machine.Clock.Now - _timersFrom) / 1000))
            return new(FailureKind.Timers, at, $"{_timersSince} timers ran within {_machine.Clock.Now - _timersFrom} ns");
        return _device.BrokenInvariant() is { } broken ? new(FailureKind.Invariant, at, broken) : null;
    }

    /// <summary>One step; what it showed and the levels of the device's lines, mixed.</summary>
    private ulong One(in FuzzStep step)
    {
        Steps++;
        var seen = 0ul;
        switch (step.Kind)
        {
            case StepKind.Read: seen = Read(step); break;
            case StepKind.Write: Write(step); break;
            case StepKind.Wait: Wait((long)step.Value); break;
            case StepKind.Outside: seen = _stimuli[step.Where].Do(step.Value); break;
            case StepKind.PokeRam:
                if (_machine.IsRam((ulong)step.Where)) _machine.Bus.Write((ulong)step.Where, 4, step.Value);
                break;
            case StepKind.Reset: _machine.Reset(); break;
        }
        seen *= 0x9e37_79b9_7f4a_7c15;
        foreach (var line in _lines) seen = (seen << 1 | seen >> 63) ^ (line.Level ? 1ul : 0);
        return seen;
    }

    private ulong Read(in FuzzStep step)
    {
        var value = _attached.IsConfiguration ? OwnConfiguration(step) ? _device.Read(step.Where, step.Size) : 0
            : _attached.IsPort
            ? PortFits(step) ? _machine.PortBus!.Read((int)_attached.Start + step.Where, Math.Min((int)step.Size, 4)) : 0
            : _machine.Bus.Read(_attached.Start + (ulong)step.Where, step.Size);
        _tooWide |= value > ulong.MaxValue >> 64 - 8 * step.Size;
        return _lastRead = value;
    }

    private void Write(in FuzzStep step)
    {
        var value = step.From switch
        {
            ValueKind.Literal => step.Value,
            ValueKind.LastRead => _lastRead,
            ValueKind.LastReadFlipped => _lastRead ^ step.Value,
            _ => _lastWritten,
        } & ulong.MaxValue >> 64 - 8 * step.Size;
        _lastWritten = value;
        if (_attached.IsConfiguration)
        {
            if (OwnConfiguration(step)) _device.Write(step.Where, step.Size, value);
        }
        else if (!_attached.IsPort) _machine.Bus.Write(_attached.Start + (ulong)step.Where, step.Size, value);
        else if (PortFits(step)) _machine.PortBus!.Write((int)_attached.Start + step.Where, Math.Min((int)step.Size, 4), (uint)value);
    }

    // A PCI function is reached by the host's ports, which split what is not aligned.
    private bool OwnConfiguration(in FuzzStep step) => step.Size <= 4 && step.Where % step.Size == 0 && step.Where + step.Size <= PciFunction.Length;

    private bool PortFits(in FuzzStep step) => (int)_attached.Start + step.Where + step.Size <= 0x1_0000;

    private ulong Strictly(in FuzzStep step)
    {
        _machine.Faults.Policy = FaultPolicy.Throw;
        try
        {
            return One(step);
        }
        catch (BusFaultException)
        {
            return 0xbad;
        }
        finally
        {
            _machine.Faults.Policy = FaultPolicy.Hardware;
        }
    }

    private void Wait(long nanoseconds)
    {
        var clock = _machine.Clock;
        var target = clock.Now > long.MaxValue - nanoseconds ? clock.Now : clock.Now + nanoseconds;
        for (var ran = 0; clock.RunNext(target); ran++)
        {
            Timers++;
            _timersSince++;
            if (ran == TimersPerWait) return;
        }
        clock.Step(target - clock.Now);
        if (clock.Now - _timersFrom > 1_000_000) (_timersSince, _timersFrom) = (0, clock.Now);
    }

    private void Mark(int at)
    {
        if (!HasSnapshot) return;
        try
        {
            _mark = (_machine.Save(), [.. _stimuli.Select(s => s.Save())], _lastRead, _lastWritten);
            _markedAt = at;
            Snapshots++;
        }
        catch (NotSupportedException)
        {
            HasSnapshot = false;
        }
    }

    /// <summary>Goes back to the mark, does the same again, and compares.</summary>
    private Failure? Verify(ReadOnlySpan<FuzzStep> done, ReadOnlySpan<ulong> trace)
    {
        if (_mark is not { } mark) return null;
        _mark = null;
        for (var i = 0; i < _stimuli.Count; i++) _stimuli[i].Restore(mark.Outside[i]);
        _machine.Restore(mark.Machine);
        (_lastRead, _lastWritten) = (mark.LastRead, mark.LastWritten);
        (_timersSince, _timersFrom) = (0, _machine.Clock.Now);
        if (_device.BrokenInvariant() is { } broken) return new(FailureKind.Snapshot, done.Length, $"just restored: {broken}");
        for (var i = _markedAt + 1; i < done.Length; i++)
        {
            var again = done[i].Strict ? Strictly(done[i]) : One(done[i]);
            if (again != trace[i])
                return new(FailureKind.Snapshot, done.Length, $"after the snapshot at step {_markedAt} was restored, step {i}, {done[i].Describe(_stimuli)}, shows another value or other lines");
        }
        return null;
    }
}
