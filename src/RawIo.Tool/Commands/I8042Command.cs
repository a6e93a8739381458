using System.CommandLine;
using RawIo.Drivers;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio i8042</c>: a look at the PC's keyboard controller.</summary>
internal static class I8042Command
{
    // Linux's names of the bits, lowest first (drivers/input/serio/i8042.h).
    private static readonly string[] s_status = ["OBF", "IBF", "SYS", "A2", "KEYLOCK", "AUXDATA", "TIMEOUT", "PARITY"];
    private static readonly string[] s_command = ["KBDINT", "AUXINT", "SYS", "IGNKEYLOCK", "KBDDIS", "AUXDIS", "XLATE", "reserved"];

    public static Command Create(Session session)
    {
        var command = new ToolCommand("i8042", "Tests the PC's keyboard controller and identifies what is plugged in.",
            "rawio i8042", "rawio i8042 --json | jq -r .selfTest",
            "rawio i8042 --host --force   # this PC's own, which the kernel's driver holds")
        {
            Notes = "Ports 0x60 and 0x64 are claimed meanwhile, with --host refused where a driver holds them, unless --force.\n"
                + "The command byte is put back; there is no --undo. The exit code is 1 where a test fails.",
        };
        command.SetAction(parse =>
        {
            using var target = TargetOptions.Open(parse, session, "pc", noUndo: "it puts the command byte back itself");
            using var driver = new I8042(target.Hardware);
            var report = driver.Probe();
            if (Json.IsWanted(parse)) PrintJson(session, report);
            else Print(session, report);
            if (report.Passed) return Failures.Done;
            throw new RawIoException(Errno.EIO, "The keyboard controller failed its tests; see what each answered.");
        });
        return command;
    }

    private static void Print(Session session, I8042Report report)
    {
        var table = new Table("WHAT", "VALUE", "MEANING");
        table.Add("status", Byte((byte)report.Status), Bits((byte)report.Status, s_status));
        table.Add("command byte", Byte((byte)report.CommandByte), Bits((byte)report.CommandByte, s_command));
        table.Add("self test", Byte(report.SelfTest), report.SelfTest == 0x55 ? "passed" : "FAILED: 0x55 is passed");
        table.Add("keyboard interface", Byte(report.KeyboardTest), Line(report.KeyboardTest));
        table.Add("mouse interface", report.AuxTest is { } aux ? Byte(aux) : "-", report.AuxTest is { } line ? Line(line) : "no mouse port");
        table.Add("keyboard", Keyboard(report) ?? "-", report.KeyboardId switch
        {
            [] => "none answered",
            [0xab, 0x83 or 0x41] => "enhanced keyboard",
            _ => "unknown keyboard",
        });
        table.Add("mouse", report.MouseId is { } id ? Byte(id) : "-", report.MouseId switch
        {
            null => "none answered",
            0 => "standard mouse",
            3 => "wheel mouse",
            4 => "wheel mouse with five buttons",
            _ => "unknown mouse",
        });
        if (report.Flushed > 0) table.Add("thrown away", $"{report.Flushed}", "bytes that waited in the buffer");
        table.Print(session);
    }

    private static void PrintJson(Session session, I8042Report report) => Json.Print(session, json => json.Object(() =>
    {
        json.WriteString("status", Byte((byte)report.Status));
        json.WriteString("commandByte", Byte((byte)report.CommandByte));
        json.WriteString("selfTest", Byte(report.SelfTest));
        json.WriteString("keyboardTest", Byte(report.KeyboardTest));
        json.WriteString("mouseTest", report.AuxTest is { } aux ? Byte(aux) : null);
        json.WriteString("keyboardId", Keyboard(report));
        json.WriteString("mouseId", report.MouseId is { } mouse ? Byte(mouse) : null);
        json.WriteNumber("flushed", report.Flushed);
        json.WriteBoolean("passed", report.Passed);
    }));

    private static string Byte(byte value) => Numbers.Hex(value, 8);

    private static string? Keyboard(I8042Report report) =>
        report.KeyboardId.Count == 0 ? null : string.Join(' ', report.KeyboardId.Select(Byte));

    private static string Bits(byte value, string[] names) =>
        string.Join(' ', Enumerable.Range(0, 8).Where(bit => (value >> bit & 1) != 0).Select(bit => names[bit])) is { Length: > 0 } set ? set : "none set";

    private static string Line(byte answer) => answer switch
    {
        0 => "passed",
        1 => "FAILED: clock line stuck low",
        2 => "FAILED: clock line stuck high",
        3 => "FAILED: data line stuck low",
        4 => "FAILED: data line stuck high",
        _ => "FAILED",
    };
}
