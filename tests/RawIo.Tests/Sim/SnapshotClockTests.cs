using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Chips that count by themselves, put back in mid-count: what is read and when the lines move is the same each time.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class SnapshotClockTests
{
    private const int Rounds = 60, Steps = 60;

    [Test]
    public void The_timer_goes_on_from_mid_count([Values(1, 2, 3)] int seed) => Try(seed, [0x40, 0x41, 0x42, 0x61], (ports, random) =>
    {
        switch (random.Next(6))
        {
            case 0:
                ports.Out8(0x43, (byte)random.Next(0xc0));
                break;
            case 1:
                ports.Out8(0x43, (byte)(0xc0 | random.Next(0x40)));
                break;
            case 2:
                ports.Out8(0x61, (byte)random.Next(4));
                break;
            case 3:
                ports.Out8(0x40 + random.Next(3), (byte)random.Next(0x100));
                break;
            default:
                // Short counts, so that much happens: mode, then both bytes.
                var counter = random.Next(3);
                ports.Out8(0x43, (byte)(counter << 6 | 0x30 | random.Next(8) << 1));
                ports.Out8(0x40 + counter, (byte)random.Next(0x100));
                ports.Out8(0x40 + counter, (byte)random.Next(2));
                break;
        }
    }, pc => [.. Enumerable.Range(0, 3).Select(pc.Device<I8254Model>().Output)]);

    [Test]
    public void The_clock_chip_goes_on_from_mid_second([Values(1, 2, 3)] int seed) => Try(seed, [0x71], (ports, random) =>
    {
        switch (random.Next(6))
        {
            case 0:
                Rtc(ports, 10, (byte)(0x20 | random.Next(3, 16)));
                break;
            case 1:
                Rtc(ports, 10, (byte)(random.Next(8) << 4 | random.Next(3, 16)));
                break;
            case 2:
                Rtc(ports, 11, (byte)(random.Next(8) << 4 | 2));
                break;
            case 3:
                Rtc(ports, 11, (byte)random.Next(0x100));
                break;
            case 4:
                Rtc(ports, random.Next(10), (byte)(random.Next(6) << 4 | random.Next(10)));
                break;
            default:
                Rtc(ports, 1 + 2 * random.Next(3), 0xff);
                break;
        }
        // What is read next: time, alarm, or the registers, C with its side effect.
        ports.Out8(0x70, (byte)random.Next(14));
    }, pc => [.. pc.Device<Mc146818Model>().InterruptLines]);

    private static void Rtc(IPortIo ports, int index, byte value)
    {
        ports.Out8(0x70, (byte)index);
        if (index is not (12 or 13)) ports.Out8(0x71, value);
    }

    /// <summary>Does random things for random times, goes back, and does the same again; then goes on from there.</summary>
    private static void Try(int seed, int[] reads, Action<IPortIo, Random> act, Func<SimMachine, IReadOnlyList<SignalLine>> lines)
    {
        using var pc = SimMachine.Create("pc", new() { SteppedClock = true });
        using var ports = pc.OpenPorts(0, 0x1_0000);
        var trace = new List<(long Time, int What, int Value)>();
        var watched = lines(pc);
        for (var i = 0; i < watched.Count; i++)
        {
            var line = i;
            // What the machine does while it is put back is not seen by those who look at it afterwards.
            watched[i].Changed += level => { if (!pc.IsRestoring) trace.Add((pc.Clock.Now, -1 - line, level ? 1 : 0)); };
            watched[i].Want(true);
        }
        var changes = 0;
        for (var round = 0; round < Rounds; round++)
        {
            // Somewhere in the middle of everything.
            Run(round * 3);
            var snapshot = pc.Save();
            trace.Clear();
            Run(round * 3 + 1);
            var first = trace.ToArray();
            Run(round * 3 + 2);
            for (var i = 0; i < 2; i++)
            {
                pc.Restore(snapshot);
                trace.Clear();
                Run(round * 3 + 1);
                if (!trace.SequenceEqual(first)) Assert.That(trace, Is.EqualTo(first), $"round {round}"); // the constraint alone, over millions, takes as long as all else
            }
            changes += first.Count(t => t.What < 0);
        }
        Assert.That(changes, Is.GreaterThan(Rounds), "the lines moved");

        void Run(int tape)
        {
            var random = new Random(seed << 16 ^ tape);
            for (var i = 0; i < Steps; i++)
            {
                if (random.Next(4) == 0) act(ports, random);
                // From one pulse of the timer to a second.
                pc.Clock.Step((long)Math.Pow(10, 2 + random.NextDouble() * (random.Next(10) == 0 ? 7 : 4)));
                var port = reads[random.Next(reads.Length)];
                trace.Add((pc.Clock.Now, port, ports.In8(port)));
            }
        }
    }
}
