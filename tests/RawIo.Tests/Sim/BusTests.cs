using RawIo.Sim;

namespace RawIo.Tests;

internal sealed class BusTests
{
    private const ulong At = TestBoards.DeviceAddress;

    [Test]
    public void A_width_the_device_does_not_take_is_a_guest_error_naming_device_and_address()
    {
        using var machine = TestBoards.WithScratch(out var device, sizes: AccessSizes.Two | AccessSizes.Four);
        using var io = machine.IoRemap(At, 256);
        foreach (var access in new Action[] { () => io.Read8(0x11), () => io.Write8(0x11, 1) })
        {
            var error = Assert.Throws<BusFaultException>(access)!;
            Assert.That(error.Message, Does.Contain("scratch").And.Contain("8-bit").And.Contain("0x20000011").And.Contain("16- and 32-bit"));
            Assert.That((error.Address, error.Size), Is.EqualTo((At + 0x11, 1)));
        }
        Assert.Throws<BusFaultException>(() => io.Read64(0));
        Assert.Throws<BusFaultException>(() => io.Fill(0, 0, 16));
        Assert.That(device.Take(), Is.Empty);
        Assert.That(machine.Faults.Count, Is.EqualTo(4));
    }

    [Test]
    public void A_too_wide_access_is_split_low_address_first_where_the_policy_lets_it_pass()
    {
        using var machine = TestBoards.WithScratch(out var device, sizes: AccessSizes.One | AccessSizes.Two);
        machine.Faults.Policy = FaultPolicy.Hardware;
        using var io = machine.IoRemap(At, 256);
        io.Write64(8, 0x8877665544332211);
        Assert.That(device.Take(), Is.EqualTo(new[] { "W2@8", "W2@10", "W2@12", "W2@14" }));
        Assert.That(io.Read64(8), Is.EqualTo(0x8877665544332211));
        Assert.That(io.Read32(12), Is.EqualTo(0x88776655));
        Assert.That(device.Take(), Is.EqualTo(new[] { "R2@8", "R2@10", "R2@12", "R2@14", "R2@12", "R2@14" }));
        Assert.That(machine.Faults.Count, Is.EqualTo(3));
    }

    [Test]
    public void A_too_narrow_access_takes_its_lane_of_the_containing_word()
    {
        using var machine = TestBoards.WithScratch(out var device, sizes: AccessSizes.Four);
        machine.Faults.Policy = FaultPolicy.Hardware;
        using var io = machine.IoRemap(At, 256);
        io.Write32(4, 0x44332211);
        _ = device.Take();
        Assert.That(new[] { io.Read8(4), io.Read8(5), io.Read8(6), io.Read8(7) }, Is.EqualTo(new byte[] { 0x11, 0x22, 0x33, 0x44 }));
        Assert.That(io.Read16(6), Is.EqualTo(0x4433));
        Assert.That(device.Take(), Is.EqualTo(Enumerable.Repeat("R4@4", 5)));
        io.Write8(6, 0xee);
        Assert.That(device.Take(), Is.EqualTo(new[] { "W4@4" }));
        Assert.That(io.Read32(4), Is.EqualTo(0x00ee0000), "the other lanes are zero");
        io.Write16(6, 0xabcd);
        Assert.That(io.Read32(4), Is.EqualTo(0xabcd0000));
        _ = device.Take();
        Assert.That(io.Read64(0), Is.EqualTo(0xabcd0000_00000000));
        Assert.That(device.Take(), Is.EqualTo(new[] { "R4@0", "R4@4" }));
    }

    [Test]
    public void A_misaligned_physical_address_is_a_guest_error_and_is_cut_by_the_hardware()
    {
        using var machine = TestBoards.WithScratch(out var device, sizes: AccessSizes.Four);
        for (var i = 0; i < 12; i++) device.Content[i] = (byte)(i + 1);
        using var io = machine.IoRemap(At + 2, 64);
        Assert.That(Assert.Throws<BusFaultException>(() => io.Read32(0))!.Message, Does.Contain("misaligned"));
        machine.Faults.Policy = FaultPolicy.Hardware;
        Assert.That(io.Read32(0), Is.EqualTo(0x06050403));
        Assert.That(device.Take(), Is.EqualTo(new[] { "R4@0", "R4@4" }));
        io.Write32(0, 0xaabbccdd);
        Assert.That(device.Take(), Is.EqualTo(new[] { "W4@0", "W4@4" }));
        Assert.That(device.Content[..8], Is.EqualTo(new byte[] { 0, 0, 0xdd, 0xcc, 0xbb, 0xaa, 0, 0 }));
    }

    [Test]
    public void Nobody_answers_names_the_node_that_has_no_model()
    {
        using var machine = TestBoards.Make(TestBoards.Plan() with { NameOf = a => a == 0x3f007000 ? "dma@7e007000" : null });
        using var io = machine.IoRemap(0x3f007000, 0x1000);
        var error = Assert.Throws<BusFaultException>(() => io.Read32(0))!;
        Assert.That(error.Message, Does.Contain("0x3f007000").And.Contain("dma@7e007000, which this board has no model of"));
        Assert.That(Assert.Throws<BusFaultException>(() => io.Write16(8, 1))!.Message, Does.Contain("16-bit write at 0x3f007008: nothing is there"));
        machine.Faults.Policy = FaultPolicy.Log;
        var log = new List<string>();
        machine.Faults.Log = log.Add;
        Assert.That(io.Read64(0), Is.Zero);
        io.Write64(0, 5);
        Assert.That(log, Has.Count.EqualTo(2), "one line an access");
        machine.Faults.Policy = FaultPolicy.Hardware;
        Assert.That((io.Read64(0), machine.Faults.Count, log.Count), Is.EqualTo((0ul, 5L, 2)), "counted, not logged");
    }

    [Test]
    public void Devices_may_share_a_page_and_an_access_over_the_edge_goes_to_each_its_part()
    {
        using var machine = TestBoards.Make();
        var (aux, serial) = (new RecordingDevice(8), new RecordingDevice(0x40, AccessSizes.Four));
        machine.Attach(aux, 0x2021_5000, 8);
        machine.Attach(serial, 0x2021_5040, 0x40);
        using var io = machine.IoRemap(0x2021_5000, 0x1000);
        io.Write32(0, 1);
        io.Write32(0x40, 2);
        Assert.That((aux.Content[0], serial.Content[0]), Is.EqualTo(((byte)1, (byte)2)));
        Assert.Throws<BusFaultException>(() => io.Read32(8));
        Assert.Throws<BusFaultException>(() => io.Read32(0x3c));

        var odd = new RecordingDevice(12);
        machine.Attach(odd, 0x2021_6000, 12);
        using var page = machine.IoRemap(0x2021_6000, 0x100);
        odd.Content[8] = 0x77;
        Assert.Throws<BusFaultException>(() => page.Read64(8));
        machine.Faults.Policy = FaultPolicy.Hardware;
        Assert.That(page.Read64(8), Is.EqualTo(0x77));
        page.Write64(8, 0x1_00000002);
        Assert.That(odd.Content[8], Is.EqualTo(2));
        Assert.That(odd.Take()[^1], Is.EqualTo("W4@8"));
    }

    [Test]
    public void A_device_that_overlaps_is_refused_and_nothing_of_it_is_attached()
    {
        using var machine = TestBoards.WithScratch(out _);
        foreach (var (start, length) in new[] { (At + 0xfc, 4L), (At - 0x1000, 0x1001), (0ul, 4), (TestBoards.RamLength - 4, 0x1000), ((1ul << 44) - 4, 8), (ulong.MaxValue, 4), (At + 0x1000, 1L << 33) })
            Assert.Catch<ArgumentException>(() => machine.Attach(new RecordingDevice(4), start, length), $"{start:x}");
        Assert.That(machine.Devices, Has.Count.EqualTo(1));
        Assert.DoesNotThrow(() => machine.Attach(new RecordingDevice(4), At - 4, 4));
        Assert.DoesNotThrow(() => machine.Attach(new RecordingDevice(4), (1ul << 44) - 4, 4));
        Assert.Throws<RawIoException>(() => machine.Attach(new RecordingDevice(4), 0x60, 4, ports: [0x60]));
    }

    [Test]
    public void A_device_attached_later_is_seen_at_once()
    {
        using var machine = TestBoards.Make();
        using var io = machine.IoRemap(At, 4);
        Assert.Throws<BusFaultException>(() => io.Read32(0));
        machine.Attach(new RecordingDevice(4), At, 4);
        Assert.That(io.Read32(0), Is.Zero);
    }

    [Test]
    public void The_debuggers_view_splits_without_a_word_and_goes_past_MMU_and_caches()
    {
        using var machine = TestBoards.WithScratch(out var device, sizes: AccessSizes.Four);
        var memory = machine.PhysicalMemory;
        Assert.That((memory.PhysicalAddress, memory.Length), Is.EqualTo((0ul, 1L << 44)));
        memory.Write64((long)At, 0x1122334455667788);
        memory.Write8((long)At + 8, 9);
        Assert.That(memory.Read16((long)At + 2), Is.EqualTo(0x5566));
        Assert.That(memory.Read8((long)At + 8), Is.EqualTo(9));
        Assert.That(device.Take(), Is.EqualTo(new[] { "W4@0", "W4@4", "W4@8", "R4@0", "R4@8" }));
        memory.Write64(0x1000, 0xabcdef);
        Assert.That(memory.Window(0x1000, 8).Read32(0), Is.EqualTo(0xabcdef));
        Assert.That(memory.Window(0x1000, 8).PhysicalAddress, Is.EqualTo(0x1000));
        Assert.That((machine.Mmu.Tlb.Hits, machine.Mmu.Tlb.Misses, machine.Mmu.Caches.L1.Misses, machine.Faults.Count), Is.EqualTo((0L, 0L, 0L, 0L)));
        Assert.Throws<BusFaultException>(() => memory.Read32(0x3000_0000), "nothing there is an error for a debugger too");
    }

    [Test]
    public void Wide_port_accesses_to_byte_devices_are_byte_cycles_each_to_its_own_device()
    {
        using var machine = TestBoards.Make(TestBoards.Plan() with { Ports = [] });
        var (one, two, wide) = (new RecordingDevice(2, AccessSizes.One), new RecordingDevice(1, AccessSizes.One), new RecordingDevice(4, AccessSizes.Two));
        machine.Attach(one, 0x300, 2, ports: [0x300, 0x301]);
        machine.Attach(two, 0x302, 1, ports: [0x302]);
        machine.Attach(wide, 0x310, 4, ports: [0x310, 0x311, 0x312, 0x313]);
        using var io = machine.OpenPorts(0, 0x10000);
        machine.Faults.Policy = FaultPolicy.Hardware;
        io.Out32(0x300, 0x44332211);
        Assert.That((one.Content[0], one.Content[1], two.Content[0]), Is.EqualTo(((byte)0x11, (byte)0x22, (byte)0x33)));
        Assert.That(machine.Faults.Count, Is.EqualTo(1), "nobody at 0x303");
        Assert.That(io.In32(0x300), Is.EqualTo(0xff332211));
        Assert.That(io.In16(0x1000), Is.EqualTo(0xffff));

        machine.Faults.Policy = FaultPolicy.Throw;
        io.Out32(0x310, 0x04030201);
        Assert.That(io.In16(0x312), Is.EqualTo(0x0403));
        Assert.That(wide.Take(), Is.EqualTo(new[] { "W2@0", "W2@2", "R2@2" }));
        Assert.Throws<BusFaultException>(() => io.In8(0x311));
        Assert.Throws<BusFaultException>(() => io.Out8(0x311, 1));
        Assert.Throws<BusFaultException>(() => io.Out8(0x400, 1));
        machine.Faults.Policy = FaultPolicy.Hardware;
        Assert.That(io.In8(0x311), Is.EqualTo(0x02));
        io.Out8(0x311, 7);
        Assert.That(wide.Content[..2], Is.EqualTo(new byte[] { 0, 7 }));

        var gap = new RecordingDevice(4, AccessSizes.One | AccessSizes.Two);
        machine.Attach(gap, 0x320, 4, ports: [0x320, 0x322, 0x323]);
        io.Out16(0x320, 0x2211);
        io.Out16(0x322, 0x4433);
        Assert.That(io.In16(0x320), Is.EqualTo(0xff11), "0x321 is nobody's");
        Assert.That(gap.Take(), Is.EqualTo(new[] { "W1@0", "W2@2", "R1@0" }));
    }

    [Test]
    public void The_POST_port_always_takes_writes_and_reads_back()
    {
        using var pc = SimMachine.Create("pc");
        using var io = pc.OpenPorts(0x80, 1);
        io.Out8(0x80, 0x5a);
        Assert.That(io.In8(0x80), Is.EqualTo(0x5a));
        io.Pause();
        Assert.That(pc.Faults.Count, Is.Zero);
    }

    [Test]
    public void A_port_can_be_given_once()
    {
        using var machine = TestBoards.Make(TestBoards.Plan() with { Ports = [] });
        machine.Attach(new RecordingDevice(1, AccessSizes.One), 0x300, 1, ports: [0x300]);
        Assert.Throws<ArgumentException>(() => machine.Attach(new RecordingDevice(2), 0x2ff, 2, ports: [0x2ff, 0x300]));
        Assert.Throws<ArgumentException>(() => machine.Attach(new RecordingDevice(1), 0x310, 1, ports: [0x311]));
        Assert.Throws<ArgumentException>(() => machine.Attach(new RecordingDevice(1), 0x1_0000, 1, ports: [0x1_0000]));
        machine.Faults.Policy = FaultPolicy.Hardware;
        using var io = machine.OpenPorts(0x2ff, 1);
        Assert.That(io.In8(0x2ff), Is.EqualTo(0xff), "the refused device got none of its ports");
    }
}
