using System.CommandLine;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio in PORT</c> and <c>rawio out PORT VALUE</c>: one port access.</summary>
internal static class PortCommands
{
    public static Command In(Session session)
    {
        var port = Numbers.Argument("PORT", "The port.", 0, 0xffff);
        var width = Numbers.Width(8, 8, 16, 32);
        var command = new ToolCommand("in", "Reads a port; prints the value.",
            "rawio in 0x64                 # the keyboard controller's status", "rawio in 0x64 --json | jq -r .value",
            "sudo rawio in --host 0x64     # of this PC")
        {
            Notes = "One read of that width, also of a port that reading changes. With --host it is a look: nothing is claimed.",
        };
        command.Add(port);
        command.Add(width);
        command.SetAction(parse =>
        {
            using var target = TargetOptions.Open(parse, session, "pc");
            var (number, bits) = ((int)parse.GetValue(port), parse.GetValue(width));
            Check(number, bits);
            using var ports = target.Hardware.OpenPorts(number, bits / 8);
            var value = Numbers.Hex(ports.In(number, bits / 8), bits);
            if (Json.IsWanted(parse))
            {
                Json.Print(session, json => json.Object(() =>
                {
                    json.WriteString("port", Numbers.Port((ulong)number));
                    json.WriteNumber("width", bits);
                    json.WriteString("value", value);
                }));
            }
            else
            {
                session.Text.WriteLine(value);
            }
            return Failures.Done;
        });
        return command;
    }

    public static Command Out(Session session)
    {
        var port = Numbers.Argument("PORT", "The port.", 0, 0xffff);
        var value = Numbers.Argument("VALUE", "The value; it must fit the width.", 0, uint.MaxValue);
        var width = Numbers.Width(8, 8, 16, 32);
        var command = new ToolCommand("out", "Writes a port; prints nothing.",
            "rawio out 0x64 0xaa                                            # the keyboard controller's self test",
            "printf 'out 0x64 0xaa\\nin 0x60\\n' | rawio shell --on sim:pc    # … and its answer, 0x55",
            "sudo rawio out --host 0x378 0x01                               # this PC's printer port")
        {
            Notes = "With --host the port is claimed first, and refused where a driver holds it, unless --force. --undo is\n"
                + "refused: reading a port, to know what to restore, often acts itself.",
        };
        command.Add(port);
        command.Add(value);
        command.Add(width);
        command.SetAction(parse =>
        {
            using var target = TargetOptions.Open(parse, session, "pc", noUndo: null);
            if (target.Undo is not null)
                throw new UsageException("out has no way back: reading a port, to know what to restore, often acts itself; leave --undo away.");
            var (number, bits, data) = ((int)parse.GetValue(port), parse.GetValue(width), parse.GetValue(value));
            Check(number, bits);
            Width.CheckValue(data, bits);
            if (target.Sim is null)
            {
                using var region = target.Hardware.RequestRegion(number, bits / 8, "rawio");
                region.Ports.Out(number, bits / 8, (uint)data);
                return Failures.Done;
            }
            using var ports = target.Sim.OpenPorts(number, bits / 8);
            ports.Out(number, bits / 8, (uint)data);
            return Failures.Done;
        });
        return command;
    }

    private static void Check(int port, int bits)
    {
        if (port + bits / 8 > 0x10000)
            throw new UsageException($"PORT 0x{port:x} has no {bits} bits before the last port, 0xffff; take a smaller -w.");
    }
}
