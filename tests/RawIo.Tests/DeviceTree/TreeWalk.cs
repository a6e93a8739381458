using System.Globalization;

namespace RawIo.Tests;

/// <summary>Asks a tree for everything it can be asked, and checks that it answers or says the input is malformed.</summary>
internal static class TreeWalk
{
    /// <param name="tree">The tree.</param>
    /// <param name="turn">Which of its values are decoded, and as what, by turns: wrong shapes throw, which takes time. Null decodes all as everything.</param>
    public static void Everything(DeviceTree tree, int? turn = null)
    {
        Try(() => tree.Model);
        Try(() => tree.Compatible);
        Try(() => tree.Memory);
        Try(() => tree.Aliases);
        Try(() => tree.ReservedMemory);
        Try(() => tree.Find("serial0"));
        Try(() => tree.Find("/soc/gpio"));
        foreach (var node in tree.Nodes) Everything(tree, node, turn);
    }

    private static void Everything(DeviceTree tree, DeviceTreeNode node, int? turn)
    {
        _ = node.IsAvailable;
        _ = (node.BaseName, node.UnitAddress, node.Children.Count);
        if (tree.Find(node.Path) != node) throw new InvalidOperationException($"{node.Path} does not lead to itself");
        if (node.Phandle is { } phandle && tree.FindPhandle(phandle) is null) throw new InvalidOperationException($"{phandle} is lost");
        Try(() => node.AddressCells);
        Try(() => node.SizeCells);
        Try(() => node.Compatible);
        Try(() => node.Resources);
        Try(() => node.Ranges);
        Try(() => node.DmaRanges);
        Try(() => node.InterruptParent);
        Try(() => node.Interrupts);
        Try(() => node.ToBusAddress(0x3f200034));
        Try(() => node.ToDmaAddress(0x1000));
        Try(() => node.TryTranslateDma(0xc0001000, out _, out _));
        Try(() =>
        {
            for (var i = 0; i < node.Reg.Count; i++) node.TryTranslate(i, out _, out _);
            return 0;
        });
        foreach (var property in node.Properties)
        {
            var kind = turn++ % 15;
            if (kind is null or 0) Try(property.AsString);
            if (kind is null or 1) Try(property.AsStrings);
            if (kind is null or 2) Try(() => property.AsUInt32());
            if (kind is null or 3) Try(() => property.AsUInt64());
            if (kind is null or 4) Try(property.AsCells);
        }
    }

    /// <summary>One text of a whole tree, whatever the order of its nodes and properties. Phandles are seen as properties.</summary>
    public static string Describe(DeviceTree tree) => string.Join('\n', tree.Nodes.OrderBy(n => n.Path, StringComparer.Ordinal).Select(n =>
        $"{n.Path} {n.Phandle?.ToString(CultureInfo.InvariantCulture)}: " + string.Join(' ', n.Properties.OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => $"{p.Name}={Convert.ToHexString(p.Value.Span)}"))));

    private static void Try<T>(Func<T> ask)
    {
        try
        {
            _ = ask();
        }
        catch (MalformedInputException e)
        {
            if (e.Unit != "byte" || e.Position < 0) throw new InvalidOperationException("an error without a place", e);
        }
    }
}
