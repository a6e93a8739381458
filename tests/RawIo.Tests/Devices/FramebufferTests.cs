using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The framebuffer as a driver gets it, and what is on the screen then.</summary>
public class FramebufferTests
{
    private SimMachine _pi = null!;
    private VideoCoreMailbox _mailbox = null!;
    private IMmio _message = null!;

    [SetUp]
    public void Boot() => Boot("pi3");

    [TearDown]
    public void Off() => _pi.Dispose();

    private void Boot(string board)
    {
        _pi?.Dispose();
        _pi = SimMachine.Create(board, new() { SteppedClock = true });
        var mailbox = _pi.Devices.Single(d => d.Device is Bcm2835MailboxModel);
        _message = _pi.PhysicalMemory.Window(0x10_0000, 0x1000);
        _mailbox = new VideoCoreMailbox(_pi.IoRemap(mailbox.Start, 0x40), _message, board == "pi1" ? 0x4010_0000u : 0xc010_0000, new SteppingTime(_pi));
    }

    private void Set(uint tag, params uint[] value) => Assert.That(_mailbox.Property(tag, value.Length, value), Is.EqualTo(value));

    private (int Width, int Height, uint[] Pixels) Png()
    {
        using var stream = new MemoryStream();
        _pi.Framebuffer.SavePng(stream);
        return PngReader.Read(stream.ToArray());
    }

    [TestCase("pi1", 0x5c10_0000u, 0x1c10_0000ul)]
    [TestCase("pi2", 0xfb50_0000u, 0x3b50_0000ul)]
    [TestCase("pi3", 0xfb50_0000u, 0x3b50_0000ul)]
    [TestCase("pi4", 0xfb50_0000u, 0x3b50_0000ul)]
    public void A_driver_gets_a_framebuffer_maps_it_and_the_pixels_are_in_the_PNG(string board, uint bus, ulong physical)
    {
        Boot(board);
        Assert.That((_pi.Framebuffer.IsAllocated, _pi.Framebuffer.Width, _pi.Framebuffer.Height, _pi.Framebuffer.Pixel(639, 479)), Is.EqualTo((false, 640, 480, 0u)));
        var (address, size, pitch) = _mailbox.AllocateFramebuffer(20, 5, 32);
        Assert.That((address, size, pitch), Is.EqualTo((bus, 96u * 5, 96u)));
        using var pixels = _pi.IoRemap(physical, size);
        for (var y = 0; y < 5; y++)
            for (var x = 0; x < 20; x++)
                pixels.Write32(y * pitch + x * 4, 0xff00_0000 | (uint)(x << 16 | y << 8 | 0x80));
        var (width, height, png) = Png();
        Assert.That((width, height, _pi.Framebuffer.Depth), Is.EqualTo((20, 5, 32)));
        for (var y = 0; y < 5; y++)
            for (var x = 0; x < 20; x++)
                Assert.That(png[y * 20 + x], Is.EqualTo(0x80_0000u | (uint)(y << 8 | x)), $"{x} {y}: red is the lowest byte");
        Assert.That(_pi.Framebuffer.Pixel(19, 4), Is.EqualTo(0x80_0413u));
        Assert.That(() => _pi.Framebuffer.Pixel(20, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _pi.Framebuffer.Pixel(0, -1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Set(0x0004_8006, 0);
        Assert.That(Png().Pixels[21], Is.EqualTo(0x01_0180u), "BGR");
        Set(0x0004_0002, 1);
        Assert.That(Png().Pixels, Is.All.Zero, "blanked");
        Set(0x0004_0002, 0);
        Assert.That(_pi.Framebuffer.Pixel(1, 1), Is.EqualTo(0x01_0180u));
    }

    [Test]
    public void A_cursor_is_laid_over_the_screen_by_its_alpha()
    {
        Boot("pi3");
        _mailbox.AllocateFramebuffer(64, 48, 32);
        Set(0x0004_8004, 128, 96);
        Set(0x0004_8009, 10, 4);
        _mailbox.Property(0x0004_0001, 2, 16);
        using var pixels = _pi.IoRemap(0x3b50_0000, 512 * 96);
        for (var i = 0; i < 128 * 96; i++) pixels.Write32(4 * i, 0x00_00ff);
        var cursor = _pi.PhysicalMemory.Window(0x11_0000, 0x400);
        for (var i = 0; i < 256; i++) cursor.Write32(4 * i, i == 0 ? 0xff00_8001u : i == 17 ? 0x8000_00ffu : i == 255 ? 0xffff_ffffu : 0u);
        Assert.That(_mailbox.Property(0x0000_8010, 6, 16, 16, 0, 0xc011_0000, 2, 1)[0], Is.Zero);
        Assert.That(_pi.Framebuffer.Pixel(18, 19), Is.EqualTo(0xff_0000u), "not visible yet");
        Assert.That(_mailbox.Property(0x0000_8011, 4, 1, 20, 20, 0)[0], Is.Zero);
        cursor.Write32(0, 0);
        Assert.That((_pi.Framebuffer.Pixel(18, 19), _pi.Framebuffer.Pixel(19, 20), _pi.Framebuffer.Pixel(20, 20), _pi.Framebuffer.Pixel(33, 34), _pi.Framebuffer.Pixel(34, 35)),
            Is.EqualTo((0x00_8001u, 0x7f_0080u, 0xff_0000u, 0xff_ffffu, 0xff_0000u)), "ARGB, at the hot spot, taken when it was told of");
        Assert.That(_mailbox.Property(0x0000_8011, 4, 1, 20, 20, 1)[0], Is.Zero);
        Assert.That((_pi.Framebuffer.Pixel(8, 15), _pi.Framebuffer.Pixel(18, 19)), Is.EqualTo((0x00_8001u, 0xff_0000u)), "where the framebuffer's pixel 20, 20 is");
        _mailbox.Property(0x0000_8011, 4, 1, 0, 0, 0);
        Assert.That((_pi.Framebuffer.Pixel(0, 0), _pi.Framebuffer.Pixel(13, 14)), Is.EqualTo((0xff_0000u, 0xff_ffffu)), "half of it beyond the edge");
        var saved = _pi.Save();
        _mailbox.Property(0x0000_8011, 4, 0, 0, 0, 0);
        Assert.That(_pi.Framebuffer.Pixel(13, 14), Is.EqualTo(0xff_0000u));
        _pi.Restore(saved);
        Assert.That(Png().Pixels[14 * 64 + 13], Is.EqualTo(0xff_ffffu));
    }

    [Test]
    public void Sixteen_bits_are_five_six_and_five()
    {
        var (_, _, pitch) = _mailbox.AllocateFramebuffer(4, 1, 16);
        Assert.That(pitch, Is.EqualTo(32u), "a multiple of 32");
        using var pixels = _pi.IoRemap(0x3b50_0000, 32);
        foreach (var (i, raw) in new ushort[] { 0xf800, 0x07e0, 0x001f, 0x8410 }.Index()) pixels.Write16(2 * i, raw);
        Assert.That(Png().Pixels, Is.EqualTo(new[] { 0xff0000u, 0x00ff00u, 0x0000ffu, 0x848284u }));
        Set(0x0004_8006, 0);
        Assert.That(Png().Pixels, Is.EqualTo(new[] { 0x0000ffu, 0x00ff00u, 0xff0000u, 0x848284u }));
    }

    [Test]
    public void Twenty_four_bits_are_three_bytes_at_any_address()
    {
        _mailbox.AllocateFramebuffer(3, 2, 24);
        using var pixels = _pi.IoRemap(0x3b50_0000, 64);
        for (var i = 0; i < 9; i++) pixels.Write8(32 + i, (byte)(0x10 + i));
        Assert.That(Png().Pixels, Is.EqualTo(new[] { 0u, 0u, 0u, 0x101112u, 0x131415u, 0x161718u }));
    }

    [Test]
    public void Eight_bits_go_through_the_palette()
    {
        _mailbox.AllocateFramebuffer(4, 1, 8);
        using var pixels = _pi.IoRemap(0x3b50_0000, 32);
        pixels.Write32(0, 0x80_ff_06_05);
        Assert.That(Png().Pixels, Is.EqualTo(new[] { 0x050505u, 0x060606u, 0xffffffu, 0x808080u }), "grey at the start");
        Assert.That(_mailbox.Property(0x0004_800b, 4, 5, 2, 0xff33_2211, 0xff66_5544)[0], Is.Zero);
        Assert.That(Png().Pixels, Is.EqualTo(new[] { 0x112233u, 0x445566u, 0xffffffu, 0x808080u }));
        Assert.That(_mailbox.Property(0x0004_000b, 256)[4..8], Is.EqualTo(new[] { 0xff04_0404u, 0xff33_2211u, 0xff66_5544u, 0xff07_0707u }));
        Assert.That(_mailbox.Property(0x0004_800b, 3, 255, 2, 0)[0], Is.EqualTo(1u), "one too many");
        Assert.That((_mailbox.Property(0x0004_400b, 3, 255, 1, 0)[0], _mailbox.Property(0x0004_400b, 3, 256, 1, 0)[0], _mailbox.Property(0x0004_400b, 3, 0, 0, 0)[0]), Is.EqualTo((0u, 1u, 1u)));
    }

    [Test]
    public void The_display_shows_the_virtual_screen_from_its_offset_on()
    {
        Set(0x0004_8003, 2, 2);
        Set(0x0004_8004, 8, 4);
        Set(0x0004_8005, 32);
        _mailbox.Property(0x0004_0001, 2, 16);
        using var pixels = _pi.IoRemap(0x3b50_0000, 128);
        for (var i = 0; i < 32; i++) pixels.Write32(4 * i, (uint)i);
        Assert.That(Png().Pixels, Is.EqualTo(new[] { 0x00_0000u, 0x01_0000u, 0x08_0000u, 0x09_0000u }));
        Set(0x0004_8009, 7, 2);
        Assert.That(Png().Pixels, Is.EqualTo(new[] { 0x17_0000u, 0u, 0x1f_0000u, 0u }), "outside it is black");
        Assert.That(_mailbox.Property(0x0004_0009, 2), Is.EqualTo(new[] { 7u, 2u }));
    }

    [Test]
    public void What_the_screen_cannot_do_is_answered_with_what_it_does_and_a_test_changes_nothing()
    {
        Assert.That(_mailbox.Property(0x0004_8005, 1, 15), Is.EqualTo(new[] { 16u }));
        Assert.That(_mailbox.Property(0x0004_4005, 1, 32), Is.EqualTo(new[] { 32u }));
        Assert.That(_mailbox.Property(0x0004_4005, 1, 7), Is.EqualTo(new[] { 16u }));
        Assert.That(_mailbox.Property(0x0004_0005, 1), Is.EqualTo(new[] { 16u }));
        Assert.That(_mailbox.Property(0x0004_8003, 2, 0, 5), Is.EqualTo(new[] { 640u, 480u }));
        Assert.That(_mailbox.Property(0x0004_8004, 2, 5000, 5), Is.EqualTo(new[] { 640u, 480u }));
        Assert.That(_mailbox.Property(0x0004_4003, 2, 1024, 768), Is.EqualTo(new[] { 1024u, 768u }));
        Assert.That((_mailbox.Property(0x0004_0003, 2), _mailbox.Property(0x0004_0004, 2)), Is.EqualTo((new[] { 640u, 480u }, new[] { 640u, 480u })));
        Set(0x0004_800a, 1, 2, 3, 4);
        Assert.That(_mailbox.Property(0x0004_000a, 4), Is.EqualTo(new[] { 1u, 2u, 3u, 4u }));
        Assert.That(_mailbox.Property(0x0004_0007, 1), Is.EqualTo(new[] { 2u }), "alpha is ignored at the start");
        Set(0x0004_8007, 1);
        Assert.That((_mailbox.Property(0x0004_0007, 1), _mailbox.Property(0x0004_0006, 1), _mailbox.Property(0x0004_0013, 1)), Is.EqualTo((new[] { 1u }, new[] { 1u }, new[] { 1u })));
        Assert.That(_mailbox.Property(0x0004_0008, 1), Is.EqualTo(new[] { 1280u }));
        Assert.That(() => _mailbox.AllocateFramebuffer(9999, 1, 32), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EINVAL));
        Assert.That(() => _mailbox.AllocateFramebuffer(4096, 4096, 32), Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENOMEM));
        Assert.That(() => _mailbox.Property(0x0004_c003, 2), Throws.TypeOf<RawIoException>(), "no such tag");
    }

    [Test]
    public void A_buffer_of_another_size_has_to_be_allocated_anew_and_a_released_one_is_gone()
    {
        _mailbox.AllocateFramebuffer(64, 64, 32);
        Assert.That(_pi.Framebuffer.IsAllocated, Is.True);
        Set(0x0004_8005, 16);
        Assert.That(_pi.Framebuffer.IsAllocated, Is.False);
        _mailbox.AllocateFramebuffer(64, 64, 16);
        _mailbox.Property(0x0004_8001, 0);
        Assert.That(_pi.Framebuffer.IsAllocated, Is.False);
    }

    [Test]
    public void The_tags_of_one_message_work_together_whatever_their_order()
    {
        uint[] words = [116, 0, 0x0004_0001, 8, 0, 16, 0, 0x0004_0008, 4, 0, 0, 0x0004_8005, 4, 0, 32, 0x0004_8004, 8, 0, 100, 10, 0x0004_8003, 8, 0, 100, 10, 0, 0, 0, 0];
        for (var i = 0; i < words.Length; i++) _message.Write32(4 * i, words[i]);
        using var io = _pi.IoRemap(0x3f00_b880, 0x40);
        io.Write32(0x20, 0xc010_0008);
        _pi.Clock.Step(10_000);
        Assert.That((_message.Read32(4), _message.Read32(20), _message.Read32(24), _message.Read32(40)), Is.EqualTo((0x8000_0000u, 0xfb50_0000u, 4160u, 416u)));
    }

    [Test]
    public void The_old_channel_sets_up_everything_by_one_structure()
    {
        uint[] words = [4, 2, 4, 4, 0, 8, 0, 1, 0, 0, 0x07e0_f800];
        for (var i = 0; i < words.Length; i++) _message.Write32(4 * i, words[i]);
        using var io = _pi.IoRemap(0x3f00_b880, 0x40);
        io.Write32(0x20, 0xc010_0001);
        _pi.Clock.Step(10_000);
        Assert.That((io.Read32(0x00), _message.Read32(16), _message.Read32(32), _message.Read32(36)), Is.EqualTo((1u, 32u, 0xfb50_0000u, 128u)));
        using var pixels = _pi.IoRemap(0x3b50_0000, 128);
        pixels.Write32(32, 0x0000_0001);
        Assert.That(Png().Pixels[..4], Is.EqualTo(new[] { 0x00ff00u, 0xff0000u, 0xff0000u, 0xff0000u }));
        _message.Write32(20, 7);
        io.Write32(0x20, 0xc010_0001);
        _pi.Clock.Step(10_000);
        Assert.That(io.Read32(0x00), Is.EqualTo(0x11u), "no depth of 7");
    }
}

/// <summary>A machine's time that goes on by a microsecond with each look: for drivers that poll on a stepped clock.</summary>
internal sealed class SteppingTime(SimMachine machine) : TimeProvider
{
    public override long TimestampFrequency => machine.Time.TimestampFrequency;

    public override long GetTimestamp()
    {
        machine.Clock.Step(1000);
        return machine.Time.GetTimestamp();
    }
}
