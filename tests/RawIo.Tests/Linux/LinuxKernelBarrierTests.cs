using static RawIo.LinuxKernel;

namespace RawIo.Tests;

public class LinuxKernelBarrierTests
{
    [Test]
    public void Barriers_are_those_of_the_chosen_machine()
    {
        var hw = new LoggingHardware();
        using (On(hw))
        {
            rmb();
            wmb();
            mb();
        }
        Assert.That(hw.Log, Is.EqualTo(new[] { "rmb", "wmb", "mb" }));
    }

    [Test]
    public void Without_a_machine_they_are_the_processors()
    {
        Assert.DoesNotThrow(rmb);
        Assert.DoesNotThrow(wmb);
        Assert.DoesNotThrow(mb);
    }
}
