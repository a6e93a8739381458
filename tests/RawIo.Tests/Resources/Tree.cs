namespace RawIo.Tests;

/// <summary>What must be true of every tree at every moment.</summary>
internal static class Tree
{
    public static void Check(ResourceTree tree)
    {
        var parents = new Stack<Resource>([tree.Root]);
        var reached = 0;
        while (parents.TryPop(out var parent))
        {
            Resource? previous = null;
            for (var child = parent.Child; child is not null; previous = child, child = child.Sibling)
            {
                reached++;
                if (child.Parent != parent) Assert.Fail($"{child} does not point to its parent {parent}");
                if (child.Start > child.End) Assert.Fail($"{child} ends before it starts");
                if (child.Start < parent.Start || child.End > parent.End) Assert.Fail($"{child} leaves {parent}");
                if (previous is not null && previous.End >= child.Start) Assert.Fail($"{child} is not above {previous}");
                parents.Push(child);
            }
        }

        if (reached != tree.All().Count()) Assert.Fail($"{reached} resources are linked, {tree.All().Count()} listed");
    }

    /// <summary>The text as a reader without CAP_SYS_ADMIN sees it, made from the text alone.</summary>
    public static string Hide(string text) => string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
    {
        var (dash, colon) = (line.IndexOf('-', StringComparison.Ordinal), line.IndexOf(" : ", StringComparison.Ordinal));
        var indent = line.Length - line.TrimStart(' ').Length;
        var zeros = new string('0', dash - indent > 4 ? 8 : 4);
        return $"{line[..indent]}{zeros}-{zeros}{line[colon..]}\n";
    }));

    public static string Capture(string name) =>
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Captures", name));
}
