using RawIo.Bench;

// The rows of a program compiled ahead of time, a line each: ROUNDS [CLASS].
var rounds = int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture);
foreach (var row in Suites.Run(rounds, "AOT", args.ElementAtOrDefault(1) ?? "")) Console.WriteLine(row.ToLine());
