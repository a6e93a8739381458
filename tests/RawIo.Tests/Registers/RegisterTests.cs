namespace RawIo.Tests;

public class RegisterTests
{
    private static readonly ReadWriteRegister<uint> Control = new("CONTROL", 0x10);
    private static readonly ReadOnlyRegister<ushort> Status = new("STATUS", 0x14);
    private static readonly WriteOnlyRegister<byte> Command = new("COMMAND", 0x18);
    private static readonly ConsumingRegister<ulong> Fifo = new("FIFO", 0x20);
    private static readonly ConsumingRegister<byte> Received = new("RBR", 0);
    private static readonly WriteOnlyRegister<byte> Transmit = new("THR", 0);
    private static readonly ReadWriteRegister<byte> LineControl = new("LCR", 3);
    private static readonly BitField Mode = new(6, 4);

    private readonly MemoryMmio _mmio = new(new byte[0x40]);
    private readonly MemoryPorts _ports = new(0x3f8, 8);

    [SetUp]
    public void Clear()
    {
        _mmio.Accesses.Clear();
        _ports.Accesses.Clear();
        Array.Clear(_mmio.Memory);
    }

    [Test]
    public void Each_type_makes_one_access_of_its_own_width()
    {
        Control.Write(_mmio, 0x1234_5678);
        Assert.That(Control.Read(_mmio), Is.EqualTo(0x1234_5678u));
        Status.Read(_mmio);
        Command.Write(_mmio, 0xab);
        Fifo.Consume(_mmio);
        Assert.That(_mmio.Accesses, Is.EqualTo(new[] { "w32@10=12345678", "r32@10", "r16@14", "w8@18=ab", "r64@20" }));
    }

    [Test]
    public void Over_ports_the_offset_counts_from_the_first_port_of_the_range()
    {
        LineControl.Write(_ports, 0x83);
        LineControl.Read(_ports);
        Received.Consume(_ports);
        Transmit.Write(_ports, 0x41);
        Assert.That(_ports.Accesses, Is.EqualTo(new[] { "out8@3fb=83", "in8@3fb", "in8@3f8", "out8@3f8=41" }));
    }

    [Test]
    public void A_modify_is_exactly_one_read_and_one_write()
    {
        Control.Write(_mmio, 0xffff_ffff);
        _mmio.Accesses.Clear();
        Control.Modify(_mmio, Mode, 2);
        Assert.That(_mmio.Accesses, Is.EqualTo(new[] { "r32@10", "w32@10=ffffffaf" }));

        _mmio.Accesses.Clear();
        Control.Modify(_mmio, clear: 0xff, set: 0x0a);
        Assert.That(_mmio.Accesses, Is.EqualTo(new[] { "r32@10", "w32@10=ffffff0a" }));
    }

    [Test]
    public void A_modify_over_ports_is_exactly_one_in_and_one_out()
    {
        LineControl.Modify(_ports, new BitField(7), 1);
        LineControl.Modify(_ports, clear: 0x80, set: 0x03);
        Assert.That(_ports.Accesses, Is.EqualTo(new[] { "in8@3fb", "out8@3fb=80", "in8@3fb", "out8@3fb=3" }));
    }

    [Test]
    public void A_field_value_that_does_not_fit_leaves_the_device_untouched()
    {
        Assert.That(() => Control.Modify(_mmio, Mode, 8), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => LineControl.Modify(_ports, new BitField(1, 0), (byte)4), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(_mmio.Accesses, Is.Empty);
        Assert.That(_ports.Accesses, Is.Empty);
    }

    [Test]
    public void Fields_are_read_with_one_access()
    {
        Control.Write(_mmio, 0x50);
        _mmio.Accesses.Clear();
        Assert.That(Control.Read(_mmio, Mode), Is.EqualTo(5u));
        Assert.That(Status.Read(_mmio, new BitField(3, 0)), Is.Zero);
        Assert.That(_mmio.Accesses, Is.EqualTo(new[] { "r32@10", "r16@14" }));
    }

    [Test]
    public void A_consuming_register_has_no_plain_read_and_no_modify()
    {
        // Said by the type system; this holds the public surface to it.
        var members = typeof(ConsumingRegister<uint>).GetMethods().Select(m => m.Name).ToList();
        Assert.That(members, Does.Contain("Consume"));
        Assert.That(members, Has.None.EqualTo("Read").And.None.EqualTo("Modify").And.None.EqualTo("Write"));
        Assert.That(typeof(WriteOnlyRegister<uint>).GetMethods().Select(m => m.Name), Has.None.EqualTo("Read").And.None.EqualTo("Modify"));
        Assert.That(typeof(ReadOnlyRegister<uint>).GetMethods().Select(m => m.Name), Has.None.EqualTo("Write").And.None.EqualTo("Modify"));
    }

    [Test]
    public void A_64_bit_register_over_ports_is_refused_in_words()
    {
        Assert.That(() => new ConsumingRegister<ulong>("WIDE", 0).Consume(_ports),
            Throws.InstanceOf<NotSupportedException>().With.Message.Contains("UInt64"));
        Assert.That(() => new WriteOnlyRegister<UInt128>("WIDER", 0).Write(_mmio, 1), Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void A_map_knows_what_a_dump_must_not_read()
    {
        var map = new RegisterMap("UART", LineControl, Transmit, Received);
        Assert.That(map.Registers.Select(r => r.Name), Is.EqualTo(new[] { "THR", "RBR", "LCR" }));
        Assert.That(map.At(0).Select(r => r.Name), Is.EquivalentTo(new[] { "RBR", "THR" }));
        Assert.That(map.IsConsuming(0, 1), Is.True);
        Assert.That(map.IsConsuming(0, 4), Is.True, "a wide read would touch it as well");
        Assert.That(map.IsConsuming(1, 3), Is.False);
        Assert.That(map.At(4), Is.Empty);
    }

    [Test]
    public void A_map_reaches_to_the_last_offset()
    {
        var map = new RegisterMap("END", new ConsumingRegister<ulong>("LAST", long.MaxValue - 3), new ConsumingRegister<byte>("FIRST", 0));
        Assert.That(map.At(long.MaxValue, 8).Select(r => r.Name), Is.EqualTo(new[] { "LAST" }));
        Assert.That(map.At(long.MaxValue - 4, 1), Is.Empty);
        Assert.That(map.At(long.MinValue, 8), Is.Empty);
        Assert.Throws<ArgumentNullException>(() => _ = new RegisterMap("X", null!));
        Assert.Throws<ArgumentException>(() => _ = new RegisterMap(""));
    }

    [Test]
    public void A_register_needs_a_name_and_an_offset()
    {
        Assert.That(() => new ReadOnlyRegister<uint>("", 0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new ReadOnlyRegister<uint>("X", -4), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That($"{Control}", Is.EqualTo("CONTROL at 0x10"));
        Assert.That((Control.Size, Control.Access), Is.EqualTo((4, RegisterAccess.ReadWrite)));
    }
}
