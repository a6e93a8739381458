namespace RawIo.Drivers;

/// <summary>The mailboxes between ARM and VideoCore (the wiki of raspberrypi/firmware, "Mailboxes"; Linux drivers/mailbox/bcm2835-mailbox.c).</summary>
public static class MailboxRegisters
{
    /// <summary>Mailbox 0: VideoCore's next word; reading takes it out.</summary>
    public static readonly ConsumingRegister<uint> MAIL0_RD = new("MAIL0_RD", 0x00);

    /// <summary>Mailbox 0: the next word, which stays.</summary>
    public static readonly ReadOnlyRegister<uint> MAIL0_POL = new("MAIL0_POL", 0x10);

    /// <summary>Mailbox 0: who sent it.</summary>
    public static readonly ReadOnlyRegister<uint> MAIL0_SND = new("MAIL0_SND", 0x14);

    /// <summary>Mailbox 0: full, empty, level.</summary>
    public static readonly ReadOnlyRegister<uint> MAIL0_STA = new("MAIL0_STA", 0x18);

    /// <summary>Mailbox 0: interrupts and errors; any write clears the errors.</summary>
    public static readonly ReadWriteRegister<uint> MAIL0_CNF = new("MAIL0_CNF", 0x1c, writeActs: true);

    /// <summary>Mailbox 1: a word for VideoCore.</summary>
    public static readonly WriteOnlyRegister<uint> MAIL1_WRT = new("MAIL1_WRT", 0x20);

    /// <summary>Mailbox 1: full, empty, level.</summary>
    public static readonly ReadOnlyRegister<uint> MAIL1_STA = new("MAIL1_STA", 0x38);

    /// <summary>Status: no room.</summary>
    public static readonly BitField FULL = new(31);

    /// <summary>Status: no word.</summary>
    public static readonly BitField EMPTY = new(30);

    /// <summary>The block.</summary>
    public static RegisterMap Map { get; } = new("BCM2835 mailboxes", MAIL0_RD, MAIL0_POL, MAIL0_SND, MAIL0_STA, MAIL0_CNF, MAIL1_WRT, MAIL1_STA);
}
