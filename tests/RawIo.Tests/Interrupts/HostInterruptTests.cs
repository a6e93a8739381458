using System.Runtime.InteropServices;
using Mono.Unix.Native;
using RawIo.Native;
using Errno = RawIo.Errno;

namespace RawIo.Tests;

/// <summary>What the kernel does behind /dev/uio0, for a level-triggered line (uio_pdrv_genirq): the file is a pseudo-terminal's slave.</summary>
internal sealed class UioKernel : IDisposable
{
    private readonly PseudoTerminal _file = PseudoTerminal.Open();
    private readonly Lock _lock = new();
    private readonly Thread _thread;
    private readonly string _event;
    private bool _asserted, _enabled;
    private uint _count = 7;
    private int _switched;

    public UioKernel(MachineFolder folder, string device)
    {
        _event = folder[$"sys/devices/pci0000:00/{device}/uio/uio0/event"];
        folder.Link("dev/uio0", _file.SlavePath);
        WriteCount();
        _thread = new(Serve) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>How many times it was switched on or off.</summary>
    public int Switched => Volatile.Read(ref _switched);

    public void Set(bool asserted)
    {
        lock (_lock)
        {
            _asserted = asserted;
            Look();
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _thread.Join();
    }

    private void Serve()
    {
        var value = new byte[4];
        try
        {
            while (true)
            {
                _file.Stream.ReadExactly(value);
                lock (_lock)
                {
                    _enabled = BitConverter.ToInt32(value) != 0;
                    Look();
                }
                Interlocked.Increment(ref _switched);
            }
        }
        catch (ObjectDisposedException)
        {
            // The end.
        }
    }

    private void Look()
    {
        if (!_asserted || !_enabled) return;
        _enabled = false;
        _count++;
        WriteCount();
        _file.Stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in _count)));
    }

    private void WriteCount()
    {
        File.WriteAllText(_event + ".new", $"{_count}\n");
        File.Move(_event + ".new", _event, overwrite: true);
    }
}

/// <summary>The contract on UIO, by a device tree node.</summary>
internal sealed class HostInterruptContract : InterruptContract
{
    private const string Device = "0000:00:04.0";
    private SysfsFolder _folder = null!;
    private UioKernel _kernel = null!;

    protected override IHardware Open()
    {
        _folder = new();
        _folder.AddUio(0, "serial");
        try
        {
            _kernel = new(_folder, Device);
        }
        catch (RawIoException refusal)
        {
            Assert.Ignore($"SKIPPED: {refusal.Message}");
        }
        _folder.Write($"sys/devices/pci0000:00/{Device}/irq", "42\n");
        _folder.Write("/proc/iomem", "");
        _folder.Write("/proc/ioports", "");
        return HostMachine.Open(_folder.Options);
    }

    [TearDown]
    public void End()
    {
        _kernel?.Dispose();
        _folder.Dispose();
    }

    protected override IInterrupt OpenInterrupt(string name)
    {
        var before = _kernel.Switched;
        return new Settled(Hardware.OpenInterrupt(42, name), _kernel, before);
    }

    protected override void Raise() => _kernel.Set(true);

    protected override void Quiet() => _kernel.Set(false);

    /// <summary>The kernel here is a thread: this waits until it has heard.</summary>
    private sealed class Settled : IInterrupt
    {
        private readonly IInterrupt _inner;
        private readonly UioKernel _kernel;

        public Settled(IInterrupt inner, UioKernel kernel, int before)
        {
            (_inner, _kernel) = (inner, kernel);
            After(before);
        }

        public string Name => _inner.Name;

        public long Count => _inner.Count;

        public ValueTask<long> WaitAsync(CancellationToken cancellationToken) => _inner.WaitAsync(cancellationToken);

        public void Enable()
        {
            var before = _kernel.Switched;
            _inner.Enable();
            After(before);
        }

        public void Disable()
        {
            var before = _kernel.Switched;
            _inner.Disable();
            After(before);
        }

        public void Dispose() => _inner.Dispose();

        private void After(int before) =>
            Assert.That(SpinWait.SpinUntil(() => _kernel.Switched > before, TimeSpan.FromSeconds(20)), "the kernel was told");
    }
}

/// <summary>Which UIO device an interrupt is, and what is said where there is none.</summary>
internal sealed class HostInterruptTests
{
    private const string Device = "0000:00:04.0";
    private const string Node = "/soc/serial@7e201000";
    private SysfsFolder _folder = null!;
    private HostMachine _host = null!;
    private int _fifo = -1;

    [SetUp]
    public void Make()
    {
        _folder = new();
        _folder.Write("/proc/iomem", "");
        _folder.Write("/proc/ioports", "");
        _host = HostMachine.Open(_folder.Options);
    }

    [TearDown]
    public void End()
    {
        _host.Dispose();
        if (_fifo >= 0) Kernel.Close(_fifo);
        _fifo = -1;
        _folder.Dispose();
    }

    private void AddUio(string name)
    {
        _folder.AddUio(0, name, Device);
        File.Delete(_folder["dev/uio0"]);
        Assert.That(Syscall.mkfifo(_folder["dev/uio0"], FilePermissions.S_IRUSR | FilePermissions.S_IWUSR), Is.Zero);
        _fifo = Kernel.Open(_folder["dev/uio0"], OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK, out _);
    }

    private int[] Switched()
    {
        var bytes = new byte[64];
        var count = Kernel.Read(_fifo, bytes, out _);
        return count <= 0 ? [] : MemoryMarshal.Cast<byte, int>(bytes.AsSpan(0, (int)count)).ToArray();
    }

    private static DeviceTreeNode PiNode()
    {
        using var pi = Sim.SimMachine.Create("pi3");
        return pi.DeviceTree!.Nodes.Single(n => n.Path == Node);
    }

    [Test]
    public void It_is_found_by_node_and_counts_from_its_opening()
    {
        AddUio("serial");
        _folder.Write($"sys/class/uio/uio0/event", "9\n");
        _folder.Link($"sys/devices/pci0000:00/{Device}/of_node", $"../../../../firmware/devicetree/base{Node}");
        using var interrupt = _host.OpenInterrupt(PiNode(), 0, "me");
        Assert.That(Switched(), Is.EqualTo(new[] { 1 }), "switched on");
        _folder.Write($"sys/class/uio/uio0/event", "10\n");
        Assert.That(Kernel.Write(_fifo, BitConverter.GetBytes(10u), out _), Is.EqualTo(4));
        Assert.That(interrupt.WaitAsync().AsTask().Result, Is.EqualTo(1));
        Assert.That(interrupt.Count, Is.EqualTo(1));
        interrupt.Disable();
        interrupt.Enable();
        Assert.That(Switched(), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void The_generic_PCI_driver_s_is_switched_in_configuration_space()
    {
        AddUio("uio_pci_generic");
        var pci = _folder.AddPci(Device);
        _folder.Write($"sys/devices/pci0000:00/{Device}/irq", "11\n");
        int Command() => BitConverter.ToUInt16(File.ReadAllBytes(_folder[$"{pci}/config"]), 4);
        using (var interrupt = _host.OpenInterrupt(11, "me"))
        {
            Assert.That(Command() & 0x400, Is.Zero);
            interrupt.Disable();
            Assert.That(Command() & 0x400, Is.EqualTo(0x400));
            interrupt.Enable();
            Assert.That(Command() & 0x400, Is.Zero);
        }
        Assert.That(Command() & 0x400, Is.EqualTo(0x400), "given back it is off");
        Assert.That(Switched(), Is.Empty, "it has no irqcontrol");
    }

    [Test]
    public void One_that_nobody_gives_to_user_space_is_refused_with_the_remedy()
    {
        var error = Assert.Throws<RawIoException>(() => _host.OpenInterrupt(11, "me"))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.ENXIO));
        Assert.That(error.Message, Does.Contain("uio_pci_generic"));
        var node = PiNode();
        error = Assert.Throws<RawIoException>(() => _host.OpenInterrupt(node, 0, "me"))!;
        Assert.That(error.Message, Does.Contain(Node).And.Contain("of_id=arm,pl011"));
        Assert.That(Assert.Throws<RawIoException>(() => _host.OpenInterrupt(node, 9, "me"))!.Errno, Is.EqualTo(Errno.ENXIO));
        Assert.Throws<ArgumentOutOfRangeException>(() => _host.OpenInterrupt(node, -1, "me"));
        Assert.Throws<ArgumentException>(() => _host.OpenInterrupt(node, 0, ""));
        Assert.Throws<ArgumentException>(() => _host.OpenInterrupt(11, ""));
    }

    [Test]
    public void One_that_two_want_is_the_first_one_s_over_machines_and_the_refused_leaves_nothing_open()
    {
        AddUio("serial");
        _folder.Write($"sys/devices/pci0000:00/{Device}/irq", "42\n");
        using var other = HostMachine.Open(_folder.Options);
        var first = _host.OpenInterrupt(42, "first");
        for (var i = 0; i < 3; i++)
            Assert.That(Assert.Throws<ResourceBusyException>(() => other.OpenInterrupt(42, "second"))!.Message, Does.Contain("'first'").And.Contain("'second'"));
        var open = Directory.GetFileSystemEntries("/proc/self/fd").Count(f => new FileInfo(f).LinkTarget == _folder["dev/uio0"]);
        Assert.That(open, Is.EqualTo(2), "the test's own, and the first one's");
        first.Dispose();
        other.OpenInterrupt(42, "second").Dispose();
        Assert.That(Switched(), Is.EqualTo(new[] { 1, 1 }));
    }
}
