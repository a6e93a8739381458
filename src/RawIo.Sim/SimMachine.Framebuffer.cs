namespace RawIo.Sim;

public sealed partial class SimMachine
{
    /// <summary>The screen of a Raspberry Pi: black until a driver sets up a framebuffer through the mailboxes.</summary>
    /// <exception cref="InvalidOperationException">The board has no mailboxes.</exception>
    public Framebuffer Framebuffer => new(Device<Bcm2835MailboxModel>().Firmware, _gate);
}
