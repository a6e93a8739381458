using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace RawIo.Tests;

/// <summary>A device tree as dtc prints it, read from that text: it shares nothing with the reader under test.</summary>
internal sealed class DtcNode(string path, DtcNode? parent)
{
    private readonly Dictionary<string, byte[]> _properties = [];

    public string Path { get; } = path;

    public IReadOnlyDictionary<string, byte[]> Properties => _properties;

    /// <summary>All nodes of a .dtb in document order; null where there is no dtc.</summary>
    public static List<DtcNode>? Decompile(string file)
    {
        Process dtc;
        try
        {
            dtc = Process.Start(new ProcessStartInfo("dtc", ["-q", "-I", "dtb", "-O", "dts", file]) { RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        using (dtc)
        using (dtc.EndAfter(TimeSpan.FromMinutes(2)))
        {
            var nodes = Parse(dtc.StandardOutput);
            dtc.WaitForExit();
            Assert.That(dtc.ExitCode, Is.Zero, file);
            return nodes;
        }
    }

    /// <summary>Where the kernel finds each entry of reg; null entries have no CPU address; null at all when the length is wrong.</summary>
    public List<(UInt128 Bus, ulong? Cpu, bool HasSize)>? Reg()
    {
        var entries = new List<(UInt128, ulong?, bool)>();
        if (parent is null) return entries;
        var (reg, address, size) = (Cells("reg")!, parent.Count("#address-cells", 2), parent.Count("#size-cells", 1));
        if (_properties["reg"].Length % 4 != 0 || (reg.Length > 0 && (address + size == 0 || reg.Length % (address + size) != 0))) return null;
        for (var at = 0; at < reg.Length; at += address + size)
        {
            var bus = reg[at..(at + address)];
            entries.Add((Number(bus), Translate(parent, bus), Number(reg[(at + address)..(at + address + size)]) != 0));
        }
        return entries;
    }

    private static ulong? Translate(DtcNode bus, uint[] address)
    {
        if (address.Length == 0) return null;
        for (; bus.Parent is { } above; bus = above)
        {
            var (na, pna, ns) = (address.Length, above.Count("#address-cells", 2), bus.Count("#size-cells", 1));
            if (bus.Cells("ranges") is not { } ranges) return null;
            // One cell in front of the number where an address has three.
            var number = na == 3 ? address[1..] : address;
            if (ranges.Length == 0)
            {
                if (na != pna) address = Enumerable.Repeat(0U, pna).Concat(number).TakeLast(pna).ToArray();
                continue;
            }
            uint[]? next = null;
            for (var at = 0; at + na + pna + ns <= ranges.Length && next is null; at += na + pna + ns)
            {
                var child = ranges[at..(at + na)];
                var length = Number(ranges[(at + na + pna)..(at + na + pna + ns)]);
                if (na == 3 && !SameSpace(bus, address[0], child[0])) continue;
                var (wanted, start) = (Number(number), Number(na == 3 ? child[1..] : child));
                if (wanted < start || wanted >= start + length) continue;
                var found = ranges[(at + na)..(at + na + pna)];
                var low = Number(pna == 3 ? found[1..] : found) + (wanted - start);
                next = found;
                for (var i = pna - 1; i >= (pna == 3 ? 1 : 0); i--, low >>= 32) next[i] = (uint)(low & uint.MaxValue);
            }
            if (next is null) return null;
            address = next;
        }
        return (ulong)Number(address);
    }

    /// <summary>PCI: both ports, or both memory of 32 or 64 bits; configuration space is neither. Else the cell is the same.</summary>
    private static bool SameSpace(DtcNode bus, uint a, uint b)
    {
        static int Space(uint cell) => (cell & 0x03000000) switch { 0x01000000 => 1, 0x02000000 or 0x03000000 => 2, _ => 0 };
        var pci = bus._properties.TryGetValue("device_type", out var type) && Encoding.ASCII.GetString(type).StartsWith("pci", StringComparison.Ordinal);
        return pci || bus.Path.Split('/')[^1].Split('@')[0] is "pci" or "pcie" ? Space(a) == Space(b) : a == b;
    }

    private DtcNode? Parent => parent;

    private int Count(string name, int absent) => Cells(name) is [var count] ? (int)count : absent;

    private uint[]? Cells(string name) => !_properties.TryGetValue(name, out var value) ? null
        : [.. Enumerable.Range(0, value.Length / 4).Select(i => (uint)(value[4 * i] << 24 | value[4 * i + 1] << 16 | value[4 * i + 2] << 8 | value[4 * i + 3]))];

    private static UInt128 Number(uint[] cells) => cells.Aggregate((UInt128)0, (number, cell) => number << 32 | cell);

    private static List<DtcNode> Parse(TextReader text)
    {
        var nodes = new List<DtcNode>();
        DtcNode? node = null;
        while (text.ReadLine()?.Trim() is { } line)
        {
            if (line.EndsWith('{'))
            {
                var name = line[..^1].TrimEnd();
                // A label may stand in front of the name.
                if (name.LastIndexOf(' ') is >= 0 and var space) name = name[(space + 1)..];
                nodes.Add(node = new DtcNode(node is null ? "/" : node.Path.TrimEnd('/') + "/" + name, node));
            }
            else if (line == "};")
            {
                node = node!.Parent;
            }
            else if (node is not null && line.EndsWith(';'))
            {
                var parts = line[..^1].Split(" = ", 2);
                node._properties.Add(parts[0], parts.Length == 1 ? [] : Value(parts[1]));
            }
        }
        return nodes;
    }

    private static byte[] Value(string text)
    {
        switch (text[0])
        {
            case '<':
                return [.. text.Trim('<', '>').Split(' ').SelectMany(cell => Convert.FromHexString(cell[2..].PadLeft(8, '0')))];
            case '[':
                return Convert.FromHexString(text.Trim('[', ']').Replace(" ", "", StringComparison.Ordinal));
        }
        var bytes = new List<byte>();
        for (var i = 1; i < text.Length - 1; i++)
        {
            var next = text[i];
            if (next == '\\')
            {
                next = text[++i] switch
                {
                    'a' => '\a', 'b' => '\b', 't' => '\t', 'n' => '\n', 'v' => '\v', 'f' => '\f', 'r' => '\r', '0' => '\0',
                    'x' => (char)byte.Parse(text.AsSpan((i += 2) - 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                    var same => same,
                };
            }
            bytes.Add((byte)next);
        }
        return [.. bytes, 0];
    }
}
