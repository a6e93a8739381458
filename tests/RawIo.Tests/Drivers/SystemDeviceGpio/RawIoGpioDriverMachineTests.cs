using System.Device.Gpio;
using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The driver as a user gets it: on whole machines, under classes written for GpioController.</summary>
public class RawIoGpioDriverMachineTests
{
    private static SimMachine Stepped(string board) => SimMachine.Create(board, new SimOptions { SteppedClock = true });

    // For the README: its own snippet test takes these lines.
    [Test]
    public void README_snippet()
    {
        using var hw = SimMachine.Create("pi3");
        using var controller = new GpioController(RawIoGpioDriver.Create(hw));

        GpioPin led = controller.OpenPin(16, PinMode.Output, PinValue.Low);
        for (int i = 0; i < 3; i++) led.Toggle();        // each one bus write, nothing allocated
        bool lit = led.Read() == PinValue.High;

        GpioPin button = controller.OpenPin(17, PinMode.InputPullUp);
        button.ValueChanged += (_, e) => Console.WriteLine($"{e.ChangeType} on pin {e.PinNumber}");
        hw.Device<Bcm2835GpioModel>().Pins[17].Drive(false);  // somebody presses it

        Assert.That(lit, Is.True);
        Assert.That(hw.Device<Bcm2835GpioModel>().Pins[16].Level, Is.True);
        Assert.That(button.Read(), Is.EqualTo(PinValue.Low));
    }

    [TestCase("pi1", 0x2020_0000UL, 54)]
    [TestCase("pi3", 0x3f20_0000UL, 54)]
    [TestCase("pi4", 0xfe20_0000UL, 58)]
    public void Every_board_has_it_claims_it_and_gives_it_back(string board, ulong address, int pins)
    {
        using var machine = Stepped(board);
        using (var controller = new GpioController(RawIoGpioDriver.Create(machine)))
        {
            Assert.That(controller.PinCount, Is.EqualTo(pins));
            Assert.That(machine.Memory.Lookup(address)!.Name, Is.EqualTo($"{address:x}.gpio gpio@7e200000"));
            Assert.That(() => RawIoGpioDriver.Create(machine), Throws.TypeOf<ResourceBusyException>().With.Message.Contains("gpio"));
            var model = machine.Device<Bcm2835GpioModel>();
            using var wire = Wire.Connect(model.Pins[23], model.Pins[24]);
            controller.OpenPin(23, PinMode.Output, PinValue.High);
            controller.OpenPin(24, PinMode.InputPullDown);
            var told = new List<PinEventTypes>();
            controller.RegisterCallbackForPinValueChangedEvent(24, PinEventTypes.Rising | PinEventTypes.Falling, (_, e) => told.Add(e.ChangeType));
            for (var i = 0; i < 4; i++)
            {
                controller.Toggle(23);
                machine.Clock.Step(1_000_000);
            }
            Assert.That(told, Is.EqualTo(new[] { PinEventTypes.Falling, PinEventTypes.Rising, PinEventTypes.Falling, PinEventTypes.Rising }));
        }
        Assert.That(machine.Memory.Lookup(address)!.Name, Is.EqualTo("gpio@7e200000"), "the claim is gone");
        Assert.That(machine.Device<Bcm2835GpioModel>().Pins[23].Level, Is.True, "the output stays");
        using var again = RawIoGpioDriver.Create(machine);
    }

    [Test]
    public void A_machine_without_the_block_says_so()
    {
        using var pc = SimMachine.Create("pc");
        Assert.That(() => RawIoGpioDriver.Create(pc),
            Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENODEV).And.Message.Contains("brcm,bcm2835-gpio"));
    }

    [Test]
    public void Detectors_are_taken_only_where_nobody_else_has_the_block()
    {
        using var machine = Stepped("pi3");
        using (var alone = RawIoGpioDriver.Create(machine)) Assert.That(alone.EdgeDetection, Is.EqualTo(GpioEdgeDetection.Detectors));
        using (var told = RawIoGpioDriver.Create(machine, new RawIoGpioOptions { EdgeDetection = GpioEdgeDetection.Levels }))
            Assert.That(told.EdgeDetection, Is.EqualTo(GpioEdgeDetection.Levels));
        using (var shared = RawIoGpioDriver.Create(new KernelHasGpio(machine))) Assert.That(shared.EdgeDetection, Is.EqualTo(GpioEdgeDetection.Levels));
        // Without RAM in the tree it is that of a reader who may not see what the kernel has.
        var blind = new LoggingHardware(machine.DeviceTree);
        using (var unknown = RawIoGpioDriver.Create(blind)) Assert.That(unknown.EdgeDetection, Is.EqualTo(GpioEdgeDetection.Levels));
        blind.Memory.Insert(new Resource(0, 0x3bff_ffff, "System RAM", ResourceFlags.Mem | ResourceFlags.SysRam | ResourceFlags.Busy));
        using (var seeing = RawIoGpioDriver.Create(blind)) Assert.That(seeing.EdgeDetection, Is.EqualTo(GpioEdgeDetection.Detectors));
        using var window = new RawIoGpioDriver("brcm,bcm2835-gpio", new MemoryMmio(new byte[0xb4]));
        Assert.That(window.EdgeDetection, Is.EqualTo(GpioEdgeDetection.Levels));
    }

    /// <summary>A machine whose kernel holds GPIO and shares it, as behind /dev/gpiomem.</summary>
    private sealed class KernelHasGpio(SimMachine machine) : IHardware
    {
        public string Name => machine.Name;
        public DeviceTree? DeviceTree => machine.DeviceTree;
        public ResourceTree Memory => machine.Memory;
        public ResourceTree Ports => machine.Ports;
        public TimeProvider Time => machine.Time;
        public IMmioMapping IoRemap(ulong physicalAddress, long length) => machine.IoRemap(physicalAddress, length);
        public PortRegion RequestRegion(int first, int count, string name) => machine.RequestRegion(first, count, name);
        public IPortGrant OpenPorts(int first, int count) => machine.OpenPorts(first, count);
        public IInterrupt OpenInterrupt(int irq, string name) => machine.OpenInterrupt(irq, name);
        public IInterrupt OpenInterrupt(DeviceTreeNode node, int index, string name) => machine.OpenInterrupt(node, index, name);

        public MemRegion RequestMemRegion(ulong start, long length, string name)
        {
            var region = machine.RequestMemRegion(start, length, name);
            Memory.Insert(new Resource(start, start + (ulong)length - 1, "3f200000.gpio", ResourceFlags.Mem | ResourceFlags.Busy));
            return region;
        }

        public void Dispose()
        {
        }
    }

    [Test]
    public void A_machine_that_ends_first_is_no_trouble()
    {
        var machine = Stepped("pi3");
        var controller = new GpioController(RawIoGpioDriver.Create(machine));
        controller.OpenPin(4, PinMode.Input);
        controller.RegisterCallbackForPinValueChangedEvent(4, PinEventTypes.Rising, (_, _) => { });
        machine.Dispose();
        Assert.That(() => controller.Read(4), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(controller.Dispose, Throws.Nothing);
    }

    [Test, CancelAfter(30_000)]
    public void On_a_running_clock_a_blocking_wait_sees_a_button(CancellationToken token)
    {
        using var machine = SimMachine.Create("pi4");
        using var controller = new GpioController(RawIoGpioDriver.Create(machine));
        controller.OpenPin(17, PinMode.InputPullUp);
        var pin = machine.Device<Bcm2835GpioModel>().Pins[17];
        using var presses = new Timer(_ => pin.Drive(!pin.Level), null, 5, 5);
        Assert.That(controller.WaitForEvent(17, PinEventTypes.Falling, token), Is.EqualTo(new WaitForEventResult { EventTypes = PinEventTypes.Falling }));
        Assert.That(controller.WaitForEvent(17, PinEventTypes.Rising, token), Is.EqualTo(new WaitForEventResult { EventTypes = PinEventTypes.Rising }));
    }

    /// <summary>As one writes it for GpioController: a button to ground that bounces for some milliseconds.</summary>
    private sealed class DebouncedButton : IDisposable
    {
        private readonly GpioController _controller;
        private readonly TimeProvider _time;
        private readonly int _pin;
        private long _last = long.MinValue / 2;

        public DebouncedButton(GpioController controller, int pin, TimeProvider time)
        {
            (_controller, _pin, _time) = (controller, pin, time);
            controller.OpenPin(pin, PinMode.InputPullUp);
            controller.RegisterCallbackForPinValueChangedEvent(pin, PinEventTypes.Falling | PinEventTypes.Rising, OnEdge);
        }

        public event Action? Pressed;

        public void Dispose()
        {
            _controller.UnregisterCallbackForPinValueChangedEvent(_pin, OnEdge);
            _controller.ClosePin(_pin);
        }

        private void OnEdge(object sender, PinValueChangedEventArgs e)
        {
            var now = _time.GetTimestamp();
            var isBounce = now - _last < 20_000_000;
            _last = now;
            if (!isBounce && e.ChangeType == PinEventTypes.Falling) Pressed?.Invoke();
        }
    }

    [Test]
    public void A_debounced_button_counts_presses_not_bounces([Values("pi1", "pi2", "pi3", "pi4")] string board)
    {
        using var machine = Stepped(board);
        using var controller = new GpioController(RawIoGpioDriver.Create(machine));
        var contact = machine.Device<Bcm2835GpioModel>().Pins[17];
        using var button = new DebouncedButton(controller, 17, machine.Time);
        var presses = 0;
        button.Pressed += () => presses++;
        var random = new Random(3);
        for (var press = 1; press <= 10; press++)
        {
            foreach (var down in new[] { true, false })
            {
                for (var bounce = random.Next(1, 8); bounce > 0; bounce--)
                {
                    contact.Drive(false);
                    machine.Clock.Step(random.Next(100_000, 2_000_000));
                    contact.Drive(null);
                    machine.Clock.Step(random.Next(100_000, 2_000_000));
                }
                contact.Drive(down ? false : null);
                machine.Clock.Step(100_000_000);
            }
            Assert.That(presses, Is.InRange(press, 2 * press), "a release that bounces falls, too");
        }
    }
}
