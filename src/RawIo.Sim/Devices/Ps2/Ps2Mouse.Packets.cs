namespace RawIo.Sim;

// Movement and buttons, and the packets they are sent in.
public sealed partial class Ps2Mouse
{
    private void Stream()
    {
        Refill();
        if (Count > 0) OnReady();
    }

    private void Refill()
    {
        if (!_s.Reporting || _s.Remote || _s.Wrap || _s.Awaiting != 0) return;
        while (((_s.Dx | _s.Dy | _s.Dz) != 0 || _s.ButtonsChanged) && SendPacket(_packets, clip: false))
        {
        }
    }

    private bool SendPacket(ByteQueue queue, bool clip)
    {
        if (queue.Free < (_s.Id == 0 ? 3 : 4)) return false;
        var (dx, overflowX) = Axis(ref _s.Dx, clip);
        var (dy, overflowY) = Axis(ref _s.Dy, clip);
        var first = (byte)((overflowY ? 0x80 : 0) | (overflowX ? 0x40 : 0) | (dy < 0 ? 0x20 : 0) | (dx < 0 ? 0x10 : 0)
            | 0x08 | ((int)Buttons & 7));
        if (_s.Id == 0)
        {
            Emit(queue, [first, (byte)dx, (byte)dy]);
        }
        else
        {
            var limit = _s.Id == 3 ? 127 : 7;
            var dz = Math.Clamp(_s.Dz, -limit, limit);
            _s.Dz -= dz;
            Emit(queue, [first, (byte)dx, (byte)dy, _s.Id == 3 ? (byte)dz : (byte)((dz & 0xF) | (((int)Buttons & 0x18) << 1))]);
        }
        _s.ButtonsChanged = false;
        return true;
    }

    // Read data answers once, so what exceeds 9 bits is flagged and lost; a stream carries it into the next packet.
    private (int Value, bool Overflow) Axis(ref int counter, bool clip)
    {
        var limit = _s.Scaling21 && !clip ? 127 : 255;
        var value = Math.Clamp(counter, -limit, limit);
        var overflow = clip && value != counter;
        counter = clip ? 0 : counter - value;
        return (_s.Scaling21 && !clip ? Scale21(value) : value, overflow);
    }

    private static int Scale21(int count) => Math.Sign(count) * Math.Abs(count) switch
    {
        0 => 0,
        1 or 2 => 1,
        3 => 3,
        4 => 6,
        5 => 9,
        var n => 2 * n,
    };

    private void ClearCounters()
    {
        (_s.Dx, _s.Dy, _s.Dz, _s.ButtonsChanged) = (0, 0, 0, false);
        _packets.Clear();
    }

    private static int Sum(int a, int b) => (int)Math.Clamp((long)a + b, -0x7FFF_FFFF, 0x7FFF_FFFF);
}
