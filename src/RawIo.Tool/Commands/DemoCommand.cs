using System.CommandLine;

namespace RawIo.Tool.Commands;

internal static class DemoCommand
{
    public static Command Create(Session session)
    {
        var command = new ToolCommand("demo", "…");
        command.SetAction(int (_) => throw new NotSupportedException("not yet"));
        return command;
    }
}
