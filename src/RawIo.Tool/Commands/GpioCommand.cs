using System.CommandLine;

namespace RawIo.Tool.Commands;

internal static class GpioCommand
{
    public static Command Create(Session session)
    {
        var command = new ToolCommand("gpio", "…");
        command.SetAction(int (_) => throw new NotSupportedException("not yet"));
        return command;
    }
}
