using RawIo.Sim;

namespace RawIo.Tests;

public class Mcp3008Tests
{
    private SpiBus _bus = null!;
    private Mcp3008 _mcp = null!;

    [SetUp]
    public void Plug()
    {
        _bus = new SpiBus("spi0", 1, new ManualTime());
        _mcp = new Mcp3008();
        _bus.Plug(0, _mcp);
    }

    private byte[] Transfer(params byte[] data)
    {
        _bus.Drive(0, false);
        byte[] answer = [.. data.Select(d => (byte)_bus.Transfer(d, 8))];
        _bus.Drive(0, true);
        return answer;
    }

    private int Convert(bool single, int channel)
    {
        var answer = Transfer(1, (byte)((single ? 0x80 : 0) | channel << 4), 0);
        Assert.That((answer[0], answer[1] & 0xfc), Is.EqualTo(((byte)0, 0)), "nothing before the ten bits");
        return (answer[1] & 3) << 8 | answer[2];
    }

    [TestCase(0, 0)]
    [TestCase(3.3, 1023)]
    [TestCase(5, 1023)]
    [TestCase(-1, 0)]
    [TestCase(1.65, 512)]
    [TestCase(3.3 / 1024, 1)]
    [TestCase(3.29, 1020)]
    public void A_voltage_is_1024ths_of_the_reference(double volts, int code)
    {
        _mcp[5] = volts;
        Assert.That(Convert(true, 5), Is.EqualTo(code));
    }

    [Test]
    public void Each_input_has_its_own_and_a_pair_is_a_difference_either_way()
    {
        _mcp.Reference = 1.024;
        for (var i = 0; i < 8; i++) _mcp[i] = 0.1 * i + 0.0005;
        Assert.That(Enumerable.Range(0, 8).Select(i => Convert(true, i)), Is.EqualTo(new[] { 0, 100, 200, 300, 400, 500, 600, 700 }));
        Assert.That(Convert(false, 2), Is.Zero, "CH2 is below CH3");
        Assert.That(Convert(false, 3), Is.EqualTo(99).Or.EqualTo(100));
    }

    [Test]
    public void Leading_zeros_do_not_count_and_the_bits_come_again_the_other_way_round()
    {
        _mcp[0] = 3.3 * 0x2a5 / 1024 + 0.001;
        var answer = Transfer(0, 0, 0, 1, 0x80, 0, 0, 0, 0);
        // Bits 9 to 0, then 1 to 9: 10 1010 0101, then 0 1010 0101 without the first.
        Assert.That(answer[4..], Is.EqualTo(new byte[] { 0x02, 0xa5, 0x4a, 0x80, 0x00 }));
    }

    [Test]
    public void Without_a_start_bit_in_the_wrong_mode_or_deselected_half_way_it_gives_no_reading()
    {
        _mcp[0] = 3.3;
        Assert.That(Transfer(0, 0, 0, 0), Is.All.Zero);
        Transfer(1);
        Assert.That(Transfer(0x80, 0, 0), Is.EqualTo(new byte[] { 0x01, 0xff, 0xff }), "deselected, it starts anew: here with CH0 against CH1");
        _bus.Mode = 1;
        var late = Transfer(1, 0x80, 0);
        _bus.Mode = 3;
        Assert.That(Transfer(1, 0x80, 0), Is.Not.EqualTo(late));
        Assert.That(Convert(true, 0), Is.EqualTo(1023));
    }

    [Test]
    public void Values_are_checked_and_a_snapshot_keeps_them()
    {
        Assert.That(() => _mcp[8], Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _mcp[-1] = 0, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _mcp[0] = double.NaN, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _mcp.Reference = 0, Throws.TypeOf<ArgumentOutOfRangeException>());
        _mcp[3] = 1;
        var saved = _mcp.Save();
        (_mcp[3], _mcp.Reference) = (2, 5);
        _mcp.Restore(saved);
        Assert.That((_mcp[3], _mcp.Reference), Is.EqualTo((1.0, 3.3)));
    }
}
