using System.Globalization;
using System.Text;

namespace RawIo;

// /proc/iomem and /proc/ioports, out and in.
public sealed partial class ResourceTree
{
    /// <summary>MAX_IORES_LEVEL: what lies deeper is printed at this level.</summary>
    internal const int MaxPrintedLevel = 5;

    /// <summary>
    /// Prints the tree as <c>/proc/iomem</c> and <c>/proc/ioports</c> do: a line each, two spaces a level (5 levels
    /// at most, deeper ones at the fifth), 4 hex digits where the root ends below 0x10000, else at least 8.
    /// </summary>
    /// <param name="hideAddresses">Whether to print zeros for addresses, as the kernel does for a reader without CAP_SYS_ADMIN.</param>
    public string ToProcText(bool hideAddresses = false)
    {
        var text = new StringBuilder();
        lock (_gate)
        {
            var format = Root.End < 0x10000 ? "x4" : "x8";
            for (var r = Root.Child; r is not null; r = Next(r, Root))
            {
                text.Append(' ', 2 * PrintedLevel(r));
                text.Append((hideAddresses ? 0 : r.Start).ToString(format, CultureInfo.InvariantCulture)).Append('-');
                text.Append((hideAddresses ? 0 : r.End).ToString(format, CultureInfo.InvariantCulture)).Append(" : ");
                text.Append(r.Name ?? "<BAD>").Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// Reads what <c>/proc/iomem</c> or <c>/proc/ioports</c> printed. What is accepted prints back byte for byte (a
    /// missing last line end aside).
    /// </summary>
    /// <remarks>
    /// Text in which every address is zero is the view of a reader without CAP_SYS_ADMIN: see
    /// <see cref="AddressesHidden"/>. The text does not say what is BUSY, so nothing is unless
    /// <paramref name="type"/> says so. A name <c>&lt;BAD&gt;</c> becomes null. The root of an iomem tree is all of
    /// 64 bits; that of an ioports tree ends at 0xffff where the text has 4 digits (x86), else at 0xffffff (arm64)
    /// or where the text ends. The kernel prints everything deeper than 5 levels at the fifth; there, a range
    /// inside the one before it is taken to be nested in it.
    /// </remarks>
    /// <param name="text">The whole text; empty text is an empty tree.</param>
    /// <param name="type"><see cref="ResourceFlags.Mem"/> or <see cref="ResourceFlags.Io"/>, with whatever else each resource shall carry, such as <see cref="ResourceFlags.Busy"/>.</param>
    /// <returns>The tree.</returns>
    /// <exception cref="MalformedInputException">The text is not such a listing; the message names the line, counted from 1.</exception>
    /// <exception cref="ArgumentException">The type has neither Mem nor Io, or both.</exception>
    public static ResourceTree ParseProcText(string text, ResourceFlags type)
    {
        ArgumentNullException.ThrowIfNull(text);
        if ((type & (ResourceFlags.Mem | ResourceFlags.Io)) is not (ResourceFlags.Mem or ResourceFlags.Io))
            throw new ArgumentException($"The type {type} is neither Mem (/proc/iomem) nor Io (/proc/ioports).", nameof(type));
        var lines = ProcTextReader.ReadLines(text, type);
        var hidden = lines.Count > 0 && lines.TrueForAll(static line => line is { Start: 0, End: 0 });
        return new ResourceTree(ProcTextReader.Build(lines, type, hidden), hidden);
    }

    private int PrintedLevel(Resource resource)
    {
        var level = 0;
        for (var r = resource; level < MaxPrintedLevel && r.Parent != Root; r = r.Parent!) level++;
        return level;
    }
}
