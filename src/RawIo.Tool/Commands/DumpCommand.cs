using System.CommandLine;
using System.Globalization;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio dump ADDR LENGTH</c>: hexadecimal and ASCII, without touching what reading would change.</summary>
internal static class DumpCommand
{
    public static Command Create(Session session)
    {
        var address = Numbers.Argument("ADDR", "The first physical address.", 0, ulong.MaxValue);
        var length = Numbers.Argument("LENGTH", "How many bytes.", 1, 1UL << 30);
        var command = new ToolCommand("dump", "Prints registers or memory in hexadecimal and ASCII.",
            "rawio dump 0x3f200000 0xb4", "rawio dump 0x3f104000 16       # the RNG: its data register is not read",
            "rawio dump 0x3f003000 0x1c --json", "rawio dump --host 0xfe200000 0xf4    # the GPIO block of the Pi 4 it runs on")
        {
            Notes = "A device's registers are read one by one, 32 bits each, and these are not read but marked:\n"
                + "-- reading changes the device; wo write-only; .. no register there.\n"
                + "!! marks what the device refused to give; the exit code is then 1.\n"
                + "With --host the device tree tells where which registers are. A PC has none: every word is then read, also\n"
                + "of a register that reading changes.",
        };
        command.Add(address);
        command.Add(length);
        command.SetAction(parse =>
        {
            using var target = TargetOptions.Open(parse, session);
            var (start, count) = (parse.GetValue(address), (long)parse.GetValue(length));
            target.CheckRange(start, (ulong)count);
            var cells = new DumpReader(target, start, count);
            if (Json.IsWanted(parse)) PrintJson(session, cells, start, count);
            else PrintText(session.Text, cells, start, count);
            if (cells.FirstFault is { } fault)
                throw new RawIoException(Errno.EFAULT, $"{cells.Faults} of the reads failed, marked !!; the first: {Failures.Line(fault)}");
            return Failures.Done;
        });
        return command;
    }

    private static void PrintText(TextWriter text, DumpReader cells, ulong start, long count)
    {
        var wide = start + (ulong)count - 1 > uint.MaxValue ? "x16" : "x8";
        var row = new string[16];
        for (var at = start & ~15UL; at < start + (ulong)count; at += 16)
        {
            for (var i = 0; i < 16; i++) row[i] = "  ";
            var ascii = new char[16];
            Array.Fill(ascii, ' ');
            foreach (var cell in cells.Row(at)) Place(cell, at, row, ascii);
            text.WriteLine($"{at.ToString(wide, CultureInfo.InvariantCulture)}  {string.Join(' ', row[..8])}  {string.Join(' ', row[8..])}  |{new string(ascii).TrimEnd()}|");
        }
    }

    private static void Place(DumpCell cell, ulong rowStart, string[] row, char[] ascii)
    {
        for (var i = 0; i < cell.Size; i++)
        {
            var column = (int)(cell.Address - rowStart) + i;
            var value = (byte)(cell.Value >> (8 * i));
            row[column] = cell.Mark ?? value.ToString("x2", CultureInfo.InvariantCulture);
            ascii[column] = cell.Mark is null && value is >= 0x20 and < 0x7f ? (char)value : '.';
        }
    }

    private static void PrintJson(Session session, DumpReader cells, ulong start, long count) => Json.Stream(session, json => json.Object(() =>
    {
        json.WriteString("address", Numbers.Address(start));
        json.WriteNumber("length", count);
        json.WriteStartArray("cells");
        for (var at = start & ~15UL; at < start + (ulong)count; at += 16)
        {
            foreach (var cell in cells.Row(at))
            {
                json.WriteStartObject();
                json.WriteString("address", Numbers.Address(cell.Address));
                json.WriteNumber("size", cell.Size);
                if (cell.Register is { } name) json.WriteString("register", name);
                if (cell.Mark is null) json.WriteString("value", Numbers.Hex(cell.Value, cell.Size * 8));
                else json.WriteString("skipped", cell.Why);
                json.WriteEndObject();
            }
            if (json.BytesPending > 0x4000) json.Flush();
        }
        json.WriteEndArray();
    }));
}
