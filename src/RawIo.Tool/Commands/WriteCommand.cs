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
        var time = UndoWait.Option();
        var command = new ToolCommand("write", "Writes a register or memory; prints nothing.",
            "rawio write 0x3f200004 0x40000        # GPFSEL1: pin 16 is an output",
            "rawio write 0x100000 0b1010 -w 8",
            "rawio write --host 0xfe200004 0x40000 --undo --for 5s   # on the Pi 4 it runs on, and back")
        {
            Notes = "With --host the register is claimed first, and refused where a driver holds it, unless --force.\n"
                + "With --undo the old value is read before the write, printed, and written back at the end. A register\n"
                + "that cannot be restored so is refused: write-only, changed by reading, or cleared by writing 1.",
        };
        command.Add(address);
        command.Add(value);
        command.Add(width);
        command.Add(time);
        command.SetAction(parse =>
        {
            UndoWait.Check(parse, session, time);
            using var target = TargetOptions.Open(parse, session, noUndo: null);
            var (at, bits) = (parse.GetValue(address), parse.GetValue(width));
            Width.Check(at, bits);
            Width.CheckValue(parse.GetValue(value), bits);
            target.CheckRange(at, (ulong)bits / 8);
            target.Memory.Write((long)at, bits / 8, parse.GetValue(value));
            if (target.Undo is not { } undo || session.Board is not null) return Failures.Done;
            Print(parse, session, at, bits, undo.Memory.Entries[^1].OldValue);
            UndoWait.Hold(session, parse.GetValue(time));
            return Failures.Done;
        });
        return command;
    }

    private static void Print(ParseResult parse, Session session, ulong address, int bits, ulong old)
    {
        if (!Json.IsWanted(parse))
        {
            session.Text.WriteLine(Numbers.Hex(old, bits));
            return;
        }
        Json.Print(session, json => json.Object(() =>
        {
            json.WriteString("address", Numbers.Address(address));
            json.WriteNumber("width", bits);
            json.WriteString("was", Numbers.Hex(old, bits));
        }));
    }
}
