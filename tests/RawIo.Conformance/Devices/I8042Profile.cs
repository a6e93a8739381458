namespace RawIo.Conformance;

/// <summary>The keyboard controller, with the keyboard and the mouse behind it.</summary>
internal sealed class I8042Profile : DeviceProfile
{
    private const int Data = 0x60, Status = 0x64;
    private const ulong Sys = 0x04, A2 = 0x08;

    private static readonly byte[] s_commands = [0x20, 0x60, 0xa7, 0xa8, 0xa9, 0xaa, 0xab, 0xad, 0xae, 0xc0, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xdd, 0xdf];

    private static readonly byte[] s_mouse = [0xe6, 0xe7, 0xe9, 0xea, 0xeb, 0xf0, 0xf2, 0xf4, 0xf5, 0xf6, 0xff];

    private static readonly byte[] s_rates = [10, 20, 40, 60, 80, 100, 200];

    public override string Name => "i8042";

    public override string Machine => "pc";

    public override string Board => "pc";

    public override string Intercept => "ioapic";

    public override bool IsInterrupt(int number) => number is 1 or 12;

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("command-data", "status, bit 3", "always 1", "whether the last write was a command (IBM PC AT Technical Reference, Keyboard Controller, Status Register Bit Definition)", "follows the last write",
            c => c.Reads(Status) ? A2 : 0),
        new("system-flag", "status, bit 2", "set by the self-test alone", "set and cleared by bit 2 of the command byte too (same, and Commands, 60)", "follows both",
            c => c.Reads(Status) ? Sys : 0),
        new("disabled-keyboard", "interrupt 1", "none while the keyboard is disabled", "enabled by bit 0 of the command byte alone (same, Commands, 60)", "does not depend on it")
            { Interrupts = KeyboardIsDisabled },
        new("ram", "commands 0x21 to 0x3f, 0x61 to 0x7f", "ignored", "read and write the controller's RAM (same, Commands, 20 to 3F and 60 to 7F)", "32 bytes of RAM"),
        new("mouse-resend", "mouse, bytes that are no command", "no answer", "answers 0xfe (IBM PS/2 Hardware Interface Technical Reference, auxiliary device, Resend)", "answers 0xfe"),
        new("mouse-wrap", "mouse, command 0xec outside wrap mode", "no answer", "answers 0xfa to each command (same, Acknowledge)", "answers 0xfa"),
        new("keyboard-keys", "keyboard, commands 0xf7 to 0xfa", "answers 0xfe", "answers 0xfa and sets the kind of all keys (IBM PS/2 Hardware Interface Technical Reference, keyboard)", "answers 0xfa"),
        new("keyboard-zero", "keyboard, byte 0x00", "answers 0xfa", "is no command: answers 0xfe (same, Resend)", "answers 0xfe"),
        new("mouse-arguments", "mouse, sampling rates and resolutions that there are not", "answers 0xfa", "rates are 10, 20, 40, 60, 80, 100, 200, resolutions 0 to 3 (same, Set Sampling Rate); others: 0xfe", "answers 0xfe"),
        new("test-inputs", "command 0xe0", "ignored", "answers the inputs T0 and T1 (IBM PC AT Technical Reference, Keyboard Controller, Commands, E0)", "answers them"),
    ];

    public override IReadOnlyList<Scenario> Scenarios =>
    [
        new("the controller's self-test answers 0x55", """
            outb 0x64 0xaa
            inb 0x64 & 0x05 -> 0x05
            inb 0x60 -> 0x55
            inb 0x64 & 0x01 -> 0x00
            """),
        new("the interface tests answer 0", """
            outb 0x64 0xab
            inb 0x60 -> 0x00
            outb 0x64 0xa9
            inb 0x60 -> 0x00
            """),
        new("the command byte comes back", """
            outb 0x64 0x60
            outb 0x60 0x45
            outb 0x64 0x20
            inb 0x60 -> 0x45
            """),
        new("a byte to the auxiliary port comes back from the mouse", """
            outb 0x64 0xd4
            outb 0x60 0xf4      # enable
            inb 0x64 & 0x21 -> 0x21
            inb 0x60 -> 0xfa
            inb 0x64 & 0x21 -> 0x00
            """),
        new("the controller's RAM keeps what is written", """
            outb 0x64 0x61
            outb 0x60 0x5a
            inb 0x60 & 0        # QEMU takes it for the keyboard's, which answers
            outb 0x64 0x21
            inb 0x60 -> 0x5a, qemu 0xfe : ram
            """),
        new("what is no command of the mouse is asked for again", """
            outb 0x64 0xd4
            outb 0x60 0x32
            inb 0x60 -> 0xfe, qemu 0x00 : mouse-resend
            """),
        new("the mouse acknowledges the end of a wrap that never was", """
            outb 0x64 0xd4
            outb 0x60 0xec
            inb 0x60 -> 0xfa, qemu 0x00 : mouse-wrap
            """),
        new("the keyboard can make all its keys of one kind", """
            outb 0x60 0xf8
            inb 0x60 -> 0xfa, qemu 0xfe : keyboard-keys
            """),
        new("0 is no command of the keyboard", """
            outb 0x60 0x00
            inb 0x60 -> 0xfe, qemu 0xfa : keyboard-zero
            """),
        new("a sampling rate that there is not is asked for again", """
            outb 0x64 0xd4
            outb 0x60 0xf3
            inb 0x60 -> 0xfa
            outb 0x64 0xd4
            outb 0x60 0x47
            inb 0x60 -> 0xfe, qemu 0xfa : mouse-arguments
            """),
        new("the test inputs", """
            outb 0x64 0xe0
            inb 0x60 & 3 -> 3, qemu 0 : test-inputs
            """),
    ];

    public override void Generate(Random random, Steps steps)
    {
        switch (random.Next(12))
        {
            case < 4: steps.In(Status); break;
            case < 8: steps.In(Data); break;
            case < 10: Command(random, steps); break;
            default: Keyboard(random, steps); break;
        }
    }

    // The commands that QEMU's keyboard has, some with their arguments, and what is no command.
    private static void Keyboard(Random random, Steps steps)
    {
        var value = (ulong)random.Next(0x100);
        if (value is 0x00 or 0xef or 0xf1 or (>= 0xf7 and <= 0xfd)) value = 0xed;
        steps.Out(Data, value);
        if (value is 0xed or 0xf0 or 0xf3 && random.Next(8) > 0) steps.Out(Data, (ulong)random.Next(value == 0xf0 ? 4 : 0x80));
    }

    // What has no argument; a rate or a resolution; or a while of wrapping.
    private static void Mouse(Random random, Steps steps)
    {
        var kind = random.Next(10);
        byte[] bytes = kind switch
        {
            < 7 => [s_mouse[random.Next(s_mouse.Length)]],
            7 => [0xf3, s_rates[random.Next(s_rates.Length)]],
            8 => [0xe8, (byte)random.Next(4)],
            _ => [0xee, (byte)random.Next(0xe0), 0xec],
        };
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i > 0) steps.Out(Status, 0xd4);
            steps.Out(Data, bytes[i]);
        }
    }

    private static void Command(Random random, Steps steps)
    {
        var command = s_commands[random.Next(s_commands.Length)];
        var value = (ulong)random.Next(0x100);
        steps.Out(Status, command);
        // A port that writes 0 to the output port's bit 0 resets the machine, and scan codes are translated throughout.
        if (command == 0xd1) steps.Out(Data, value | 1);
        else if (command == 0x60) steps.Out(Data, value | 0x40);
        else if (command is 0xd2 or 0xd3) steps.Out(Data, value);
        else if (command == 0xd4) Mouse(random, steps);
    }

    // A byte to the keyboard enables it, but QEMU looks at its lines again at the next read only.
    private static bool KeyboardIsDisabled(Compared c)
    {
        var read = false;
        for (var i = c.Index; i >= 0; i--)
        {
            var (step, command) = (c.Run[i], i > 0 && c.Run[i - 1] is { IsWrite: true, Address: Status } before ? before.Value : 0);
            read |= step is { IsRead: true, Address: Data };
            if (!step.IsWrite) continue;
            if (step.Address == Status && step.Value is 0xad or 0xae) return step.Value == 0xad;
            if (step.Address != Data || command is >= 0xd1 and <= 0xd4) continue;
            if (command == 0x60) return (step.Value & 0x10) != 0;
            if (read) return false;
        }
        return false;
    }
}
