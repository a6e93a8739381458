using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>BCM2835 ARM Peripherals, chapter 4. Offsets and bits are retyped from its tables.</summary>
public partial class Bcm2835DmaModelTests
{
    private const uint Active = 1, End = 2, Int = 4, Dreq = 8, Paused = 0x10, Stops = 0x20, Error = 0x100, Abort = 0x4000_0000, Reset = 0x8000_0000;
    private const uint Inten = 1, TdMode = 2, DestInc = 0x10, DestWidth = 0x20, DestDreq = 0x40, DestIgnore = 0x80, SrcInc = 0x100,
        SrcWidth = 0x200, SrcDreq = 0x400, SrcIgnore = 0x800;
    private const uint Copy = SrcInc | DestInc;

    private ManualTime _time = null!;
    private BenchBus _bus = null!;
    private Bcm2835DmaModel _dma = null!;

    [SetUp]
    public void PowerOn()
    {
        _time = new ManualTime();
        _bus = new BenchBus();
        _dma = new Bcm2835DmaModel(_time, _bus);
        for (var i = 0; i < 0x1000; i += 4) _bus[0x1_0000 + (ulong)i] = 0xa000_0000 + (uint)i;
    }

    private uint Read(int offset) => (uint)_dma.Read(offset, 4);

    private void Write(int offset, uint value) => _dma.Write(offset, 4, value);

    private void Block(ulong at, uint ti, uint source, uint destination, uint length, uint stride = 0, uint next = 0) =>
        _bus.Put(at, ti, source, destination, length, stride, next, 0, 0);

    private void Start(int channel, uint block)
    {
        Write(channel << 8 | 0x04, block);
        Write(channel << 8, Active);
    }

    [Test]
    public void At_power_on_every_channel_is_enabled_and_idle()
    {
        for (var channel = 0; channel < 15; channel++)
        {
            for (var register = 0; register < 0x20; register += 4) Assert.That(Read(channel << 8 | register), Is.Zero);
            Assert.That(Read(channel << 8 | 0x20), Is.EqualTo(0x0400_0000u | (uint)channel << 8 | (channel >= 7 ? 0x1000_0000u : 0)));
        }
        Assert.That((Read(0xfe0), Read(0xff0)), Is.EqualTo((0u, 0x7fffu)));
        Assert.That((_dma.Name, _dma.Compatible[0], _dma.DecodedLength, _dma.LeavesOut.Length > 0, _dma.InterruptLines.Count),
            Is.EqualTo(("BCM2835 DMA", "brcm,bcm2835-dma", 0x1000, true, 16)));
    }

    [TestCase(0u)]
    [TestCase(0x4000_0000u)]
    [TestCase(0x8000_0000u)]
    [TestCase(0xc000_0000u)]
    public void Memory_is_copied_through_any_alias_and_takes_its_time(uint alias)
    {
        Block(0x100, Copy | Inten, alias + 0x1_0000, alias + 0x2_0000, 0x40);
        Start(3, alias + 0x100);
        Assert.That((Read(0x300) & 3, _bus[0x2_0000], _dma.InterruptLines[3].Level), Is.EqualTo((Active, 0u, false)), "nothing has moved yet");
        _time.Advance(200);
        Assert.That((Read(0x308), Read(0x30c), Read(0x310), Read(0x314)), Is.EqualTo((Copy | Inten, alias + 0x1_0000, alias + 0x2_0000, 0x40u)));
        Assert.That(Read(0x300), Is.EqualTo(Active | Dreq));
        _time.Advance(16 * 32 + 100);
        Assert.That(Read(0x300), Is.EqualTo(End | Int | Dreq));
        Assert.That(_bus.Get(0x2_0000, 17), Is.EqualTo(_bus.Get(0x1_0000, 16).Append(0u)));
        Assert.That((Read(0x304), Read(0x30c), Read(0x310), Read(0x314)), Is.EqualTo((0u, alias + 0x1_0040, alias + 0x2_0040, 0u)));
        Assert.That((_dma.InterruptLines[3].Level, _dma.InterruptLines[15].Level, Read(0xfe0), _time.ArmedTimers), Is.EqualTo((true, true, 8u, 0)));
        Write(0x300, End);
        Assert.That((Read(0x300) & 7, _dma.InterruptLines[3].Level), Is.EqualTo((Int, true)));
        Write(0x300, Int);
        Assert.That((Read(0x300) & 7, _dma.InterruptLines[3].Level, _dma.InterruptLines[15].Level, Read(0xfe0)), Is.EqualTo((0u, false, false, 0u)));
    }

    [Test]
    public void A_list_of_blocks_is_worked_off_and_INT_stays_set_past_a_block_without_INTEN()
    {
        Block(0x100, Copy | Inten, 0x1_0000, 0x2_0000, 4, 0, 0x120);
        Block(0x120, Copy, 0x1_0004, 0x2_0008, 4, 0, 0x140);
        Block(0x140, Copy, 0x1_0008, 0x2_0010, 4);
        Start(0, 0x100);
        _time.Advance(300);
        Assert.That((Read(0x04), Read(0x00) & 7), Is.EqualTo((0x120u, Active | End | Int)));
        _time.AdvanceMicroseconds(2);
        Assert.That(_bus.Get(0x2_0000, 6), Is.EqualTo(new[] { 0xa000_0000u, 0u, 0xa000_0004u, 0u, 0xa000_0008u, 0u }));
        Assert.That(Read(0x00) & 7, Is.EqualTo(End | Int));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(5)]
    [TestCase(7)]
    public void Odd_lengths_and_addresses_move_their_bytes_and_no_other(int length)
    {
        for (var source = 0u; source < 4; source++)
            for (var destination = 0u; destination < 4; destination++)
            {
                Array.Fill(_bus.Ram, (byte)0x55, 0x2_0000, 32);
                Block(0x100, Copy, 0x1_0000 + source, 0x2_0008 + destination, (uint)length);
                Start(1, 0x100);
                _time.AdvanceMicroseconds(5);
                var expected = Enumerable.Repeat((byte)0x55, 32).ToArray();
                _bus.Ram.AsSpan(0x1_0000 + (int)source, length).CopyTo(expected.AsSpan(8 + (int)destination));
                Assert.That(_bus.Ram.AsSpan(0x2_0000, 32).ToArray(), Is.EqualTo(expected), $"{source} to {destination}");
            }
    }

    [Test]
    public void Two_dimensions_move_one_row_more_than_YLENGTH_with_signed_strides()
    {
        Block(0x100, Copy | TdMode, 0x1_0000, 0x2_0100, 2 << 16 | 8, unchecked((uint)-0x18) << 16 | 0x38);
        Start(0, 0x100);
        _time.Advance(200);
        Assert.That(Read(0x14), Is.EqualTo(2u << 16 | 8));
        _time.AdvanceMicroseconds(5);
        Assert.That(Read(0x14), Is.Zero);
        for (var row = 0u; row < 3; row++)
            Assert.That(_bus.Get(0x2_0100 - row * 0x10, 3), Is.EqualTo(new[] { 0xa000_0000 + row * 0x40, 0xa000_0004 + row * 0x40, 0u }));
        Assert.That(_bus.Get(0x2_0100 - 0x30, 2), Is.EqualTo(new[] { 0u, 0u }));
    }

    [Test]
    public void Ignoring_a_side_fills_with_zeros_or_reads_without_writing()
    {
        _bus.Put(0x2_0000, 1, 2, 3, 4);
        Block(0x100, DestInc | SrcIgnore, 0x3fff_0000, 0x2_0004, 8, 0, 0x120);
        Block(0x120, SrcInc | DestIgnore, 0x1_0000, 0x2_0000, 8);
        Start(2, 0x100);
        _time.AdvanceMicroseconds(5);
        Assert.That(_bus.Get(0x2_0000, 4), Is.EqualTo(new[] { 1u, 0u, 0u, 4u }));
        Assert.That((Read(0x220) & 7, Read(0x20c), Read(0x210)), Is.EqualTo((0u, 0x1_0008u, 0x2_0000u)), "an ignored source is not read");
    }

    [Test]
    public void A_fixed_address_is_one_register_or_four_where_it_is_128_bits_wide()
    {
        Block(0x100, DestInc, 0x1_0000, 0x2_0000, 20, 0, 0x120);
        Block(0x120, DestInc | SrcWidth, 0x1_0000, 0x2_0020, 20, 0, 0x140);
        Block(0x140, SrcInc | DestWidth, 0x1_0010, 0x2_0040, 20);
        Start(2, 0x100);
        _time.AdvanceMicroseconds(5);
        const uint a = 0xa000_0000;
        Assert.That(_bus.Get(0x2_0000, 6), Is.EqualTo(new[] { a, a, a, a, a, 0u }));
        Assert.That(_bus.Get(0x2_0020, 6), Is.EqualTo(new[] { a, a + 4, a + 8, a + 12, a, 0u }));
        Assert.That(_bus.Get(0x2_0040, 5), Is.EqualTo(new[] { a + 0x20, a + 0x14, a + 0x18, a + 0x1c, 0u }));
    }

    [Test]
    public void A_lite_channel_has_16_bits_of_length_no_second_dimension_and_ignores_nothing()
    {
        _bus[0x2_0008] = 7;
        Block(0x100, Copy | TdMode | SrcIgnore, 0x1_0000, 0x2_0000, 1 << 16 | 8, 0x0010_0010);
        Start(7, 0x100);
        _time.Advance(200);
        Assert.That((Read(0x708), Read(0x714), Read(0x718)), Is.EqualTo((Copy, 8u, 0u)));
        _time.AdvanceMicroseconds(5);
        Assert.That(_bus.Get(0x2_0000, 3), Is.EqualTo(new[] { 0xa000_0000u, 0xa000_0004u, 7u }));
    }

    [Test]
    public void Clearing_ACTIVE_pauses_and_setting_it_goes_on()
    {
        Block(0x100, Copy, 0x1_0000, 0x2_0000, 0x1000);
        Start(0, 0x100);
        _time.AdvanceMicroseconds(9);
        Write(0x00, 0);
        Assert.That((Read(0x00), Read(0x14), _time.ArmedTimers), Is.EqualTo((Paused | Dreq, 0xc00u, 0)));
        _time.AdvanceMilliseconds(1);
        Assert.That((Read(0x14), _bus[0x2_0400]), Is.EqualTo((0xc00u, 0u)));
        Write(0x00, Active);
        _time.AdvanceMicroseconds(40);
        Assert.That((Read(0x00), _bus.Get(0x2_0000, 0x400)), Is.EqualTo((End | Dreq, _bus.Get(0x1_0000, 0x400))));
    }

    [Test]
    public void ABORT_goes_on_with_the_next_block_and_RESET_forgets_all()
    {
        Block(0x100, Copy | Inten, 0x1_0000, 0x2_0000, 0x3fff_ffff, 0, 0x120);
        Block(0x120, Copy, 0x1_0000, 0x3_0000, 4, 0, 0x140);
        Block(0x140, Copy | Inten, 0x1_0000, 0x2_0000, 0x3fff_ffff);
        Start(0, 0x100);
        _time.AdvanceMicroseconds(1);
        Write(0x00, Active | Abort);
        Assert.That((Read(0x00) & 7, Read(0x04)), Is.EqualTo((Active, 0x120u)));
        _time.AdvanceMicroseconds(1);
        Assert.That((Read(0x00) & 7, _bus[0x3_0000]), Is.EqualTo((Active | End, 0xa000_0000u)));
        Write(0x00, Reset);
        for (var register = 0; register < 0x20; register += 4) Assert.That(Read(register), Is.Zero);
        Assert.That(_time.ArmedTimers, Is.Zero);
    }

    [Test]
    public void The_last_blocks_abort_ends_the_transfer()
    {
        Block(0x100, Copy | Inten, 0x1_0000, 0x2_0000, 0x1000);
        Start(0, 0x100);
        _time.AdvanceMicroseconds(1);
        Write(0x00, Active | Abort);
        Assert.That((Read(0x00) & 7, Read(0x04), _time.ArmedTimers), Is.EqualTo((0u, 0u, 0)));
    }

    [Test]
    public void What_nobody_answers_sets_READ_ERROR_which_is_cleared_in_DEBUG()
    {
        Block(0x100, Copy, 0x3fff_0000, 0x2_0000, 4);
        _bus[0x2_0000] = 7;
        Start(0, 0x100);
        _time.AdvanceMicroseconds(2);
        Assert.That((Read(0x00), Read(0x20) & 7, _bus[0x2_0000]), Is.EqualTo((End | Dreq | Error, 4u, 0u)));
        Write(0x20, 3);
        Assert.That(Read(0x20) & 7, Is.EqualTo(4u));
        Write(0x20, 4);
        Assert.That((Read(0x20) & 7, Read(0x00) & Error), Is.EqualTo((0u, 0u)));
        Start(0, 0x3fff_0000);
        _time.AdvanceMicroseconds(2);
        Assert.That((Read(0x20) & 7, Read(0x00) & 7), Is.EqualTo((4u, End)), "a block that is not there");
    }

    [Test]
    public void A_disabled_channel_waits_until_it_is_enabled()
    {
        Write(0xff0, 0x7ffe);
        Block(0x100, Copy, 0x1_0000, 0x2_0000, 4);
        Start(0, 0x100);
        _time.AdvanceMicroseconds(5);
        Assert.That((Read(0x00) & 3, Read(0xff0)), Is.EqualTo((Active, 0x7ffeu)));
        Write(0xff0, 0xffff_ffff);
        _time.AdvanceMicroseconds(5);
        Assert.That((Read(0x00) & 3, Read(0xff0)), Is.EqualTo((End, 0x7fffu)));
    }

    [Test]
    public void ACTIVE_without_a_block_waits_for_one()
    {
        Write(0x00, Active);
        _time.AdvanceMicroseconds(5);
        Assert.That(Read(0x00), Is.EqualTo(Active));
        Block(0x100, Copy, 0x1_0000, 0x2_0000, 4);
        Write(0x04, 0x100);
        _time.AdvanceMicroseconds(5);
        Assert.That((Read(0x00) & 3, _bus[0x2_0000]), Is.EqualTo((End, 0xa000_0000u)));
    }
}
