namespace RawIo.Gate;

/// <summary>The table in docs/exact-accesses.md is what was measured; RAWIO_ACCEPT_GATE=1 dotnet test tests/RawIo.Gate writes it anew.</summary>
public class TableTests
{
    private static string Document { get; } = Path.Combine(Repository.Root, "docs", "exact-accesses.md");

    [Test]
    public void The_table_is_what_was_measured()
    {
        foreach (var compiler in Compiler.All)
            if (compiler.Missing() is { } missing)
                Assert.Ignore($"SKIPPED: {missing}");
        var measured = Table.Markdown();
        if (Environment.GetEnvironmentVariable("RAWIO_ACCEPT_GATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Document)!);
            File.WriteAllText(Document, measured);
        }
        Assert.That(Claims(measured), Is.EqualTo(File.Exists(Document) ? Claims(File.ReadAllText(Document)) : ""),
            "The compilers do not do what docs/exact-accesses.md says. Look at the difference, then RAWIO_ACCEPT_GATE=1 dotnet test tests/RawIo.Gate and commit the file.");
    }

    // A compiler's new version that compiles the same is no difference; and what becomes of the naive accessors depends on
    // the processor too (the widest vector): that they are caught is NaiveTests' to say.
    private static string Claims(string text) => string.Join('\n', text.Split('\n')
        .TakeWhile(l => l != Table.Caught).Where(l => !l.StartsWith(Table.VersionLine, StringComparison.Ordinal)));
}
