using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RawIo.Tool;

/// <summary>The answers to <c>--json</c>.</summary>
internal static class Json
{
    // What is printed goes to a terminal or jq, not into a web page: leave µ and < readable.
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool IsWanted(ParseResult parse) => parse.GetValue(TargetOptions.Json);

    /// <summary>Prints one JSON value; where making it fails, nothing.</summary>
    public static void Print(Session session, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_options)) write(json);
        session.Text.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    /// <summary>Prints one JSON value of any length piece by piece, whenever <paramref name="write"/> flushes.</summary>
    public static void Stream(Session session, Action<Utf8JsonWriter> write)
    {
        session.Flush();
        using (var json = new Utf8JsonWriter(session.Bytes, s_options))
        {
            try
            {
                write(json);
            }
            catch
            {
                json.Reset(); // half a value helps nobody
                throw;
            }
        }
        session.Text.WriteLine();
    }

    public static void Array<T>(this Utf8JsonWriter json, string? name, IEnumerable<T> items, Action<T> write)
    {
        if (name is null) json.WriteStartArray();
        else json.WriteStartArray(name);
        foreach (var item in items) write(item);
        json.WriteEndArray();
    }

    public static void Object(this Utf8JsonWriter json, Action write)
    {
        json.WriteStartObject();
        write();
        json.WriteEndObject();
    }
}
