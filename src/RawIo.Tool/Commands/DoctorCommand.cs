using System.CommandLine;
using System.Text.Json;
using RawIo.Native;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio doctor</c>: what machine this is, and which ways lead to its registers.</summary>
internal static class DoctorCommand
{
    public static Command Create(Session session)
    {
        var command = new ToolCommand("doctor", "Tells what machine this is, which ways lead to its registers, and what to do about those that do not.",
            "rawio doctor", "sudo rawio doctor", "rawio doctor --json | jq -r '.ways[] | select(.usable) | .name'",
            "rawio doctor --json | jq -e .reachesRegisters")
        {
            Notes = """
                Any user may run it. It touches no register: it opens and closes the files, has the port rights
                granted to a thread that ends, and reads /proc and /sys. --host changes nothing.
                Exit codes: 0 some way works, 1 none does, 2 usage.
                """,
        };
        command.SetAction(parse =>
        {
            TargetOptions.RefuseBoards(parse, "doctor examines this computer");
            return Print(HostReport.Probe(), session, Json.IsWanted(parse));
        });
        return command;
    }

    internal static int Print(HostReport report, Session session, bool json)
    {
        if (json) Json.Print(session, writer => Write(writer, report));
        else Tell(report, session);
        return report.ReachesRegisters ? Failures.Done : Failures.Refused;
    }

    private static void Tell(HostReport report, Session session)
    {
        var (board, text) = (report.Board, session.Text);
        Line("Machine", board.Model);
        if (board.Soc is { } soc)
            Line("SoC", soc + Place(", peripherals at", board.PeripheralBase) + Place(", GPIO at", board.GpioBase));
        if (board.Revision is { } revision) Line("Revision", Words(revision));
        Line("Kernel", $"Linux {report.Kernel}, {report.Architecture}");
        text.WriteLine();

        HostWay[] rows = [.. report.Ways, report.Library];
        var table = new Table("WAY", "USABLE", "DETAIL", "REMEDY") { Colour = (row, column) => column < 2 ? rows[row].Usable ? "green" : "red" : null };
        foreach (var way in rows) table.Add(way.Name, way.Usable ? "yes" : "no", way.Detail, way.Remedy ?? "-");
        table.Print(session);
        text.WriteLine();
        foreach (var note in report.Notes) text.WriteLine(note);
        text.WriteLine(report.ReachesRegisters ? "This process can reach registers." : "No way to the registers works for this process; the simulated boards do (rawio demo).");

        void Line(string name, string value) => text.WriteLine($"{name + ":",-10}{value}");
    }

    private static string Place(string words, ulong? address) => address is { } at ? $"{words} {Numbers.Address(at)}" : "";

    private static string Words(RaspberryPiRevision revision)
    {
        string?[] parts =
        [
            $"type {revision.Type ?? "unknown"}", revision.Board is { } board ? $"revision {board}" : null,
            revision.Processor, revision.MemoryMiB is { } memory ? $"{memory} MiB" : null, revision.Manufacturer,
        ];
        return $"{revision} ({string.Join(", ", parts.Where(p => p is not null))})";
    }

    private static void Write(Utf8JsonWriter json, HostReport report) => json.Object(() =>
    {
        var board = report.Board;
        json.WriteString("model", board.Model);
        json.WriteBoolean("raspberryPi", board.IsRaspberryPi);
        json.WriteString("soc", board.Soc);
        json.WriteString("revision", board.Revision?.ToString());
        json.WriteString("type", board.Revision?.Type);
        if (board.MemoryMiB is { } memory) json.WriteNumber("memoryMiB", memory);
        else json.WriteNull("memoryMiB");
        json.WriteString("peripheralBase", board.PeripheralBase is { } peripherals ? Numbers.Address(peripherals) : null);
        json.WriteString("gpioBase", board.GpioBase is { } gpio ? Numbers.Address(gpio) : null);
        json.WriteString("kernel", report.Kernel);
        json.WriteString("architecture", report.Architecture);
        json.WriteBoolean("reachesRegisters", report.ReachesRegisters);
        json.Array("ways", report.Ways, way => Write(json, way));
        json.WritePropertyName("library");
        Write(json, report.Library);
        json.Array("notes", report.Notes, json.WriteStringValue);
    });

    private static void Write(Utf8JsonWriter json, HostWay way) => json.Object(() =>
    {
        json.WriteString("name", way.Name);
        json.WriteBoolean("usable", way.Usable);
        json.WriteString("detail", way.Detail);
        json.WriteString("remedy", way.Remedy);
    });
}
