using System.CommandLine;
using System.Text.Json;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio recording FILE</c>: what a recording has, a line an entry.</summary>
internal static class RecordingCommand
{
    public static Command Create(Session session)
    {
        var file = new Argument<string>("FILE") { Description = "The recording." };
        var command = new ToolCommand("recording", "Prints a recording, one line an entry.",
            "rawio recording run.rec", "rawio recording run.rec --json | jq -r '.entries[] | select(.kind == \"Write\") | .text'",
            "rawio gpio 16 out high --record run.rec                   # makes one", "rawio gpio 16 out high --on recording:run.rec             # checks that the same is done")
        {
            Notes = "A recording that is cut off is printed to its last whole entry, then told; the exit code is 1.",
        };
        command.Add(file);
        command.SetAction(parse =>
        {
            TargetOptions.RefuseChoices(parse, "recording prints a file");
            var path = parse.GetValue(file)!;
            if (path.Length == 0) throw new UsageException("recording needs the name of a file; see rawio recording --help.");
            var isComplete = RecordedMachine.Read(path, name =>
            {
                using var reader = Recording.Read(name);
                if (Json.IsWanted(parse)) PrintJson(session, reader);
                else while (reader.TryRead(out var entry)) session.Text.WriteLine(Failures.Line(entry.ToString()));
                return reader.IsComplete;
            });
            return isComplete ? Failures.Done
                : throw new RawIoException(Errno.EIO, $"{path} is cut off behind this: its recorder did not come to its end.");
        });
        return command;
    }

    private static void PrintJson(Session session, RecordingReader reader) => Json.Stream(session, json => json.Object(() =>
    {
        json.WriteString("machine", reader.Name);
        json.WriteStartArray("entries");
        while (reader.TryRead(out var entry))
        {
            json.Object(() => Print(json, entry));
            if (json.BytesPending > 0x4000) json.Flush();
        }
        json.WriteEndArray();
        json.WriteBoolean("complete", reader.IsComplete);
    }));

    private static void Print(Utf8JsonWriter json, RecordingEntry entry)
    {
        json.WriteNumber("number", entry.Number);
        json.WriteString("kind", entry.Kind.ToString());
        if (entry.Size > 0) json.WriteNumber("width", entry.Size * 8);
        json.WriteString("address", Numbers.Address(entry.Address));
        json.WriteString("value", Numbers.Hex(entry.Value, entry.Data.IsEmpty && entry.Size > 0 ? entry.Size * 8 : 64));
        if (!entry.Data.IsEmpty) json.WriteString("data", Convert.ToHexStringLower(entry.Data.Span));
        if (entry.Thread != 0) json.WriteNumber("thread", entry.Thread);
        if (entry.Refusal is { } refusal) json.WriteString("refusal", refusal.Message);
        json.WriteString("text", entry.ToString());
    }
}
