using System.Threading.Channels;
using RawIo.QTest;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Interrupts of QEMU's machines, through the lines it tells of.</summary>
internal sealed class QTestInterruptTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_keyboard_controllers_interrupt_reaches_the_driver_on_a_PC()
    {
        using var pc = Qemu.Open("pc");
        using var ports = pc.OpenPorts(0x60, 5);
        using var interrupt = pc.OpenInterrupt(1, "keyboard");
        Assert.That(interrupt.Name, Is.EqualTo("keyboard"));
        Output(ports, 0x12);
        Assert.That(await interrupt.WaitAsync().AsTask().WaitAsync(s_limit), Is.EqualTo(1));
        Assert.That(ports.In8(0x60), Is.EqualTo(0x12));
        // Switched off by coming: the next edge is kept.
        Output(ports, 0x13);
        Assert.That(interrupt.Count, Is.EqualTo(1));
        interrupt.Enable();
        Assert.That(await interrupt.WaitAsync().AsTask().WaitAsync(s_limit), Is.EqualTo(2));
    }

    [Test]
    public async Task A_wait_that_began_before_is_told_and_one_that_is_cancelled_loses_nothing()
    {
        using var pc = Qemu.Open("pc");
        using var ports = pc.OpenPorts(0x60, 5);
        using var interrupt = pc.OpenInterrupt(1, "keyboard");
        using var cancel = new CancellationTokenSource();
        var cancelled = interrupt.WaitAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());
        var wait = interrupt.WaitAsync().AsTask();
        Output(ports, 0x12);
        Assert.That(await wait.WaitAsync(s_limit), Is.EqualTo(1));
    }

    [Test]
    public void An_interrupt_is_one_holders_and_ends_with_the_machine()
    {
        var pc = Qemu.Open("pc");
        var interrupt = pc.OpenInterrupt(12, "mouse");
        Assert.That(Assert.Throws<ResourceBusyException>(() => pc.OpenInterrupt(12, "other"))!.Message, Does.Contain("mouse"));
        interrupt.Dispose();
        interrupt = pc.OpenInterrupt(12, "again");
        Assert.That(Assert.Throws<RawIoException>(() => pc.OpenInterrupt(16, "x"))!.Errno, Is.EqualTo(Errno.ENXIO));
        var wait = interrupt.WaitAsync().AsTask();
        pc.Dispose();
        Assert.That(async () => await wait.WaitAsync(s_limit), Throws.InstanceOf<ObjectDisposedException>());
        Assert.Throws<ObjectDisposedException>(interrupt.Enable);
        Assert.Throws<ObjectDisposedException>(() => pc.OpenInterrupt(1, "x"));
    }

    [TestCase("raspi3b", "pi3", 0x3f20_1000ul)]
    [TestCase("raspi0", "pi1", 0x2020_1000ul)]
    public async Task A_UARTs_interrupt_reaches_the_driver_on_a_Pi_through_its_controller(string machine, string board, ulong uart)
    {
        using var sim = SimMachine.Create(board, new() { SteppedClock = true });
        using var pi = Qemu.Open(machine, new QTestOptions { DeviceTree = sim.DeviceTree });
        var node = pi.DeviceTree!.Nodes.First(n => n.Compatible.Contains("arm,pl011") && n.Resources[0].Start == uart);
        using var map = pi.IoRemap(uart, 0x100);
        using var interrupt = pi.OpenInterrupt(node, 0, "serial");
        Assert.Throws<ResourceBusyException>(() => pi.OpenInterrupt(node, 0, "other"));
        map.Write32(0x38, 0x20); // UARTIMSC: transmit
        map.Write32(0x00, 'A'); // UARTDR
        Assert.That(await interrupt.WaitAsync().AsTask().WaitAsync(s_limit), Is.EqualTo(1));
        // A level that is still there comes again; one that went does not.
        interrupt.Enable();
        Assert.That(await interrupt.WaitAsync().AsTask().WaitAsync(s_limit), Is.EqualTo(2));
        map.Write32(0x44, 0x20); // UARTICR
        interrupt.Enable();
        _ = map.Read32(0x3c);
        Assert.That(interrupt.Count, Is.EqualTo(2));
        map.Write32(0x00, 'B');
        Assert.That(await interrupt.WaitAsync().AsTask().WaitAsync(s_limit), Is.EqualTo(3));
    }

    [Test]
    public async Task A_timers_interrupt_reaches_the_driver_on_a_simulated_Pi_in_another_process()
    {
        using var sim = SimMachine.Create("pi3", new() { SteppedClock = true });
        var connection = QTestConnection.StartProgram(Path.Join(TestContext.CurrentContext.TestDirectory, "RawIo.Tool"), "qtest", "--on", "sim:pi3", "--clock", "stepped");
        using var pi = new QTestMachine(connection, "other", hasPorts: false, sim.DeviceTree);
        var node = pi.DeviceTree!.Nodes.First(n => n.Compatible.Contains("brcm,bcm2835-system-timer"));
        using var map = pi.IoRemap(0x3f00_3000, 0x20);
        using var interrupt = pi.OpenInterrupt(node, 1, "timer");
        map.Write32(0x10, 1000); // C1
        var wait = interrupt.WaitAsync().AsTask();
        Assert.That(wait.IsCompleted, Is.False);
        connection.ClockStep(2_000_000);
        Assert.That(await wait.WaitAsync(s_limit), Is.EqualTo(1));
        Assert.That(connection.InterruptLevel(1), Is.True);
        // The level is still there, then it is not.
        interrupt.Enable();
        Assert.That(await interrupt.WaitAsync().AsTask().WaitAsync(s_limit), Is.EqualTo(2));
        map.Write32(0x00, 2); // CS
        interrupt.Enable();
        Assert.That((map.Read32(0), interrupt.Count, connection.InterruptLevel(1)), Is.EqualTo((0, 2, false)));
    }

    [Test]
    public async Task Changes_are_told_to_whoever_listens_in_their_order()
    {
        using var pc = Qemu.Open("pc");
        using var ports = pc.OpenPorts(0x60, 5);
        var changes = Channel.CreateUnbounded<(int, bool)>();
        // A listener may make accesses.
        pc.Connection.InterruptChanged += (number, raised) =>
        {
            if (raised) _ = ports.In8(0x64);
            changes.Writer.TryWrite((number, raised));
        };
        pc.Connection.InterceptIrqIn("ioapic");
        Output(ports, 0x12);
        _ = ports.In8(0x60);
        using var limit = new CancellationTokenSource(s_limit);
        Assert.That(await changes.Reader.ReadAsync(limit.Token), Is.EqualTo((1, true)));
        Assert.That(await changes.Reader.ReadAsync(limit.Token), Is.EqualTo((1, false)));
        Assert.That(Assert.Throws<RawIoException>(() => pc.Connection.InterceptIrqOut("toaster"))!.Message, Does.Contain("Unknown device"));
    }

    [Test]
    public void A_Pis_interrupts_have_no_bare_numbers()
    {
        using var sim = SimMachine.Create("pi3", new() { SteppedClock = true });
        using var pi = Qemu.Open("raspi3b", new QTestOptions { DeviceTree = sim.DeviceTree });
        Assert.That(Assert.Throws<RawIoException>(() => pi.OpenInterrupt(57, "x"))!.Message, Does.Contain("device tree"));
    }

    // Command 0xd2: the next data byte comes back as if the keyboard had sent it.
    private static void Output(IPortGrant ports, byte value)
    {
        ports.Out8(0x64, 0x60);
        ports.Out8(0x60, 0x45);
        ports.Out8(0x64, 0xd2);
        ports.Out8(0x60, value);
    }
}
