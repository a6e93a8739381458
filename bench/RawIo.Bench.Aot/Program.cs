using System.Globalization;
using RawIo.Bench;

// The rows of a program compiled ahead of time, a line each: ROUNDS [CLASS], or "guest" ROUNDS for real ports.
var rows = args is ["guest", var inGuest] ? Suites.RunInGuest(int.Parse(inGuest, CultureInfo.InvariantCulture))
    : Suites.Run(int.Parse(args[0], CultureInfo.InvariantCulture), "AOT", args.ElementAtOrDefault(1) ?? "");
foreach (var row in rows) Console.WriteLine(row.ToLine());
