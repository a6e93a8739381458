using RawIo.Samples;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>What a newcomer copies from runs.</summary>
public sealed class SampleTests
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    [TearDown]
    public void Clear() => _output.GetStringBuilder().Clear();

    [Test]
    public void Blink_blinks_on_every_Pi([Values("pi1", "pi2", "pi3", "pi4")] string board)
    {
        using var hw = SimMachine.Create(board);
        Blink.Run(hw, _output, TimeSpan.Zero);
        Assert.That(_output.ToString(), Is.EqualTo("on\noff\non\noff\non\noff\n"));
    }

    [Test]
    public void A_controller_toggles_a_led_and_sees_a_button()
    {
        using var hw = SimMachine.Create("pi3");
        Controller.Run(hw, _output, TimeSpan.Zero);
        Assert.That(_output.ToString(), Does.StartWith("led High, button up\nled Low, button up\n"));
        _output.GetStringBuilder().Clear();
        hw.Device<Bcm2835GpioModel>().Pins[17].Drive(false);
        Controller.Run(hw, _output, TimeSpan.Zero);
        Assert.That(_output.ToString(), Does.StartWith("led High, button down\n"));
    }

    [Test]
    public void A_port_is_read()
    {
        using var hw = SimMachine.Create("pc");
        PortStatus.Run(hw, _output);
        Assert.That(_output.ToString(), Is.EqualTo("0x18: a byte is not waiting\n"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_driver_waits_for_its_interrupt(CancellationToken _)
    {
        await Interrupt.OnSimulator(_output);
        Assert.That(_output.ToString(), Is.EqualTo("3628800\n"));
    }
}
