using System.Numerics;

namespace RawIo.Sim;

// Core 0's CPU interface (IHI 0048B, 4.4).
public sealed partial class Gic400Model
{
    private const int GICC_CTLR = 0x00, GICC_PMR = 0x04, GICC_BPR = 0x08, GICC_IAR = 0x0c, GICC_EOIR = 0x10, GICC_RPR = 0x14, GICC_HPPIR = 0x18, GICC_ABPR = 0x1c, GICC_AIAR = 0x20,
        GICC_AEOIR = 0x24, GICC_AHPPIR = 0x28, GICC_APR0 = 0xd0, GICC_APR3 = 0xdc, GICC_NSAPR0 = 0xe0, GICC_NSAPR3 = 0xec, GICC_IIDR = 0xfc, GICC_DIR = 0x1000;
    private const uint EnableGrp0 = 1, EnableGrp1 = 1 << 1, AckCtl = 1 << 2, FIQEn = 1 << 3, EOImodeS = 1 << 9, CpuControlMask = 0x7ff;
    private const uint CpuId = 0x0202_143b;
    private const uint Spurious = 1023, OtherGroup = 1022;
    private const int Idle = 0xff;

    /// <summary>Five bits of priority leave these the least values of the binary points.</summary>
    private const uint LeastBinaryPoint = 2, LeastAliasedBinaryPoint = 3;

    private ulong ReadCpu(int register, int offset, int size)
    {
        switch (register)
        {
            case GICC_CTLR: return _state.CpuControl;
            case GICC_PMR: return _state.PriorityLimit;
            case GICC_BPR: return Math.Max(_state.BinaryPoint, LeastBinaryPoint);
            case GICC_ABPR: return Math.Max(_state.AliasedBinaryPoint, LeastAliasedBinaryPoint);
            case GICC_IAR: return Acknowledge(isAliased: false);
            case GICC_AIAR: return Acknowledge(isAliased: true);
            case GICC_RPR: return (uint)RunningPriority;
            case GICC_HPPIR: return Shown(HighestPending(), isAliased: false);
            case GICC_AHPPIR: return Shown(HighestPending(), isAliased: true);
            case GICC_APR0: return _state.ActivePriorities;
            case GICC_NSAPR0: return _state.ActivePriorities1;
            // Five bits of priority take one word of each; Linux clears all four whatever the chip has.
            case > GICC_APR0 and <= GICC_APR3 or > GICC_NSAPR0 and <= GICC_NSAPR3: return 0;
            case GICC_IIDR: return CpuId;
            case GICC_EOIR or GICC_AEOIR or GICC_DIR: return BadRead(offset, size, "the register is write-only");
            default: return BadRead(offset, size, "no register is there");
        }
    }

    private void WriteCpu(int register, int offset, int size, uint value)
    {
        switch (register)
        {
            case GICC_CTLR: _state.CpuControl = value & CpuControlMask; break;
            case GICC_PMR: _state.PriorityLimit = value & PriorityMask; break;
            case GICC_BPR: _state.BinaryPoint = value & 7; break;
            case GICC_ABPR: _state.AliasedBinaryPoint = value & 7; break;
            case GICC_EOIR or GICC_AEOIR: EndOfInterrupt(value & 0x3ff); break;
            case GICC_APR0: _state.ActivePriorities = value; break;
            case GICC_NSAPR0: _state.ActivePriorities1 = value; break;
            case > GICC_APR0 and <= GICC_APR3 or > GICC_NSAPR0 and <= GICC_NSAPR3: break;
            case GICC_DIR: Deactivate(value & 0x3ff); break;
            case GICC_IAR or GICC_AIAR or GICC_RPR or GICC_HPPIR or GICC_AHPPIR or GICC_IIDR: BadWrite(offset, size, "the register is read-only"); break;
            default: BadWrite(offset, size, "no register is there"); break;
        }
    }

    private bool IsGroup1(int number) => Is(_state.Group, number);

    /// <summary>The priority of what runs: the most urgent bit of the active priorities.</summary>
    private int RunningPriority => (_state.ActivePriorities | _state.ActivePriorities1) is var active and not 0 ? BitOperations.TrailingZeroCount(active) << 3 : Idle;

    /// <summary>The part of a priority that decides on preemption (IHI 0048B, 3.3.3).</summary>
    private int GroupPriority(int number) => _state.Priority[number] & ~((2 << (int)Math.Max(_state.BinaryPoint, LeastBinaryPoint)) - 1) & 0xff;

    /// <summary>The most urgent interrupt that is pending for this core, whatever runs; -1 where none is. Of equals the lowest number.</summary>
    private int HighestPending()
    {
        var best = -1;
        for (var i = 0; i < Interrupts; i++)
        {
            var isOn = (IsGroup1(i) ? _state.Control & _state.CpuControl & EnableGrp1 : _state.Control & _state.CpuControl & EnableGrp0) != 0;
            if (!isOn || (EnabledWord(i >> 5) >> i & 1) == 0 || Is(_state.Active, i) || i >= Private && (_state.Target[i] & 1) == 0 || !IsPending(i)) continue;
            if (best < 0 || _state.Priority[i] < _state.Priority[best]) best = i;
        }
        return best;
    }

    /// <summary>The interrupt that is signalled: urgent enough for GICC_PMR, and to preempt what runs.</summary>
    private int Signalled()
    {
        var best = HighestPending();
        return best >= 0 && _state.Priority[best] < _state.PriorityLimit && GroupPriority(best) < RunningPriority ? best : -1;
    }

    /// <summary>What a register tells of it: a secure read of an interrupt of group 1 wants AckCtl or the aliased register.</summary>
    private uint Shown(int number, bool isAliased)
    {
        if (number < 0) return Spurious;
        if (isAliased) return IsGroup1(number) ? (uint)number : Spurious;
        return IsGroup1(number) && (_state.CpuControl & AckCtl) == 0 ? OtherGroup : (uint)number;
    }

    private uint Acknowledge(bool isAliased)
    {
        var number = Signalled();
        var shown = Shown(number, isAliased);
        if (shown >= OtherGroup) return shown;
        Put(_state.Pending, number, false);
        Put(_state.Active, number, true);
        var priority = 1u << (GroupPriority(number) >> 3);
        if (IsGroup1(number)) _state.ActivePriorities1 |= priority;
        else _state.ActivePriorities |= priority;
        UpdateOutputs();
        return shown;
    }

    /// <summary>Drops the running priority, and deactivates unless GICC_DIR is for that.</summary>
    private void EndOfInterrupt(uint number)
    {
        if (number >= Interrupts) return;
        var isGroup1 = BitOperations.TrailingZeroCount(_state.ActivePriorities1) < BitOperations.TrailingZeroCount(_state.ActivePriorities);
        if (isGroup1) _state.ActivePriorities1 &= _state.ActivePriorities1 - 1;
        else _state.ActivePriorities &= _state.ActivePriorities - 1;
        if ((_state.CpuControl & EOImodeS) == 0) Deactivate(number);
    }

    private void Deactivate(uint number)
    {
        if (number < Interrupts) Put(_state.Active, (int)number, false);
    }

    /// <summary>Owns the core's two lines.</summary>
    private void UpdateOutputs()
    {
        var number = Signalled();
        var isFiq = number >= 0 && !IsGroup1(number) && (_state.CpuControl & FIQEn) != 0;
        _cpu.Fiq.Set(isFiq);
        _cpu.Irq.Set(number >= 0 && !isFiq);
    }
}
