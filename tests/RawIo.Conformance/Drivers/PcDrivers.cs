using RawIo.Drivers;

namespace RawIo.Conformance;

/// <summary>The PC's drivers, the same on every PC. All of them have their devices in QEMU.</summary>
internal abstract class PcDriverContract : DriverContract
{
    private static readonly PciLocation s_bridge = new(0, 0, 0), s_isa = new(0, 1, 0), s_edu = new(0, 4, 0);

    [Test]
    public void I8042_tests_itself_and_finds_keyboard_and_mouse()
    {
        using var controller = new I8042(Machine);
        var report = controller.Probe();
        Assert.That((report.Passed, report.SelfTest, report.KeyboardTest, report.AuxTest), Is.EqualTo((true, 0x55, 0, (byte?)0)));
        Assert.That((report.KeyboardId, report.MouseId), Is.EqualTo((new byte[] { 0xab, 0x83 }, (byte?)0)));
        controller.SetLeds(KeyboardLeds.CapsLock);
        controller.EnableScanning();
        Assert.That((controller.IdentifyMouse(), controller.Flush()), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task I8042_interrupts_with_a_byte_of_the_keyboard_and_tells_it_from_the_mouses()
    {
        using var controller = new I8042(Machine);
        using var interrupt = Machine.OpenInterrupt(1, "keyboard");
        controller.CommandByte = I8042CommandByte.KeyboardInterrupt;
        controller.Execute(0xd2, 0x5a);
        await interrupt.WaitAsync().AsTask().WaitAsync(Limit);
        Assert.That((controller.TryRead(out var value, out var aux), value, aux), Is.EqualTo((true, 0x5a, false)));
        controller.Execute(0xd3, 0xa5);
        Assert.That((controller.TryRead(out value, out aux), value, aux), Is.EqualTo((true, 0xa5, true)));
        Assert.That(controller.TryRead(out _, out _), Is.False);
    }

    [Test]
    public async Task Uart16550_tests_itself_and_talks_polled_and_by_interrupt()
    {
        using var uart = new Uart16550(Machine, 0x3f8);
        using var interrupt = Machine.OpenInterrupt(4, "serial");
        uart.Timeout = Limit;
        // Before it is configured too: at reset a word has 5 bits, of which QEMU knows nothing.
        Assert.That(uart.SelfTest(), Is.Null);
        uart.Configure(115_200);
        Assert.That((uart.SelfTest(), uart.HasFifos), Is.EqualTo(((string?)null, true)));
        var sent = Bytes(10);
        var received = new byte[10];
        uart.Write(sent);
        uart.Read(received);
        uart.Drain();
        Assert.That((received, uart.TakeErrors()), Is.EqualTo((sent, Uart16550Errors.None)));

        sent = Bytes(12);
        received = new byte[12];
        await uart.WriteAsync(interrupt, sent).AsTask().WaitAsync(Limit);
        for (var count = 0; count < received.Length;)
            count += await uart.ReadAsync(interrupt, received.AsMemory(count)).AsTask().WaitAsync(Limit);
        Assert.That(received, Is.EqualTo(sent));
    }

    [Test]
    public async Task CmosRtc_goes_on_from_what_it_is_set_to_in_every_format_and_interrupts()
    {
        using var ports = Machine.OpenPorts(CmosRtc.IndexPort, 2);
        var rtc = new CmosRtc(ports, Machine.Time);
        Assert.That((rtc.IsValid, IsSoonAfter(rtc.ReadTime(), DriverMachines.Start)), Is.EqualTo((true, true)));
        foreach (var registerB in (byte[])[0x02, 0x00, 0x06, 0x04])
        {
            rtc.WriteByte(11, registerB);
            var date = new DateTime(2024, 2, 28, 23, 59, 59);
            rtc.SetTime(date);
            Await(() => rtc.ReadTime() is var now && now.Day == 29 && IsSoonAfter(now, date), $"midnight with register B 0x{registerB:x2}");
            rtc.SetAlarm(23, null, 5);
            Assert.That((rtc.ReadByte(1), rtc.ReadByte(3)), Is.EqualTo((5, 0xff)));
        }
        using var interrupt = Machine.OpenInterrupt(8, "rtc");
        rtc.SetPeriodicRate(64);
        rtc.EnabledInterrupts = CmosRtcInterrupts.Periodic;
        for (var i = 0; i < 3; i++)
        {
            await interrupt.WaitAsync().AsTask().WaitAsync(Limit);
            interrupt.Enable();
            Assert.That(rtc.Acknowledge() & CmosRtcInterrupts.Periodic, Is.EqualTo(CmosRtcInterrupts.Periodic));
        }
    }

    [Test]
    public async Task I8254_counts_down_interrupts_and_sounds()
    {
        using var ports = Machine.OpenPorts(I8254.FirstPort, 4);
        using var port61 = Machine.OpenPorts(0x61, 1);
        var timer = new I8254(ports, port61);
        timer.StartTone(440);
        Assert.That((timer.ReadCount(2) is > 0 and <= 2712, port61.In8(0x61) & 3), Is.EqualTo((true, 3)));
        var tone = timer.ReadBack(2);
        Assert.That((tone.Access, tone.Mode, tone.IsBcd), Is.EqualTo((3, 3, false)));
        // The gate is open.
        timer.StartOneShot(2, 65536);
        Assert.That(timer.ReadBack(2).Mode, Is.Zero);
        Await(() => timer.ReadBack(2).Output, "a count of 55 ms");
        timer.StopTone();
        Assert.That(port61.In8(0x61) & 3, Is.Zero);

        using var interrupt = Machine.OpenInterrupt(0, "timer");
        timer.StartPeriodic(0, 11932);
        Assert.That(timer.ReadBack(0).Mode, Is.EqualTo(2));
        for (var i = 0; i < 3; i++)
        {
            await interrupt.WaitAsync().AsTask().WaitAsync(Limit);
            interrupt.Enable();
        }
        Assert.That(timer.ReadCount(0), Is.InRange(1, 11932));
    }

    [Test]
    public void PciConfig_enumerates_sizes_and_assigns()
    {
        using var config = new PciConfig(Machine);
        // QEMU's ISA bridge has power management beside it, at 00:01.3.
        Assert.That(config.Enumerate(), Is.SupersetOf(new[] { s_bridge, s_isa, s_edu }));
        Assert.That((config.Find(Edu.VendorId, Edu.DeviceId), config.Find(0x1234, 0x5678)), Is.EqualTo(((PciLocation?)s_edu, (PciLocation?)null)));
        Assert.That((config.Read32(s_bridge, 0), config.Read32(s_isa, 0), config.Read16(s_edu, 2)), Is.EqualTo((0x1237_8086u, 0x7000_8086u, Edu.DeviceId)));
        var bar = config.SizeBars(s_edu)[0];
        Assert.That(bar, Is.EqualTo(new PciBarInfo(0, false, false, false, 0, 0x10_0000)));
        config.AssignBar(s_edu, bar, 0xfea0_0000);
        config.Enable(s_edu);
        Assert.That((config.SizeBars(s_edu)[0].Address, config.Read16(s_edu, 4)), Is.EqualTo((0xfea0_0000ul, 7)));
        using var registers = Machine.IoRemap(0xfea0_0000, 0x100);
        Assert.That(registers.Read32(0), Is.EqualTo(0x0100_00edu));
    }

    [Test]
    public async Task Edu_computes_polled_and_by_interrupt_and_copies_memory()
    {
        const int Irq = 11;
        using var config = new PciConfig(Machine);
        config.AssignBar(s_edu, config.SizeBars(s_edu)[0], 0xfea0_0000);
        config.Write8(s_isa, 0x63, Irq);
        config.Enable(s_edu);
        // As the firmware does: a PCI interrupt is a level.
        using var elcr = Machine.OpenPorts(0x4d1, 1);
        elcr.Out8(0x4d1, 1 << Irq - 8);
        using var registers = Machine.IoRemap(0xfea0_0000, 0x1000);
        using var interrupt = Machine.OpenInterrupt(Irq, "edu");
        var edu = new Edu(registers, Machine.Time) { Timeout = Limit };
        Assert.That((edu.Version, edu.IsAlive(0x1234_5678), edu.Factorial(10)), Is.EqualTo((new Version(1, 0), true, 3_628_800u)));
        for (var n = 1u; n <= 3; n++)
            Assert.That(await edu.FactorialAsync(n, interrupt).AsTask().WaitAsync(Limit), Is.EqualTo(n == 3 ? 6 : n));

        // Not the whole buffer: QEMU 7.2 ends itself at a transfer that ends with it (hw/misc/edu.c, edu_check_range).
        var sent = Bytes(Edu.BufferLength - 16);
        var received = new byte[sent.Length - 16];
        DriverMachines.Ram(Machine, 0x20_0000, sent.Length).CopyTo(0, sent);
        await edu.CopyToDevice(0x20_0000, 0, sent.Length, interrupt).AsTask().WaitAsync(Limit);
        await edu.CopyFromDevice(16, 0x30_0000, received.Length, interrupt).AsTask().WaitAsync(Limit);
        DriverMachines.Ram(Machine, 0x30_0000, received.Length).CopyFrom(0, received);
        Assert.That(received, Is.EqualTo(sent[16..]));
    }

    private static bool IsSoonAfter(DateTime now, DateTime start) => now >= start && now - start < Limit;
}

internal sealed class PcDriversOnSim : PcDriverContract
{
    protected override IHardware Open() => DriverMachines.Simulate("pc", "com1");
}

internal sealed class PcDriversOnQemu : PcDriverContract
{
    protected override IHardware Open() => DriverMachines.EmulatePc();
}
