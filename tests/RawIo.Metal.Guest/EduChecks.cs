namespace RawIo.Metal;

/// <summary>QEMU's teaching device (docs/specs/edu): its registers through the BAR's file in sysfs, its interrupt through UIO.</summary>
internal static class EduChecks
{
    private const long Identification = 0x00, Liveness = 0x04, Factorial = 0x08, Status = 0x20, InterruptStatus = 0x24, RaiseInterrupt = 0x60, AcknowledgeInterrupt = 0x64;
    private const uint Computing = 0x01;

    public static IEnumerable<Check> All() =>
    [
        Check.Of(Edu_is_found_among_the_pci_devices),
        Check.Of(Edu_by_its_bar_identifies_itself_and_inverts),
        Check.Of(Edu_by_its_bar_computes_a_factorial),
        Check.Of(Edu_by_dev_mem_is_the_same_device),
        Check.Of(A_bar_with_ram_behind_it_maps_write_combining),
        Check.Of(Edu_by_uio_has_a_map_and_an_interrupt),
        Check.Of(Edus_interrupt_can_be_awaited_and_the_wait_be_cancelled),
        Check.Of(Two_thousand_interrupts_are_all_counted),
        Check.Of(Edus_interrupt_is_the_machines_as_on_every_backend),
        Check.Of(A_user_without_rights_is_refused_bar_and_uio),
    ];

    private static void Edu_is_found_among_the_pci_devices()
    {
        var edu = PciDevice.Find(0x1234, 0x11e8);
        Assert.That(PciDevice.All().Count, Is.EqualTo(Directory.GetDirectories("/sys/bus/pci/devices").Length));
        Assert.That(edu.Bars[0].Size, Is.EqualTo(0x100000));
        Assert.That(edu.Config.Read16(0), Is.EqualTo(0x1234));
        Assert.That(PciDevice.Open(edu.Address.ToString()).Bars[0].Start, Is.EqualTo(edu.Bars[0].Start));
        Assert.That(File.ReadAllText("/proc/iomem"), Does.Contain($"{edu.Bars[0].Start:x8}-").And.Contain(edu.Address.ToString()));
    }

    private static void Edu_by_its_bar_identifies_itself_and_inverts()
    {
        var pci = PciDevice.Find(0x1234, 0x11e8);
        pci.Enable();
        using var edu = pci.MapBar(0);
        Assert.That(edu.PhysicalAddress, Is.EqualTo(pci.Bars[0].Start));
        Assert.That(edu.Read32(Identification), Is.EqualTo(0x010000ed));
        foreach (var value in new[] { 0u, 1u, 0xffffffffu, 0x12345678u, 0x80000001u })
        {
            edu.Write32(Liveness, value);
            Assert.That(edu.Read32(Liveness), Is.EqualTo(~value));
        }
        pci.Disable();
    }

    private static void Edu_by_its_bar_computes_a_factorial()
    {
        using var edu = PciDevice.Find(0x1234, 0x11e8).MapBar(0);
        var expected = 1u;
        for (var n = 1u; n <= 12; n++)
        {
            expected *= n;
            edu.Write32(Factorial, n);
            while ((edu.Read32(Status) & Computing) != 0) { }
            Assert.That(edu.Read32(Factorial), Is.EqualTo(expected), $"{n}!");
        }
    }

    private static void Edu_by_dev_mem_is_the_same_device()
    {
        var pci = PciDevice.Find(0x1234, 0x11e8);
        using var host = HostMachine.Open();
        using var region = host.RequestMemRegion(pci.Bars[0].Start, 0x100, "edu");
        using var edu = region.Map();
        using var bar = pci.MapBar(0);
        edu.Write32(Liveness, 0xcafe);
        Assert.That(bar.Read32(Liveness), Is.EqualTo(~0xcafeu));
    }

    private static void A_bar_with_ram_behind_it_maps_write_combining()
    {
        var pci = PciDevice.Find(0x1af4, 0x1110);
        using var ram = pci.MapBar(2);
        using var combined = pci.MapBar(2, writeCombining: true);
        combined.Write64(0xff000, 0x1122334455667788);
        DeviceBarrier.Full(); // what is gathered is written out at the latest here
        Assert.That(ram.Read64(0xff000), Is.EqualTo(0x1122334455667788));
        Assert.That(Assert.Throws<RawIoException>(() => PciDevice.Find(0x1234, 0x11e8).MapBar(0, writeCombining: true))!.Errno, Is.EqualTo(Errno.ENOENT), "edu's BAR is not prefetchable");
    }

    private static UioDevice OpenUio(out PciDevice pci)
    {
        pci = PciDevice.Find(0x1234, 0x11e8);
        if (pci.Driver is null) pci.Binding.AddId("uio_pci_generic");
        Assert.That(pci.Driver, Is.EqualTo("uio_pci_generic"));
        return UioDevice.Open("uio_pci_generic");
    }

    private static void Edu_by_uio_has_a_map_and_an_interrupt()
    {
        using var uio = OpenUio(out var pci);
        Assert.That(UioDevice.All().Count, Is.EqualTo(1));
        Assert.That($"{uio.Info.PciAddress}", Is.EqualTo($"{pci.Address}"));
        using var edu = pci.MapBar(0);
        pci.InterruptEnabled = true;
        Assert.That(uio.WaitForInterrupt(TimeSpan.FromMilliseconds(100)), Is.Null, "nobody raised it");

        edu.Write32(RaiseInterrupt, 5);
        var first = uio.WaitForInterrupt(TimeSpan.FromSeconds(10))!.Value;
        Assert.That(edu.Read32(InterruptStatus), Is.EqualTo(5));
        edu.Write32(AcknowledgeInterrupt, 5);
        Assert.That(edu.Read32(InterruptStatus), Is.Zero);
        Assert.That(pci.InterruptEnabled, Is.False, "the driver masks it until it is enabled anew");

        edu.Write32(RaiseInterrupt, 1);
        Assert.That(uio.WaitForInterrupt(TimeSpan.FromMilliseconds(200)), Is.Null, "masked");
        pci.InterruptEnabled = true;
        var second = uio.WaitForInterrupt(TimeSpan.FromSeconds(10))!.Value;
        Assert.That(second.Count, Is.EqualTo(first.Count + 1));
        edu.Write32(AcknowledgeInterrupt, 1);

        var refusal = Assert.Throws<RawIoException>(uio.EnableInterrupt)!;
        Assert.That(refusal.Errno, Is.EqualTo(Errno.ENOSYS));
        Assert.That(refusal.Message, Does.Contain("InterruptEnabled = true"));
    }

    private static void Edus_interrupt_can_be_awaited_and_the_wait_be_cancelled()
    {
        using var uio = OpenUio(out var pci);
        using var edu = pci.MapBar(0);
        pci.InterruptEnabled = true;
        using var cancel = new CancellationTokenSource();
        var cancelled = uio.WaitForInterruptAsync(cancel.Token);
        Assert.That(Ends(cancelled, 100), Is.False);
        cancel.Cancel();
        Assert.That(Ends(cancelled, 10_000), Is.True, "the wait goes on although it was cancelled");
        Assert.That(cancelled.IsCanceled, Is.True);

        var waiting = uio.WaitForInterruptAsync();
        Assert.That(Ends(waiting, 100), Is.False);
        edu.Write32(RaiseInterrupt, 1);
        Assert.That(Ends(waiting, 10_000), Is.True, "the interrupt was raised and nobody told");
        edu.Write32(AcknowledgeInterrupt, 1);

        var closed = uio.WaitForInterruptAsync();
        Assert.That(Ends(closed, 100), Is.False);
        uio.Dispose();
        Assert.That(Ends(closed, 10_000), Is.True, "the wait goes on although the device was closed");
        Assert.That(closed.Exception?.InnerException, Is.InstanceOf<ObjectDisposedException>());
    }

    private static bool Ends(Task task, int milliseconds) => Task.WhenAny(task, Task.Delay(milliseconds)).GetAwaiter().GetResult() == task;

    private static void Two_thousand_interrupts_are_all_counted()
    {
        using var uio = OpenUio(out var pci);
        using var edu = pci.MapBar(0);
        var before = uio.EventCount;
        for (var i = 1u; i <= 2000; i++)
        {
            pci.InterruptEnabled = true;
            edu.Write32(RaiseInterrupt, 2);
            var interrupt = uio.WaitForInterrupt(TimeSpan.FromSeconds(10));
            if (interrupt is not { Missed: 0 } || interrupt.Value.Count != before + i) Assert.Fail($"interrupt {i} after {before}: {interrupt}");
            edu.Write32(AcknowledgeInterrupt, 2);
        }
        Assert.That(uio.EventCount, Is.EqualTo(before + 2000));
    }

    private static void Edus_interrupt_is_the_machines_as_on_every_backend()
    {
        using (OpenUio(out _)) { }
        var pci = PciDevice.Find(0x1234, 0x11e8);
        using IHardware host = HostMachine.Open();
        using var edu = pci.MapBar(0);
        var interrupt = host.OpenInterrupt((int)pci.Irq, "edu's driver");
        Assert.That(Assert.Throws<ResourceBusyException>(() => host.OpenInterrupt((int)pci.Irq, "another"))!.Message, Does.Contain("edu's driver"));
        Assert.That((interrupt.Count, pci.InterruptEnabled), Is.EqualTo((0L, true)));

        for (var i = 1; i <= 100; i++)
        {
            var wait = interrupt.WaitAsync().AsTask();
            edu.Write32(RaiseInterrupt, 3);
            Assert.That(Ends(wait, 10_000), Is.True, $"interrupt {i} came to nobody");
            Assert.That((wait.Result, interrupt.Count, pci.InterruptEnabled), Is.EqualTo(((long)i, (long)i, false)));
            edu.Write32(AcknowledgeInterrupt, 3);
            interrupt.Enable();
        }

        interrupt.Disable();
        edu.Write32(RaiseInterrupt, 1);
        using var cancel = new CancellationTokenSource();
        var off = interrupt.WaitAsync(cancel.Token).AsTask();
        Assert.That(Ends(off, 200), Is.False, "it is off");
        interrupt.Enable();
        Assert.That(Ends(off, 10_000) && off.Result == 101, Is.True, "the line is asserted still");
        edu.Write32(AcknowledgeInterrupt, 1);
        interrupt.Enable();
        off = interrupt.WaitAsync(cancel.Token).AsTask();
        cancel.Cancel();
        Assert.That(Ends(off, 10_000) && off.IsCanceled, Is.True, "the wait was cancelled");

        var ended = interrupt.WaitAsync().AsTask();
        interrupt.Dispose();
        Assert.That(Ends(ended, 10_000), Is.True, "the wait goes on although the interrupt was given back");
        Assert.That(ended.Exception?.InnerException, Is.InstanceOf<ObjectDisposedException>());
        Assert.That(pci.InterruptEnabled, Is.False);
        host.OpenInterrupt((int)pci.Irq, "another").Dispose();
    }

    private static void A_user_without_rights_is_refused_bar_and_uio()
    {
        using (OpenUio(out _)) { }
        Assert.That(OtherUser.Try("bar"), Does.StartWith("EACCES: ").And.Contain("resource0"));
        Assert.That(OtherUser.Try("uio"), Does.StartWith("EACCES: ").And.Contain("/dev/uio0"));
    }
}
