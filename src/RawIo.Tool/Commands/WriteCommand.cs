using System.CommandLine;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio write ADDR VALUE</c>: one bus write.</summary>
internal static class WriteCommand
{
    public static Command Create(Session session)
    {
        var address = Numbers.Argument("ADDR", "The physical address; a multiple of the width.", 0, ulong.MaxValue);
        var value = Numbers.Argument("VALUE", "The value; it must fit the width.", 0, ulong.MaxValue);
        var width = Numbers.Width(32, 8, 16, 32, 64);
        var command = new ToolCommand("write", "Writes a register or memory; prints nothing.",
            "rawio write 0x3f200004 0x40000        # GPFSEL1: pin 16 is an output",
            "rawio write 0x100000 0b1010 -w 8");
        command.Add(address);
        command.Add(value);
        command.Add(width);
        command.SetAction(parse =>
        {
            using var target = TargetOptions.Open(parse, session);
            var bits = parse.GetValue(width);
            Width.Check(parse.GetValue(address), bits);
            Width.CheckValue(parse.GetValue(value), bits);
            target.Window(parse.GetValue(address), bits / 8).Write(0, bits / 8, parse.GetValue(value));
            return Failures.Done;
        });
        return command;
    }
}
