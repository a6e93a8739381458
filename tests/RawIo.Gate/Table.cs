using System.Text;

namespace RawIo.Gate;

/// <summary>What was measured, for people.</summary>
internal static class Table
{
    public const string VersionLine = "Measured with ";
    public const string Caught = "## What the gate catches";

    public static string Markdown()
    {
        var text = new StringBuilder();
        var exact = GateCase.Exact.Sum(c => c.Methods.Count) * Compiler.All.Count;
        var wrong = Compiler.All.Sum(c => GateCase.Exact.Sum(g => g.Methods.Count(m => !g.Judge(c.Gate, m).Exact)));
        text.Append($"""
            # Exact accesses: what the compilers emit

            An access that you write with RawIo is the access that the bus sees: that width, in that order, once. This page is
            the proof, and it is measured: `tests/RawIo.Gate` compiles every pattern below, decodes the machine code (Iced for
            x64, objdump for arm64), follows the device pointer through it, calls included, and compares the accesses of **every
            path** with what the pattern says. An address of unknown origin or an instruction that the gate does not know counts
            as wrong.

            {VersionLine}{Build.Versions()}.
            Anew: `RAWIO_ACCEPT_GATE=1 dotnet test tests/RawIo.Gate`. CI fails when this page is not what it measures.

            - **Accesses**: R is a read, W a write of the pattern's width, a digit another width in bytes, `@` the offset, with
              N1 for the next register of that width after 0x10; `* + ? |` as in a regular expression, over all paths.
            - **JIT x64** is the just-in-time compiler at full optimisation; **tier 1, PGO** what tiered compilation ends in
              after a warm-up with profiles; **NativeAOT** the code that goes to the linker, for any core of that architecture;
              **RCPC** for arm64 cores with `ldapr`.
            - A cell has the widths at which each way is exact: {string.Join(", ", Catalogue.Exact.Select(e => $"`{e.Name}`"))} are
              `DeviceMemory` itself, the window by its own type, its relaxed forms, and the window as `IMmio`.

            {exact} functions read, {wrong} wrong.

            ## What it leans on

            No .NET document promises any of this for device memory; that is why it is measured at every build.

            - On x64 a read of 8, 16 or 32 bits is compiled into its caller. What keeps it whole is that the compilers do not fold a
              load into its user across `Volatile.ReadBarrier()`, though that emits no instruction, and that they drop no volatile
              load whose value is dropped. A cleverer compiler could do either; these patterns would show it, and the way out is
              there already: the call that arm64 and 64-bit reads use.
            - A read behind a call (arm64, and 64 bits) leans only on `NoInlining`: the callee has to return the whole value.
            - A write leans on volatile stores never being joined or dropped.
            - The just-in-time compiler for arm64 is not run here. NativeAOT for arm64 has the same code generator; tiers and
              profiles are measured on x64.


            """);
        Rows(text, "Exact", GateCase.Exact);
        text.Append($"\n{Caught}\n\nThe same patterns by accessors as one writes them first. The cell has the first sequence that differs, by width in bits.\n");
        foreach (var accessor in Catalogue.Naive)
        {
            var cases = GateCase.Naive(accessor);
            var caught = cases.Where(c => Compiler.All.Any(by => !c.Judge(by.Gate, c.Methods[0]).Exact)).Select(c => c.Name).ToHashSet();
            var all = cases.Select(c => c.Name).Distinct().Count();
            Rows(text, accessor == typeof(Plain) ? $"Plain pointers: caught on {caught.Count} of {all} patterns" : $"Volatile alone: caught on {caught.Count} of {all} patterns",
                [.. cases.Where(c => caught.Contains(c.Name))]);
        }
        return text.ToString();
    }

    private static void Rows(StringBuilder text, string title, IReadOnlyList<GateCase> cases)
    {
        text.Append($"\n### {title}\n\n| pattern | accesses | {string.Join(" | ", Compiler.All)} |\n|---|---|{string.Concat(Compiler.All.Select(_ => "---|"))}\n");
        foreach (var pattern in cases.GroupBy(c => (c.Name, c.Accesses)))
            text.Append($"| {pattern.Key.Name} | `{pattern.Key.Accesses.Replace("|", "\\|", StringComparison.Ordinal)}` | {string.Join(" | ", Compiler.All.Select(c => Cell(c, pattern)))} |\n");
    }

    private static string Cell(Compiler compiler, IEnumerable<GateCase> widths)
    {
        var exact = new List<string>();
        var wrong = new List<string>();
        foreach (var width in widths)
        {
            var label = width.Bits == 0 ? "exact" : $"{width.Bits}";
            var verdicts = width.Methods.Select(m => (m.Way, Verdict: width.Judge(compiler.Gate, m))).Where(v => !v.Verdict.Exact).ToList();
            if (verdicts.Count == 0) exact.Add(label);
            foreach (var (way, verdict) in verdicts)
                wrong.Add($"**{label}**{(width.Methods.Count > 1 ? " " + way : "")} {(verdict.Wrong is { } how ? $"{how}" : "unclear")}");
        }
        return string.Join(" · ", exact.Count > 0 ? [string.Join(' ', exact), .. wrong] : wrong);
    }
}
