using System.Device.Gpio;
using RawIo.Drivers;

namespace RawIo.Conformance;

/// <summary>
/// The Raspberry Pi's drivers, the same on every Pi 3, found through the device tree where they have a platform driver.
/// </summary>
/// <remarks>
/// Not here, because QEMU 7.2 has not their devices: Bcm2835Spi, AuxSpi and Bcm2835I2c (raspi3b has nothing behind these registers),
/// Bcm2711Gpio (there is no raspi4b) and Rp1Gpio (nor a Pi 5). Of Bcm2835Gpio the pulls, edges and inputs are not, and of Pl011
/// the loopback is not, for QEMU's have none (docs/conformance.md).
/// </remarks>
internal abstract class PiDriverContract : DriverContract
{
    private const uint Bus = 0xc000_0000, Message = 0x10_0000;

    private PlatformBus _bus = null!;

    [SetUp]
    public void Probe() => _bus = new(Machine);

    [TearDown]
    public void Remove() => _bus?.Dispose();

    [Test]
    public void Bcm2835Gpio_switches_functions_and_levels()
    {
        var gpio = Bind<Bcm2835Gpio>(new Bcm2835GpioPlatformDriver());
        foreach (var pin in (int[])[0, 9, 10, 31, 32, 53])
        {
            foreach (var function in Enum.GetValues<GpioFunction>())
            {
                gpio.SetFunction(pin, function);
                Assert.That(gpio.GetFunction(pin), Is.EqualTo(function));
            }
            gpio.SetFunction(pin, GpioFunction.Output);
            foreach (var level in (bool[])[false, true, false])
            {
                gpio.Write(pin, level);
                Assert.That((gpio.Read(pin), gpio.ReadBank(pin / 32) >> (pin % 32) & 1), Is.EqualTo((level, level ? 1u : 0)));
            }
        }
        gpio.SetBank(0, 1u << 9 | 1u << 31);
        gpio.ClearBank(0, 1u << 9);
        Assert.That((gpio.Read(0), gpio.Read(9), gpio.Read(31)), Is.EqualTo((false, false, true)));
    }

    [Test]
    public void A_GpioController_drives_an_output()
    {
        using var controller = new GpioController(RawIoGpioDriver.Create(Machine));
        controller.OpenPin(17, PinMode.Output, PinValue.High);
        Assert.That((controller.GetPinMode(17), controller.Read(17)), Is.EqualTo((PinMode.Output, PinValue.High)));
        controller.Toggle(17);
        Assert.That(controller.Read(17), Is.EqualTo(PinValue.Low));
    }

    [Test]
    public async Task Bcm2835SystemTimer_counts_matches_and_interrupts()
    {
        var timer = Bind<Bcm2835SystemTimer>(new Bcm2835SystemTimerPlatformDriver());
        var start = timer.Read();
        timer.Delay(TimeSpan.FromMilliseconds(5));
        Assert.That(timer.Read() - start, Is.GreaterThanOrEqualTo(5000));
        timer.ClearMatch(1);
        Assert.That(timer.HasMatched(1), Is.False);
        var due = timer.ReadLow() + 200_000;
        timer.SetCompare(1, due);
        Assert.That(timer.GetCompare(1), Is.EqualTo(due));
        timer.WaitForMatch(1, Limit);
        Assert.That(timer.ReadLow() - due, Is.LessThan(0x8000_0000));
        timer.ClearMatch(1);
        Assert.That(timer.HasMatched(1), Is.False);

        using var interrupt = Machine.OpenInterrupt(Node("brcm,bcm2835-system-timer"), 1, "timer");
        timer.SetCompare(1, timer.ReadLow() + 200_000);
        await interrupt.WaitAsync().AsTask().WaitAsync(Limit);
        Assert.That(timer.HasMatched(1), Is.True);
    }

    [Test]
    public void Bcm2835Rng_gives_random_bytes()
    {
        var rng = Bind<Bcm2835Rng>(new Bcm2835RngPlatformDriver());
        rng.Timeout = Limit;
        var bytes = new byte[1023];
        rng.Read(bytes);
        Assert.That(bytes.Distinct().Count(), Is.GreaterThan(200), "of 256");
    }

    [Test]
    public async Task Pl011_talks_polled_and_by_interrupt()
    {
        var uart = Bind<Pl011>(new Pl011PlatformDriver());
        uart.Timeout = Limit;
        uart.Configure(new() { Baud = 115_200 });
        var sent = Bytes(12);
        var received = new byte[12];
        uart.Write(sent);
        uart.Flush();
        var count = 0;
        Await(() => (count += uart.Read(received.AsSpan(count))) == received.Length, "the echo");
        Assert.That(received, Is.EqualTo(sent));

        uart.Write(sent);
        for (count = 0; count < received.Length;)
        {
            received[count] = 0;
            count += await uart.ReadAsync(received.AsMemory(count)).AsTask().WaitAsync(Limit);
        }
        Assert.That((received, uart.FramingErrors + uart.ParityErrors + uart.Breaks + uart.Overruns), Is.EqualTo((sent, 0L)));
    }

    // Whole words: QEMU takes 4 from a length until it is 0, and never comes to the end of another.
    [TestCase(5, 65532)]
    [TestCase(10, 1000)]
    public void Bcm2835Dma_copies_memory(int channel, int length)
    {
        using var registers = Machine.IoRemap(Node("brcm,bcm2835-dma").Resources[0].Start + (ulong)channel * 0x100, 0x24);
        var dma = new Bcm2835Dma(registers, DriverMachines.Ram(Machine, Message, 32), Bus + Message, Machine.Time) { Timeout = Limit };
        var ram = DriverMachines.Ram(Machine, 0x11_0000, 0x3_0000);
        var bytes = Bytes(length);
        ram.CopyTo(0, bytes);
        ram.Write8(0x2_0000 + length, 0x5a);
        dma.Copy(Bus + 0x13_0000, Bus + 0x11_0000, length);
        var copied = new byte[length + 1];
        ram.CopyFrom(0x2_0000, copied);
        Assert.That(copied, Is.EqualTo(bytes.Append((byte)0x5a)));
    }

    [Test]
    public void VideoCoreMailbox_tells_of_the_board_and_allocates_a_framebuffer()
    {
        using var registers = Machine.IoRemap(Node("brcm,bcm2835-mbox").Resources[0].Start, 0x40);
        var mailbox = new VideoCoreMailbox(registers, DriverMachines.Ram(Machine, Message, 0x1000), Bus + Message, Machine.Time) { Timeout = Limit };
        Assert.That(mailbox.GetBoardRevision(), Is.EqualTo(0xa0_2082u));
        // What else QEMU says is its own.
        Assert.That((mailbox.GetFirmwareRevision() > 0, mailbox.GetClockRate(2) > 0, mailbox.GetMacAddress()[0] & 1), Is.EqualTo((true, true, 0)));
        var arm = mailbox.GetArmMemory();
        var videoCore = mailbox.GetVideoCoreMemory();
        Assert.That((arm.Start, videoCore.Start, arm.Length + videoCore.Length), Is.EqualTo((0u, arm.Length, 0x4000_0000u)));
        Assert.That(mailbox.GetTemperature(), Is.InRange(1, 99_000));
        var (address, size, pitch) = mailbox.AllocateFramebuffer(640, 480, 32);
        Assert.That(((address & ~Bus) >= videoCore.Start, size >= 640 * 480 * 4, pitch), Is.EqualTo((true, true, 2560u)));
    }

    private DeviceTreeNode Node(string compatible) => Machine.DeviceTree!.Nodes.First(n => n.Compatible.Contains(compatible));

    private T Bind<T>(IPlatformDriver driver) => (T)_bus.Register(driver)[0].DriverData!;
}

internal sealed class PiDriversOnSim : PiDriverContract
{
    protected override IHardware Open() => DriverMachines.Simulate("pi3", "uart0");
}

internal sealed class PiDriversOnQemu : PiDriverContract
{
    protected override IHardware Open() => DriverMachines.EmulatePi();
}
