using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835LoopbackTests
{
    /// <summary>32-bit words with faults to order.</summary>
    private sealed class FaultyRam(int words) : Device
    {
        public uint[] Words { get; } = new uint[words];
        public uint StuckLow, StuckHigh;
        public int AddressMask = int.MaxValue;
        public int ThrowAfter = int.MaxValue;

        public override string Name => "RAM";
        public override IReadOnlyList<string> Compatible => [];
        public override void Reset() => Array.Clear(Words);

        public override ulong Read(int offset, int size) => (Words[offset / 4 & AddressMask] | StuckHigh) & ~StuckLow;

        public override void Write(int offset, int size, ulong value)
        {
            if (--ThrowAfter == 0) throw new BusFaultException("broken", (ulong)offset, size, true);
            Words[offset / 4 & AddressMask] = (uint)value;
        }
    }

    private static readonly ReadWriteRegister<uint> Word = new("WORD", 8);

    [Test]
    public void A_sound_register_passes_and_keeps_its_value()
    {
        var ram = new FaultyRam(4) { Words = { [2] = 0xdead_beef } };
        var io = new BareDevice(ram, 16);
        var result = LoopbackTest.Run(Word, io);
        Assert.That(result, Is.EqualTo(new LoopbackResult("WORD at 0x8", 0xffff_ffff, 0, 0, 0)));
        Assert.That((result.Passed, result.ToString(), ram.Words[2]), Is.EqualTo((true, "WORD at 0x8: ok", 0xdead_beefu)));

        var written = io.Log.Where(a => a.Kind == 'W').Select(a => (uint)a.Value).ToArray();
        Assert.That(written[..4], Is.EqualTo(new[] { 0u, 0xffff_ffffu, 0x5555_5555u, 0xaaaa_aaaau }));
        Assert.That(written[4..36], Is.EqualTo(Enumerable.Range(0, 32).Select(i => 1u << i)));
        Assert.That(written[36..68], Is.EqualTo(Enumerable.Range(0, 32).Select(i => ~(1u << i))));
        Assert.That((io.Reads, io.Writes), Is.EqualTo((69, 69)), "68 patterns; the old value read first and written last");
    }

    [Test]
    public void Stuck_bits_are_named()
    {
        var ram = new FaultyRam(4) { StuckLow = 0x10, StuckHigh = 0x8000_0000 };
        var result = LoopbackTest.Run(Word, new BareDevice(ram, 16));
        Assert.That(result, Is.EqualTo(new LoopbackResult("WORD at 0x8", 0xffff_ffff, 0x8000_0010, 0x10, 0x8000_0000)));
        Assert.That(result.ToString(), Is.EqualTo("WORD at 0x8: bits 0x80000010 failed (stuck low 0x10, stuck high 0x80000000)"));
    }

    [Test]
    public void Bits_outside_the_mask_are_written_as_they_were_and_not_judged()
    {
        var ram = new FaultyRam(4) { StuckLow = 0xf000_0000, Words = { [2] = 0x0ab0_0005 } };
        var io = new BareDevice(ram, 16);
        Assert.That(LoopbackTest.Run(Word, io, 0xffu).Passed, Is.True);
        Assert.That(io.Log.Where(a => a.Kind == 'W').Select(a => a.Value >> 8), Is.Not.Empty.And.All.EqualTo(0x0ab000UL));
        Assert.That(() => LoopbackTest.Run(Word, io, 0u), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void An_access_that_throws_half_way_leaves_the_old_value()
    {
        var ram = new FaultyRam(4) { ThrowAfter = 20, Words = { [2] = 0x1234_5678 } };
        Assert.That(() => LoopbackTest.Run(Word, new BareDevice(ram, 16)), Throws.TypeOf<BusFaultException>());
        Assert.That(ram.Words[2], Is.EqualTo(0x1234_5678u));
    }

    [Test]
    public void Registers_that_cannot_be_tested_are_refused_untouched()
    {
        var io = new BareDevice(new Bcm2835RngModel(new ManualTime(), 1), 0x14);
        Assert.That(() => LoopbackTest.Run(RngRegisters.RNG_DATA, io), Throws.ArgumentException.With.Message.Contains("Consuming"));
        Assert.That(() => LoopbackTest.Run(GpioRegisters.GPSET0, io), Throws.ArgumentException.With.Message.Contains("WriteOnly"));
        Assert.That(() => LoopbackTest.Run((Register)GpioRegisters.GPLEV0, io), Throws.ArgumentException.With.Message.Contains("ReadOnly"));
        Assert.That(() => LoopbackTest.Run((Register)null!, io), Throws.ArgumentNullException);
        Assert.That(() => LoopbackTest.RunBlock(io, 0, 0x10, RngRegisters.Map), Throws.ArgumentException.With.Message.Contains("RNG_DATA"));
        Assert.That(() => LoopbackTest.RunBlock(io, 0, 6), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => LoopbackTest.RunBlock(io, 0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => LoopbackTest.RunBlock(io, 2, 4), Throws.TypeOf<DataMisalignedException>());
        Assert.That(() => LoopbackTest.RunBlock(io, 0x10, 8), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(io.Log, Is.Empty);
    }

    [Test]
    public void Real_registers_pass_on_the_bits_they_have()
    {
        var gpio = new BareDevice(new Bcm2835GpioModel(), 0xb4);
        Assert.That(LoopbackTest.Run(GpioRegisters.TEST, gpio, 0xfu).Passed, Is.True);
        Assert.That(LoopbackTest.Run(GpioRegisters.TEST, gpio).FailedBits, Is.EqualTo(0xffff_fff0));
        var timer = new BareDevice(new Bcm2835SystemTimerModel(new ManualTime()), 0x1c);
        Assert.That(LoopbackTest.Run((Register)SystemTimerRegisters.C3, timer).Passed, Is.True);
        Assert.That(LoopbackTest.RunBlock(timer, 0x0c, 0x10, SystemTimerRegisters.Map).Passed, Is.True);
    }

    [Test]
    public void Every_width_is_tested_at_its_own_width_over_memory_and_over_ports()
    {
        var memory = new MemoryMmio(new byte[0x20]);
        Assert.That(LoopbackTest.Run((Register)new ReadWriteRegister<byte>("B", 1), memory).Tested, Is.EqualTo(0xffUL));
        Assert.That(LoopbackTest.Run((Register)new ReadWriteRegister<ushort>("W", 2), memory).Tested, Is.EqualTo(0xffffUL));
        var wide = LoopbackTest.Run((Register)new ReadWriteRegister<ulong>("Q", 8), memory);
        Assert.That((wide.Tested, wide.Passed), Is.EqualTo((ulong.MaxValue, true)));
        Assert.That(LoopbackTest.Run(new ReadWriteRegister<byte>("SCR", 7), new MemoryPorts(0x3f8, 8)).ToString(), Is.EqualTo("SCR at 0x7: ok"));
    }

    [Test]
    public void A_block_with_a_stuck_address_line_fails_though_each_word_alone_is_sound()
    {
        var sound = new FaultyRam(16);
        for (var i = 0; i < 16; i++) sound.Words[i] = (uint)i * 77;
        Assert.That(LoopbackTest.RunBlock(new BareDevice(sound, 64), 0, 64).ToString(), Is.EqualTo("0x0 to 0x3f: ok"));
        Assert.That(sound.Words, Is.EqualTo(Enumerable.Range(0, 16).Select(i => (uint)i * 77)), "what was there is there again");

        var stuck = new FaultyRam(16) { AddressMask = ~4 };
        var result = LoopbackTest.RunBlock(new BareDevice(stuck, 64), 0, 64);
        Assert.That(result.FailedBits, Is.EqualTo(0x10UL), "the byte address bit of word address line 2");
    }
}
