namespace RawIo.Tests;

public class ExtensionTests
{
    private readonly MemoryMmio _io = new(Enumerable.Range(0, 64).Select(i => (byte)i).ToArray());

    [SetUp]
    public void Clear()
    {
        _io.Accesses.Clear();
        for (var i = 0; i < 64; i++) _io.Memory[i] = (byte)i;
    }

    [Test]
    public void Big_endian_forms_swap_and_make_one_access()
    {
        Assert.That(_io.ReadBigEndian16(2), Is.EqualTo(0x0203));
        Assert.That(_io.ReadBigEndian32(4), Is.EqualTo(0x0405_0607u));
        Assert.That(_io.ReadBigEndian64(8), Is.EqualTo(0x0809_0a0b_0c0d_0e0ful));
        _io.WriteBigEndian16(2, 0x1234);
        _io.WriteBigEndian32(4, 0x1234_5678);
        _io.WriteBigEndian64(8, 0x0123_4567_89ab_cdef);
        Assert.That(_io.Accesses, Is.EqualTo(new[]
        {
            "r16@2", "r32@4", "r64@8", "w16@2=3412", "w32@4=78563412", "w64@8=efcdab8967452301",
        }));
    }

    [Test]
    public void A_64_bit_register_on_a_32_bit_bus_goes_in_the_order_said()
    {
        Assert.That(_io.ReadLoHi64(4), Is.EqualTo(0x0b0a_0908_0706_0504ul));
        Assert.That(_io.ReadHiLo64(4), Is.EqualTo(0x0b0a_0908_0706_0504ul));
        _io.WriteLoHi64(8, 0x1_0000_0002);
        _io.WriteHiLo64(8, 0x3_0000_0004);
        Assert.That(_io.Accesses, Is.EqualTo(new[]
        {
            "r32@4", "r32@8", "r32@8", "r32@4", "w32@8=2", "w32@c=1", "w32@c=3", "w32@8=4",
        }));
    }

    [Test]
    public void The_second_half_outside_the_window_touches_nothing()
    {
        Assert.That(() => _io.ReadLoHi64(60), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _io.WriteHiLo64(60, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _io.CopyTo(56, new uint[3].AsSpan()), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _io.CopyFrom(2, new uint[3].AsSpan()), Throws.InstanceOf<DataMisalignedException>());
        Assert.That(_io.Accesses, Is.Empty);
    }

    [Test]
    public void A_typed_copy_makes_one_access_an_element_of_that_width()
    {
        var words = new ushort[2];
        _io.CopyFrom(2, words.AsSpan());
        var longs = new uint[2];
        _io.CopyFrom(4, longs.AsSpan());
        var quads = new ulong[2];
        _io.CopyFrom(8, quads.AsSpan());
        Assert.That(words, Is.EqualTo(new ushort[] { 0x0302, 0x0504 }));
        Assert.That(longs, Is.EqualTo(new uint[] { 0x07060504, 0x0b0a0908 }));
        _io.CopyTo(0x20, (ReadOnlySpan<ushort>)words);
        _io.CopyTo(0x24, (ReadOnlySpan<uint>)longs);
        _io.CopyTo(0x30, (ReadOnlySpan<ulong>)quads);
        Assert.That(_io.Accesses, Is.EqualTo(new[]
        {
            "r16@2", "r16@4", "r32@4", "r32@8", "r64@8", "r64@10",
            "w16@20=302", "w16@22=504", "w32@24=7060504", "w32@28=b0a0908", "w64@30=f0e0d0c0b0a0908", "w64@38=1716151413121110",
        }));
    }

    [Test]
    public void A_paused_form_is_the_access_and_then_the_pause()
    {
        var ports = new MemoryPorts(0, 0x100);
        ports.OutPaused8(0x70, 1);
        ports.OutPaused16(0x70, 2);
        ports.OutPaused32(0x70, 3);
        Assert.That(ports.InPaused8(0x70), Is.EqualTo(3));
        Assert.That(ports.InPaused16(0x70), Is.EqualTo(3));
        Assert.That(ports.InPaused32(0x70), Is.EqualTo(3u));
        Assert.That(ports.Accesses, Is.EqualTo(new[]
        {
            "out8@70=1", "pause", "out16@70=2", "pause", "out32@70=3", "pause",
            "in8@70", "pause", "in16@70", "pause", "in32@70", "pause",
        }));
    }

    [Test]
    public void A_width_chosen_at_run_time_makes_one_access_of_it()
    {
        foreach (var size in new[] { 1, 2, 4, 8 })
        {
            Assert.That(_io.Read(8, size), Is.EqualTo(0x0f0e0d0c0b0a0908 & ulong.MaxValue >> (64 - 8 * size)));
            _io.Write(16, size, 0x1122334455667788);
        }
        Assert.That(_io.Accesses, Is.EqualTo(new[]
        {
            "r8@8", "w8@10=88", "r16@8", "w16@10=7788", "r32@8", "w32@10=55667788", "r64@8", "w64@10=1122334455667788",
        }));

        var ports = new MemoryPorts(0, 0x100);
        foreach (var size in new[] { 1, 2, 4 })
        {
            ports.Out(0x70, size, 0x11223344);
            Assert.That(ports.In(0x70, size), Is.EqualTo(0x11223344u & uint.MaxValue >> (32 - 8 * size)));
        }
        Assert.That(ports.Accesses, Is.EqualTo(new[] { "out8@70=44", "in8@70", "out16@70=3344", "in16@70", "out32@70=11223344", "in32@70" }));
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(16)]
    [TestCase(-1)]
    public void A_width_no_access_has_touches_nothing(int size)
    {
        var ports = new MemoryPorts(0, 0x100);
        Assert.That(() => _io.Read(0, size), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("1, 2, 4 or 8"));
        Assert.That(() => _io.Write(0, size, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ports.In(0, size), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("1, 2 or 4"));
        Assert.That(() => ports.Out(0, size, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That((_io.Accesses.Count, ports.Accesses.Count), Is.EqualTo((0, 0)));
    }
}
