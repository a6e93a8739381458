using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>The demo's second half: the PC's keyboard controller through its ports.</summary>
internal static class PcDemo
{
    public static void Run(Session session)
    {
        var text = session.Text;
        using var machine = SimMachine.Create("pc");
        using var driver = new I8042(machine);
        text.WriteLine($"{machine.Name}: an x86 PC, simulated from its port map");
        text.WriteLine("  claim       ports 0x60 and 0x64, for the driver \"keyboard\"");
        text.WriteLine($"  in 0x64     = 0x{(byte)driver.ReadStatus():x2}, the status");
        text.WriteLine($"  out 0x64    = 0xaa; in 0x60 reads 0x{driver.SelfTest():x2}: the self test answers 0x55 where it passes");
        text.WriteLine($"  keyboard    is {string.Join(' ', driver.Probe().KeyboardId.Select(b => $"0x{b:x2}"))}");
    }
}
