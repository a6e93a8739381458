using System.CommandLine;
using RawIo.Sim;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio boards [NAME]</c>: what there is, and what is on one board, named or chosen by option.</summary>
internal static class BoardsCommand
{
    public static Command Create(Session session)
    {
        var name = new Argument<string?>("NAME") { Description = "A board, to list its devices.", Arity = ArgumentArity.ZeroOrOne };
        var command = new ToolCommand("boards", "Lists the simulated boards, or one board's devices.",
            "rawio boards", "rawio boards pi3", "rawio boards --dtb bcm2711-rpi-4-b.dtb", "rawio boards --json | jq -r '.[].name'");
        command.Add(name);
        command.SetAction(parse =>
        {
            TargetOptions.RefuseHost(parse, "boards lists simulated ones; rawio doctor tells of this computer");
            if (parse.GetValue(name) is { } board)
            {
                if (session.Board is not null) throw new UsageException("boards NAME makes a board of its own; run it outside the shell.");
                if (TargetOptions.NameBoard(parse)) throw new UsageException($"boards {board} names the board already; leave --on and --dtb away, or {board}.");
                Show(parse, session, TargetOptions.BoardName(board));
            }
            else if (TargetOptions.NameBoard(parse))
            {
                Show(parse, session, "pi3");
            }
            else
            {
                TargetOptions.RefuseChoices(parse, "boards lists the boards there are");
                List(parse, session);
            }
            return Failures.Done;
        });
        return command;
    }

    private static void List(ParseResult parse, Session session)
    {
        var boards = SimMachine.Boards.Select(name =>
        {
            using var machine = SimMachine.Create(name);
            return (Name: "sim:" + name, Model: machine.DeviceTree?.Model ?? "PC", Devices: machine.Devices.Count);
        }).ToArray();
        if (Json.IsWanted(parse))
        {
            Json.Print(session, json => json.Array(null, boards, board => json.Object(() =>
            {
                json.WriteString("name", board.Name);
                json.WriteString("model", board.Model);
                json.WriteNumber("devices", board.Devices);
            })));
            return;
        }
        var table = new Table("BOARD", "MODEL", "DEVICES") { Right = [2], Colour = (_, column) => column == 0 ? "green" : null };
        foreach (var board in boards) table.Add(board.Name, board.Model, $"{board.Devices}");
        table.Print(session);
    }

    private static void Show(ParseResult parse, Session session, string board)
    {
        using var target = TargetOptions.Open(parse, session, board);
        var machine = target.Simulated;
        var devices = machine.Devices.OrderBy(d => d.IsConfiguration).ThenBy(d => d.IsPort).ThenBy(d => d.Start).ToArray();
        if (Json.IsWanted(parse))
        {
            Json.Print(session, json => json.Array(null, devices, device => json.Object(() =>
            {
                json.WriteString("name", device.Device.Name);
                if (device.Id.Length > 0) json.WriteString("id", device.Id);
                json.WriteString("space", device.IsConfiguration ? "pci" : device.IsPort ? "ports" : "memory");
                json.WriteString("start", Place(device, device.Ranges[0].First));
                json.WriteString("end", Place(device, device.Ranges[^1].Last));
                if (device.Ranges.Count > 1) json.Array("ranges", device.Ranges, range => json.WriteStringValue($"{Place(device, range.First)}-{Place(device, range.Last)}"));
                json.Array("compatible", device.Device.Compatible, json.WriteStringValue);
                if (device.Node is { } node) json.WriteString("node", node.Path);
                json.Array("interrupts", machine.InterruptsOf(device), json.WriteStringValue);
                json.WriteString("leavesOut", device.Device.LeavesOut);
            })));
            return;
        }
        var table = new Table("RANGE", "DEVICE", "INTERRUPTS", "LEAVES OUT") { Colour = (_, column) => column == 0 ? "green" : null };
        foreach (var device in devices)
            table.Add(device.IsConfiguration ? "PCI" : string.Join(' ', device.Ranges.Select(r => r.First == r.Last ? Place(device, r.First) : $"{Place(device, r.First)}-{Place(device, r.Last)}")), device.Id.Length > 0 ? $"{device.Device.Name} ({device.Id})" : device.Device.Name, Or(string.Join(' ', machine.InterruptsOf(device))), Or(device.Device.LeavesOut));
        table.Print(session);
    }

    private static string Place(AttachedDevice device, ulong address) => device.IsPort ? Numbers.Port(address) : Numbers.Address(address);

    private static string Or(string text) => text.Length > 0 ? text : "-";
}
