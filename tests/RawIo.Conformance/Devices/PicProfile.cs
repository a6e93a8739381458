using RawIo.Sim;

namespace RawIo.Conformance;

/// <summary>The PC's two 8259A and ELCR. The lines are driven at the inputs: by set_irq_in in QEMU, by a port of the test's own in ours.</summary>
internal sealed class PicProfile : DeviceProfile
{
    private const int LinesPort = 0x600;
    private const ulong Master = 0x20;

    private bool _isBegun, _slaveMasks, _masterMasks;
    private int _levels;

    public override string Name => "8259A pair";

    public override string Machine => "pc";

    public override string Board => "pc";

    // Our timer's output is high at power-on; QEMU tells the controller of it at the first count. Mode 0 takes it low.
    public override string Start => """
        sim: outb 0x43 0x30
        outb 0x20 0x11
        outb 0x21 0x30
        outb 0x21 0x04
        outb 0x21 0x01
        outb 0xa0 0x11
        outb 0xa1 0x38
        outb 0xa1 0x02
        outb 0xa1 0x01
        """;

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("fallen-edge", "IRR", "keeps an edge whose line fell before the acknowledge",
            "the input has to stay high until the first INTA, else level 7 is answered (8259A, Edge and Level Triggered Modes)", "IRR falls with the line",
            c => c.Reads(Master) ? c.Qemu & ~c.Sim & 0x04 : 0),
        new("special-eoi", "ISR, OCW2", "a non-specific EOI clears a masked level in special mask mode", "such a level is not cleared (8259A, End of Interrupt)", "does not clear it"),
        new("nested-lower", "ISR, ICW4", "in special fully nested mode a slave in service does not lock out the master's levels below it",
            "further requests of higher priority are recognized (8259A, The Special Fully Nested Mode)", "locks them out"),
        new("elcr-level", "IRR, ELCR", "an input made a level while it is high requests at its line's next change", "a level that is high is a request (8259A, Edge and Level Triggered Modes)", "requests at once"),
        new("high-at-icw1", "IRR, ICW1", "an input that is asserted again while high requests after ICW1", "after ICW1 an input must go from low to high (8259A, ICW1 and ICW2)", "waits for an edge"),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("a request is seen in IRR, taken by a poll into ISR, ended by EOI", $"""
            {Line(4, true)}
            outb 0x20 0x0a
            inb 0x20 -> 0x10
            outb 0x20 0x0c
            inb 0x20 -> 0x84
            outb 0x20 0x0b
            inb 0x20 -> 0x10
            outb 0x20 0x20
            inb 0x20 -> 0
            outb 0x20 0x0c
            inb 0x21 -> 0
            inb 0x21 -> 0
            """),
        new("a request of the second comes to input 2 of the first", $"""
            {Line(12, true)}
            inb 0x20 -> 0x04
            inb 0xa0 -> 0x10
            outb 0x20 0x0c
            inb 0x20 -> 0x82
            outb 0xa0 0x0c
            inb 0xa0 -> 0x84
            """),
        new("masks, priorities and rotation", $"""
            {Line(3, true)}
            {Line(6, true)}
            outb 0x21 0x08
            outb 0x20 0x0c
            inb 0x20 -> 0x86
            outb 0x21 0
            outb 0x20 0xe6      # rotate on specific EOI: 6 becomes the lowest
            outb 0x20 0xc2      # 2 is the lowest
            {Line(1, true)}
            outb 0x20 0x0c
            inb 0x20 -> 0x83
            outb 0x20 0x0c
            inb 0x20 -> 0
            outb 0x20 0xa0      # rotate on non-specific EOI
            outb 0x20 0x0c
            inb 0x20 -> 0x81
            """),
        new("automatic EOI leaves nothing in service", $"""
            outb 0x20 0x11
            outb 0x21 0x30
            outb 0x21 0x04
            outb 0x21 0x03
            {Line(5, true)}
            outb 0x20 0x0c
            inb 0x20 -> 0x85
            outb 0x20 0x0b
            inb 0x20 -> 0
            """),
        new("a level input requests until it falls, and ELCR has its fixed bits", $"""
            outb 0x4d0 0xff
            outb 0x4d1 0xff
            inb 0x4d0 -> 0xf8
            inb 0x4d1 -> 0xde
            {Line(11, true)}
            outb 0xa0 0x0c
            inb 0xa0 -> 0x83
            inb 0xa0 -> 0x08
            {Line(11, false)}
            inb 0xa0 -> 0
            """),
        new("special mask mode lets lower levels in; a masked level keeps its ISR bit", $"""
            {Line(1, true)}
            {Line(6, true)}
            outb 0x20 0x0c
            inb 0x20 -> 0x81
            outb 0x21 0x02
            outb 0x20 0x0c
            inb 0x20 -> 0
            outb 0x20 0x68
            outb 0x20 0x0c
            inb 0x20 -> 0x86
            outb 0x20 0x0b
            inb 0x20 -> 0x42
            outb 0x20 0x20
            inb 0x20 -> 0x02, qemu 0x40 : special-eoi
            """),
        new("special fully nested: the slave may interrupt itself, what is less urgent than it waits", $"""
            outb 0x20 0x11
            outb 0x21 0x30
            outb 0x21 0x04
            outb 0x21 0x11
            {Line(12, true)}
            outb 0x20 0x0c
            inb 0x20 -> 0x82
            outb 0xa0 0x0c
            inb 0xa0 -> 0x84
            {Line(9, true)}
            outb 0x20 0x0c
            inb 0x20 -> 0x82
            outb 0xa0 0x0c
            inb 0xa0 -> 0x81
            {Line(3, true)}
            outb 0x20 0x0c
            inb 0x20 -> 0, qemu 0x83 : nested-lower
            """),
        new("an edge is gone with its line", $"""
            {Line(5, true)}
            {Line(5, false)}
            inb 0x20 -> 0, qemu 0x20 : fallen-edge
            """),
        new("a level that is high requests as soon as the input is one", $"""
            {Line(5, true)}
            outb 0x20 0x0c
            inb 0x20 -> 0x85
            inb 0x20 -> 0
            outb 0x4d0 0x20
            inb 0x20 -> 0x20, qemu 0 : elcr-level
            """),
        new("a line that is high at ICW1 needs a new edge", $"""
            {Line(5, true)}
            outb 0x20 0x12
            outb 0x21 0x30
            inb 0x20 -> 0
            {Line(5, true)}
            inb 0x20 -> 0, qemu 0x20 : high-at-icw1
            """),
    ];

    public override void Prepare(SimMachine machine) => machine.AttachPorts(new LineDriver(machine.Device<I8259PairModel>()), LinesPort, 1);

    public override void Generate(Random random, Steps steps)
    {
        if (steps.All.Count == 0) _isBegun = false;
        if (!_isBegun || random.Next(40) == 0) Begin(random, steps);
        var isSlave = random.Next(2) == 0;
        var port = isSlave ? 0xa0 : 0x20;
        switch (random.Next(16))
        {
            case < 3: Assert(random.Next(16), steps); break;
            case < 4: Assert(random.Next(16), steps, isHigh: false); break;
            // Input 2 stays masked: QEMU's keeps requesting after the second's INT has fallen.
            case < 6: steps.Out(port + 1, (ulong)(random.Next(256) & random.Next(256) | (isSlave ? 0 : 4))); break;
            case < 7: steps.In(port + 1); break;
            case < 9: EndOfInterrupt(random, steps, port, isSlave ? _slaveMasks : _masterMasks); break;
            case < 10: MaskMode(random, steps, isSlave); break;
            case < 11: steps.Out(port, (ulong)(random.Next(8) << 5 & 0xc0 | random.Next(8))); break; // rotation, set priority, no operation
            case < 12: steps.In(0x4d0 + random.Next(2)); break;
            case < 13: steps.Out(port, (ulong)(0x0a | random.Next(2))); break;
            case < 15:
                steps.Out(port, 0x0c);
                steps.In(port + random.Next(2));
                break;
            default: steps.In(port); break;
        }
        if (random.Next(2) == 0) steps.In(port);
    }

    /// <summary>All lines low, both controllers initialized in a random way, ELCR anew.</summary>
    private void Begin(Random random, Steps steps)
    {
        for (var irq = 0; irq < 16; irq++)
            if (irq != 2) Drive(irq, false, steps);
        foreach (var port in (int[])[0x20, 0xa0])
        {
            var isSingle = random.Next(4) == 0;
            var hasIcw4 = random.Next(4) != 0;
            steps.Out(port, (ulong)(0x10 | (isSingle ? 2 : 0) | (hasIcw4 ? 1 : 0) | random.Next(8) << 5 | random.Next(2) << 2));
            steps.Out(port + 1, (ulong)random.Next(256));
            if (!isSingle) steps.Out(port + 1, port == 0x20 ? 4ul : 2ul);
            if (hasIcw4) steps.Out(port + 1, (ulong)random.Next(32));
            steps.Out(port + 1, 4);
        }
        _levels = random.Next(0x1_0000) & random.Next(0x1_0000);
        steps.Out(0x4d0, (ulong)(_levels & 0xff));
        steps.Out(0x4d1, (ulong)(_levels >> 8));
        _levels &= 0xdef8;
        (_isBegun, _masterMasks, _slaveMasks) = (true, false, false);
    }

    // An edge input's line falls only before ICW1.
    private void Assert(int irq, Steps steps, bool isHigh = true)
    {
        if (irq != 2 && (isHigh || (_levels >> irq & 1) != 0)) Drive(irq, isHigh, steps);
    }

    private static void EndOfInterrupt(Random random, Steps steps, int port, bool masks)
    {
        var isSpecific = masks || random.Next(2) == 0;
        steps.Out(port, (ulong)(0x20 | (isSpecific ? 0x40 : 0) | random.Next(2) << 7 | random.Next(8)));
    }

    private void MaskMode(Random random, Steps steps, bool isSlave)
    {
        var on = random.Next(2) == 0;
        if (isSlave) _slaveMasks = on;
        else _masterMasks = on;
        steps.Out(isSlave ? 0xa0 : 0x20, on ? 0x68ul : 0x48);
    }

    private static void Drive(int irq, bool level, Steps steps)
    {
        steps.Qemu(QemuLine(irq, level));
        steps.Sim($"outb 0x{LinesPort:x} 0x{irq | (level ? 0x80 : 0):x}");
    }

    // The controllers are the seventh and eighth nameless device of QEMU's pc.
    private static string QemuLine(int irq, bool level) =>
        $"set_irq_in /machine/unattached/device[{(irq < 8 ? 6 : 7)}] unnamed-gpio-in {irq & 7} {(level ? 1 : 0)}";

    private static string Line(int irq, bool level) => $"qemu: {QemuLine(irq, level)}\n            sim: outb 0x{LinesPort:x} 0x{irq | (level ? 0x80 : 0):x}";

    /// <summary>A port whose bits 3 to 0 name a line and bit 7 its level.</summary>
    private sealed class LineDriver : Device
    {
        private readonly SignalLine[] _lines = [.. Enumerable.Range(0, 16).Select(_ => new SignalLine())];

        public LineDriver(I8259PairModel pic)
        {
            for (var irq = 0; irq < 16; irq++)
                if (irq != 2) pic.Input([(uint)irq])!.Connect(_lines[irq]);
        }

        public override string Name => "lines";

        public override IReadOnlyList<string> Compatible => [];

        public override AccessSizes Sizes => AccessSizes.One;

        public override ulong Read(int offset, int size) => 0;

        public override void Write(int offset, int size, ulong value) => _lines[value & 15].Set((value & 0x80) != 0);

        public override void Reset()
        {
        }
    }
}
