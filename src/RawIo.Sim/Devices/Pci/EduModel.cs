namespace RawIo.Sim;

/// <summary>
/// A PCI device to try drivers on: QEMU's teaching device (docs/specs/edu.txt) with its registers in memory behind BAR 0,
/// and, unlike QEMU's, the same registers as 256 ports behind BAR 1.
/// </summary>
/// <remarks>
/// <para>Registers take 32-bit accesses, those of the DMA from 0x80 on 64-bit ones too. The factorial takes a
/// microsecond and a nanosecond a factor, the DMA 100 ms, as on QEMU. The DMA is refused where COMMAND does not let the
/// function be master, or the range leaves the buffer: a guest error, and nothing moves (QEMU ends itself over such a range).</para>
/// <para>Beside BAR 1, what QEMU 7.2 has and this has not: message signalled interrupts.</para>
/// </remarks>
public sealed class EduModel : PciFunction
{
    private const int IDENTIFICATION = 0x00, LIVENESS = 0x04, FACTORIAL = 0x08, STATUS_REGISTER = 0x20, INTERRUPT_STATUS = 0x24, INTERRUPT_RAISE = 0x60,
        INTERRUPT_ACKNOWLEDGE = 0x64, DMA_SOURCE = 0x80, DMA_DESTINATION = 0x88, DMA_COUNT = 0x90, DMA_COMMAND = 0x98;

    private const uint COMPUTING = 0x01, INTERRUPT_AFTER = 0x80, FACTORIAL_DONE = 0x001, DMA_DONE = 0x100;
    private const ulong DMA_START = 1, DMA_TO_RAM = 2, DMA_INTERRUPT = 4;

    /// <summary>Where the DMA sees the device's buffer.</summary>
    public const ulong BufferStart = 0x4_0000;

    /// <summary>The buffer's bytes.</summary>
    public const int BufferLength = 4096;

    /// <summary>The device reaches so many bits of address, unless told otherwise.</summary>
    public const ulong DefaultDmaMask = (1ul << 28) - 1;

    private const long DmaTime = 100_000_000;

    private readonly DeviceAlarm _factorial, _dma;
    private readonly IBusMaster _memory;
    private readonly byte[] _buffer = new byte[BufferLength];
    private State _s;

    /// <summary>The device after reset.</summary>
    /// <param name="time">The machine's time.</param>
    /// <param name="memory">Where its DMA reads and writes.</param>
    public EduModel(TimeProvider time, IBusMaster memory)
        : this(time, time, memory)
    {
    }

    /// <summary>The same with a time of its own for factorials, as QEMU's has a thread for them.</summary>
    internal EduModel(TimeProvider time, TimeProvider factorials, IBusMaster memory)
        : this(time, factorials, memory, new(), new())
    {
    }

    private EduModel(TimeProvider time, TimeProvider factorials, IBusMaster memory, Registers inMemory, Registers inPorts)
        : base(new(0x1234, 0x11e8, 0x00_ff00, 0x10) { SubsystemVendor = 0x1af4, SubsystemId = 0x1100, InterruptPin = 1 },
            new PciBar(0, PciBarKind.Memory32, 1 << 20, inMemory), new PciBar(1, PciBarKind.Io, 0x100, inPorts))
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(memory);
        (_dma, _factorial, _memory) = (new(time, Look), new(factorials, Look), memory);
        (inMemory.Edu, inPorts.Edu) = (this, this);
    }

    private struct State
    {
        public uint Liveness, Factorial, Status, InterruptStatus;
        public ulong Source, Destination, Count, Command;
        public long? FactorialAt, DmaAt;
    }

    /// <summary>Which bits of a memory address the DMA can reach, as QEMU's property <c>dma_mask</c>.</summary>
    public ulong DmaMask { get; set; } = DefaultDmaMask;

    /// <inheritdoc/>
    public override string Name => "edu";

    /// <inheritdoc/>
    public override IReadOnlyList<SignalLine> InterruptLines => [Intx];

    /// <inheritdoc/>
    public override string LeavesOut => "message signalled interrupts; BAR 1 is not QEMU's";

    /// <inheritdoc/>
    protected override void Look()
    {
        if (_s.FactorialAt <= _factorial.Now) EndFactorial();
        if (_s.DmaAt <= _dma.Now) EndDma();
        Finish();
    }

    /// <inheritdoc/>
    protected override void ResetFunction()
    {
        _s = default;
        _buffer.AsSpan().Clear();
        Finish();
    }

    /// <inheritdoc/>
    protected override object SaveFunction() => (_s, _buffer.ToArray(), _factorial.Now, _dma.Now);

    /// <inheritdoc/>
    protected override void RestoreFunction(object? saved)
    {
        (_s, var buffer, var factorials, var dma) = ((State, byte[], long, long))saved!;
        (_s.FactorialAt, _s.DmaAt) = (_s.FactorialAt + (_factorial.Now - factorials), _s.DmaAt + (_dma.Now - dma));
        buffer.CopyTo(_buffer, 0);
        _factorial.SetAnew(_s.FactorialAt);
        _dma.SetAnew(_s.DmaAt);
    }

    internal override string? BrokenInvariant()
    {
        if (_s.DmaAt is not null != IsMoving || _s.FactorialAt is not null != ((_s.Status & COMPUTING) != 0)) return $"a transfer ends at {_s.DmaAt}, a factorial at {_s.FactorialAt}, with command 0x{_s.Command:x}, status 0x{_s.Status:x}";
        return base.BrokenInvariant();
    }

    private void Finish()
    {
        Assert(_s.InterruptStatus != 0);
        _factorial.Set(_s.FactorialAt);
        _dma.Set(_s.DmaAt);
    }

    private ulong? ReadRegister(int offset) => offset switch
    {
        IDENTIFICATION => 0x0100_00edu,
        LIVENESS => _s.Liveness,
        FACTORIAL => _s.Factorial,
        STATUS_REGISTER => _s.Status,
        INTERRUPT_STATUS => _s.InterruptStatus,
        DMA_SOURCE => _s.Source,
        DMA_DESTINATION => _s.Destination,
        DMA_COUNT => _s.Count,
        DMA_COMMAND => _s.Command,
        _ => null,
    };

    private bool WriteRegister(int offset, ulong value)
    {
        switch (offset)
        {
            case LIVENESS: _s.Liveness = ~(uint)value; break;
            case FACTORIAL: StartFactorial((uint)value); break;
            case STATUS_REGISTER: _s.Status = _s.Status & COMPUTING | (uint)value & INTERRUPT_AFTER; break;
            case INTERRUPT_RAISE: _s.InterruptStatus |= (uint)value; break;
            case INTERRUPT_ACKNOWLEDGE: _s.InterruptStatus &= ~(uint)value; break;
            case DMA_SOURCE when !IsMoving: _s.Source = value; break;
            case DMA_DESTINATION when !IsMoving: _s.Destination = value; break;
            case DMA_COUNT when !IsMoving: _s.Count = value; break;
            case DMA_COMMAND when !IsMoving && (value & DMA_START) != 0: (_s.Command, _s.DmaAt) = (value, _dma.Now + DmaTime); break;
            case DMA_SOURCE or DMA_DESTINATION or DMA_COUNT or DMA_COMMAND: break;
            default: return false;
        }
        Finish();
        return true;
    }

    private bool IsMoving => (_s.Command & DMA_START) != 0;

    private void StartFactorial(uint n)
    {
        if ((_s.Status & COMPUTING) != 0) return;
        _s.Factorial = n;
        _s.Status |= COMPUTING;
        _s.FactorialAt = _factorial.Now + 1000 + n;
    }

    private void EndFactorial()
    {
        uint product = 1;
        // 34! has 32 factors of two: from there on the product is 0.
        for (var n = Math.Min(_s.Factorial, 34); n > 0; n--) product *= n;
        (_s.Factorial, _s.FactorialAt) = (product, null);
        _s.Status &= ~COMPUTING;
        if ((_s.Status & INTERRUPT_AFTER) != 0) _s.InterruptStatus |= FACTORIAL_DONE;
    }

    /// <summary>Why a transfer cannot be; null where it can.</summary>
    private string? Refusal(ulong command)
    {
        var inside = (command & DMA_TO_RAM) != 0 ? _s.Source : _s.Destination;
        if (!IsBusMaster) return "its COMMAND register does not let it be bus master";
        if (inside < BufferStart || inside - BufferStart > BufferLength || _s.Count > BufferLength - (inside - BufferStart))
            return $"0x{_s.Count:x} bytes at 0x{inside:x} leave its buffer at 0x{BufferStart:x} of 0x{BufferLength:x}";
        return null;
    }

    /// <summary>The memory's end of a transfer, which loses the bits the device cannot reach.</summary>
    private ulong Outside(ulong command) => (command & DMA_TO_RAM) != 0 ? _s.Destination : _s.Source;

    private void EndDma()
    {
        var toRam = (_s.Command & DMA_TO_RAM) != 0;
        if (Refusal(_s.Command) is null)
        {
            var inside = (int)((toRam ? _s.Source : _s.Destination) - BufferStart);
            var outside = Outside(_s.Command) & DmaMask;
            for (var i = 0; i < (int)_s.Count; i++)
            {
                if (toRam) _memory.TryWrite(outside + (ulong)i, 1, _buffer[inside + i]);
                else _buffer[inside + i] = _memory.TryRead(outside + (ulong)i, 1, out var value) ? (byte)value : (byte)0xff;
            }
        }
        _s.Command &= ~DMA_START;
        _s.DmaAt = null;
        if ((_s.Command & DMA_INTERRUPT) != 0) _s.InterruptStatus |= DMA_DONE;
    }

    /// <summary>The registers behind a BAR.</summary>
    private sealed class Registers : Device
    {
        public EduModel Edu = null!;

        public override string Name => "edu registers";

        public override IReadOnlyList<string> Compatible => [];

        public override AccessSizes Sizes => AccessSizes.Four | AccessSizes.Eight;

        public override ulong Read(int offset, int size)
        {
            Edu.Look();
            if (size == 8 && offset < DMA_SOURCE) return BadRead(offset, size, "only the DMA's registers have 64 bits", ulong.MaxValue);
            return Edu.ReadRegister(offset) is { } value ? value & BusLanes.Mask(size) : BadRead(offset, size, "no register is there", BusLanes.Mask(size));
        }

        public override void Write(int offset, int size, ulong value)
        {
            Edu.Look();
            if (size == 8 && offset < DMA_SOURCE)
                BadWrite(offset, size, "only the DMA's registers have 64 bits");
            else if (offset == DMA_COMMAND && (value & DMA_START) != 0 && !Edu.IsMoving)
                StartDma(offset, size, value);
            else if (!Edu.WriteRegister(offset, value))
                BadWrite(offset, size, "no register is there");
        }

        public override void Reset()
        {
        }

        /// <summary>Where the policy lets it pass, a transfer that cannot be takes its time and moves nothing.</summary>
        private void StartDma(int offset, int size, ulong value)
        {
            if (Edu.Refusal(value) is { } refusal) BadWrite(offset, size, refusal);
            else if ((Edu.Outside(value) & ~Edu.DmaMask) != 0) BadWrite(offset, size, $"it cannot reach 0x{Edu.Outside(value):x}: its mask is 0x{Edu.DmaMask:x}");
            Edu.WriteRegister(offset, value);
        }
    }
}
