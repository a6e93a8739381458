using CsCheck;
using RawIo.Sim;

namespace RawIo.Tests;

[TestFixture(true)]
[TestFixture(false)]
internal sealed partial class MmuTests(bool arm)
{
    private const ulong At = TestBoards.DeviceAddress;
    private PageFormat Format => arm ? new Arm64PageFormat() : new X64PageFormat();

    private (SimRam Ram, PageTables Tables, Mmu Mmu, PhysicalBus Bus) Make(ulong pages = 64)
    {
        var ram = new SimRam([(0, TestBoards.RamLength)]);
        var bus = new PhysicalBus(ram, new());
        var tables = new PageTables(ram, Format, new(0x10_0000, pages * 0x1000));
        return (ram, tables, new(bus, tables, new(new(4096, 4), new(8192, 4))), bus);
    }

    [Test]
    public void Descriptors_are_bit_for_bit_the_processors()
    {
        var (ram, tables, mmu, _) = Make();
        var va = 0xffff_8000_8000_0000 + (arm ? 0ul : 0x4900_0000_0000ul);
        tables.Map(va, At, 0x1000, MemoryType.Device);
        var (_, _, walk, _, _) = mmu.Trace(va, 4);
        Assert.That(walk[0].Index, Is.EqualTo((int)(va >> 39) & 0x1ff));
        Assert.That(walk[0].DescriptorAddress, Is.EqualTo(mmu.TableRoot + 8 * (va >> 39 & 0x1ff)));
        for (var level = 0; level < 3; level++)
        {
            Assert.That(walk[level].Descriptor, Is.EqualTo(walk[level + 1].DescriptorAddress & ~0xffful | (arm ? 3ul : 0x23)));
            Assert.That(ram.Read(walk[level].DescriptorAddress, 8), Is.EqualTo(walk[level].Descriptor));
        }
        // arm64: UXN, PXN, AF, outer shareable, AttrIndx 0, page. x86-64: NX, G, D, A, PCD, PWT, RW, P.
        Assert.That(walk[3].Descriptor, Is.EqualTo(arm ? 0x0060_0000_2000_0603 : 0x8000_0000_2000_017b));
        tables.Map(va + 0x1000, 0x1000, 0x1000, MemoryType.NormalCached);
        Assert.That(mmu.Trace(va + 0x1000, 4).Walk[3].Descriptor, Is.EqualTo(arm ? 0x0060_0000_0000_1707 : 0x8000_0000_0000_1163));
        Assert.That(mmu.DescriptorReads, Is.EqualTo(8));
    }

    [Test]
    public void The_linear_map_uses_the_largest_blocks_and_ends_in_pages()
    {
        var (_, tables, mmu, _) = Make();
        var linear = Format.LinearMap;
        tables.Map(linear, 0, 0x4040_3000, MemoryType.NormalCached);
        Assert.That(mmu.Trace(linear + 0x1234_5678, 8).Walk, Has.Count.EqualTo(2), "1 GiB");
        Assert.That(mmu.Trace(linear + 0x4000_0008, 8).Walk, Has.Count.EqualTo(3), "2 MiB");
        Assert.That(mmu.Trace(linear + 0x4020_0008, 8).Walk, Has.Count.EqualTo(3), "2 MiB");
        Assert.That(mmu.Trace(linear + 0x4040_2ff8, 8).Walk, Has.Count.EqualTo(4), "4 KiB");
        Assert.That(mmu.Trace(linear + 0x1234_5678, 8).Physical, Is.EqualTo(0x1234_5678));
        Assert.That(mmu.Trace(linear + 0x4040_2ff0, 8).Walk, Is.Empty);
        Assert.Throws<BusFaultException>(() => mmu.Trace(linear + 0x4040_3000, 8));
    }

    [Test]
    public void Every_address_translates_as_it_was_mapped_after_random_maps_and_unmaps() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 600], Gen.Int[1, 40], Gen.Bool, Gen.Bool)
            .List[1, 60]
            .Sample(steps =>
            {
                var (_, tables, mmu, _) = Make(pages: 600);
                var at = Format.Vmalloc;
                var expected = new Dictionary<ulong, ulong>();
                var made = new List<(ulong Virtual, ulong Pages)>();
                foreach (var (physical, virtualPage, length, unmap, flush) in steps)
                {
                    if (unmap && made.Count > 0)
                    {
                        var (start, pages) = made[physical % made.Count];
                        made.RemoveAt(physical % made.Count);
                        tables.Unmap(start, pages << 12);
                        mmu.Tlb.Invalidate(start, pages << 12);
                        for (ulong i = 0; i < pages; i++) expected.Remove(start + (i << 12));
                        continue;
                    }
                    // Some ranges of 2 MiB and more, aligned, so that blocks mix with pages.
                    var count = flush ? (ulong)length * 512 : (ulong)length;
                    var va = flush ? at + ((ulong)virtualPage % 8 << 27) : at + ((ulong)virtualPage << 12);
                    var pa = flush ? (ulong)physical << 21 : (ulong)physical << 12;
                    var free = true;
                    for (ulong i = 0; i < count && free; i++) free = !expected.ContainsKey(va + (i << 12));
                    if (!free)
                    {
                        Assert.Throws<InvalidOperationException>(() => tables.Map(va, pa, count << 12, MemoryType.Device));
                        continue;
                    }
                    tables.Map(va, pa, count << 12, MemoryType.Device);
                    made.Add((va, count));
                    for (ulong i = 0; i < count; i++) expected[va + (i << 12)] = pa + (i << 12);
                }
                for (ulong page = 0; page < 700; page++) Check(at + (page << 12));
                foreach (var page in expected.Keys.Where((_, i) => i % 97 == 0)) Check(page);

                void Check(ulong page)
                {
                    if (expected.TryGetValue(page, out var physical)) Assert.That(mmu.Trace(page + 0x123, 1).Physical, Is.EqualTo(physical + 0x123));
                    else Assert.Throws<BusFaultException>(() => mmu.Trace(page + 0x123, 1));
                }
            }, iter: 60, seed: "0000000000001", threads: 1);

    [Test]
    public void A_block_takes_the_place_of_tables_that_pages_left_empty()
    {
        var (_, tables, mmu, _) = Make(pages: 8);
        var at = Format.Vmalloc;
        for (var round = 0; round < 20; round++)
        {
            tables.Map(at, At, 0x3000, MemoryType.Device);
            Assert.Throws<InvalidOperationException>(() => tables.Map(at, At, 0x20_0000, MemoryType.Device), "in use");
            tables.Map(at + 0x20_0000, At + 0x1000, 0x1000, MemoryType.Device);
            tables.Unmap(at, 0x20_1000);
            tables.Map(at, 0x4000_0000, 0x4000_0000, MemoryType.Device);
            mmu.Tlb.InvalidateAll();
            Assert.That(mmu.Trace(at + 0x20_0000, 4).Walk, Has.Count.EqualTo(2));
            tables.Unmap(at, 0x4000_0000);
            mmu.Tlb.InvalidateAll();
            Assert.Throws<BusFaultException>(() => mmu.Trace(at, 4));
        }
    }

    [Test]
    public void Out_of_tables_nothing_is_mapped()
    {
        var (_, tables, mmu, _) = Make(pages: 5);
        var error = Assert.Throws<RawIoException>(() => tables.Map(Format.Vmalloc, At + 0x1000, 0x60_0000, MemoryType.Device))!;
        Assert.That(error.Errno, Is.EqualTo(Errno.ENOMEM));
        Assert.Throws<BusFaultException>(() => mmu.Read(Format.Vmalloc, 4));
    }
}
