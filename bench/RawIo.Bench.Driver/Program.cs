using System.Globalization;
using RawIo.Bench;

// The rows of a driver's program, a line each: ROUNDS [CLASS], or "guest" ROUNDS for the real ports of a machine made for it.
if (args is ["guest", var inGuest])
{
    Row.Print(new PairedRuns(Number(inGuest), "AOT", "").Of<PortAccess>());
    return;
}
var runs = new PairedRuns(Number(args[0]), "AOT", args.ElementAtOrDefault(1) ?? "");
Row.Print(runs.Of<DeviceAccess>());
Row.Print(runs.Of<Repeated>());
Row.Print(runs.Of<Blocks>());

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
