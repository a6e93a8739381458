using System.Text;

namespace RawIo.Tests;

/// <summary>Trees that are truncated, contradict themselves or were made to hurt.</summary>
[TestFixture]
internal sealed class DeviceTreeBadInputTests
{
    private static byte[] Small() => new FdtBuilder().Reserve(1, 2).Begin().Prop("model", "M")
        .Begin("a@1").Prop("reg", 1, 2).Prop("phandle", 1).End().Begin("b").Prop("interrupt-parent", 1).End().End().Build();

    private static long Refused(byte[] blob, params string[] words)
    {
        var error = Assert.Throws<MalformedInputException>(() => DeviceTree.Parse(blob))!;
        foreach (var word in words) Assert.That(error.Message, Does.Contain(word));
        Assert.That(error.Unit, Is.EqualTo("byte"));
        Assert.That(error.Position, Is.InRange(0, blob.Length));
        return error.Position;
    }

    [Test]
    public void A_blob_cut_anywhere_is_malformed()
    {
        var blob = Small();
        Assert.That(() => DeviceTree.Parse(blob), Throws.Nothing);
        for (var length = 0; length < blob.Length; length++) Refused(blob[..length]);
    }

    [Test]
    public void A_blob_cut_anywhere_that_owns_up_to_its_length_is_malformed_too()
    {
        var blob = Small();
        for (var length = 8; length < blob.Length; length++) Refused(FdtBuilder.Patch(blob[..length], 4, (uint)length));
    }

    [TestCase(DeviceTreeFiles.Pi3)]
    [TestCase(DeviceTreeFiles.Pi4)]
    public void A_kernels_tree_cut_at_any_byte_is_malformed(string name)
    {
        var blob = DeviceTreeFiles.ReadKernel(name);
        for (var length = 0; length < blob.Length; length++)
            Assert.That(() => DeviceTree.Parse(blob.AsMemory(0, length)), Throws.InstanceOf<MalformedInputException>(), $"{length} bytes");
    }

    [TestCase(0, 0xd00dfeeeU, 0, "magic")]
    [TestCase(4, 0xffffffffU, 4, "total size")]
    [TestCase(4, 39U, 4, "header")]
    [TestCase(4, 35U, 4, "header")]
    [TestCase(8, 0U, 8, "structure")]
    [TestCase(8, 0xfffffffcU, 8, "structure")]
    [TestCase(8, 75U, 8, "aligned")]
    [TestCase(12, 0xffffffffU, 12, "strings")]
    [TestCase(16, 8U, 16, "reservation")]
    [TestCase(16, 44U, 16, "aligned")]
    [TestCase(20, 15U, 20, "version 15")]
    [TestCase(24, 18U, 24, "version 18")]
    [TestCase(24, 0U, 24, "version 0")]
    [TestCase(32, 0xffffffffU, 32, "strings")]
    [TestCase(36, 0xffffffffU, 36, "structure")]
    [TestCase(36, 0x7ffffffcU, 36, "structure")]
    public void A_header_that_lies_is_refused_at_the_field(int field, uint value, int position, string word) =>
        Assert.That(Refused(FdtBuilder.Patch(Small(), field, value), word), Is.EqualTo(position));

    [Test]
    public void Blocks_that_overlap_are_refused()
    {
        var blob = Small();
        var structure = (uint)(40 + 32);
        Assert.That(Refused(FdtBuilder.Patch(Small(), 12, structure + 4), "overlaps"), Is.EqualTo(12));
        Assert.That(Refused(FdtBuilder.Patch(Small(), 16, structure), "overlaps"), Is.EqualTo(16));
        Refused(FdtBuilder.Patch(Small(), 8, 40), "overlap", "reservation");
        Refused(FdtBuilder.Patch(blob, 8, 56), "another block");
    }

    [Test]
    public void A_structure_that_ends_before_or_after_its_size_is_refused()
    {
        var builder = new FdtBuilder().Begin().Prop("x").End();
        Refused(builder.Token(FdtBuilder.EndToken).Build(), "after its end");
        Refused(new FdtBuilder().Begin().Prop("x").Build(), "token 0x9 inside node /");
        Refused(FdtBuilder.Patch(Small(), 36, 8), "stops");
        Refused(FdtBuilder.Patch(Small(), 36, 0), "stops");
    }

    [Test]
    public void Tokens_in_the_wrong_place_are_refused()
    {
        Refused(new FdtBuilder().Build(), "where the root node should begin");
        Refused(new FdtBuilder().Prop("x").Begin().End().Build(), "root");
        Refused(new FdtBuilder().Begin("name").End().Build(), "root node has a name");
        Refused(new FdtBuilder().Begin().End().Begin().End().Build(), "after the root");
        Refused(new FdtBuilder().Begin().End().End().Build(), "after the root");
        Refused(new FdtBuilder().Begin().Token(0).End().Build(), "token 0x0");
        Refused(new FdtBuilder().Begin().Token(0xffffffff).End().Build(), "0xffffffff");
        Refused(new FdtBuilder().Begin().Begin("a").End().Prop("x").End().Build(), "after its child");
    }

    [Test]
    public void Names_that_no_node_or_property_can_have_are_refused()
    {
        Refused(new FdtBuilder().Begin().Begin("").End().End().Build(), "empty");
        Refused(new FdtBuilder().Begin().Begin("a/b").End().End().Build(), "'/'");
        Refused(new FdtBuilder().Begin().Begin("a b").End().End().Build(), "byte 0x20");
        Refused(new FdtBuilder().Begin().Begin("ü").End().End().Build(), "byte 0xc3");
        Refused(new FdtBuilder().Begin().Prop("").End().Build(), "empty name");
        Refused(new FdtBuilder().Begin().Prop("x\ny").End().Build(), "byte 0x0a");
        Refused(new FdtBuilder().Begin().Begin(new string('n', 256)).End().End().Build(), "256 bytes");
        Refused(new FdtBuilder().Begin().Prop(new string('p', 256)).End().Build(), "longer than 255");
        Assert.That(() => new FdtBuilder().Begin().Prop(new string('p', 255)).Begin(new string('n', 255)).End().End().Tree(), Throws.Nothing);
    }

    [Test]
    public void A_second_node_or_property_of_a_name_is_refused()
    {
        Refused(new FdtBuilder().Begin().Begin("a").End().Begin("b").End().Begin("a").End().End().Build(), "second node /a");
        Refused(new FdtBuilder().Begin().Prop("x").Prop("y").Prop("x").End().Build(), "'x'", "second");
        var many = new FdtBuilder().Begin();
        for (var i = 0; i < 40; i++) many.Begin($"n{i}").End();
        Refused(many.Begin("n39").End().End().Build(), "second node /n39");
    }

    [Test]
    public void A_phandle_that_is_short_or_taken_is_refused()
    {
        Refused(new FdtBuilder().Begin().Prop("phandle", [1, 2]).End().Build(), "2 bytes");
        Refused(new FdtBuilder().Begin().Begin("a").Prop("phandle", 1).End().Begin("b").Prop("linux,phandle", 1).End().End().Build(), "phandle of /a");
        Assert.That(() => new FdtBuilder().Begin().Prop("linux,phandle", 1).Prop("phandle", 1).End().Tree(), Throws.Nothing);
    }

    [Test]
    public void A_property_that_claims_more_than_there_is_is_refused_at_its_length()
    {
        var blob = new FdtBuilder().Begin().Prop("x", 1).End().Build();
        var length = 40 + 16 + 8 + 4;
        // The first lie stays inside the blob and runs out of the structure block only.
        foreach (var lie in new uint[] { (uint)(blob.Length - length - 8), 100, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff })
            Assert.That(Refused(FdtBuilder.Patch(blob, length, lie), "'x'"), Is.EqualTo(length));
        Refused(FdtBuilder.Patch((byte[])blob.Clone(), length + 4, 0xffffffff), "strings block");
        Refused(FdtBuilder.Patch(new FdtBuilder().Begin().Prop("x", 1).End().Build(), length + 4, 2), "strings block");
    }

    [Test]
    public void A_name_without_end_is_refused()
    {
        var blob = new FdtBuilder().Begin().Prop("x", 1).End().Build();
        blob[^1] = (byte)'y';
        Refused(blob, "runs out of the strings");
        var nodes = new FdtBuilder().Begin().Token(FdtBuilder.BeginNode).Bytes([.. Enumerable.Repeat((byte)'n', 8)]).Build();
        for (var at = nodes.Length - 4; at < nodes.Length; at++) nodes[at] = (byte)'n';
        Refused(nodes, "runs out of the structure");
    }

    [Test]
    public void Reservations_that_do_not_end_or_wrap_are_refused()
    {
        Refused(new FdtBuilder().Reserve(0xffff_ffff_ffff_f000, 0x1001).Begin().End().Build(), "64 bits");
        var blob = new FdtBuilder().Begin().End().Build();
        FdtBuilder.Patch(blob, 40, 1);
        Refused(blob, "reservation");
    }

    [Test]
    public void Nodes_nest_64_deep_and_no_deeper()
    {
        Assert.That(Nested(64).Nodes.Count(), Is.EqualTo(64));
        Assert.That(() => Nested(65), Throws.InstanceOf<MalformedInputException>().With.Message.Contains("64"));
        Assert.That(() => Nested(100_000), Throws.InstanceOf<MalformedInputException>());

        static DeviceTree Nested(int depth)
        {
            var builder = new FdtBuilder().Begin();
            for (var i = 1; i < depth; i++) builder.Begin("n");
            for (var i = 0; i < depth; i++) builder.End();
            return builder.Tree();
        }
    }

    [Test]
    public void Two_megabytes_made_to_hurt_are_read_in_linear_time()
    {
        // Processor time: the machine may have more to do than this.
        var before = Environment.CpuUsage.TotalTime;
        // Names that are tails of one another, and look-ups among a hundred thousand siblings.
        var tails = new FdtBuilder();
        tails.NameOffset(new string('p', 255));
        tails.Begin();
        for (var node = 0U; node < 500; node++)
        {
            tails.Begin($"n{node}");
            for (var tail = 0U; tail < 255; tail++) tails.Token(FdtBuilder.PropToken).Token(0).Token(tail);
            tails.End();
        }
        Assert.That(tails.End().Tree().Nodes.Count(), Is.EqualTo(501));

        var wide = new FdtBuilder().Begin();
        for (var i = 0U; i < 50_000; i++) wide.Prop($"p{i}", i);
        for (var i = 0U; i < 50_000; i++) wide.Begin($"n{i}").Prop("reg", 0, i, 4).End();
        var tree = wide.End().Tree();
        Assert.That(tree.Nodes.Sum(n => n.Resources.Count), Is.EqualTo(50_000));

        Refused([.. new FdtBuilder().Begin().Token(FdtBuilder.BeginNode).Bytes(Encoding.ASCII.GetBytes(new string('x', 2_000_000))).Build()], "255");
        Assert.That(Environment.CpuUsage.TotalTime - before, Is.LessThan(TimeSpan.FromSeconds(5)), "well under a second where it is linear");
    }
}
