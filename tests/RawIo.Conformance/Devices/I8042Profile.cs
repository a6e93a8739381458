namespace RawIo.Conformance;

/// <summary>The keyboard controller, with the keyboard and the mouse behind it.</summary>
internal sealed class I8042Profile : DeviceProfile
{
    private const int Data = 0x60, Status = 0x64;
    private const ulong Sys = 0x04, A2 = 0x08;

    private static readonly byte[] s_commands = [0x20, 0x60, 0xa7, 0xa8, 0xa9, 0xaa, 0xab, 0xad, 0xae, 0xc0, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xdd, 0xdf];

    private static readonly byte[] s_mouse = [0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xee, 0xf0, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xff, 0x00, 0x03, 0x64, 0xc8];

    public override string Name => "i8042";

    public override string Machine => "pc";

    public override string Board => "pc";

    public override IReadOnlyList<Deviation> Deviations =>
    [
        new("command-data", "status, bit 3", "always 1", "whether the last write was a command (IBM PC AT Technical Reference, page 1-49)", "follows the last write",
            c => c.Reads(Status) ? A2 : 0),
        new("system-flag", "status, bit 2", "set by the self-test alone", "set and cleared by bit 2 of the command byte too (page 1-49)", "follows both",
            c => c.Reads(Status) ? Sys : 0),
        new("ram", "commands 0x21 to 0x3f, 0x61 to 0x7f", "ignored", "read and write the controller's RAM (page 1-51)", "32 bytes of RAM"),
        new("test-inputs", "command 0xe0", "ignored", "answers the inputs T0 and T1 (page 1-52)", "answers them"),
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
        if (value is 0xef or 0xf1 or (>= 0xf7 and <= 0xfd)) value = 0xed;
        steps.Out(Data, value);
        if (value is 0xed or 0xf0 or 0xf3 && random.Next(8) > 0) steps.Out(Data, (ulong)random.Next(value == 0xf0 ? 4 : 0x80));
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
        else if (command == 0xd4) steps.Out(Data, s_mouse[random.Next(s_mouse.Length)]);
    }
}
