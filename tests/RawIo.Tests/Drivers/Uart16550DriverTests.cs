using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class Uart16550DriverTests
{
    private static Uart16550Model Com1(SimMachine machine) => machine.Device<Uart16550Model>("com1");

    [TestCase(115200, 1)]
    [TestCase(9600, 12)]
    [TestCase(2, 57600)]
    [TestCase(56000, 2)]
    public void A_rate_has_its_divisor(int rate, int divisor) => Assert.That(Uart16550.DivisorFor(rate), Is.EqualTo(divisor));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(90000)]
    [TestCase(230400)]
    public void A_rate_that_no_divisor_makes_is_refused(int rate) => Assert.That(() => Uart16550.DivisorFor(rate), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Configure_sets_what_it_is_told_or_touches_nothing()
    {
        var rig = new Uart16550Rig();
        var ports = new DevicePorts(rig.Model, 0x3f8, 8);
        using var uart = new Uart16550(ports, rig.Time);
        Assert.That(() => uart.Configure(9600, 9), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => uart.Configure(9600, 8, stopBits: 3), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => uart.Configure(9600, 8, trigger: 2), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => uart.Configure(9600, 8, (Uart16550Parity)1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(ports.Log, Is.Empty);
        uart.Configure(1200, 7, Uart16550Parity.Even, 2, 14);
        rig.W(3, 0x9e);
        Assert.That((rig.R(0), rig.R(1)), Is.EqualTo((96, 0)));
        rig.W(3, 0x1e);
        Assert.That((ports.Log.Any(l => l == "out 3fb 1e"), ports.Log.Any(l => l == "out 3fa c7"), uart.HasFifos, rig.R(4)), Is.EqualTo((true, true, true, 0x0b)));
    }

    [Test]
    public void Polled_an_echo_comes_back()
    {
        using var machine = SimMachine.Create("pc");
        using var uart = new Uart16550(machine, 0x3f8);
        var line = Com1(machine).Line;
        line.Sent += c => line.Send(c);
        uart.Configure(115_200);
        var sent = Enumerable.Range(0, 50).Select(i => (byte)(i * 7)).ToArray();
        var received = new byte[sent.Length];
        for (var i = 0; i < sent.Length; i += 10)
        {
            uart.Write(sent.AsSpan(i, 10));
            uart.Read(received.AsSpan(i, 10));
        }
        uart.Drain();
        Assert.That((received, uart.TakeErrors()), Is.EqualTo((sent, Uart16550Errors.None)));
        Assert.That(machine.Ports.ToProcText(), Does.Contain("03f8-03ff : serial"));
    }

    [Test]
    public void By_interrupt_an_echo_comes_back()
    {
        using var machine = SimMachine.Create("pc");
        using var uart = new Uart16550(machine, 0x3f8);
        using var interrupt = machine.OpenInterrupt(4, "serial");
        var line = Com1(machine).Line;
        uart.Configure(115_200, trigger: 8);
        var sent = Enumerable.Range(0, 100).Select(i => (byte)(i * 3)).ToArray();
        var write = Task.Run(async () => await uart.WriteAsync(interrupt, sent));
        Assert.That(write.Wait(TimeSpan.FromSeconds(20)), Is.True);
        uart.Drain();
        Assert.That(line.Receive(), Is.EqualTo(sent));
        Assert.That(interrupt.Count, Is.GreaterThanOrEqualTo(6), "16 a time");
        var received = new byte[sent.Length];
        var read = Task.Run(async () =>
        {
            for (var count = 0; count < received.Length;)
            {
                // No more at a time than the FIFO holds, however late this thread runs.
                if (count % 10 == 0) line.Send(sent.AsSpan(count, 10));
                count += await uart.ReadAsync(interrupt, received.AsMemory(count, 10 - count % 10));
            }
        });
        Assert.That(read.Wait(TimeSpan.FromSeconds(20)), Is.True);
        Assert.That((received, machine.Ports.ToProcText().Length > 0), Is.EqualTo((sent, true)));
    }

    [Test]
    public void Fewer_than_the_trigger_come_by_the_time_out()
    {
        using var machine = SimMachine.Create("pc", new() { SteppedClock = true });
        using var uart = new Uart16550(machine, 0x3f8);
        using var interrupt = machine.OpenInterrupt(4, "serial");
        uart.Configure(115_200, trigger: 14);
        var buffer = new byte[10];
        var read = uart.ReadAsync(interrupt, buffer).AsTask();
        Com1(machine).Line.Send(1, 2, 3);
        machine.Clock.Step(3 * 86_806 + 3 * 86_806);
        Assert.That(read.IsCompleted, Is.False);
        machine.Clock.Step(90_000);
        Assert.That((read.Wait(TimeSpan.FromSeconds(20)), read.Result, buffer[0], buffer[2]), Is.EqualTo((true, 3, 1, 3)));
    }

    [Test]
    public void A_wait_can_be_cancelled_and_the_interrupts_are_off_then()
    {
        using var machine = SimMachine.Create("pc", new() { SteppedClock = true });
        using var uart = new Uart16550(machine, 0x3f8);
        using var interrupt = machine.OpenInterrupt(4, "serial");
        uart.Configure(115_200);
        using var cancel = new CancellationTokenSource();
        var read = uart.ReadAsync(interrupt, new byte[1], cancel.Token).AsTask();
        cancel.Cancel();
        Assert.That(async () => await read, Throws.InstanceOf<OperationCanceledException>());
        using var ports = machine.OpenPorts(0x3f8, 8);
        Assert.That(ports.In8(0x3f9), Is.Zero);
    }

    [Test]
    public void Errors_are_told_once_and_a_silent_line_times_out()
    {
        using var machine = SimMachine.Create("pc");
        using var uart = new Uart16550(machine, 0x2f8) { Timeout = TimeSpan.FromMilliseconds(20) };
        uart.Configure(115_200);
        machine.Device<Uart16550Model>("com2").Line.SendFaulty(0x41, SerialFault.Parity);
        var one = new byte[1];
        uart.Read(one);
        Assert.That((one[0], uart.TakeErrors(), uart.TakeErrors()), Is.EqualTo((0x41, Uart16550Errors.Parity, Uart16550Errors.None)));
        Assert.That(Assert.Throws<RawIoException>(() => uart.Read(one))!.Errno, Is.EqualTo(Errno.ETIMEDOUT));
        uart.Dispose();
        Assert.That(() => uart.TryRead(out _), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void The_self_test_tries_eight_bits_before_it_is_configured_too_and_leaves_no_trace()
    {
        using var machine = SimMachine.Create("pc");
        using var uart = new Uart16550(machine, 0x3f8);
        var com1 = Com1(machine);
        Assert.That(uart.SelfTest(), Is.Null);
        var (lcr, mcr, msr, lsr) = (com1.Read(3, 1), com1.Read(4, 1), com1.Read(6, 1), com1.Read(5, 1));
        Assert.That((lcr, mcr, msr, lsr), Is.EqualTo((0ul, 0ul, 0ul, 0x60ul)), "no modem input has news");
    }

    [TestCase(8)]
    [TestCase(5)]
    public void The_self_test_passes_and_a_dead_port_fails_it(int bits)
    {
        using var machine = SimMachine.Create("pc");
        using (var uart = new Uart16550(machine, 0x3f8))
        {
            uart.Configure(115_200, bits);
            Assert.That(uart.SelfTest(), Is.Null);
            Assert.That(Com1(machine).Line.Receive(), Is.Empty);
            Assert.That(Com1(machine).Line.Dtr.Level, Is.True, "put back");
        }
        var nothing = new Uart16550(new MemoryPorts(0x3f8, 8), new ManualTime { NanosecondsPerLook = 1000 });
        Assert.That(nothing.SelfTest(), Does.Contain("modem outputs"));
    }

    [Test]
    public void Two_cannot_have_one_port()
    {
        using var machine = SimMachine.Create("pc");
        using var uart = new Uart16550(machine, 0x3f8);
        Assert.That(() => new Uart16550(machine, 0x3f8), Throws.TypeOf<ResourceBusyException>());
        Assert.That(() => new Uart16550(new MemoryPorts(0x3f8, 4), machine.Time), Throws.ArgumentException);
    }
}
