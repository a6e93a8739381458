namespace RawIo.Tests;

// Transfers that do not go straight through: nobody acknowledges, a held clock, registers written meanwhile.
public partial class Bcm2835I2cModelTests
{
    [Test]
    public void Nobody_at_the_address_is_ERR_and_DONE_and_the_fifo_keeps_its_bytes()
    {
        Write(FIFO, 0x12);
        Begin(0, 1, address: 0x51);
        _time.AdvanceMicroseconds(200);
        Assert.That((Read(S), Read(DLEN), _part.Log, _i2c.Bus.IsBusy), Is.EqualTo((ERR | DONE | RXD | TXD, 1u, "", false)));
        Write(S, ERR);
        Assert.That(Read(S) & (ERR | DONE), Is.EqualTo(DONE));
        Write(C, I2CEN | CLEAR);
        Assert.That(Read(S), Is.EqualTo(DONE | TXE | TXD));
        _part.IsThere = false;
        Begin(READ, 1);
        _time.AdvanceMicroseconds(200);
        Assert.That((Read(S) & (ERR | TXE), _part.Log), Is.EqualTo((ERR | TXE, "R")));
    }

    [Test]
    public void A_data_byte_without_acknowledge_ends_the_write()
    {
        _part.Acknowledges = 1;
        for (var i = 1u; i <= 3; i++) Write(FIFO, i);
        Begin(0, 3);
        _time.AdvanceMilliseconds(1);
        Assert.That((Read(S) & (ERR | DONE | TA), Read(DLEN), _part.Log), Is.EqualTo((ERR | DONE, 1u, "S0102P")));
    }

    [Test]
    public void A_start_that_waits_is_forgotten_when_nobody_acknowledges()
    {
        Write(FIFO, 0xab);
        _part.Acknowledges = 0;
        Begin(0, 1);
        Write(DLEN, 3);
        Write(C, I2CEN | ST | READ);
        _time.AdvanceMilliseconds(2);
        Assert.That((Read(S) & (ERR | DONE | TA), _part.Log), Is.EqualTo((ERR | DONE, "SabP")));
    }

    [Test]
    public void A_part_may_hold_the_clock_and_one_that_holds_it_too_long_is_CLKT()
    {
        _part.StretchesBytes = 600_000;
        Write(FIFO, 1);
        Begin(0, 1);
        _time.AdvanceMicroseconds(200 + 599);
        Assert.That(Read(S) & (TA | DONE), Is.EqualTo(TA));
        _time.AdvanceMicroseconds(1);
        Assert.That(Read(S) & (TA | DONE | S_CLKT), Is.EqualTo(DONE), "60 clocks are within the 64 of CLKT");

        _part.StretchesStart = 641_000;
        Write(S, DONE);
        Begin(READ | INTD, 1);
        _time.AdvanceMicroseconds(100 + 639);
        Assert.That(Read(S) & (TA | DONE), Is.EqualTo(TA));
        _time.AdvanceMicroseconds(1);
        Assert.That((Read(S), _i2c.InterruptLines[0].Level), Is.EqualTo((S_CLKT | DONE | TXE | TXD, true)));
        Write(S, S_CLKT | DONE);
        Assert.That(Read(S), Is.EqualTo(TXE | TXD));
    }

    [Test]
    public void With_CLKT_0_it_waits_for_ever_until_I2CEN_is_cleared()
    {
        Write(CLKT, 0);
        _part.StretchesStart = long.MaxValue;
        Begin(0, 1);
        _time.AdvanceMilliseconds(3_600_000);
        Assert.That((Read(S) & (TA | DONE), _time.ArmedTimers), Is.EqualTo((TA, 0)));
        Write(C, 0);
        Assert.That((Read(S) & (TA | DONE), _part.Log, _i2c.Bus.IsBusy), Is.EqualTo((0u, "SP", false)));
    }

    [Test]
    public void ST_without_I2CEN_does_nothing_and_CLEAR_breaks_a_read_off()
    {
        Write(C, ST);
        _time.AdvanceMilliseconds(1);
        Assert.That((Read(S), _part.Log), Is.EqualTo((TXE | TXD, "")));
        Begin(READ, 8);
        _time.AdvanceMicroseconds(500);
        Write(C, I2CEN | CLEAR);
        Assert.That((Read(S), _part.Log), Is.EqualTo((TXE | TXD, "R....P")));
        _time.AdvanceMilliseconds(1);
        Assert.That(Read(S), Is.EqualTo(TXE | TXD));
    }

    [Test]
    public void Registers_written_in_the_middle_of_a_transfer_count_for_the_next()
    {
        Write(FIFO, 1);
        Write(FIFO, 2);
        Begin(0, 2);
        _time.AdvanceMicroseconds(50);
        Write(A, 0x51);
        Write(DLEN, 7);
        Write(C, I2CEN | READ);
        _time.AdvanceMilliseconds(1);
        Assert.That((_part.Log, Read(S) & (DONE | ERR)), Is.EqualTo(("S0102P", DONE)));
    }

    [Test]
    public void A_part_that_is_pulled_out_no_longer_acknowledges()
    {
        for (var i = 0u; i < 4; i++) Write(FIFO, i);
        Begin(0, 4);
        _time.AdvanceMicroseconds(200);
        _i2c.Bus.Unplug(0x50);
        _time.AdvanceMilliseconds(1);
        Assert.That((Read(S) & (ERR | DONE), _part.Log), Is.EqualTo((ERR | DONE, "S00")));
    }
}
