using System.Device.Gpio;
using RawIo.Drivers;
using RawIo.Native;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Every driver, recorded on a simulated machine, comes to the same results on the recording alone.</summary>
internal sealed class RecordingDriverTests
{
    /// <summary>A driver's run: the board, what is done to the machine before, and what the driver finds.</summary>
    internal sealed record Run(string Name, string Board, Func<IHardware, Task<string>> Drive, Action<SimMachine>? Prepare = null, bool HostClock = false)
    {
        public override string ToString() => Name;
    }

    private static readonly Run[] s_runs =
    [
        new("GPIO", "pi3", hw =>
        {
            var gpio = Find<Bcm2835Gpio>(hw, new Bcm2835GpioPlatformDriver(), out var bus);
            using var end = bus;
            return Said(Blink(gpio));
        }, pi => pi.Device<Bcm2835GpioModel>().Pins[17].Drive(true)),
        new("GPIO of the Pi 4", "pi4", hw =>
        {
            var gpio = Find<Bcm2835Gpio>(hw, new Bcm2835GpioPlatformDriver(), out var bus);
            using var end = bus;
            gpio.SetPull(4, GpioPull.Up);
            return Said($"{Blink(gpio)} {gpio.GetPull(4)}");
        }),
        new("GPIO of the Pi 5", "pi5", hw =>
        {
            using var io = hw.IoRemap(0x1f_000d_0000, 0x2_c000);
            var gpio = new Rp1Gpio(io);
            gpio.SetOutput(16, true);
            gpio.Toggle(16);
            gpio.SetPull(5, GpioPull.Up);
            return Said($"{gpio.Read(16)} {gpio.GetPull(5)} {gpio.GetFunction(16)}");
        }),
        new("GpioController", "pi3", hw =>
        {
            using var controller = new GpioController(RawIoGpioDriver.Create(hw));
            var led = controller.OpenPin(16, PinMode.Output, PinValue.Low);
            led.Toggle();
            return Said($"{led.Read()} {controller.OpenPin(17, PinMode.InputPullUp).Read()}");
        }),
        new("system timer", "pi3", hw =>
        {
            var timer = Find<Bcm2835SystemTimer>(hw, new Bcm2835SystemTimerPlatformDriver(), out var bus);
            using var end = bus;
            var start = timer.Read();
            timer.Delay(TimeSpan.FromMicroseconds(50));
            timer.SetCompare(1, timer.ReadLow() + 100);
            timer.WaitForMatch(1, TimeSpan.FromSeconds(1));
            return Said($"{start} {timer.Read()} {timer.HasMatched(1)}");
        }),
        new("RNG", "pi3", hw =>
        {
            var key = new byte[16];
            var rng = Find<Bcm2835Rng>(hw, new Bcm2835RngPlatformDriver(), out var bus);
            using var end = bus;
            rng.Read(key);
            return Said(Convert.ToHexString(key));
        }),
        new("I2C", "pi3", hw =>
        {
            using var region = hw.RequestMemRegion(0x3f80_4000, 0x200, "i2c");
            var i2c = new Bcm2835I2c(region.Map(), hw.Time);
            i2c.Write(0x50, [0x00, 0x10, 0xca, 0xfe]);
            while (!i2c.IsPresent(0x50)) { }
            var cells = new byte[2];
            i2c.WriteRead(0x50, [0x00, 0x10], cells);
            return Said($"{Convert.ToHexString(cells)} {Errno(() => i2c.Write(0x51, [0]))}");
        }, pi => pi.Plug("i2c1:0x50=24c32")),
        new("SPI", "pi3", hw =>
        {
            using var region = hw.RequestMemRegion(0x3f20_4000, 0x18, "spi");
            var received = new byte[5];
            new Bcm2835Spi(region.Map(), hw.Time).Transfer(new(0), [1, 2, 3, 4, 5], received);
            return Said(Convert.ToHexString(received));
        }, pi => pi.Plug("spi0.0=loopback")),
        new("auxiliary SPI", "pi3", hw =>
        {
            using var aux = hw.IoRemap(0x3f21_5000, 0x100);
            aux.Write32(4, 2);
            var received = new byte[7];
            new AuxSpi(aux.Window(0x80, 0x40), hw.Time).Transfer(new(0, 0, 1_000_000), [9, 8, 7, 6, 5, 4, 3], received);
            return Said(Convert.ToHexString(received));
        }, pi => pi.Plug("spi1.0=loopback")),
        new("DMA", "pi3", hw =>
        {
            using var ram = hw.IoRemap(0x10_0000, 0x4_0000);
            using var registers = hw.IoRemap(0x3f00_7500, 0x24);
            byte[] bytes = [.. Enumerable.Range(0, 1001).Select(i => (byte)(i * 7))];
            ram.CopyTo(0x1000, bytes);
            new Bcm2835Dma(registers, ram.Window(0, 32), 0xc010_0000, hw.Time).Copy(0xc012_0000, 0xc010_1000, bytes.Length);
            var copied = new byte[bytes.Length];
            ram.CopyFrom(0x2_0000, copied);
            return Said($"{copied.SequenceEqual(bytes)}");
        }),
        new("mailbox", "pi3", hw =>
        {
            using var region = hw.RequestMemRegion(0x3f00_b880, 0x40, "mailbox");
            using var ram = hw.IoRemap(0x10_0000, 0x1000);
            var mailbox = new VideoCoreMailbox(region.Map(), ram, 0xc010_0000, hw.Time);
            return Said($"{mailbox.GetBoardRevision():x} {mailbox.GetSerial():x} {mailbox.GetTemperature()} {mailbox.SetClockRate(3, 600_000_000)}");
        }),
        new("PL011", "pi3", hw =>
        {
            using var region = hw.RequestMemRegion(0x3f20_1000, 0x200, "uart");
            var uart = new Pl011(region.Map(), hw.Time);
            uart.Configure(new() { Loopback = true });
            uart.Write("echo"u8);
            uart.Flush();
            var back = new byte[8];
            return Said($"{uart.Read(back)} {Convert.ToHexString(back)}");
        }),
        new("PL011 by interrupt", "pi3", async hw =>
        {
            using var region = hw.RequestMemRegion(0x3f20_1000, 0x200, "uart");
            var node = hw.DeviceTree!.Nodes.Single(n => n.Name == "serial@7e201000");
            using var interrupt = hw.OpenInterrupt(node, 0, "uart");
            var uart = new Pl011(region.Map(), hw.Time, interrupt);
            uart.Configure(new() { Loopback = true });
            uart.Write("!"u8);
            var back = new byte[8];
            return $"{await uart.ReadAsync(back)} {back[0]} {interrupt.Count}";
        }, HostClock: true),
        new("i8042", "pc", hw =>
        {
            using var keyboard = new I8042(hw);
            return Said($"{keyboard.SelfTest()} {keyboard.Probe()}");
        }),
        new("8254", "pc", hw =>
        {
            using var ports = hw.OpenPorts(0x40, 4);
            using var speaker = hw.RequestRegion(0x61, 1, "speaker");
            var timer = new I8254(ports, speaker.Ports);
            timer.StartTone(440);
            timer.StopTone();
            return Said($"{timer.ReadBack(2)} {timer.ReadCount(0)}");
        }),
        new("clock chip", "pc", hw =>
        {
            using var ports = hw.OpenPorts(0x70, 2);
            var rtc = new CmosRtc(ports, hw.Time);
            var time = rtc.ReadTime();
            rtc.SetTime(time.AddYears(1));
            return Said($"{time:O} {rtc.ReadTime():O} {rtc.IsValid}");
        }),
        new("16550", "pc", hw =>
        {
            using var uart = new Uart16550(hw, 0x3f8);
            uart.Configure(115_200);
            return Said($"{uart.SelfTest() ?? "sound"} {uart.TakeErrors()}");
        }),
        new("16550 by interrupt", "pc", async hw =>
        {
            using var uart = new Uart16550(hw, 0x3f8);
            using var interrupt = hw.OpenInterrupt(4, "uart");
            uart.Configure(115_200);
            await uart.WriteAsync(interrupt, "hello, and twenty characters more"u8.ToArray());
            return $"{interrupt.Name}";
        }, HostClock: true),
        new("PCI and edu", "pc", async hw =>
        {
            PciLocation isa = new(0, 1, 0), at = new(0, 4, 0);
            using var config = new PciConfig(hw);
            config.AssignBar(at, config.SizeBars(at)[0], 0xfea0_0000);
            config.Write8(isa, 0x63, 11);
            config.Write8(at, 0x3c, 11);
            config.Enable(at);
            using var region = hw.RequestMemRegion(0xfea0_0000, 0x10_0000, "edu");
            using var interrupt = hw.OpenInterrupt(11, "edu");
            var edu = new Edu(region.Map(), hw.Time);
            return $"{edu.Version} {edu.IsAlive(0x1234)} {edu.Factorial(5)} {await edu.FactorialAsync(10, interrupt)}";
        }, HostClock: true),
        new("loopback test", "pi3", hw =>
        {
            using var io = hw.IoRemap(0x3f20_0000, 0xb4);
            return Said($"{LoopbackTest.Run(new ReadWriteRegister<uint>("GPFSEL5", 0x14), io, 0xfff)}");
        }),
        new("the kernel's names", "pi3", hw =>
        {
            using var chosen = LinuxKernel.On(hw);
            LinuxKernel.request_mem_region(0x3f20_0000, 0xb4, "blink");
            var gpio = LinuxKernel.ioremap(0x3f20_0000, 0xb4);
            LinuxKernel.writel(1 << 18, gpio + 4);
            LinuxKernel.writel_relaxed(1 << 16, gpio + 0x1c);
            LinuxKernel.wmb();
            var level = LinuxKernel.ioread32(gpio + 0x34);
            LinuxKernel.iounmap(gpio);
            LinuxKernel.release_mem_region(0x3f20_0000, 0xb4);
            return Said($"{level:x}");
        }),
    ];

    [TestCaseSource(nameof(s_runs))]
    public async Task A_driver_finds_in_the_recording_what_it_found_on_the_machine(Run run)
    {
        var (recording, found) = await Record(run);
        using var replay = RecordingBench.Open(recording);
        Assert.That(await run.Drive(replay), Is.EqualTo(found));
        replay.Verify();
        Assert.That((replay.IsAtEnd, replay.IsComplete, replay.Remaining, replay.Difference), Is.EqualTo((true, true, 0L, (ReplayException?)null)));
        Assert.That(replay.Position, Is.GreaterThan(5));
    }

    [TestCaseSource(nameof(s_runs))]
    public async Task A_replay_can_be_recorded_and_that_recording_is_the_same(Run run)
    {
        var (recording, _) = await Record(run);
        using var stream = new MemoryStream();
        using (var again = Recording.Record(RecordingBench.Open(recording), stream, leaveOpen: true)) await run.Drive(again);
        Assert.That(RecordingBench.Text(stream.ToArray()), Is.EqualTo(RecordingBench.Text(recording)));
    }

    [Test]
    public void A_recording_of_QEMUs_PC_and_one_of_this_computers_registers_replay_too()
    {
        static string Test(IHardware hw)
        {
            using var keyboard = new I8042(hw);
            return $"{keyboard.SelfTest()} {keyboard.TestKeyboardInterface()}";
        }
        static string Blink(IHardware hw)
        {
            using var controller = new GpioController(RawIoGpioDriver.Create(hw));
            controller.OpenPin(16, PinMode.Output, PinValue.High);
            return $"{controller.GetPinMode(16)} {hw.Memory.ToProcText()}";
        }
        using var folder = new HostPi();
        foreach (var (machine, drive) in new (IHardware, Func<IHardware, string>)[] { (HostMachine.Open(folder.Options), Blink), (Qemu.Open("pc"), Test) })
        {
            var found = "";
            using var replay = RecordingBench.Open(RecordingBench.Record(machine, hw => found = drive(hw)));
            Assert.That(drive(replay), Is.EqualTo(found));
            replay.Verify();
        }
    }

    internal static async Task<(byte[] Recording, string Found)> Record(Run run)
    {
        var options = run.HostClock ? new SimOptions() : new() { SteppedClock = true, Rtc = new(2021, 12, 31, 23, 58, 57, TimeSpan.Zero) };
        var machine = SimMachine.Create(run.Board, options);
        run.Prepare?.Invoke(machine);
        using var stream = new MemoryStream();
        string found;
        using (var recorder = Recording.Record(new SteppedMachine(machine, run.HostClock ? machine.Time : null), stream, leaveOpen: true))
            found = await run.Drive(recorder);
        return (stream.ToArray(), found);
    }

    private static string Blink(Bcm2835Gpio gpio)
    {
        gpio.SetFunction(16, GpioFunction.Output);
        gpio.Set(16);
        var high = gpio.Read(16);
        gpio.Clear(16);
        gpio.SetDetect(17, GpioDetect.Rising);
        return $"{high} {gpio.Read(16)} {gpio.Read(17)} {gpio.GetDetect(17)}";
    }

    private static T Find<T>(IHardware hw, IPlatformDriver driver, out PlatformBus bus) where T : class
    {
        bus = new PlatformBus(hw);
        bus.Register(driver);
        return bus.Find<T>();
    }

    private static Errno Errno(Action step) => Assert.Catch<RawIoException>(() => step())!.Errno;

    private static Task<string> Said(string text) => Task.FromResult(text);
}
