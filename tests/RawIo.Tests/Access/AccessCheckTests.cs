namespace RawIo.Tests;

public class AccessCheckTests
{
    [TestCase(0, 4, 4)]
    [TestCase(12, 4, 16)]
    [TestCase(15, 1, 16)]
    public void An_access_inside_the_window_passes(long offset, int size, long length) =>
        Assert.That(() => AccessCheck.Access(offset, size, length), Throws.Nothing);

    [TestCase(-4, 4, 16)]
    [TestCase(16, 4, 16)]
    [TestCase(14, 4, 16)]
    [TestCase(0, 8, 4)]
    [TestCase(long.MaxValue, 4, 16)]
    [TestCase(long.MinValue, 8, 16)]
    public void An_access_that_leaves_the_window_names_offset_width_and_length(long offset, int size, long length)
    {
        Assert.That(() => AccessCheck.Access(offset, size, length), Throws.InstanceOf<ArgumentOutOfRangeException>()
            .With.Message.Contains($"access of {size} bytes").And.Message.Contains($"window of 0x{length:x} bytes")
            .And.Message.Contains(offset < 0 ? $"{offset}" : $"0x{offset:x}"));
    }

    [TestCase(2, 4)]
    [TestCase(1, 2)]
    [TestCase(4, 8)]
    public void A_misaligned_access_is_told_the_alignment(long offset, int size) =>
        Assert.That(() => AccessCheck.Access(offset, size, 64), Throws.InstanceOf<DataMisalignedException>()
            .With.Message.Contains($"multiple of {size}"));

    [Test]
    public void A_block_may_be_empty_but_not_outside()
    {
        Assert.That(() => AccessCheck.Range(16, 0, 16), Throws.Nothing);
        Assert.That(() => AccessCheck.Range(17, 0, 16), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => AccessCheck.Range(0, -1, 16), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => AccessCheck.Range(8, long.MaxValue, 16), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => AccessCheck.Range(2, 4, 16, alignment: 4), Throws.InstanceOf<DataMisalignedException>());
    }

    [Test]
    public void A_window_has_at_least_one_byte()
    {
        Assert.That(() => AccessCheck.Window(0, 0, 16), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => AccessCheck.Window(8, 9, 16), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => AccessCheck.Window(8, 8, 16), Throws.Nothing);
    }

    [TestCase(0x5f, 1)]
    [TestCase(0x65, 1)]
    [TestCase(0x64, 2)]
    [TestCase(-1, 1)]
    [TestCase(int.MaxValue, 4)]
    public void A_port_outside_the_range_names_port_width_and_range(int port, int size) =>
        Assert.That(() => AccessCheck.Port(port, size, 0x60, 5), Throws.InstanceOf<ArgumentOutOfRangeException>()
            .With.Message.Contains("0x0060 to 0x0064").And.Message.Contains($"{size} bytes"));

    [TestCase(-1, 1)]
    [TestCase(0x10000, 1)]
    [TestCase(0, 0)]
    [TestCase(0xffff, 2)]
    [TestCase(1, 0x10000)]
    public void A_range_of_ports_stays_in_the_64_K(int first, int count) =>
        Assert.That(() => AccessCheck.PortRange(first, count), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
