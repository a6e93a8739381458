using RawIo.Sim;

namespace RawIo.Tests;

// BARs on the machine's buses.
public partial class PciTests
{
    [Test]
    public void A_bar_is_on_the_bus_only_while_command_lets_it_and_moves_at_once()
    {
        using var old = _machine.IoRemap(0xfea0_0000, 0x1000);
        using var moved = _machine.IoRemap(0xfeb0_0000, 0x1000);
        Write(Edu, 0x10, 0xfea0_0000);
        Assert.That(() => old.Read32(0), Throws.TypeOf<BusFaultException>());
        Write(Edu, 4, 2);
        Assert.That(old.Read32(0), Is.EqualTo(0x0100_00ed), "the translation that found nobody is gone");
        Write(Edu, 0x10, 0xfeb0_0000);
        Assert.That(() => old.Read32(0), Throws.TypeOf<BusFaultException>());
        Assert.That(moved.Read32(0), Is.EqualTo(0x0100_00ed));
        Write(Edu, 4, 5);
        Assert.That(() => moved.Read32(0), Throws.TypeOf<BusFaultException>());
        Write(Edu, 4, 2);
        Assert.That(moved.Read32(0), Is.EqualTo(0x0100_00ed));
        _machine.Reset();
        Assert.That(() => moved.Read32(0), Throws.TypeOf<BusFaultException>());
    }

    [Test]
    public void A_port_bar_answers_at_its_ports()
    {
        Write(Edu, 0x14, 0xc000);
        Write(Edu, 4, 1);
        Assert.That(_ports.In32(0xc000), Is.EqualTo(0x0100_00ed));
        _ports.Out32(0xc004, 1);
        Assert.That(_ports.In32(0xc004), Is.EqualTo(0xffff_fffe));
        Write(Edu, 0x14, 0xd000);
        Assert.That(() => _ports.In32(0xc000), Throws.TypeOf<BusFaultException>());
        Assert.That(_ports.In32(0xd004), Is.EqualTo(0xffff_fffe), "the same device");
        Write(Edu, 0x14, 0xffff_d000);
        Assert.That(() => _ports.In32(0xd000), Throws.TypeOf<BusFaultException>(), "there are 16 bits of ports");
    }

    [Test]
    public void A_bar_over_ram_or_another_device_is_not_there_and_comes_when_the_way_is_free()
    {
        _machine.PhysicalMemory.Write32(0x10_0000, 0x1234);
        Write(Edu, 4, 3);
        Write(Edu, 0x10, 0x0010_0000);
        Assert.That(_machine.PhysicalMemory.Read32(0x10_0000), Is.EqualTo(0x1234));
        Write(Edu, 0x14, 0x0600);
        Assert.That(_ports.In32(0x600), Is.EqualTo(0x0100_00ed));
        Write(Edu, 0x14, 0x0200);
        Assert.That(() => _ports.In32(0x200), Throws.TypeOf<BusFaultException>(), "COM2 is at 0x2f8");
        var host = _machine.Device<PciHostModel>();
        var other = host.Bus.Plug(9, 0, new EduModel(_machine.Time, new BenchMemory()));
        Write(Edu, 0x10, 0xfea0_0000);
        Write(0x8000_4800, 0x10, 0xfea0_0000);
        Write(0x8000_4800, 4, 2);
        _machine.PhysicalMemory.Write32(0xfea0_0004, 5);
        Write(Edu, 0x10, 0xfeb0_0000);
        Assert.That((_machine.PhysicalMemory.Read32(0xfea0_0004), _machine.PhysicalMemory.Read32(0xfeb0_0004)), Is.EqualTo((0u, ~5u)));
        Assert.That(other.Bars[0].Mapped, Is.Not.Null);
        Assert.That(() => host.Bus.Plug(9, 0, new EduModel(_machine.Time, new BenchMemory())), Throws.ArgumentException);
        Assert.That(() => host.Bus.Plug(32, 0, new EduModel(_machine.Time, new BenchMemory())), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Bars_are_checked_when_they_are_made()
    {
        var device = new RecordingDevice(16);
        Assert.That(() => new PciBar(6, PciBarKind.Io, 16, device), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new PciBar(5, PciBarKind.Memory64, 16, device), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new PciBar(0, PciBarKind.Memory32, 24, device), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new PciBar(0, PciBarKind.Io, 512, device), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new WideFunction(new(1, PciBarKind.Memory32, 16, device), new(0, PciBarKind.Memory64, 16, device)), Throws.ArgumentException);
    }

    [Test]
    public void A_bar_of_64_bits_takes_two_registers()
    {
        var recorder = new RecordingDevice(0x2000);
        _machine.Device<PciHostModel>().Bus.Plug(7, 0, new WideFunction(new PciBar(2, PciBarKind.Memory64, 0x2000, recorder, isPrefetchable: true)));
        const uint Wide = 0x8000_3800;
        Write(Wide, 0x18, 0xffff_ffff);
        Write(Wide, 0x1c, 0xffff_ffff);
        Assert.That((Read(Wide, 0x18), Read(Wide, 0x1c)), Is.EqualTo((0xffff_e00c, 0xffff_ffff)));
        Write(Wide, 0x18, 0x8000_0000);
        Write(Wide, 0x1c, 0x0000_00f0);
        Write(Wide, 4, 2);
        _machine.PhysicalMemory.Write32(0xf0_8000_0004, 1);
        Assert.That(recorder.Take(), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_snapshot_puts_bars_and_interrupts_back()
    {
        Write(Edu, 0x10, 0xfea0_0000);
        Write(Edu, 4, 6);
        _machine.PhysicalMemory.Write32(0xfea0_0060, 2);
        var saved = _machine.Save();
        for (var run = 0; run < 2; run++)
        {
            Write(Edu, 4, 0);
            Write(Edu, 0x10, 0xfeb0_0000);
            _machine.Device<EduModel>().Reset();
            _machine.Restore(saved);
            Assert.That((_machine.PhysicalMemory.Read32(0xfea0_0024), _machine.Device<EduModel>().Intx.Level), Is.EqualTo((2u, true)));
        }
    }

    private sealed class WideFunction(params PciBar[] bars) : PciFunction(new(0x1b36, 0x0001, 0xff_0000, 0), bars);
}
