namespace RawIo.Tests;

/// <summary>Every device tree of Debian's arm64 kernel, against what dtc reads and a few lines of arithmetic.</summary>
[TestFixture]
internal sealed class DebianTreesTests
{
    private static string[] Files()
    {
        var folder = Environment.GetEnvironmentVariable("RAWIO_DTBS");
        if (string.IsNullOrEmpty(folder) || !Directory.Exists(folder))
        {
            Assert.Ignore("SKIPPED: RAWIO_DTBS names no folder (fill one with tests/fetch-kernels.sh DIR, then set RAWIO_DTBS=DIR/dtbs)");
            return [];
        }
        var files = Directory.GetFiles(folder, "*.dtb", SearchOption.AllDirectories);
        Assert.That(files, Has.Length.GreaterThan(500), folder);
        return files;
    }

    [Test]
    public void Every_tree_reads_as_dtc_reads_it_and_every_reg_translates_as_by_hand()
    {
        var (nodes, values, regs, translated, malformed) = (0, 0, 0, 0, 0);
        Parallel.ForEach(Files(), file =>
        {
            if (DtcNode.Decompile(file) is not { } expected)
            {
                Assert.Ignore("SKIPPED: no dtc here (Debian: apt-get install device-tree-compiler)");
                return;
            }
            var actual = DeviceTree.Load(file).Nodes.ToArray();
            if (!actual.Select(n => n.Path).SequenceEqual(expected.Select(n => n.Path))) Assert.Fail($"{file}: other nodes");
            Interlocked.Add(ref nodes, actual.Length);
            for (var i = 0; i < actual.Length; i++)
            {
                Interlocked.Add(ref values, SameValues(file, actual[i], expected[i]));
                if (!expected[i].Properties.ContainsKey("reg")) continue;
                if (expected[i].Reg() is not { } entries)
                {
                    Interlocked.Increment(ref malformed);
                    Assert.That(() => actual[i].Reg, Throws.InstanceOf<MalformedInputException>(), $"{file} {actual[i]}");
                    continue;
                }
                Interlocked.Increment(ref regs);
                Interlocked.Add(ref translated, SameAddresses(file, actual[i], entries));
            }
        });
        TestContext.Out.WriteLine($"{nodes} nodes, {values} properties, {regs} nodes with reg, {translated} addresses translated, {malformed} reg malformed");
        Assert.That(nodes, Is.GreaterThan(100_000));
        Assert.That(regs, Is.GreaterThan(50_000));
        Assert.That(translated, Is.GreaterThan(50_000));
        Assert.That(malformed, Is.LessThan(100));
    }

    [Test]
    public void Every_interrupt_of_every_tree_leads_to_a_controller_or_is_malformed()
    {
        var (interrupts, refused) = (0, 0);
        var reasons = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Files())
        {
            foreach (var node in DeviceTree.Load(file).Nodes)
            {
                try
                {
                    foreach (var interrupt in node.Interrupts)
                    {
                        interrupts++;
                        if (interrupt.Controller["interrupt-controller"] is null || interrupt.Specifier.Count != interrupt.Controller["#interrupt-cells"]!.AsUInt32())
                            Assert.Fail($"{file} {node}: {interrupt.Controller} is no controller of {interrupt.Specifier.Count} cells");
                    }
                }
                catch (MalformedInputException e)
                {
                    refused++;
                    reasons.TryAdd(node.Name, $"{Path.GetFileName(file)}: {e.Message}");
                }
            }
        }
        TestContext.Out.WriteLine($"{interrupts} interrupts, {refused} nodes refused, such as\n{string.Join('\n', reasons.Values.Take(20))}");
        Assert.That(interrupts, Is.GreaterThan(50_000));
        Assert.That(refused, Is.LessThan(100));
    }

    [Test]
    public void A_hundred_trees_answer_everything_they_can_be_asked()
    {
        foreach (var file in Files().Order(StringComparer.Ordinal).Where((_, i) => i % 6 == 0)) TreeWalk.Everything(DeviceTree.Load(file));
    }

    private static int SameValues(string file, DeviceTreeNode actual, DtcNode expected)
    {
        if (actual.Properties.Count != expected.Properties.Count) Assert.Fail($"{file} {actual}: {actual.Properties.Count} properties");
        foreach (var property in actual.Properties)
            if (!expected.Properties.TryGetValue(property.Name, out var value) || !property.Value.Span.SequenceEqual(value))
                Assert.Fail($"{file} {actual}: {property.Name} is {Convert.ToHexString(property.Value.Span)}");
        return actual.Properties.Count;
    }

    private static int SameAddresses(string file, DeviceTreeNode node, List<(UInt128 Bus, ulong? Cpu, bool HasSize)> expected)
    {
        if (!node.Reg.Select(r => r.Address).SequenceEqual(expected.Select(e => e.Bus))) Assert.Fail($"{file} {node}: other bus addresses");
        foreach (var (bus, cpu, _) in expected)
        {
            var found = node.TryTranslateAddress(bus, out var address, out var why);
            if (found != cpu.HasValue || (found && address != cpu)) Assert.Fail($"{file} {node}: 0x{bus:x} is 0x{address:x} ({why}), by hand 0x{cpu:x}");
        }
        var resources = expected.Where(e => e.Cpu is not null && e.HasSize).Select(e => e.Cpu!.Value);
        if (!node.Resources.Select(r => r.Start).SequenceEqual(resources)) Assert.Fail($"{file} {node}: other resources");
        return expected.Count(e => e.Cpu is not null);
    }
}
