using System.CommandLine;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio read ADDR</c>: one bus read a value, of the width asked for.</summary>
internal static class ReadCommand
{
    public static Command Create(Session session)
    {
        var address = Numbers.Argument("ADDR", "The physical address; a multiple of the width.", 0, ulong.MaxValue);
        var width = Numbers.Width(32, 8, 16, 32, 64);
        var count = Numbers.Option("--count", "-n", "COUNT", "How many values, at addresses that follow each other.", 1, 1, 1 << 20);
        var command = new ToolCommand("read", "Reads a register or memory; one line a value.",
            "rawio read 0x3f200034            # one value: just the value",
            "rawio read 0x3f200000 -n 6       # several: address and value",
            "rawio read 0x100000 -w 8 -n 16",
            "rawio read --host 0xfe200034     # GPLEV0 of the Pi 4 it runs on",
            "rawio read 0x3f003004 --json | jq -r .value")
        {
            Notes = "Each value is one read of that width, also of a register that reading changes. With --host it is a look:\n"
                + "nothing is claimed. Where nobody answers, that is told, and the exit code is 1.",
        };
        command.Add(address);
        command.Add(width);
        command.Add(count);
        command.SetAction(parse =>
        {
            using var target = TargetOptions.Open(parse, session);
            Run(parse, session, target, parse.GetValue(address), parse.GetValue(width), (long)parse.GetValue(count));
            return Failures.Done;
        });
        return command;
    }

    private static void Run(ParseResult parse, Session session, Target target, ulong address, int bits, long count)
    {
        Width.Check(address, bits);
        target.CheckRange(address, (ulong)(count * bits / 8));
        var io = target.Memory.Window((long)address, count * bits / 8);
        if (Json.IsWanted(parse))
        {
            var values = new ulong[count];
            for (var i = 0; i < count; i++) values[i] = io.Read(i * bits / 8, bits / 8);
            Json.Print(session, json => json.Object(() =>
            {
                json.WriteString("address", Numbers.Address(address));
                json.WriteNumber("width", bits);
                if (count == 1) json.WriteString("value", Numbers.Hex(values[0], bits));
                else json.Array("values", values, v => json.WriteStringValue(Numbers.Hex(v, bits)));
            }));
            return;
        }
        for (var i = 0L; i < count; i++)
        {
            var value = Numbers.Hex(io.Read(i * bits / 8, bits / 8), bits);
            session.Text.WriteLine(count == 1 ? value : $"{Numbers.Address(address + (ulong)(i * bits / 8))}: {value}");
        }
    }
}
