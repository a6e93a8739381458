using RawIo;
using RawIo.Native;
using RawIo.Samples;
using RawIo.Sim;

// dotnet run --project samples -- blink          the simulator
// dotnet run --project samples -- blink --host   this machine: its pin 16 is driven
var onHost = args.Contains("--host");
switch (args.FirstOrDefault())
{
    case "blink":
        using (var hw = Machine("pi3")) Blink.Run(hw, Console.Out, TimeSpan.FromMilliseconds(250));
        return 0;
    case "controller":
        using (var hw = Machine("pi3")) Controller.Run(hw, Console.Out, TimeSpan.FromMilliseconds(250));
        return 0;
    case "ports":
        using (var hw = Machine("pc")) PortStatus.Run(hw, Console.Out);
        return 0;
    case "interrupt":
        if (onHost) await Interrupt.OnHost(Console.Out);
        else await Interrupt.OnSimulator(Console.Out);
        return 0;
    default:
        Console.Error.WriteLine("Which sample? blink, controller, ports or interrupt; --host for this machine.");
        return 2;
}

// The one line that differs between the simulator and hardware.
IHardware Machine(string board) => onHost ? HostMachine.Open() : SimMachine.Create(board);
