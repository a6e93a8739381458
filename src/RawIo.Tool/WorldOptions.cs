using System.CommandLine;
using System.Globalization;
using RawIo.Native;
using RawIo.QTest;
using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>The options about what is around a simulated machine's chips: its clock's date, parts on its buses, its serial ports.</summary>
internal static class WorldOptions
{
    private static readonly Option<string?> s_rtc = new("--rtc")
    {
        Description = "The clock chip's date and time at the start, as 2021-12-31T23:58:57.",
        HelpName = "DATE",
        Recursive = true,
    };

    private static readonly Option<string[]> s_plug = new("--plug")
    {
        Description = $"Plugs in a part: i2c1:0x50=24c32, spi0.0=loopback. Parts: {string.Join(", ", PartCatalog.Names)}.",
        HelpName = "PLACE=PART",
        Recursive = true,
    };

    private static readonly Option<string[]> s_serial = new("--serial")
    {
        Description = "Joins a serial port to a new pseudo-terminal, whose path is told: uart0, uart1, com1, com2.",
        HelpName = "PORT=pty",
        Recursive = true,
    };

    private static readonly string[] s_dates = ["yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd"];

    /// <summary>All of them.</summary>
    public static Option[] All { get; } = [s_rtc, s_plug, s_serial];

    /// <summary>The clock chip's date, if it is given.</summary>
    public static DateTimeOffset? Date(ParseResult parse)
    {
        if (parse.GetValue(s_rtc) is not { } text) return null;
        return DateTimeOffset.TryParseExact(text, s_dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : throw new UsageException($"--rtc '{text}' is no date; write it as 2021-12-31T23:58:57.");
    }

    /// <summary>Puts the parts and cables to the machine.</summary>
    /// <returns>The cables' other ends, to be disposed with the machine.</returns>
    public static IReadOnlyList<IDisposable> Apply(ParseResult parse, Session session, SimMachine machine)
    {
        if (parse.GetValue(s_rtc) is not null && !machine.Devices.Any(d => d.Device is Mc146818Model))
            throw new UsageException($"--rtc sets a clock chip, and {machine.Name} has none; leave it away.");
        try
        {
            foreach (var part in parse.GetValue(s_plug) ?? []) machine.Plug(part);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"--plug: {OneLine.Of(error)}");
        }
        var ends = new List<IDisposable>();
        var cables = parse.GetValue(s_serial) ?? [];
        foreach (var cable in cables)
        {
            if (cables.Count(c => c == cable) > 1) throw new UsageException($"--serial '{cable}' is there twice; a port has one cable.");
            ends.AddRange(Connect(session, machine, cable));
        }
        return ends;
    }

    private static IDisposable[] Connect(Session session, SimMachine machine, string cable)
    {
        if (cable.EndsWith("=stdio", StringComparison.Ordinal))
            throw new UsageException($"--serial '{cable}': standard input and output are the command's own; write {cable[..^6]}=pty and talk to the terminal whose path is told.");
        if (!cable.EndsWith("=pty", StringComparison.Ordinal))
            throw new UsageException($"--serial '{cable}' is no port at a terminal; write it as uart0=pty.");
        var line = SimQTestWorld.LineOf(machine, cable[..^4]) ?? throw new UsageException($"--serial '{cable}': {SimQTestWorld.Lines(machine)}.");
        var terminal = PseudoTerminal.Open();
        var connection = line.Connect(terminal.Stream);
        session.Streams.Tell($"rawio: {cable[..^4]} is at {terminal.SlavePath}");
        return [connection, terminal];
    }
}
