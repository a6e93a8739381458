using System.CommandLine;

namespace RawIo.Tool.Commands;

internal static class I8042Command
{
    public static Command Create(Session session)
    {
        var command = new ToolCommand("i8042", "…");
        command.SetAction(int (_) => throw new NotSupportedException("not yet"));
        return command;
    }
}
