using CsCheck;
using RawIo.Sim;

namespace RawIo.Tests;

internal sealed class MemoryTests
{
    [Test]
    public void Untouched_RAM_reads_as_zero_and_takes_no_memory()
    {
        var ram = new SimRam([(0, 1ul << 40)]);
        for (ulong at = 0; at < 1ul << 40; at += 0x1_2345_6788) Assert.That(ram.Read(at & ~7ul, 8), Is.Zero);
        Assert.That(ram.Allocated, Is.Zero);
        ram.Write((1ul << 40) - 8, 8, 1);
        Assert.That(ram.Allocated, Is.EqualTo(0x1_0000));
    }

    [Test]
    public void RAM_is_little_endian_in_every_width_and_across_ranges_that_do_not_start_on_a_chunk()
    {
        var ram = new SimRam([(0x10_3000, 0x2_0000), (0x1000, 0x3000)]);
        var shadow = new Dictionary<ulong, byte>();
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var size = 1 << random.Next(4);
            var at = (random.Next(2) == 0 ? 0x10_3000ul + (ulong)random.Next(0x2_0000) : 0x1000 + (ulong)random.Next(0x3000)) & ~((ulong)size - 1);
            if (random.Next(2) == 0)
            {
                var value = (ulong)random.NextInt64();
                ram.Write(at, size, value);
                for (var b = 0; b < size; b++) shadow[at + (ulong)b] = (byte)(value >> (8 * b));
            }
            ulong expected = 0;
            for (var b = 0; b < size; b++) expected |= (ulong)shadow.GetValueOrDefault(at + (ulong)b) << (8 * b);
            Assert.That(ram.Read(at, size), Is.EqualTo(expected));
        }
        Assert.That(ram.Contains(0xfff), Is.False);
        Assert.That(ram.Overlaps(0x4000, 0x10_2fff), Is.False);
        Assert.That(ram.Overlaps(0x3fff, 0x4000), Is.True);
        Assert.Throws<ArgumentOutOfRangeException>(() => ram.Read(0x4000, 4));
        Assert.That(ram.Ranges.First(), Is.EqualTo((0x1000ul, 0x3000ul)));
    }

    [Test]
    public void RAM_ranges_must_be_whole_pages_apart()
    {
        foreach (var bad in new (ulong, ulong)[] { (0, 0), (0x800, 0x1000), (0, 0x1800), (0x8000, 0x1000) })
            Assert.Throws<ArgumentException>(() => _ = new SimRam([(0x8000, 0x2000), bad]), $"{bad}");
    }

    [Test]
    public void The_cache_evicts_the_least_recently_used_and_writes_back_only_dirty_lines()
    {
        var cache = new Cache(512, 2); // 4 sets of 2 ways: addresses 256 apart share a set
        Assert.That(cache.Access(0, isWrite: true, out _), Is.False);
        Assert.That(cache.Access(256, isWrite: false, out _), Is.False);
        Assert.That(cache.Access(63, isWrite: false, out _), Is.True);
        Assert.That(cache.Access(512, isWrite: false, out var victim), Is.False);
        Assert.That(victim, Is.Null, "256 went, and was clean");
        Assert.That(cache.Access(768, isWrite: false, out victim), Is.False);
        Assert.That(victim, Is.EqualTo(0ul));
        Assert.That(cache.Access(64, isWrite: false, out victim), Is.False, "another set");
        Assert.That((cache.Hits, cache.Misses, cache.Evictions, cache.WriteBacks), Is.EqualTo((1L, 5L, 2L, 1L)));
        Assert.That((cache.Size, cache.Ways), Is.EqualTo((512, 2)));
        Assert.Throws<ArgumentException>(() => _ = new Cache(500, 2));
        Assert.Throws<ArgumentException>(() => _ = new Cache(64 * 3, 1));
    }

    [Test]
    public void The_cache_agrees_with_a_list_of_lines() =>
        Gen.Select(Gen.ULong[0, 4095], Gen.Bool).List[1, 300].Sample(accesses =>
        {
            var cache = new Cache(1024, 4);
            var sets = Enumerable.Range(0, 4).Select(_ => new List<(ulong Line, bool Dirty)>()).ToArray(); // most recent last
            foreach (var (address, isWrite) in accesses)
            {
                var line = address / 64;
                var set = sets[line % 4];
                var at = set.FindIndex(l => l.Line == line);
                ulong? victim = null;
                var dirty = isWrite;
                if (at >= 0)
                {
                    dirty |= set[at].Dirty;
                    set.RemoveAt(at);
                }
                else if (set.Count == 4)
                {
                    if (set[0].Dirty) victim = set[0].Line * 64;
                    set.RemoveAt(0);
                }
                set.Add((line, dirty));
                Assert.That(cache.Access(address, isWrite, out var seen), Is.EqualTo(at >= 0));
                Assert.That(seen, Is.EqualTo(victim));
            }
        }, iter: 200, seed: "0000000000001", threads: 1);

    [Test]
    public void A_line_that_L1_evicts_is_found_in_L2()
    {
        var caches = new CacheHierarchy(new(128, 1), new(4096, 4));
        Assert.That(caches.Access(0, isWrite: true), Is.EqualTo("L1 miss, L2 miss"));
        Assert.That(caches.Access(0, isWrite: false), Is.EqualTo("L1 hit"));
        Assert.That(caches.Access(128, isWrite: false), Is.EqualTo("L1 miss, L2 miss"));
        Assert.That(caches.Access(0, isWrite: false), Is.EqualTo("L1 miss, L2 hit"));
        Assert.That(caches.L1.WriteBacks, Is.EqualTo(1));
        Assert.That(caches.L2.Hits, Is.EqualTo(2), "the write-back, and the read");
    }

    [Test]
    public void Vmalloc_is_first_fit_with_a_guard_page_and_uses_freed_ranges_again()
    {
        var area = new VmallocArea(0x10000, 0x10000);
        Assert.That(area.Allocate(0x1000, 0x1000), Is.EqualTo(0x10000));
        Assert.That(area.Allocate(0x3000, 0x1000), Is.EqualTo(0x12000));
        Assert.That(area.Allocate(0x1000, 0x1000), Is.EqualTo(0x16000));
        area.Free(0x12000);
        Assert.That(area.Allocate(0x4000, 0x1000), Is.EqualTo(0x18000), "too large for the gap");
        Assert.That(area.Allocate(0x3000, 0x1000), Is.EqualTo(0x12000));
        Assert.That(area.Allocate(0x1000, 0x1000), Is.EqualTo(0x1d000));
        foreach (var size in new ulong[] { 0x1000, 0x10000, ~0xffful })
            Assert.That(Assert.Throws<RawIoException>(() => area.Allocate(size, 0x1000))!.Errno, Is.EqualTo(Errno.ENOMEM));
        Assert.Throws<ArgumentException>(() => area.Free(0x13000));
        Assert.That(area.Count, Is.EqualTo(5));
    }

    [Test]
    public void Vmalloc_ranges_never_touch() =>
        Gen.Select(Gen.ULong[1, 8], Gen.Int[0, 2], Gen.Bool, Gen.Int[0, 100]).List[1, 200].Sample(steps =>
        {
            var area = new VmallocArea(0x100000, 0x80000);
            var used = new List<(ulong Start, ulong Size)>();
            foreach (var (pages, shift, free, which) in steps)
            {
                if (free && used.Count > 0)
                {
                    area.Free(used[which % used.Count].Start);
                    used.RemoveAt(which % used.Count);
                    continue;
                }
                ulong at;
                try
                {
                    at = area.Allocate(pages << 12, 0x1000ul << shift);
                }
                catch (RawIoException)
                {
                    Assert.That(used, Is.Not.Empty, "there is room while nothing is taken");
                    continue;
                }
                Assert.That(at % (0x1000ul << shift), Is.Zero);
                Assert.That(at >= 0x100000 && at + (pages << 12) + 0x1000 <= 0x180000);
                foreach (var (start, size) in used) Assert.That(at >= start + size + 0x1000 || start >= at + (pages << 12) + 0x1000);
                used.Add((at, pages << 12));
            }
        }, iter: 200, seed: "0000000000001", threads: 1);
}
