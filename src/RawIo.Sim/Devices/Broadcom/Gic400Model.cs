using System.Buffers.Binary;

namespace RawIo.Sim;

/// <summary>The interrupt controller of BCM2711: ARM GIC-400 (IHI 0048B, chapters 4; DDI 0471), the distributor and, from 0x1000 on, core 0's CPU interface.</summary>
/// <remarks>
/// <para>Accesses are secure ones, as a program without firmware makes them: interrupts are in group 0 until
/// GICD_IGROUPR says otherwise, and go to the IRQ unless GICC_CTLR.FIQEn sends them to the FIQ. A driver of the
/// non-secure side works alike, for the bits it writes are those of group 0 here.</para>
/// <para>A level-sensitive interrupt is pending while its line is high, or after GICD_ISPENDR until it is
/// acknowledged; an edge-triggered one from its edge until it is acknowledged.</para>
/// </remarks>
public sealed partial class Gic400Model : Device, IInterruptController, ICpuInterruptSource
{
    private const int GICD_CTLR = 0x000, GICD_TYPER = 0x004, GICD_IIDR = 0x008, GICD_IGROUPR = 0x080, GICD_ISENABLER = 0x100, GICD_ICENABLER = 0x180, GICD_ISPENDR = 0x200,
        GICD_ICPENDR = 0x280, GICD_ISACTIVER = 0x300, GICD_ICACTIVER = 0x380, GICD_IPRIORITYR = 0x400, GICD_ITARGETSR = 0x800, GICD_ICFGR = 0xc00, GICD_SGIR = 0xf00,
        GICD_PPISR = 0xd00, GICD_CPENDSGIR = 0xf10, GICD_SPENDSGIR = 0xf20, GICD_PIDR4 = 0xfd0, CpuInterface = 0x1000, End = 0x3000;
    private const int Interrupts = 256, Private = 32, SoftwareGenerated = 16;
    private const uint DistributorId = 0x0200_143b;

    /// <summary>256 interrupts, four cores, with the security extensions.</summary>
    private const uint Type = Interrupts / 32 - 1 | 3 << 5 | 1 << 10;

    /// <summary>Five bits of priority.</summary>
    private const byte PriorityMask = 0xf8;

    private static readonly byte[] s_ids = [0x04, 0, 0, 0, 0x90, 0xb4, 0x2b, 0x00, 0x0d, 0xf0, 0x05, 0xb1];

    private readonly InterruptInput?[] _inputs = new InterruptInput?[Interrupts];
    private readonly bool[] _wanted = new bool[Interrupts];
    private readonly CpuLines _cpu = new(new(), new());
    private State _state = new();

    /// <summary>The controller after power-on: everything disabled.</summary>
    public Gic400Model()
    {
        for (var i = SoftwareGenerated; i < Interrupts; i++)
        {
            var number = i;
            var input = _inputs[i] = new(i < Private ? $"PPI {i - SoftwareGenerated}" : $"SPI {i - Private}");
            input.Line.Changed += level => InputChanged(number, level);
        }
        Inputs = _inputs[Private..];
        foreach (var output in (SignalLine[])[_cpu.Irq, _cpu.Fiq]) (output.WantChanged, output.Settle) = (UpdateWants, Sample);
        Cpus = [_cpu];
    }

    private sealed record State
    {
        public uint Control;

        /// <summary>A bit for each interrupt; pending is what a line alone does not keep.</summary>
        public uint[] Group = new uint[Interrupts / 32], Enabled = new uint[Interrupts / 32], Pending = new uint[Interrupts / 32], Active = new uint[Interrupts / 32], Edge = new uint[Interrupts / 32];
        public byte[] Priority = new byte[Interrupts], Target = new byte[Interrupts];

        /// <summary>The CPU interface's: see there. Active priorities are by group.</summary>
        public uint CpuControl, PriorityLimit, BinaryPoint, AliasedBinaryPoint, ActivePriorities, ActivePriorities1;

        public State Copy() => this with
        {
            Group = [.. Group],
            Enabled = [.. Enabled],
            Pending = [.. Pending],
            Active = [.. Active],
            Edge = [.. Edge],
            Priority = [.. Priority],
            Target = [.. Target],
        };
    }

    /// <inheritdoc/>
    public override string Name => "GIC-400";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => ["arm,gic-400"];

    /// <summary>32 bits everywhere, 8 where a byte is an interrupt's: priorities and targets.</summary>
    public override AccessSizes Sizes => AccessSizes.One | AccessSizes.Four;

    /// <summary>0x3000: the CPU interface has a range of its own in the tree, right behind.</summary>
    public override int DecodedLength => End;

    /// <inheritdoc/>
    public override string LeavesOut => "The cores 1 to 3: the bus does not say which core asks, and it is always 0. The non-secure view, preemption by GICC_ABPR, and virtual machines.";

    /// <inheritdoc/>
    public IReadOnlyList<CpuLines> Cpus { get; }

    /// <summary>The shared interrupts.</summary>
    public IReadOnlyList<InterruptInput?> Inputs { get; }

    /// <summary>The input of a type (0 shared, 1 private) and number; the third cell, the kind of trigger, is for who programs the controller.</summary>
    public InterruptInput? Input(IReadOnlyList<uint> specifier)
    {
        ArgumentNullException.ThrowIfNull(specifier);
        return specifier switch
        {
            [0, < Interrupts - Private and var n, ..] => _inputs[Private + n],
            [1, < Private - SoftwareGenerated and var n, ..] => _inputs[SoftwareGenerated + n],
            _ => null,
        };
    }

    internal override string? BrokenInvariant()
    {
        var number = Signalled();
        return (_cpu.Irq.Level || _cpu.Fiq.Level) != number >= 0 || _cpu.Irq.Level && _cpu.Fiq.Level ? $"IRQ is {_cpu.Irq.Level} and FIQ {_cpu.Fiq.Level} with interrupt {number} to signal" : null;
    }

    /// <inheritdoc/>
    public override object Save() => _state.Copy();

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
        _state = ((State)saved).Copy();
        for (var i = SoftwareGenerated; i < Interrupts; i++) _inputs[i]!.IsEdgeTriggered = Is(_state.Edge, i);
        UpdateWants();
        UpdateOutputs();
    }

    /// <inheritdoc/>
    public override void Reset() => Restore(new State());

    /// <inheritdoc/>
    public override ulong Read(int offset, int size)
    {
        Sample();
        if (size == 1 && offset is not (>= GICD_IPRIORITYR and < GICD_ICFGR)) return BadRead(offset, size, "the register takes 32 bits");
        if (offset >= CpuInterface) return ReadCpu(offset - CpuInterface, offset, size);
        var word = offset >> 2 & Interrupts / 32 - 1;
        switch (offset)
        {
            case GICD_CTLR: return _state.Control;
            case GICD_TYPER: return Type;
            case GICD_IIDR: return DistributorId;
            case >= GICD_IGROUPR and < GICD_IGROUPR + Interrupts / 8: return _state.Group[word];
            case >= GICD_ISENABLER and < GICD_ISENABLER + Interrupts / 8 or >= GICD_ICENABLER and < GICD_ICENABLER + Interrupts / 8: return EnabledWord(word);
            case >= GICD_ISPENDR and < GICD_ISPENDR + Interrupts / 8 or >= GICD_ICPENDR and < GICD_ICPENDR + Interrupts / 8: return PendingWord(word);
            case >= GICD_ISACTIVER and < GICD_ISACTIVER + Interrupts / 8 or >= GICD_ICACTIVER and < GICD_ICACTIVER + Interrupts / 8: return _state.Active[word];
            case >= GICD_IPRIORITYR and < GICD_IPRIORITYR + Interrupts: return Bytes(_state.Priority, offset - GICD_IPRIORITYR, size);
            // A private interrupt's target is who reads: core 0.
            case >= GICD_ITARGETSR and < GICD_ITARGETSR + Private: return size == 1 ? 1u : 0x0101_0101;
            case >= GICD_ITARGETSR and < GICD_ITARGETSR + Interrupts: return Bytes(_state.Target, offset - GICD_ITARGETSR, size);
            case GICD_ICFGR: return 0xaaaa_aaaa;
            case GICD_ICFGR + 4: return 0x5554_0000;
            case > GICD_ICFGR and < GICD_ICFGR + Interrupts / 4: return Configuration((offset - GICD_ICFGR) * 4);
            case >= GICD_PPISR and < GICD_PPISR + Interrupts / 8: return Lines(word);
            case >= GICD_CPENDSGIR and < GICD_CPENDSGIR + SoftwareGenerated or >= GICD_SPENDSGIR and < GICD_SPENDSGIR + SoftwareGenerated:
                return SoftwarePending(offset & 0xc);
            case >= GICD_PIDR4 and < CpuInterface: return s_ids[offset - GICD_PIDR4 >> 2];
            case GICD_SGIR: return BadRead(offset, size, "GICD_SGIR is write-only");
            default: return BadRead(offset, size, "no register is there");
        }
    }

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        Sample();
        var data = (uint)value;
        var word = offset >> 2 & Interrupts / 32 - 1;
        if (size == 1 && offset is not (>= GICD_IPRIORITYR and < GICD_ICFGR)) BadWrite(offset, size, "the register takes 32 bits");
        else if (offset >= CpuInterface) WriteCpu(offset - CpuInterface, offset, size, data);
        else
        {
            switch (offset)
            {
                case GICD_CTLR: _state.Control = data & 3; break;
                case >= GICD_IGROUPR and < GICD_IGROUPR + Interrupts / 8: _state.Group[word] = data; break;
                case >= GICD_ISENABLER and < GICD_ISENABLER + Interrupts / 8: _state.Enabled[word] |= data; break;
                case >= GICD_ICENABLER and < GICD_ICENABLER + Interrupts / 8: _state.Enabled[word] &= ~data; break;
                // Software-generated interrupts are made and taken back elsewhere.
                case >= GICD_ISPENDR and < GICD_ISPENDR + Interrupts / 8: _state.Pending[word] |= word == 0 ? data & 0xffff_0000 : data; break;
                case >= GICD_ICPENDR and < GICD_ICPENDR + Interrupts / 8: _state.Pending[word] &= word == 0 ? ~data | 0xffff : ~data; break;
                case >= GICD_ISACTIVER and < GICD_ISACTIVER + Interrupts / 8: _state.Active[word] |= data; break;
                case >= GICD_ICACTIVER and < GICD_ICACTIVER + Interrupts / 8: _state.Active[word] &= ~data; break;
                case >= GICD_IPRIORITYR and < GICD_IPRIORITYR + Interrupts: SetBytes(_state.Priority, offset - GICD_IPRIORITYR, size, data, PriorityMask); break;
                case >= GICD_ITARGETSR and < GICD_ITARGETSR + Private: break; // read-only, and every driver that writes all of them writes these
                case >= GICD_ITARGETSR and < GICD_ITARGETSR + Interrupts: SetBytes(_state.Target, offset - GICD_ITARGETSR, size, data, 0x0f); break;
                case GICD_ICFGR or GICD_ICFGR + 4: break; // read-only
                case > GICD_ICFGR and < GICD_ICFGR + Interrupts / 4: Configure((offset - GICD_ICFGR) * 4, data); break;
                case GICD_SGIR: Generate(data); break;
                case >= GICD_CPENDSGIR and < GICD_CPENDSGIR + SoftwareGenerated: _state.Pending[0] &= ~FromBytes(data, offset & 0xc); break;
                case >= GICD_SPENDSGIR and < GICD_SPENDSGIR + SoftwareGenerated: _state.Pending[0] |= FromBytes(data, offset & 0xc); break;
                case GICD_TYPER or GICD_IIDR or >= GICD_PPISR and < GICD_PPISR + Interrupts / 8 or >= GICD_PIDR4 and < CpuInterface: BadWrite(offset, size, "the register is read-only"); break;
                default: BadWrite(offset, size, "no register is there"); break;
            }
        }
        UpdateWants();
        UpdateOutputs();
    }

    private static bool Is(uint[] bits, int number) => (bits[number >> 5] >> number & 1) != 0;

    private static void Put(uint[] bits, int number, bool value)
    {
        if (value) bits[number >> 5] |= 1u << number;
        else bits[number >> 5] &= ~(1u << number);
    }

    private static uint Bytes(byte[] bytes, int at, int size) => size == 1 ? bytes[at] : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static void SetBytes(byte[] bytes, int at, int size, uint value, byte mask)
    {
        for (var i = 0; i < size; i++) bytes[at + i] = (byte)(value >> 8 * i & mask);
    }

    /// <summary>Software-generated interrupts are always enabled.</summary>
    private uint EnabledWord(int word) => _state.Enabled[word] | (word == 0 ? 0xffffu : 0);

    private uint PendingWord(int word)
    {
        var pending = 0u;
        for (var i = 0; i < 32; i++) pending |= IsPending(32 * word + i) ? 1u << i : 0;
        return pending;
    }

    private bool IsPending(int number) => Is(_state.Pending, number) || !Is(_state.Edge, number) && _inputs[number] is { Line.Level: true };

    /// <summary>GICD_PPISR and the GICD_SPISR behind it (DDI 0471, 3.3): the lines themselves; of the private ones bit 0 is the first that has a line.</summary>
    private uint Lines(int word)
    {
        var lines = 0u;
        for (var i = 0; i < 32; i++) lines |= _inputs[32 * word + i]?.Line.Sample() == true ? 1u << i : 0;
        return word == 0 ? lines >> SoftwareGenerated : lines;
    }

    /// <summary>Two bits each: the upper is the edge, the lower always 1.</summary>
    private uint Configuration(int first)
    {
        var word = 0x5555_5555u;
        for (var i = 0; i < 16; i++) word |= Is(_state.Edge, first + i) ? 2u << 2 * i : 0;
        return word;
    }

    private void Configure(int first, uint word)
    {
        for (var i = 0; i < 16; i++)
        {
            var isEdge = (word >> 2 * i & 2) != 0;
            Put(_state.Edge, first + i, isEdge);
            _inputs[first + i]!.IsEdgeTriggered = isEdge;
        }
    }

    /// <summary>GICD_SGIR: to the cores in the list, to all others, or to oneself; of the cores only 0 is here, which asks.</summary>
    private void Generate(uint command)
    {
        var isForThis = (command >> 24 & 3) switch { 0 => (command >> 16 & 1) != 0, 2 => true, _ => false };
        if (isForThis) Put(_state.Pending, (int)(command & 0xf), true);
    }

    /// <summary>A byte each, of the cores it is from.</summary>
    private uint SoftwarePending(int first)
    {
        var word = 0u;
        for (var i = 0; i < 4; i++) word |= Is(_state.Pending, first + i) ? 1u << 8 * i : 0;
        return word;
    }

    private static uint FromBytes(uint word, int first)
    {
        var bits = 0u;
        for (var i = 0; i < 4; i++) bits |= (word >> 8 * i & 1) << first + i;
        return bits;
    }

    private void InputChanged(int number, bool level)
    {
        if (level && Is(_state.Edge, number)) Put(_state.Pending, number, true);
        UpdateOutputs();
    }

    /// <summary>Brings up to date what can interrupt.</summary>
    private void Sample()
    {
        for (var i = SoftwareGenerated; i < Interrupts; i++)
            if (Is(_state.Enabled, i)) _inputs[i]!.Line.Sample();
    }

    private void UpdateWants()
    {
        for (var i = SoftwareGenerated; i < Interrupts; i++)
        {
            var wanted = (_cpu.Irq.IsWanted || _cpu.Fiq.IsWanted) && Is(_state.Enabled, i);
            if (wanted == _wanted[i]) continue;
            _wanted[i] = wanted;
            _inputs[i]!.Line.Want(wanted);
        }
    }
}
