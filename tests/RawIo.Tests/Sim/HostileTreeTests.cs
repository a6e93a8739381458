using CsCheck;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A machine costs no more than the tree it is made from is long. Each of these took minutes, or gigabytes, when something was searched for each of many.</summary>
internal sealed class HostileTreeTests
{
    private const int Many = 40_000;

    private static FdtBuilder Board() => new FdtBuilder().Begin().Prop("#address-cells", 2).Prop("#size-cells", 1)
        .Begin("memory").Prop("device_type", "memory").Prop("reg", 0, 0, 0x2000_0000).End();

    private static SimMachine Boot(FdtBuilder tree, List<string>? log = null) =>
        SimMachine.FromDeviceTree(tree.End().Tree(), "hostile", new() { SteppedClock = true, Log = log is null ? null : log.Add });

    [Test]
    public void Many_named_entries_in_many_orders_are_listed_in_order()
    {
        var starts = Enumerable.Range(0, Many).Select(i => (uint)i * 16).ToArray();
        new Random(7).Shuffle(starts);
        using var machine = Boot(Board().Begin("d").Prop("reg", starts.SelectMany(s => new uint[] { 1, s, 8 }).ToArray())
            .Prop("reg-names", "first", [.. Enumerable.Range(1, Many - 1).Select(i => $"n{i}")]).End());
        Assert.That(machine.Memory.Lookup(0x1_0000_0000ul + starts[0])!.Name, Is.EqualTo("first"));
        Assert.That(machine.Memory.All().Count(r => r.Start >= 0x1_0000_0000), Is.EqualTo(Many));
        Tree.Check(machine.Memory);
    }

    [Test]
    public void Many_devices_in_RAM_leave_the_rest_of_it()
    {
        using var machine = Boot(Board().Begin("d")
            .Prop("reg", Enumerable.Range(0, Many).SelectMany(i => new uint[] { 0, 0x800_0000 + (uint)i * 0x100, 0x10 }).ToArray()).End());
        Assert.That(machine.Memory.Root.Child!.End, Is.EqualTo(0x7ff_ffff));
        Assert.That(machine.Memory.All().Last().Start, Is.EqualTo(0x0800_0000 + (((ulong)Many * 0x100 - 0x100 + 0x10 + 0xfff) & ~0xffful)));
    }

    [Test]
    public void A_model_that_would_take_the_address_space_and_one_too_many_are_left_out_and_said()
    {
        var tree = Board().Begin("huge").Prop("compatible", "brcm,bcm2835-rng").Prop("reg", 0x100, 0, 0x4000_0000).End();
        for (var i = 0u; i < 300; i++) tree.Begin($"r{i}").Prop("compatible", "brcm,bcm2835-rng").Prop("reg", 1, i * 0x1000, 0x10).End();
        var log = new List<string>();
        using var machine = Boot(tree, log);
        Assert.That(machine.Devices, Has.Count.EqualTo(256));
        Assert.That(log, Has.Count.EqualTo(45).And.Some.Contains("/huge has 0x40000000 bytes").And.Some.Contains("/r256 gets no model"));
        Assert.That(machine.Memory.Lookup(0x100_0000_0000)!.Name, Is.EqualTo("huge"));
    }

    [Test]
    public void Windows_of_the_SoC_beyond_the_first_sixteen_are_translated_through_and_said()
    {
        var log = new List<string>();
        using var machine = Boot(Board().Begin("soc").Prop("#address-cells", 1).Prop("#size-cells", 1)
            .Prop("ranges", [.. Enumerable.Range(0, 20).SelectMany(i => new uint[] { (uint)i * 0x1000, 1, (uint)i * 0x2000, 0x1000 })])
            .Begin("d").Prop("reg", 19 * 0x1000, 4).End().End(), log);
        Assert.That(machine.Memory.Lookup(0x1_0000_0000ul + 19 * 0x2000)!.Name, Is.EqualTo("d"));
        Assert.That(log, Has.Count.EqualTo(1).And.Some.Contains("more windows than the 16"));
    }

    [Test]
    public void A_model_sits_at_the_first_entry_or_nowhere()
    {
        using var machine = Boot(Board().Begin("soc").Prop("#address-cells", 1).Prop("#size-cells", 1).Prop("ranges", 0x1000, 1, 0, 0x1000)
            .Begin("r").Prop("compatible", "brcm,bcm2835-rng").Prop("reg", 0x5000, 0x10, 0x1000, 0x10).End().End());
        Assert.That(machine.Devices, Is.Empty, "the entry the model is for has no address");
        Assert.That(machine.Memory.Lookup(0x1_0000_0000)!.Name, Is.EqualTo("r"));
    }

    [Test]
    public void Spans_are_taken_away_as_from_a_set_of_addresses() =>
        Gen.Select(Gen.ULong[0, 60], Gen.ULong[0, 20], (start, length) => (Start: start, End: start + length)).Array[0, 8].Array[2].Sample(two =>
        {
            var left = Spans.Without(two[0], two[1]);
            for (ulong address = 0; address < 90; address++)
            {
                bool In(IEnumerable<(ulong Start, ulong End)> spans) => spans.Any(s => address >= s.Start && address < s.End);
                if (In(left) != (In(two[0]) && !In(two[1]))) Assert.Fail($"{address}");
            }
            for (var i = 0; i < left.Count; i++)
                if (left[i].Start >= left[i].End || (i > 0 && left[i].Start <= left[i - 1].End)) Assert.Fail("not sorted, or not joined");
        }, iter: 3000);

    [Test]
    public void RAM_in_many_pieces_is_found_by_halves()
    {
        var ram = new SimRam(Enumerable.Range(1, 9).Select(i => ((ulong)i * 0x4000, 0x2000ul)));
        for (ulong page = 0; page < 0x2c000; page += 0x1000)
        {
            var isRam = page is >= 0x4000 and < 0x28000 && page % 0x4000 < 0x2000;
            Assert.That((ram.Contains(page), ram.Contains(page + 0xfff), ram.Overlaps(page, page + 0xfff)), Is.EqualTo((isRam, isRam, isRam)), $"{page:x}");
        }
        Assert.That((ram.Overlaps(0, ulong.MaxValue), ram.Overlaps(0, 0x3fff), ram.Overlaps(0x6000, 0x7fff), ram.Overlaps(0x5fff, 0x7fff), ram.Overlaps(0x26000, ulong.MaxValue)),
            Is.EqualTo((true, false, false, true, false)));
    }
}
