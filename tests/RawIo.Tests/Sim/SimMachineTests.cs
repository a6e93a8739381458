using RawIo.Sim;

namespace RawIo.Tests;

internal sealed class SimMachineTests
{
    [Test]
    public void An_unknown_board_is_refused_with_the_list()
    {
        var error = Assert.Throws<ArgumentException>(() => SimMachine.Create("pi9"));
        Assert.That(error!.Message, Does.Contain("pi9").And.Contain("pi1, pi2, pi3, pi4, pi5, pc"));
    }

    [TestCase("pi1", 0x2020_0000ul, 0x1bff_ffffL)]
    [TestCase("pi3", 0x3f20_0000ul, 0x3b3f_ffffL)]
    [TestCase("pi4", 0xfe20_0000ul, 0x7e20_0000L)]
    public void The_built_in_boards_have_their_GPIO_where_the_ARM_sees_it(string board, ulong gpio, long ramEnd)
    {
        using var pi = SimMachine.Create(board, new() { SteppedClock = true });
        Assert.That(pi.Name, Is.EqualTo("sim:" + board));
        Assert.That(pi.Memory.Lookup(gpio)!.Name, Is.EqualTo("gpio@7e200000"));
        Assert.That(pi.Memory.Lookup((ulong)ramEnd)!.Name, Is.EqualTo("System RAM"));
        var route = pi.Explain(gpio + 0x34, 4);
        Assert.That((route.BusAddress, route.Offset), Is.EqualTo(((ulong?)0x7e20_0034, 0x34L)));
        Assert.That(route.Target!.Device, Is.InstanceOf<Bcm2835GpioModel>());
        Assert.That(pi.Device<Bcm2835SystemTimerModel>(), Is.Not.Null);
        using var all = pi.IoRemap(gpio, 0x100);
        if (board == "pi4") all.Write32(0xe4, 0); // GPIO_PUP_PDN_CNTRL_REG0
        else Assert.Throws<BusFaultException>(() => all.Write32(0xe4, 0));
    }

    [Test, CancelAfter(60_000)]
    public void A_pin_may_be_driven_from_another_thread_than_the_drivers(CancellationToken cancel)
    {
        using var pi = SimMachine.Create("pi3", new() { SteppedClock = true });
        using var io = pi.IoRemap(0x3f20_0000, 0xb4);
        var gpio = pi.Device<Bcm2835GpioModel>();
        Assert.That(gpio.Gate, Is.Not.Null);
        io.Write32(0x1c, 0);
        var outside = new Thread(() =>
        {
            for (var i = 0; i < 2000; i++) gpio.Pins[4].Drive(i % 2 == 0);
        });
        outside.Start();
        while (outside.IsAlive && !cancel.IsCancellationRequested) _ = io.Read32(0x34);
        Assert.That(io.Read32(0x34) & 1 << 4, Is.Zero);
    }

    [Test]
    public void The_pc_lists_what_it_has()
    {
        using var pc = SimMachine.Create("pc");
        Assert.That(pc.Name, Is.EqualTo("sim:pc"));
        Assert.That(pc.DeviceTree, Is.Null);
        Assert.That(pc.Ports.ToProcText(), Does.StartWith("0000-001f : dma1\n0020-0021 : pic1\n0040-0043 : timer0\n0050-0053 : timer1\n0060-0060 : keyboard\n0064-0064 : keyboard\n0070-0077 : rtc0\n"));
        var memory = pc.Memory.ToProcText();
        Assert.That(memory, Does.Contain("00001000-0009fbff : System RAM\n").And.Contain("00100000-1ffdffff : System RAM\n  12200000-12447fff : Kernel data\n"));
    }

    [Test]
    public void The_pcs_keyboard_controller_answers_its_self_test()
    {
        using var pc = SimMachine.Create("pc", new() { SteppedClock = true });
        using var region = pc.RequestRegion(0x60, 1, "i8042");
        using var command = pc.RequestRegion(0x64, 1, "i8042");
        command.Ports.Out8(0x64, 0xaa);
        Assert.That(command.Ports.In8(0x64) & 1, Is.EqualTo(1), "output buffer full");
        Assert.That(region.Ports.In8(0x60), Is.EqualTo(0x55));
        var attached = pc.Devices.Single(d => d.Device is I8042Model);
        Assert.That((attached.IsPort, attached.Start, attached.Length, attached.Node), Is.EqualTo((true, 0x60ul, 5L, (DeviceTreeNode?)null)));
    }

    [Test]
    public void The_port_between_the_keyboard_controllers_two_is_not_its()
    {
        using var pc = SimMachine.Create("pc");
        using var io = pc.OpenPorts(0, 0x100);
        var error = Assert.Throws<BusFaultException>(() => io.In8(0x62));
        Assert.That((error!.Address, error.Size, error.IsWrite), Is.EqualTo((0x62ul, 1, false)));
        Assert.That(error.Message, Does.Contain("0x0062"));
    }

    [Test]
    public void A_model_that_the_board_has_not_is_refused_with_those_it_has()
    {
        using var pc = SimMachine.Create("pc");
        Assert.That(pc.Device<I8042Model>(), Is.SameAs(pc.Devices.First(d => d.Start == 0x60).Device));
        Assert.That(Assert.Throws<InvalidOperationException>(() => pc.Device<Bcm2835GpioModel>())!.Message, Does.Contain("I8042Model"));
        using var bare = TestBoards.Make();
        Assert.That(Assert.Throws<InvalidOperationException>(() => bare.Device<I8042Model>())!.Message, Does.Contain("none"));
    }

    [Test]
    public void Ram_cannot_be_ioremapped()
    {
        using var machine = TestBoards.Make();
        foreach (var (start, length) in new (ulong, long)[] { (0, 1), (TestBoards.RamLength - 1, 1), (TestBoards.RamLength - 1, 0x100_0000), (0, 0x1_0000_0000) })
        {
            var error = Assert.Throws<RawIoException>(() => machine.IoRemap(start, length));
            Assert.That(error!.Errno, Is.EqualTo(Errno.EINVAL));
            Assert.That(error.Message, Does.Contain("ioremap on RAM"));
        }
        Assert.DoesNotThrow(() => machine.IoRemap(TestBoards.RamLength, 1).Dispose());
    }

    [Test]
    public void A_mapping_too_large_for_the_page_tables_is_refused_and_leaves_room_for_others()
    {
        using var machine = TestBoards.WithScratch(out _);
        var error = Assert.Throws<RawIoException>(() => machine.IoRemap(TestBoards.DeviceAddress + 0x1000, 1L << 40));
        Assert.That(error!.Errno, Is.EqualTo(Errno.ENOMEM));
        using var map = machine.IoRemap(TestBoards.DeviceAddress, 4);
        Assert.That(map.Read32(0), Is.Zero);
    }

    [Test]
    public void After_dispose_every_access_throws_and_the_trees_can_be_read()
    {
        var pc = SimMachine.Create("pc");
        var map = pc.IoRemap(0xfed0_0000, 4);
        var window = map.Window(0, 4);
        var region = pc.RequestMemRegion(0xfed0_0000, 4, "x");
        var ports = pc.OpenPorts(0x60, 1);
        pc.Dispose();
        Assert.DoesNotThrow(pc.Dispose);
        foreach (var use in new Action[]
        {
            () => map.Read32(0), () => window.Write32(0, 0), () => region.Map(), () => ports.In8(0x60), ports.Pause,
            () => pc.IoRemap(0xfed0_0000, 4), () => pc.OpenPorts(0x60, 1), () => pc.RequestMemRegion(0, 1, "x"),
            () => pc.RequestRegion(0x60, 1, "x"), () => pc.Explain(0, 4), () => pc.PhysicalMemory.Read8(0), () => pc.PhysicalMemory.Write8(0, 0),
            () => pc.PhysicalMemory.Window(0, 1),
        })
            Assert.Throws<ObjectDisposedException>(use);
        Assert.DoesNotThrow(map.Dispose);
        Assert.DoesNotThrow(region.Dispose);
        Assert.That(pc.Memory.ToProcText(), Does.Not.Contain(": x"));
    }

    [Test]
    public void Explain_shows_a_miss_with_the_walk_then_a_hit()
    {
        using var machine = TestBoards.WithScratch(out var device);
        device.Content[0x34] = 0x5a;
        var first = machine.Explain(TestBoards.DeviceAddress + 0x34, 4);
        Assert.That(first.TlbHit, Is.False);
        Assert.That(first.Walk.Select(s => s.Table), Is.EqualTo(new[] { "L0", "L1", "L2", "L3" }));
        Assert.That(first.Walk[3].Meaning, Is.EqualTo("page at 0x20000000, Device-nGnRE, outer shareable, RW, AF, XN"));
        Assert.That(first.Walk[0].Meaning, Is.EqualTo($"table at 0x{first.Walk[1].DescriptorAddress & ~0xffful:x}"));
        Assert.That((first.MemoryType, first.Cache), Is.EqualTo((MemoryType.Device, "bypassed (Device memory)")));
        Assert.That((first.PhysicalAddress, first.Target, first.TargetName, first.Offset, first.Value, first.BusAddress),
            Is.EqualTo((TestBoards.DeviceAddress + 0x34, machine.Devices[0], "scratch", 0x34L, 0x5aul, (ulong?)null)));
        var second = machine.Explain(TestBoards.DeviceAddress + 0x34, 4);
        Assert.That(second.TlbHit, Is.True);
        Assert.That(second.Walk, Is.Empty);
        Assert.That(second.VirtualAddress, Is.EqualTo(first.VirtualAddress));
        Assert.That(device.Take(), Is.EqualTo(new[] { "R4@52", "R4@52" }), "one access each");
    }

    [Test]
    public void Explain_goes_to_RAM_by_the_linear_map_and_the_caches()
    {
        using var machine = TestBoards.Make(TestBoards.Plan(new X64PageFormat()));
        machine.PhysicalMemory.Write32(0x20_0040, 0x1234);
        var first = machine.Explain(0x20_0040, 4);
        Assert.That(first.VirtualAddress, Is.EqualTo(0xffff_8880_0020_0040));
        Assert.That(first.Walk.Select(s => s.Table), Is.EqualTo(new[] { "PML4", "PDPT", "PD" }), "a 2 MiB page");
        Assert.That(first.Walk[2].Meaning, Is.EqualTo("2 MiB block at 0x200000, WB, RW, A, D, NX"));
        Assert.That((first.Cache, first.TargetName, first.Offset, first.Value, first.MemoryType),
            Is.EqualTo(("L1 miss, L2 miss", "RAM", 0x20_0040L, 0x1234ul, MemoryType.NormalCached)));
        Assert.That(machine.Explain(0x20_0044, 4).Cache, Is.EqualTo("L1 hit"), "the same line");
    }

    [Test]
    public void Explain_follows_a_drivers_own_window()
    {
        using var machine = TestBoards.WithScratch(out var device);
        using var other = TestBoards.WithScratch(out _);
        using var mapping = machine.IoRemap(TestBoards.DeviceAddress, 256);
        var part = mapping.Window(0x30, 0x10);
        device.Content[0x34] = 0x5a;

        var first = machine.Explain(part, 4, 4);
        Assert.That((first.PhysicalAddress, first.Offset, first.Value, first.TlbHit), Is.EqualTo((TestBoards.DeviceAddress + 0x34, 0x34L, 0x5aul, false)));
        _ = part.Read32(4);
        var second = machine.Explain(mapping, 0x34, 4);
        Assert.That((second.VirtualAddress, second.TlbHit), Is.EqualTo((first.VirtualAddress, true)), "the driver's own translation");
        Assert.That(device.Take(), Is.EqualTo(new[] { "R4@52", "R4@52", "R4@52" }), "one read each");

        Assert.Throws<ArgumentException>(() => other.Explain(mapping, 0, 4), "another machine's");
        Assert.Throws<ArgumentException>(() => machine.Explain(machine.PhysicalMemory, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => machine.Explain(part, 0x10, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => machine.Explain(part, 0, 5));
        Assert.Throws<DataMisalignedException>(() => machine.Explain(part, 2, 4));
        mapping.Dispose();
        Assert.Throws<ObjectDisposedException>(() => machine.Explain(part, 0, 4));
        Assert.That(device.Take(), Is.Empty);
    }

    [Test]
    public void Explain_refuses_what_is_no_access()
    {
        using var machine = TestBoards.Make();
        Assert.Throws<ArgumentOutOfRangeException>(() => machine.Explain(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => machine.Explain(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => machine.Explain(ulong.MaxValue - 3, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => machine.Explain(1ul << 44, 4));
        Assert.Throws<DataMisalignedException>(() => machine.Explain(2, 4));
        machine.Faults.Policy = FaultPolicy.Hardware;
        Assert.That(machine.Explain(0x3000_0000, 4) is { TargetName: "nobody", Offset: 0, Value: 0 });
    }

    [Test]
    public void An_access_takes_nothing_from_the_heap()
    {
        using var machine = TestBoards.WithScratch(out var device);
        using var io = machine.IoRemap(0x2100_0000, 4);
        machine.Attach(new Bcm2835SystemTimerModel(machine.Clock), 0x2100_0000, 0x20);
        for (var i = 0; i < 100; i++) _ = io.Read32(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _ = io.Read32(0);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
