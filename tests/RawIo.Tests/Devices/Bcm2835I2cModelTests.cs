using System.Globalization;
using RawIo.Sim;

namespace RawIo.Tests;

public partial class Bcm2835I2cModelTests
{
    private const int C = 0x00, S = 0x04, DLEN = 0x08, A = 0x0c, FIFO = 0x10, DIV = 0x14, DEL = 0x18, CLKT = 0x1c;
    private const uint I2CEN = 0x8000, INTR = 0x400, INTT = 0x200, INTD = 0x100, ST = 0x80, CLEAR = 0x30, READ = 1;
    private const uint S_CLKT = 0x200, ERR = 0x100, RXF = 0x80, TXE = 0x40, RXD = 0x20, TXD = 0x10, RXR = 8, TXW = 4, DONE = 2, TA = 1;

    private ManualTime _time = null!;
    private Bcm2835I2cModel _i2c = null!;
    private Recorder _part = null!;

    /// <summary>Notes what a part sees: S or R a start for writing or reading, bytes, P a stop.</summary>
    private sealed class Recorder : I2cPart
    {
        public string Log { get; set; } = "";

        public int Acknowledges { get; set; } = int.MaxValue;

        public bool IsThere { get; set; } = true;

        public byte Next { get; set; } = 0x10;

        public long StretchesStart { get; set; }

        public long StretchesBytes { get; set; }

        public override string Name => "recorder";

        public override object Save() => (Log, Next, Acknowledges);

        public override void Restore(object saved) => (Log, Next, Acknowledges) = ((string, byte, int))saved;

        protected internal override bool Start(bool isRead)
        {
            Log += isRead ? "R" : "S";
            Stretch(StretchesStart);
            return IsThere;
        }

        protected internal override bool Write(byte value)
        {
            Log += value.ToString("x2", CultureInfo.InvariantCulture);
            Stretch(StretchesBytes);
            return Acknowledges-- > 0;
        }

        protected internal override byte Read()
        {
            Stretch(StretchesBytes);
            Log += ".";
            return Next++;
        }

        protected internal override void Stop() => Log += "P";
    }

    [SetUp]
    public void PowerOn()
    {
        _time = new ManualTime();
        _i2c = new Bcm2835I2cModel(_time);
        _part = new Recorder();
        _i2c.Bus.Plug(0x50, _part);
    }

    private uint Read(int offset) => (uint)_i2c.Read(offset, 4);

    private void Write(int offset, uint value) => _i2c.Write(offset, 4, value);

    private void Begin(uint control, uint length, uint address = 0x50)
    {
        Write(A, address);
        Write(DLEN, length);
        Write(C, I2CEN | ST | control);
    }

    [Test]
    public void At_power_on_the_registers_have_the_datasheets_values()
    {
        Assert.That(Enumerable.Range(0, 8).Select(i => Read(i * 4)), Is.EqualTo(new[] { 0u, 0x50u, 0u, 0u, 0u, 0x5dcu, 0x30_0030u, 0x40u }));
        Assert.That((_i2c.Name, _i2c.Compatible[0], _i2c.LeavesOut.Length > 0), Is.EqualTo(("BCM2835 I2C", "brcm,bcm2835-i2c", true)));
        Assert.That(() => Read(0x20), Throws.TypeOf<BusFaultException>());
        Assert.That(() => Write(0x20, 0), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void Registers_keep_their_bits_and_no_others()
    {
        for (var offset = A; offset <= CLKT; offset += 4)
            if (offset != FIFO) Write(offset, 0xffff_ffff);
        Write(DLEN, 0xffff_ffff);
        Write(C, 0xffff_7f4f);
        Assert.That((Read(C), Read(DLEN), Read(A), Read(DIV), Read(DEL), Read(CLKT)),
            Is.EqualTo((0x701u, 0xffffu, 0x7fu, 0xffffu, 0xffff_ffffu, 0xffffu)));
    }

    [Test]
    public void A_write_takes_ten_clocks_then_nine_a_byte_then_one()
    {
        Write(FIFO, 0x12);
        Write(FIFO, 0x34);
        Assert.That(Read(S), Is.EqualTo(RXD | TXD), "one FIFO for both directions");
        Begin(0, 2);
        Assert.That((Read(C), Read(S) & (TA | DONE | TXW)), Is.EqualTo((I2CEN, TA)), "ST reads 0, and there is enough to send");
        // 150 MHz / 1500 is 100 kHz: 10 us a clock.
        _time.AdvanceMicroseconds(10 * 29 - 1);
        Assert.That((Read(S) & (TA | DONE), Read(DLEN)), Is.EqualTo((TA, 0u)));
        _time.AdvanceMicroseconds(1);
        Assert.That((Read(S), _part.Log), Is.EqualTo((DONE | TXE | TXD, "S1234P")));
        Assert.That(Read(DLEN), Is.Zero, "what is left, while DONE");
        Write(S, DONE);
        Assert.That((Read(S), Read(DLEN)), Is.EqualTo((TXE | TXD, 2u)), "what was written, after");
        Assert.That(_time.ArmedTimers, Is.Zero);
    }

    [TestCase(0u, 32768)]
    [TestCase(2500u, 2500)]
    [TestCase(2501u, 2500)]
    public void DIV_is_even_and_0_is_32768(uint divider, int divisor)
    {
        Write(DIV, divider);
        Begin(0, 0);
        _time.Advance((long)divisor * 11 * 1_000_000_000 / 150_000_000 - 20);
        Assert.That(Read(S) & DONE, Is.Zero);
        _time.Advance(40);
        Assert.That((Read(S) & DONE, _part.Log), Is.EqualTo((DONE, "SP")), "no data: the address alone");
    }

    [Test]
    public void A_write_waits_for_its_bytes_and_TXW_asks_for_them()
    {
        Begin(INTT, 20);
        Assert.That((Read(S) & (TXW | TA), _i2c.InterruptLines[0].Level), Is.EqualTo((TXW | TA, true)), "at once: nothing to send is there");
        for (var i = 0u; i < 16; i++) Write(FIFO, i);
        Assert.That((Read(S) & (TXD | TXE | TXW | RXF), _i2c.InterruptLines[0].Level), Is.EqualTo((RXF, false)));
        Write(FIFO, 0xee);
        _time.AdvanceMicroseconds(10 * (10 + 9 * 12));
        Assert.That((Read(S) & TXW, _i2c.InterruptLines[0].Level), Is.EqualTo((TXW, true)), "one on the wire, three left: below a quarter");
        _time.AdvanceMilliseconds(10);
        Assert.That((Read(S) & (TXE | TA | DONE), Read(DLEN)), Is.EqualTo((TXE | TA, 4u)), "the clock is held");
        for (var i = 16u; i < 20; i++) Write(FIFO, i);
        Assert.That(Read(S) & TXW, Is.Zero);
        _time.AdvanceMilliseconds(1);
        Assert.That((Read(S) & (TA | DONE), _part.Log), Is.EqualTo((DONE, "S" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i:x2}")) + "P")));
    }

    [Test]
    public void TXW_does_not_ask_for_a_byte_when_the_last_is_on_the_wire()
    {
        Write(FIFO, 1);
        Begin(0, 1);
        _time.AdvanceMicroseconds(150);
        Assert.That(Read(S) & (TXW | TXE | TA), Is.EqualTo(TXE | TA));
    }

    [Test]
    public void A_read_fills_the_fifo_stops_when_it_is_full_and_RXR_asks_for_it()
    {
        Begin(READ | INTR | INTD, 20);
        _time.AdvanceMicroseconds(10 * (10 + 9 * 11));
        Assert.That((Read(S) & (RXR | RXD), _i2c.InterruptLines[0].Level), Is.EqualTo((RXD, false)));
        _time.AdvanceMicroseconds(90);
        Assert.That((Read(S) & RXR, _i2c.InterruptLines[0].Level), Is.EqualTo((RXR, true)), "twelve of sixteen");
        _time.AdvanceMilliseconds(10);
        Assert.That((Read(S) & (RXF | TXD | TA), Read(DLEN)), Is.EqualTo((RXF | TA, 4u)));
        Write(FIFO, 0xee);
        Assert.That(Enumerable.Range(0, 16).Select(_ => Read(FIFO)), Is.EqualTo(Enumerable.Range(0x10, 16)));
        _time.AdvanceMilliseconds(1);
        Assert.That((Read(S) & (DONE | TA | RXD | RXR), _i2c.InterruptLines[0].Level), Is.EqualTo((DONE | RXD, true)));
        Assert.That(Enumerable.Range(0, 5).Select(_ => Read(FIFO)), Is.EqualTo(new uint[] { 0x20, 0x21, 0x22, 0x23, 0 }));
        Assert.That(_part.Log, Is.EqualTo("R" + new string('.', 20) + "P"));
    }

    [Test]
    public void A_read_of_no_bytes_is_the_address_alone()
    {
        Begin(READ, 0);
        _time.AdvanceMilliseconds(1);
        Assert.That((Read(S), _part.Log), Is.EqualTo((DONE | TXE | TXD, "RP")));
    }

    [Test]
    public void A_start_written_while_a_write_is_under_way_becomes_a_repeated_start()
    {
        Write(FIFO, 0xab);
        Begin(INTT, 1);
        Write(DLEN, 3);
        Write(C, I2CEN | ST | READ | INTR | INTD);
        Assert.That(Read(DLEN), Is.EqualTo(1u), "the write's own length still counts");
        _time.AdvanceMicroseconds(10 * (10 + 9 + 10 + 27));
        Assert.That((Read(S) & (DONE | TA), _i2c.InterruptLines[0].Level), Is.EqualTo((TA, false)), "one DONE, at the end");
        _time.AdvanceMicroseconds(10);
        Assert.That((Read(S), _part.Log, _i2c.InterruptLines[0].Level), Is.EqualTo((DONE | RXD | TXD, "SabR...P", true)));
    }

    [Test]
    public void A_snapshot_in_the_middle_of_a_read_goes_on_the_same_way()
    {
        Begin(READ | INTD, 10);
        _time.AdvanceMicroseconds(400);
        Assert.That(Read(S) & DONE, Is.Zero);
        var saved = _i2c.Save();
        for (var round = 0; round < 2; round++)
        {
            _time.AdvanceMilliseconds(2);
            Assert.That(_i2c.InterruptLines[0].Level, Is.True);
            Assert.That(Enumerable.Range(0, 10).Select(_ => Read(FIFO)), Is.EqualTo(Enumerable.Range(0x10, 10)));
            Assert.That(_part.Log, Is.EqualTo("R..........P"));
            if (round == 0) _i2c.Bus.Unplug(0x50);
            _i2c.Bus.Plug(0x51, new Eeprom24C32());
            _i2c.Restore(saved);
            Assert.That((_i2c.InterruptLines[0].Level, _i2c.Bus.Parts.Count, _i2c.Bus.Parts[0x50]), Is.EqualTo((false, 1, _part)));
        }
    }

    [Test]
    public void A_reset_ends_what_is_under_way()
    {
        Begin(READ | INTD, 100);
        _time.AdvanceMilliseconds(1);
        _i2c.Reset();
        Assert.That((Read(C), Read(S), Read(DLEN), _i2c.Bus.IsBusy, _time.ArmedTimers), Is.EqualTo((0u, TXE | TXD, 0u, false, 0)));
    }
}
