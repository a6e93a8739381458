namespace RawIo.Tests;

/// <summary>A tree with many regions beside each other, against a list that is searched from end to end.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class ManySiblingsTests
{
    [Test]
    public void Claims_releases_look_ups_and_adoptions_are_those_of_a_plain_list([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var tree = new ResourceTree(new(0, 0xfffff, "iomem", ResourceFlags.Mem));
        var held = new List<Resource>();
        for (var step = 0; step < 20_000; step++)
        {
            var (start, size) = ((ulong)random.Next(0x100000), (ulong)random.Next(1, 0x80));
            var end = start + size - 1;
            switch (random.Next(10))
            {
                case < 5:
                    var inTheWay = held.Where(r => r.Start <= end && start <= r.End).MinBy(r => r.Start);
                    var isFree = inTheWay is null && end <= 0xfffff;
                    Assert.That(tree.TryRequest(start, size, "claim", ResourceFlags.None, out var claim, out var conflict), Is.EqualTo(isFree), $"step {step}");
                    if (claim is not null) held.Add(claim);
                    else Assert.That(conflict, Is.SameAs(end > 0xfffff ? tree.Root : inTheWay), $"step {step}");
                    break;
                case < 7 when held.Count > 0:
                    var gone = held[random.Next(held.Count)];
                    Assert.That(random.Next(2) == 0 ? tree.Release(gone) : tree.Release(gone.Start, gone.Size), Is.True, $"step {step}");
                    held.Remove(gone);
                    break;
                case 7:
                    Cover(start, Math.Min(start + 0x800, 0xfffff));
                    break;
                default:
                    Assert.That(tree.Lookup(start), Is.SameAs(held.Find(r => r.Contains(start))), $"step {step}");
                    break;
            }
            if (step % 500 == 0) Compare();
        }
        Compare();
        Assert.That(held, Has.Count.GreaterThan(500), "many were there");

        // Something is put over a stretch, and taken away: what it held is back where it was.
        void Cover(ulong start, ulong end)
        {
            var cut = held.Any(r => (r.Start < start && r.End >= start) || (r.Start <= end && r.End > end));
            var cover = new Resource(start, end, "cover");
            if (cut)
            {
                Assert.Throws<ResourceBusyException>(() => tree.Insert(cover));
                return;
            }
            tree.Insert(cover);
            var inside = held.Where(r => r.Start >= start && r.End <= end).OrderBy(r => r.Start).ToArray();
            Assert.That(inside.Select(r => r.Parent), Is.All.SameAs(cover));
            if (inside.Length > 0) Assert.That(tree.Lookup(inside[^1].End), Is.SameAs(inside[^1]));
            if (FreeIn(start, end) is { } gap)
            {
                var claim = tree.Request(gap, 1, "in the gap");
                Assert.That(claim.Parent, Is.SameAs(cover));
                Assert.That(tree.Release(claim), Is.True);
            }
            Assert.That(tree.Remove(cover), Is.True);
            Assert.That(inside.Select(r => r.Parent), Is.All.SameAs(tree.Root));
        }

        ulong? FreeIn(ulong start, ulong end)
        {
            for (var at = end; at > start; at--)
                if (!held.Exists(r => r.Contains(at))) return at;
            return null;
        }

        void Compare() => Assert.That(tree.All(), Is.EqualTo(held.OrderBy(r => r.Start)));
    }
}
