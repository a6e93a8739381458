using System.CommandLine;
using System.Text.Json;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio iomem</c> and <c>rawio ioports</c>: who holds what, as the kernel prints it.</summary>
internal static class ResourcesCommand
{
    private const string Host = "With --host it is what this computer's kernel shows, which hides the addresses from who is not root.";

    public static Command Iomem(Session session)
    {
        var command = new ToolCommand("iomem", "Prints who holds which memory, as /proc/iomem does.",
            "rawio iomem", "rawio iomem --on sim:pi4", "rawio iomem --dtb bcm2711-rpi-4-b.dtb", "sudo rawio iomem --host", "rawio iomem --json | jq -r '.[].name'") { Notes = Host };
        command.SetAction(parse => Print(parse, session, "pi3", hardware => hardware.Memory));
        return command;
    }

    public static Command Ioports(Session session)
    {
        var command = new ToolCommand("ioports", "Prints who holds which ports, as /proc/ioports does.",
            "rawio ioports", "sudo rawio ioports --host", "rawio ioports --json | jq -r '.[].name'") { Notes = Host };
        command.SetAction(parse => Print(parse, session, "pc", hardware => hardware.Ports));
        return command;
    }

    private static int Print(ParseResult parse, Session session, string board, Func<IHardware, ResourceTree> tree)
    {
        using var target = TargetOptions.Open(parse, session, board);
        // Ports there are none on many machines; memory there is on all.
        if (target.IsHost && target.Hardware.Memory.Root.Child is null)
            throw new RawIoException(Errno.EACCES, $"/proc/{parse.CommandResult.Command.Name} shows this user no addresses; run as root, with CAP_SYS_ADMIN.");
        var resources = tree(target.Hardware);
        if (Json.IsWanted(parse)) Json.Print(session, json => json.Array(null, Siblings(resources.Root.Child), r => Write(json, r)));
        else session.Text.Write(resources.ToProcText());
        return Failures.Done;
    }

    private static void Write(Utf8JsonWriter json, Resource resource) => json.Object(() =>
    {
        json.WriteString("start", Numbers.Address(resource.Start));
        json.WriteString("end", Numbers.Address(resource.End));
        json.WriteString("name", resource.Name);
        json.WriteBoolean("busy", resource.Flags.HasFlag(ResourceFlags.Busy));
        json.Array("children", Siblings(resource.Child), r => Write(json, r));
    });

    private static IEnumerable<Resource> Siblings(Resource? first)
    {
        for (var at = first; at is not null; at = at.Sibling) yield return at;
    }
}
