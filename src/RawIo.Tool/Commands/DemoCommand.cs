using System.CommandLine;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio demo</c>: a driver at work on two simulated machines, narrated.</summary>
internal static class DemoCommand
{
    public static Command Create(Session session)
    {
        var command = new ToolCommand("demo", "Shows a driver at work on sim:pi3, and the keyboard controller of sim:pc.",
            "rawio demo");
        command.SetAction(parse =>
        {
            TargetOptions.RefuseChoices(parse, "demo brings its own two boards");
            TargetOptions.RefuseJson(parse, "demo tells a story");
            PiDemo.Run(session);
            session.Text.WriteLine();
            PcDemo.Run(session);
            return Failures.Done;
        });
        return command;
    }
}
