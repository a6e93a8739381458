using System.Buffers.Binary;
using System.Text;

namespace RawIo;

/// <summary>What a recording tells of its machine before the first entry.</summary>
internal sealed class RecordingHeader
{
    public required string Name { get; init; }

    public required long TimestampFrequency { get; init; }

    /// <summary>How far local time is ahead of UTC, in minutes.</summary>
    public required int ZoneMinutes { get; init; }

    public required ResourceTree Memory { get; init; }

    public required ResourceTree Ports { get; init; }

    public required DeviceTree? DeviceTree { get; init; }

    public static byte[] Encode(IHardware hardware)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true);
        writer.Write(hardware.Time.TimestampFrequency);
        writer.Write((int)hardware.Time.LocalTimeZone.BaseUtcOffset.TotalMinutes);
        Text(writer, hardware.Name);
        Tree(writer, hardware.Memory);
        Tree(writer, hardware.Ports);
        var blob = hardware.DeviceTree is { } tree ? FdtWriter.Write(tree) : [];
        writer.Write(blob.Length);
        writer.Write(blob);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <param name="bytes">The header's bytes.</param>
    /// <param name="start">Where they start in the file.</param>
    /// <exception cref="MalformedInputException">They are no header.</exception>
    public static RecordingHeader Decode(ReadOnlyMemory<byte> bytes, long start)
    {
        var reader = new Reader(bytes, start);
        var frequency = reader.Int64();
        if (frequency < 1) throw reader.Error($"a clock of {frequency} ticks a second");
        var zone = reader.Int32();
        if (Math.Abs((long)zone) > 14 * 60) throw reader.Error($"a time zone {zone} minutes from UTC");
        var name = reader.Text();
        var (memory, ports) = (reader.Tree(), reader.Tree());
        var blob = reader.Bytes(reader.Int32());
        var header = new RecordingHeader
        {
            Name = name ?? throw reader.Error("a machine without a name"),
            TimestampFrequency = frequency,
            ZoneMinutes = zone,
            Memory = memory,
            Ports = ports,
            DeviceTree = blob.IsEmpty ? null : DeviceTree.Parse(blob),
        };
        return reader.IsAtEnd ? header : throw reader.Error("bytes after the header's end");
    }

    private static void Tree(BinaryWriter writer, ResourceTree tree)
    {
        Resource[] all = [tree.Root, .. tree.All()];
        writer.Write(tree.AddressesHidden);
        writer.Write(all.Length);
        foreach (var resource in all)
        {
            var depth = 0;
            for (var r = resource.Parent; r is not null; r = r.Parent) depth++;
            writer.Write(depth);
            writer.Write(resource.Start);
            writer.Write(resource.End);
            writer.Write((ulong)resource.Flags);
            Text(writer, resource.Name);
        }
    }

    private static void Text(BinaryWriter writer, string? text)
    {
        if (text is null)
        {
            writer.Write(-1);
            return;
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private struct Reader(ReadOnlyMemory<byte> bytes, long start)
    {
        private int _at;

        public readonly bool IsAtEnd => _at == bytes.Length;

        public readonly MalformedInputException Error(string what) => new($"the recording's header has {what}", start + _at, "byte");

        public ReadOnlyMemory<byte> Bytes(int count)
        {
            if (count < 0 || count > bytes.Length - _at) throw Error($"{count} bytes where {bytes.Length - _at} are left");
            _at += count;
            return bytes.Slice(_at - count, count);
        }

        public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4).Span);

        public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8).Span);

        public string? Text() => Int32() is var length && length == -1 ? null : Encoding.UTF8.GetString(Bytes(length).Span);

        public ResourceTree Tree()
        {
            var hidden = Bytes(1).Span[0] != 0;
            var count = Int32();
            if (count < 1) throw Error($"a tree of {count} resources");
            var (_, root) = Resource();
            // What is open, outermost first, each with the last child it was given.
            var open = new List<(Resource Parent, Resource? Last)> { (root, null) };
            for (var i = 1; i < count; i++)
            {
                var (depth, resource) = Resource();
                if (depth < 1 || depth > open.Count) throw Error($"a resource at depth {depth}");
                open.RemoveRange(depth, open.Count - depth);
                var (parent, last) = open[^1];
                if (resource.Start < parent.Start || resource.End > parent.End || (!hidden && last is not null && resource.Start <= last.End))
                    throw Error($"{resource} where it does not lie in {parent}, or not after its siblings");
                resource.Parent = parent;
                if (last is null) parent.Child = resource;
                else last.Sibling = resource;
                open[^1] = (parent, resource);
                open.Add((resource, null));
            }
            return new(root, hidden);
        }

        private (int Depth, Resource Resource) Resource()
        {
            var depth = Int32();
            var (first, last, flags) = ((ulong)Int64(), (ulong)Int64(), (ResourceFlags)(ulong)Int64());
            if (last < first) throw Error($"a resource from 0x{first:x} to 0x{last:x}");
            return (depth, new(first, last, Text(), flags));
        }
    }
}
