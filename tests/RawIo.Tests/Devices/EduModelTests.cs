using RawIo.Sim;

namespace RawIo.Tests;

// QEMU's docs/specs/edu.txt.
public class EduModelTests
{
    private const long Bar = 0xfea0_0000;

    private SimMachine _machine = null!;
    private IPortGrant _ports = null!;
    private EduModel _edu = null!;
    private IMmioMapping _registers = null!;

    [SetUp]
    public void PowerOn()
    {
        _machine = SimMachine.Create("pc", new() { SteppedClock = true });
        _ports = _machine.OpenPorts(0, 0x1_0000);
        _edu = _machine.Device<EduModel>();
        Configure(0x10, (uint)Bar);
        Configure(0x14, 0xc000);
        Configure(0x04, 7);
        _registers = _machine.IoRemap((ulong)Bar, 0x10_0000);
    }

    [TearDown]
    public void PowerOff()
    {
        _registers.Dispose();
        _ports.Dispose();
        _machine.Dispose();
    }

    private void Configure(int register, uint value)
    {
        _ports.Out32(0xcf8, 0x8000_2000 | (uint)register);
        _ports.Out32(0xcfc, value);
    }

    [Test]
    public void It_says_what_it_is_in_memory_and_at_its_ports()
    {
        Assert.That((_registers.Read32(0), _ports.In32(0xc000)), Is.EqualTo((0x0100_00edu, 0x0100_00edu)));
        _ports.Out32(0xc004, 0x1234_5678);
        Assert.That(_registers.Read32(4), Is.EqualTo(0xedcb_a987));
        Assert.That((_edu.Name, _edu.LeavesOut.Length > 0), Is.EqualTo(("edu", true)));
    }

    [TestCase(0u, 1u)]
    [TestCase(1u, 1u)]
    [TestCase(12u, 479_001_600u)]
    [TestCase(13u, 1_932_053_504u)]
    [TestCase(33u, 2_147_483_648u)]
    [TestCase(34u, 0u)]
    [TestCase(1_000_000u, 0u)]
    public void The_factorial_takes_time_and_then_is_there(uint n, uint factorial)
    {
        _registers.Write32(8, n);
        Assert.That((_registers.Read32(8), _registers.Read32(0x20)), Is.EqualTo((n, 1u)));
        _registers.Write32(8, 5);
        _machine.Clock.Step(999 + n);
        Assert.That(_registers.Read32(0x20), Is.EqualTo(1));
        _machine.Clock.Step(100);
        Assert.That((_registers.Read32(0x20), _registers.Read32(8)), Is.EqualTo((0u, factorial)), "what was written meanwhile was not taken");
        Assert.That(_edu.Intx.Level, Is.False);
    }

    [Test]
    public void The_factorial_interrupts_where_the_status_asks_for_it()
    {
        _registers.Write32(0x20, 0xffff_ffff);
        Assert.That(_registers.Read32(0x20), Is.EqualTo(0x80));
        _registers.Write32(8, 3);
        _machine.Clock.Step(2000);
        Assert.That((_edu.Intx.Level, _registers.Read32(0x24), _registers.Read32(8)), Is.EqualTo((true, 1u, 6u)));
        _registers.Write32(0x64, 1);
        Assert.That((_edu.Intx.Level, _registers.Read32(0x24)), Is.EqualTo((false, 0u)));
    }

    [Test]
    public void Interrupts_are_raised_and_acknowledged_bit_by_bit()
    {
        _registers.Write32(0x60, 0x0f0);
        _registers.Write32(0x60, 0xf00);
        _registers.Write32(0x64, 0x0ff);
        Assert.That((_registers.Read32(0x24), _edu.Intx.Level), Is.EqualTo((0xf00u, true)));
        _registers.Write32(0x64, 0xf00);
        Assert.That(_edu.Intx.Level, Is.False);
    }

    [Test]
    public void Accesses_of_other_sizes_and_places_are_guest_errors()
    {
        Assert.That(() => _registers.Read8(0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => _registers.Read64(0), Throws.TypeOf<BusFaultException>());
        Assert.That(() => _registers.Write64(8, 1), Throws.TypeOf<BusFaultException>());
        Assert.That(() => _registers.Read32(0x0c), Throws.TypeOf<BusFaultException>());
        Assert.That(() => _registers.Read32(0x4_0000), Throws.TypeOf<BusFaultException>(), "the buffer is the DMA's alone");
        _machine.Faults.Policy = FaultPolicy.Hardware;
        Assert.That((_registers.Read64(0), _registers.Read32(0x84), _registers.Read64(0xa0)), Is.EqualTo((ulong.MaxValue, uint.MaxValue, ulong.MaxValue)));
        _registers.Write64(0, 0);
        Assert.That(_registers.Read32(4), Is.Zero);
        _registers.Write64(0x80, 0x1234_5678_9abc_def0);
        Assert.That((_registers.Read64(0x80), _registers.Read32(0x80)), Is.EqualTo((0x1234_5678_9abc_def0ul, 0x9abc_def0u)));
        _registers.Write32(0x80, 1);
        Assert.That(_registers.Read64(0x80), Is.EqualTo(1));
    }

    private void Dma(ulong source, ulong destination, ulong count, ulong command)
    {
        _registers.Write64(0x80, source);
        _registers.Write64(0x88, destination);
        _registers.Write64(0x90, count);
        _registers.Write64(0x98, command);
    }

    [Test]
    public void Dma_goes_through_the_buffer_and_back_after_a_tenth_of_a_second()
    {
        for (var i = 0; i < 100; i++) _machine.PhysicalMemory.Write8(0x20_0003 + i, (byte)(i + 1));
        Dma(0x20_0003, 0x4_0f9c, 100, 1);
        _registers.Write64(0x80, 0);
        Assert.That((_registers.Read64(0x98), _registers.Read64(0x80)), Is.EqualTo((1ul, 0x20_0003ul)), "busy: nothing can be changed");
        _machine.Clock.Step(99_999_999);
        Assert.That(_registers.Read64(0x98), Is.EqualTo(1));
        _machine.Clock.Step(1);
        Assert.That((_registers.Read64(0x98), _edu.Intx.Level), Is.EqualTo((0ul, false)));
        Dma(0x4_0f9c, 0x30_0000, 100, 7);
        _machine.Clock.Step(100_000_000);
        Assert.That((_registers.Read64(0x98), _registers.Read32(0x24), _edu.Intx.Level), Is.EqualTo((6ul, 0x100u, true)));
        for (var i = 0; i < 100; i++) Assert.That(_machine.PhysicalMemory.Read8(0x30_0000 + i), Is.EqualTo(i + 1));
        Assert.That(_machine.PhysicalMemory.Read8(0x30_0000 + 100), Is.Zero);
        _registers.Write64(0x98, 6);
        Assert.That(_registers.Read64(0x98), Is.EqualTo(6), "without the start bit a command is none");
    }

    [Test]
    public void Dma_that_cannot_be_is_a_guest_error_and_moves_nothing()
    {
        _machine.PhysicalMemory.Write32(0x10_0000, 0x1234_5678);
        foreach (var (source, destination, count) in new (ulong, ulong, ulong)[]
            { (0x20_0000, 0x4_0001, 4096), (0x20_0000, 0x3_ffff, 1), (0x20_0000, 0x4_1001, 0), (0x20_0000, 0x4_0000, ulong.MaxValue) })
            Assert.That(() => Dma(source, destination, count, 1), Throws.TypeOf<BusFaultException>());
        Assert.That(_registers.Read64(0x98), Is.Zero);
        Configure(4, 3);
        Assert.That(() => Dma(0x20_0000, 0x4_0000, 4, 1), Throws.TypeOf<BusFaultException>(), "no bus master");
        _machine.Faults.Policy = FaultPolicy.Hardware;
        Dma(0x4_0000, 0x10_0000, 4, 3);
        _machine.Clock.Step(100_000_000);
        Assert.That((_machine.PhysicalMemory.Read32(0x10_0000), _registers.Read64(0x98)), Is.EqualTo((0x1234_5678u, 2ul)));
    }

    [Test]
    public void Addresses_beyond_28_bits_are_a_guest_error_and_lose_them()
    {
        _machine.PhysicalMemory.Write32(0x20_0000, 0x1234_5678);
        Assert.That(() => Dma(0x1020_0000, 0x4_0000, 4, 1), Throws.TypeOf<BusFaultException>());
        _machine.Faults.Policy = FaultPolicy.Hardware;
        Dma(0x1020_0000, 0x4_0000, 4, 1);
        _machine.Clock.Step(100_000_000);
        _edu.DmaMask = ulong.MaxValue;
        _machine.Faults.Policy = FaultPolicy.Throw;
        Dma(0x4_0000, 0x1f00_0000, 4, 3);
        _machine.Clock.Step(100_000_000);
        Assert.That(_machine.PhysicalMemory.Read32(0x1f00_0000), Is.EqualTo(0x1234_5678));
    }

    [Test]
    public void A_snapshot_finishes_what_was_going_on()
    {
        _registers.Write32(8, 10);
        Dma(0x20_0000, 0x4_0000, 4, 5);
        var saved = _machine.Save();
        for (var run = 0; run < 2; run++)
        {
            _edu.Reset();
            _machine.Restore(saved);
            Assert.That((_registers.Read32(0x20), _registers.Read64(0x98)), Is.EqualTo((1u, 5ul)));
            _machine.Clock.Step(100_000_000);
            Assert.That((_registers.Read32(8), _registers.Read64(0x98), _edu.Intx.Level), Is.EqualTo((3_628_800u, 4ul, true)));
        }
    }
}
