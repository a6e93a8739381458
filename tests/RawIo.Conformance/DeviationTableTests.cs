using System.Text;
using RawIo.Tests;

namespace RawIo.Conformance;

/// <summary>docs/conformance.md is what the profiles say. RAWIO_ACCEPT_CONFORMANCE=1 writes it anew.</summary>
internal sealed class DeviationTableTests
{
    [Test]
    public void The_table_is_what_the_profiles_say()
    {
        var file = Path.Join(Repository.Root, "docs", "conformance.md");
        var text = Table();
        if (Environment.GetEnvironmentVariable("RAWIO_ACCEPT_CONFORMANCE") == "1") File.WriteAllText(file, text);
        Assert.That(File.Exists(file) ? File.ReadAllText(file) : "", Is.EqualTo(text), "write it anew: RAWIO_ACCEPT_CONFORMANCE=1 dotnet test tests/RawIo.Conformance");
    }

    private static string Table()
    {
        var text = new StringBuilder();
        text.Append("""
            # Beside QEMU

            tests/RawIo.Conformance runs each device model and QEMU's side by side: scenarios from the datasheet, and at least
            10,000 accesses of seeded random sequences a device a run. These are the places where QEMU 7.2 is otherwise than the
            datasheet, or leaves something out, and we are not. Nothing else may differ, and each of these must in every run.

            | device | register | QEMU | datasheet | RawIo |
            |---|---|---|---|---|

            """);
        foreach (var results in Results.All)
            foreach (var d in results.Profile.Deviations)
                text.Append($"| {results.Profile.Name} | {Cell(d.Register)} | {Cell(d.Qemu)} | {Cell(d.Datasheet)} | {Cell(d.Model)} |\n");
        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
