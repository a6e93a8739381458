using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The claims the driver makes on a machine.</summary>
public class I8042ClaimTests
{
    [Test]
    public void It_claims_two_ports_as_the_kernel_does_and_gives_them_back()
    {
        using var machine = SimMachine.Create("pc", new() { SteppedClock = true });
        var unclaimed = machine.Ports.ToProcText();
        using (var driver = new I8042(machine))
        {
            Assert.That(machine.Ports.ToProcText(), Does.Contain(
                "\n0060-0060 : keyboard\n  0060-0060 : keyboard\n0064-0064 : keyboard\n  0064-0064 : keyboard\n"));
            Assert.That(driver.SelfTest(), Is.EqualTo(0x55));
            Assert.That(driver.Probe().Passed, Is.True);
        }
        Assert.That(machine.Ports.ToProcText(), Is.EqualTo(unclaimed));
    }

    [Test]
    public void A_refused_second_claim_gives_the_first_back()
    {
        using var machine = SimMachine.Create("pc", new() { SteppedClock = true });
        var unclaimed = machine.Ports.ToProcText();
        machine.Ports.Request(0x64, 1, "somebody");
        Assert.That(() => new I8042(machine), Throws.TypeOf<ResourceBusyException>().With.Message.Contains("somebody"));
        machine.Ports.Release(0x64, 1);
        Assert.That(machine.Ports.ToProcText(), Is.EqualTo(unclaimed));
    }
}
