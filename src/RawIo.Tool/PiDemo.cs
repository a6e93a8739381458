using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>The demo's first half: a driver finds its device in the Raspberry Pi's device tree, claims, maps, blinks.</summary>
internal static class PiDemo
{
    private const int Pin = 16;

    public static void Run(Session session)
    {
        var text = session.Text;
        using var machine = SimMachine.Create("pi3");
        text.WriteLine($"{machine.Name}: {machine.DeviceTree?.Model}, simulated from its device tree");
        using (var bus = new PlatformBus(machine))
        {
            Blink(machine, bus, text);
            Randomness(bus, text);
        }
        text.WriteLine("  give back   mappings and claims are gone:");
        PrintIomem(machine, 0x3f20_0000, text);
    }

    private static void Blink(SimMachine machine, PlatformBus bus, TextWriter text)
    {
        var device = bus.Register(new BlinkDriver()).Single();
        var registers = (IMmio)device.DriverData!;
        text.WriteLine($"  match       {device.MatchedCompatible} is {device.Node.Path}");
        text.WriteLine($"  translate   reg 0x{(ulong)device.Node.Reg[0].Address:x8} on the SoC's bus is 0x{registers.PhysicalAddress:x8} to the CPU");
        text.WriteLine("  claim       /proc/iomem now says:");
        PrintIomem(machine, registers.PhysicalAddress, text);
        text.WriteLine($"  refuse      {Refusal(machine, registers)}");
        var route = machine.Explain(registers, 0x34, 4);
        text.WriteLine($"  map         GPLEV0 at physical 0x{route.PhysicalAddress:x8} is virtual 0x{route.VirtualAddress:x16}, {route.Attributes}");
        text.WriteLine($"  GPFSEL1     [20:18] = 1: pin {Pin} is an output");
        GpioRegisters.GPFSEL1.Modify(registers, new BitField(20, 18), (uint)GpioFunction.Output);
        for (var turn = 0; turn < 2; turn++)
        {
            GpioRegisters.GPSET0.Write(registers, 1u << Pin);
            Tell("GPSET0");
            GpioRegisters.GPCLR0.Write(registers, 1u << Pin);
            Tell("GPCLR0");
        }

        void Tell(string written)
        {
            var level = GpioRegisters.GPLEV0.Read(registers);
            text.WriteLine($"  {written}      = 0x{1u << Pin:x8}; GPLEV0 reads 0x{level:x8}: pin {Pin} is {GpioBlock.Level((level >> Pin & 1) != 0)}");
        }
    }

    private static void Randomness(PlatformBus bus, TextWriter text)
    {
        var device = bus.Register(new Bcm2835RngPlatformDriver()).Single();
        var bytes = new byte[16];
        ((Bcm2835Rng)device.DriverData!).Read(bytes);
        text.WriteLine($"  random      {device.Name} gives {Convert.ToHexStringLower(bytes)}");
    }

    private static string Refusal(SimMachine machine, IMmio registers)
    {
        try
        {
            machine.RequestMemRegion(registers.PhysicalAddress, 4, "second").Dispose();
            return "nothing: a second claim was granted";
        }
        catch (ResourceBusyException error)
        {
            return $"a second claim: {error.Errno}, {Failures.Line(error)}";
        }
    }

    private static void PrintIomem(SimMachine machine, ulong address, TextWriter text)
    {
        foreach (var line in machine.Memory.ToProcText().Split('\n'))
            if (line.TrimStart().StartsWith($"{address:x8}-", StringComparison.Ordinal)) text.WriteLine($"                {line}");
    }

    /// <summary>The smallest driver: it matches, claims and maps.</summary>
    private sealed class BlinkDriver : IPlatformDriver
    {
        public string Name => "blink";

        public IReadOnlyList<string> Compatible => ["brcm,bcm2835-gpio"];

        public void Probe(PlatformDevice device) => device.DriverData = device.IoRemapResource(0);

        public void Remove(PlatformDevice device)
        {
        }
    }
}
