namespace RawIo.Tests;

/// <summary>Damaged trees: each reads or is malformed, and so is whatever it answers.</summary>
[TestFixture]
internal sealed class DeviceTreeFuzzTests
{
    [Test]
    public void A_hundred_thousand_mutations_are_read_or_malformed_and_so_is_all_they_answer()
    {
        var random = new Random(20240217);
        var seeds = new List<byte[]> { Plain(), Rich(), Rich(), Rich() };
        var large = new[] { DeviceTreeFiles.Kernel(DeviceTreeFiles.Pi3), DeviceTreeFiles.Kernel(DeviceTreeFiles.Pi4) }
            .OfType<string>().Select(File.ReadAllBytes).ToArray();
        var read = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var seed = large.Length > 0 && i % 400 == 0 ? large[random.Next(large.Length)] : seeds[random.Next(seeds.Count)];
            var blob = Mutation.Of(seed, random);
            try
            {
                TreeWalk.Everything(DeviceTree.Parse(blob), turn: i);
                read++;
            }
            catch (MalformedInputException e) when (e.Unit == "byte" && e.Position >= 0 && e.Position <= blob.Length)
            {
                // The one other outcome there may be.
            }
            catch (Exception e)
            {
                Assert.Fail($"mutation {i}: {e}\n{Convert.ToHexString(blob)}");
            }
        }
        Assert.That(read, Is.InRange(10_000, 90_000), "mutations that are all refused, or all harmless, test little");
    }

    private static byte[] Plain() => new FdtBuilder().Reserve(1, 2).Begin().Prop("model", "M")
        .Begin("a@1").Prop("reg", 1, 2).Prop("phandle", 1).End().Begin("b").Prop("interrupt-parent", 1).End().End().Build();

    /// <summary>A small tree that has some of everything there is to decode.</summary>
    private static byte[] Rich() => new FdtBuilder().Reserve(0x1000, 0x1000).Begin().Prop("model", "M").Prop("compatible", "a,b", "c")
        .Prop("#address-cells", 2).Prop("#size-cells", 1).Prop("interrupt-parent", 1)
        .Begin("aliases").Prop("serial0", "/soc/gpio@10").End()
        .Begin("memory@0").Prop("device_type", "memory").Prop("reg", 0, 0, 0x1000).End()
        .Begin("gic").Prop("interrupt-controller").Prop("#interrupt-cells", 2).Prop("#address-cells", 0).Prop("phandle", 1).End()
        .Begin("soc").Prop("#address-cells", 1).Prop("#size-cells", 1).Prop("ranges", 0, 0, 0x3f000000, 0x1000000).Prop("dma-ranges", 0xc0000000, 0, 0, 0x1000)
        .Begin("gpio@10").Prop("reg", 0x10, 4).Prop("reg-names", "x").Prop("interrupts", 1, 2).Prop("status", "okay").End()
        .Begin("dev").Prop("interrupts-extended", 1, 2, 3, 2, 4).End().End()
        .Begin("pcie").Prop("phandle", 2).Prop("#address-cells", 3).Prop("#size-cells", 2).Prop("#interrupt-cells", 1)
        .Prop("interrupt-map-mask", 0, 0, 0, 7).Prop("interrupt-map", 0, 0, 0, 1, 1, 5, 6)
        .Prop("ranges", 0x02000000, 0, 0, 1, 0, 0, 0x1000)
        .Begin("usb").Prop("reg", 0x02000000, 0, 0x10, 0, 4).Prop("interrupts", 1).End().End()
        .End().Build();
}
