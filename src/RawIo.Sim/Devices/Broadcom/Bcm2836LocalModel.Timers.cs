namespace RawIo.Sim;

// The core timer, which the cores' generic timers count, and the local timer.
public sealed partial class Bcm2836LocalModel
{
    private ulong LocalCycle => NanoClock.Periods(_clock.Now, LocalTimerFrequency, 1);

    /// <summary>The interrupt flag is not written here.</summary>
    private void SetLocalTimer(uint value)
    {
        var starts = (value & ~_state.TimerControl & TimerEnable) != 0;
        _state.TimerControl = _state.TimerControl & InterruptFlag | value & (InterruptEnable | TimerEnable | ReloadValue);
        if (starts) _state.NextZero = LocalCycle + (value & ReloadValue);
    }

    /// <summary>Counted since it was last set: the clock times prescaler / 2^31 (QA7, 3.1.1).</summary>
    private ulong CountCoreTimer()
    {
        var hertz = (_state.Control & ApbClock) != 0 ? _apbFrequency : CrystalFrequency;
        var cycles = (UInt128)(ulong)(_clock.Now - _state.CoreTimerAt) * (ulong)hertz / 1_000_000_000;
        return _state.CoreTimer + (ulong)((cycles * _state.Prescaler >> 31) * ((_state.Control & CountByTwo) != 0 ? 2u : 1u));
    }

    private void SetCoreTimerClock(uint control, uint prescaler)
    {
        (_state.CoreTimer, _state.CoreTimerAt) = (CountCoreTimer(), _clock.Now);
        (_state.Control, _state.Prescaler) = (control, prescaler);
    }

    /// <summary>Works out whether the local timer has come to 0 since the last look. With a reload value of 0 it never does.</summary>
    private void SettleTimer()
    {
        var reload = _state.TimerControl & ReloadValue;
        var now = LocalCycle;
        if ((_state.TimerControl & TimerEnable) == 0 || reload == 0 || now < _state.NextZero) return;
        _state.TimerControl |= InterruptFlag;
        _state.NextZero += ((now - _state.NextZero) / reload + 1) * reload;
    }

    /// <summary>Sets the alarm for the local timer's interrupt, where somebody waits for it.</summary>
    private void Arm()
    {
        var core = _cpus[_state.TimerRouting & 3];
        var isWanted = (_state.TimerRouting & 4) != 0 ? core.Fiq.IsWanted : core.Irq.IsWanted;
        const uint Running = TimerEnable | InterruptEnable;
        if (!isWanted || (_state.TimerControl & (Running | InterruptFlag)) != Running || (_state.TimerControl & ReloadValue) == 0)
        {
            _timer.Stop();
            return;
        }
        _timer.Set(_clock.Until(NanoClock.Nanoseconds(_state.NextZero, LocalTimerFrequency, 1)));
    }
}
