namespace RawIo.Tests;

/// <summary>A counter of the 8254 written the plain way: one clock pulse at a time, each mode by its paragraph of the datasheet.</summary>
internal sealed class NaiveI8254(int mode, bool bcd, bool gate)
{
    private int _register, _element;
    private bool _written, _load, _running, _done, _odd;

    public bool Out { get; private set; } = mode != 0;

    public bool NullCount { get; private set; } = true;

    /// <summary>Whether a count has come into the element yet.</summary>
    public bool HasLoaded => _running;

    public int Rises { get; private set; }

    public int Count => bcd ? _element / 1000 << 12 | _element / 100 % 10 << 8 | _element / 10 % 10 << 4 | _element % 10 : _element;

    private int Modulus => bcd ? 10_000 : 65_536;

    /// <summary>A new count, in the number base; 0 is the greatest.</summary>
    public void Write(int count)
    {
        _register = count;
        NullCount = _written = true;
        if (mode == 0) Drive(false);
        if (mode is 0 or 4 || (mode is 2 or 3 && !_running)) _load = true;
    }

    public void SetGate(bool level)
    {
        var rises = level && !gate;
        gate = level;
        if (rises && _written && mode is not (0 or 4)) _load = true;
        if (!level && mode is 2 or 3) Drive(true);
    }

    public void Pulse()
    {
        if (_load)
        {
            _load = false;
            _running = true;
            _done = false;
            Drive(mode is 2 or 3 or 4 or 5);
            Reload();
            return;
        }
        if (mode is 4 or 5) Drive(true);
        if (!_running || (!gate && mode is not (1 or 5))) return;
        switch (mode)
        {
            case 0 or 1 or 4 or 5:
                _element = (_element + Modulus - 1) % Modulus;
                if (_element != 0 || _done) break;
                _done = true;
                Drive(mode is 0 or 1);
                break;
            case 2:
                if (_element == 1)
                {
                    Reload();
                    Drive(true);
                    break;
                }
                _element = (_element + Modulus - 1) % Modulus;
                if (_element == 1) Drive(false);
                break;
            case 3:
                // High: an odd count runs to 0 and one pulse on; low, and for even counts: 2 is the last value.
                var last = Out && _odd ? 0 : 2;
                if (_element == last)
                {
                    Drive(!Out);
                    Reload();
                    break;
                }
                _element = (_element + Modulus - 2) % Modulus;
                break;
        }
    }

    private void Reload()
    {
        NullCount = false;
        _odd = mode == 3 && _register % 2 == 1;
        _element = _register - (_odd ? 1 : 0);
    }

    private void Drive(bool level)
    {
        if (level && !Out) Rises++;
        Out = level;
    }
}
