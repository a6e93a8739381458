using RawIo.Tests;

namespace RawIo.Metal;

/// <summary>Ports by every way. The scratch ports are the multicast filter (MAR0 to MAR7, at 8) of QEMU's RTL8139: eight bytes in a row that keep what is written.</summary>
internal static class PcPortChecks
{
    /// <summary>The first scratch port.</summary>
    public static int Scratch => s_scratch.Value;

    private static readonly Lazy<int> s_scratch = new(() =>
    {
        var pci = PciDevice.Find(0x10ec, 0x8139);
        pci.Enable();
        return (int)pci.Bars.Single(bar => bar.IsIo).Start + 8;
    });

    public static IEnumerable<Check> All() =>
    [
        .. new[] { PortAccess.IoPerm, PortAccess.IoPl }.SelectMany(By),
        .. Contract(PortAccess.DevPort),
        Check.Of(The_ports_of_a_pci_bar_by_its_file_take_every_width),
        Check.Of(Dev_port_moves_bytes_and_refuses_words),
        Check.Of(Without_a_wish_the_first_way_that_works_is_taken),
        Check.Of(A_port_that_the_kernel_holds_is_named_to_who_claims_it),
        Check.Of(A_user_without_rights_is_refused_ports_by_every_way),
        Check.Of(Ports_that_nobody_answers_at_read_ones),
    ];

    private static IEnumerable<Check> By(PortAccess way) =>
    [
        .. Contract(way),
        Check.Named($"{way}: a port opened once works on 8 threads, those before and those after", () => Threads(way)),
        Check.Named($"{way}: a port opened once works across 10,000 awaits", () => Awaits(way).GetAwaiter().GetResult()),
        Check.Named($"{way}: a grant given back is gone on every thread, another stays", () => GivenBack(way)),
    ];

    private static IEnumerable<Check> Contract(PortAccess way) =>
        ContractRunner.ChecksOf($"port contract, {way}", typeof(PortIoContract), () => new MetalPortContract(way));

    private static void Threads(PortAccess way)
    {
        using var opened = new ManualResetEventSlim();
        IPortGrant? ports = null;
        var wrong = 0;
        void Work(int index)
        {
            opened.Wait();
            for (var i = 0; i < 500; i++)
            {
                ports!.Out8(Scratch + index, (byte)i);
                if (ports.In8(Scratch + index) != (byte)i) Interlocked.Increment(ref wrong);
            }
        }
        var early = Start(0, Work);
        using var host = HostMachine.Open(new() { PortAccess = way });
        ports = host.OpenPorts(Scratch, 8);
        opened.Set();
        Join(early);
        Join(Start(4, Work));
        Assert.That(wrong, Is.Zero);
    }

    private static (Thread Thread, List<Exception> Errors)[] Start(int first, Action<int> work) =>
    [
        .. Enumerable.Range(first, 4).Select(index =>
        {
            var errors = new List<Exception>();
            var thread = new Thread(() =>
            {
                try
                {
                    work(index);
                }
                catch (Exception e)
                {
                    errors.Add(e);
                }
            }) { IsBackground = true };
            thread.Start();
            return (thread, errors);
        }),
    ];

    private static void Join((Thread Thread, List<Exception> Errors)[] all)
    {
        foreach (var (thread, errors) in all)
        {
            Assert.That(thread.Join(TimeSpan.FromSeconds(30)), Is.True);
            if (errors.Count > 0) throw errors[0];
        }
    }

    private static async Task Awaits(PortAccess way)
    {
        using var host = HostMachine.Open(new() { PortAccess = way });
        using var ports = host.OpenPorts(Scratch, 8);
        var threads = new HashSet<int>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(index => Task.Run(async () =>
        {
            for (var i = 0; i < 2500; i++)
            {
                ports.Out8(Scratch + index, (byte)i);
                await Task.Yield();
                Assert.That(ports.In8(Scratch + index), Is.EqualTo((byte)i));
                lock (threads) threads.Add(Environment.CurrentManagedThreadId);
            }
        })));
        Assert.That(threads.Count, Is.GreaterThan(1), "the awaits went on on several threads");
    }

    private static void GivenBack(PortAccess way)
    {
        using var host = HostMachine.Open(new() { PortAccess = way });
        var first = host.OpenPorts(Scratch, 4);
        using var second = host.OpenPorts(Scratch + 2, 4);
        first.Out8(Scratch, 1);
        Join(Start(0, _ => first.Out8(Scratch + 2, 7)));
        first.Dispose();
        Join(Start(0, _ =>
        {
            Assert.Throws<ObjectDisposedException>(() => first.In8(Scratch));
            if (second.In8(Scratch + 2) != 7) throw new InvalidOperationException("the other grant reads wrong");
        }));
        Assert.That(second.In8(Scratch + 2), Is.EqualTo(7));
    }

    private static void Dev_port_moves_bytes_and_refuses_words()
    {
        using var host = HostMachine.Open(new() { PortAccess = PortAccess.DevPort });
        using var ports = host.OpenPorts(Scratch, 8);
        for (var i = 0; i < 8; i++) ports.Out8(Scratch + i, (byte)(0x10 + i));
        for (var i = 0; i < 8; i++) Assert.That(ports.In8(Scratch + i), Is.EqualTo((byte)(0x10 + i)));
        ports.OutRep(Scratch, (ReadOnlySpan<byte>)[1, 2, 3]);
        Assert.That(ports.In8(Scratch), Is.EqualTo(3));
        Assert.That(ports.In8(Scratch + 1), Is.EqualTo(0x11));
        foreach (var word in new Action[] { () => ports.In16(Scratch), () => ports.In32(Scratch), () => ports.Out16(Scratch, 1), () => ports.Out32(Scratch, 1) })
            Assert.That(Assert.Throws<RawIoException>(word)!.Message, Does.Contain("byte"));
        Assert.That(ports.In8(Scratch + 1), Is.EqualTo(0x11), "a refused word touches nothing");
    }

    private static void The_ports_of_a_pci_bar_by_its_file_take_every_width()
    {
        var pci = PciDevice.Find(0x10ec, 0x8139);
        using var ports = pci.OpenBarPorts(pci.Bars.Single(bar => bar.IsIo).Index);
        Assert.That((ports.FirstPort, ports.Count), Is.EqualTo((Scratch - 8, 256)));
        ports.Out32(Scratch, 0x44332211);
        ports.Out16(Scratch + 4, 0x6655);
        ports.Out8(Scratch + 6, 0x77);
        Assert.That(ports.In8(Scratch + 2), Is.EqualTo(0x33));
        Assert.That(ports.In16(Scratch + 2), Is.EqualTo(0x4433));
        Assert.That(ports.In32(Scratch), Is.EqualTo(0x44332211));
        using var host = HostMachine.Open(new() { PortAccess = PortAccess.IoPerm });
        using var same = host.OpenPorts(Scratch, 8);
        Assert.That(same.In32(Scratch), Is.EqualTo(0x44332211), "the same ports by the instruction");
        Assert.Throws<ArgumentOutOfRangeException>(() => ports.In32(Scratch - 8 + 253));
    }

    private static void Without_a_wish_the_first_way_that_works_is_taken()
    {
        using var host = HostMachine.Open();
        using var ports = host.OpenPorts(Scratch, 8);
        ports.Out32(Scratch, 0x44332211);
        Assert.That(ports.In16(Scratch + 2), Is.EqualTo(0x4433));
    }

    private static void A_port_that_the_kernel_holds_is_named_to_who_claims_it()
    {
        using var host = HostMachine.Open();
        var error = Assert.Throws<ResourceBusyException>(() => host.RequestRegion(0x70, 2, "lab"))!;
        Assert.That(error.Holder.Name, Is.EqualTo("rtc0"));
        Assert.That(error.Message, Does.Contain("rtc0"));
        Assert.That(host.Ports.ToProcText(), Is.EqualTo(File.ReadAllText("/proc/ioports")));
    }

    private static void A_user_without_rights_is_refused_ports_by_every_way()
    {
        Assert.That(OtherUser.Try("ioperm"), Does.StartWith("EPERM: ").And.Contain("CAP_SYS_RAWIO"));
        Assert.That(OtherUser.Try("iopl"), Does.StartWith("EPERM: ").And.Contain("CAP_SYS_RAWIO"));
        Assert.That(OtherUser.Try("/dev/port"), Does.StartWith("EACCES: ").And.Contain("run as root"));
        Assert.That(OtherUser.Try("ports"), Does.Contain("ioperm").And.Contain("iopl").And.Contain("/dev/port"));
    }

    private static void Ports_that_nobody_answers_at_read_ones()
    {
        using var host = HostMachine.Open();
        using var ports = host.OpenPorts(0x2e0, 8);
        Assert.That(ports.In8(0x2e0), Is.EqualTo(0xff));
        Assert.That(ports.In16(0x2e2), Is.EqualTo(0xffff));
        Assert.That(ports.In32(0x2e4), Is.EqualTo(0xffffffff));
    }

    private sealed class MetalPortContract(PortAccess way) : PortIoContract
    {
        protected override IPortProbe MakeProbe() => new Probe(way);

        private sealed class Probe(PortAccess way) : IPortProbe
        {
            private readonly HostMachine _host = HostMachine.Open(new() { PortAccess = way });

            public int First => Scratch;

            public bool BytesOnly => way == PortAccess.DevPort;

            // QEMU hands a misaligned access to the device whole, and this one has no answer to it (memory_region_access_valid).
            public bool TakesMisaligned => false;

            public IPortGrant Open(int first, int count) => _host.OpenPorts(first, count);

            public IReadOnlyList<string>? TakeAccesses() => null;

            public void Dispose() => _host.Dispose();
        }
    }
}
