using CsCheck;
using RawIo.Sim;

namespace RawIo.Tests;

[TestFixture(true)]
[TestFixture(false)]
internal sealed class MmuTests(bool arm)
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
    public void A_fault_names_the_virtual_address_and_the_level_reached_and_is_subject_to_no_policy()
    {
        using var machine = TestBoards.WithScratch(out _, format: Format);
        machine.Faults.Policy = FaultPolicy.Hardware;
        var io = (SimMmio)machine.IoRemap(At, 256);
        var guard = io.VirtualAddress + 0x1000;
        var error = Assert.Throws<BusFaultException>(() => machine.Mmu.Read(guard, 4))!;
        Assert.That(error.Message, Does.Contain($"0x{guard:x}").And.Contain("level 3").And.Contain(arm ? "L3" : "PT").And.Contain("32-bit read"));
        Assert.That((error.Address, error.Size, error.IsWrite), Is.EqualTo((guard, 4, false)));
        error = Assert.Throws<BusFaultException>(() => machine.Mmu.Write(guard + (1ul << 39), 8, 1))!;
        Assert.That(error.Message, Does.Contain("level 0").And.Contain("64-bit write"));
        foreach (var user in new ulong[] { 0, 0x1000, 0x0000_7fff_ffff_f000, 0x8000_0000_0000_0000 })
            Assert.Throws<BusFaultException>(() => machine.Mmu.Read(user, 1), $"{user:x}");
        Assert.That(machine.Faults.Count, Is.Zero);
    }

    [Test]
    public void A_changed_descriptor_counts_only_once_the_TLB_entry_is_gone()
    {
        using var machine = TestBoards.WithScratch(out var device, format: Format);
        var other = new RecordingDevice(256);
        machine.Attach(other, At + 0x1000, 256);
        var io = (SimMmio)machine.IoRemap(At, 256);
        io.Write32(0, 1);
        var leaf = machine.Mmu.Trace(io.VirtualAddress, 4);
        Assert.That(leaf.TlbHit, Is.True);
        machine.Mmu.Tlb.InvalidateAll();
        var at = machine.Mmu.Trace(io.VirtualAddress, 4).Walk[3];
        machine.PhysicalMemory.Write64((long)at.DescriptorAddress, at.Descriptor + 0x1000);
        io.Write32(0, 2);
        Assert.That((device.Content[0], other.Content[0]), Is.EqualTo(((byte)2, (byte)0)), "the TLB still has the old one");
        machine.Mmu.Tlb.Invalidate(io.VirtualAddress, 0x1000);
        io.Write32(0, 3);
        Assert.That((device.Content[0], other.Content[0]), Is.EqualTo(((byte)2, (byte)3)));
        machine.PhysicalMemory.Write64((long)at.DescriptorAddress, 0);
        machine.Mmu.Tlb.Invalidate(io.VirtualAddress, 0x1000);
        Assert.Throws<BusFaultException>(() => io.Read32(0));
    }

    [Test]
    public void Iounmap_clears_the_descriptor_and_the_TLB_entry_and_the_address_is_used_again()
    {
        using var machine = TestBoards.WithScratch(out _, format: Format);
        var one = (SimMmio)machine.IoRemap(At, 256);
        var two = (SimMmio)machine.IoRemap(At + 0x80, 16);
        Assert.That(one.VirtualAddress, Is.EqualTo(Format.Vmalloc));
        Assert.That(two.VirtualAddress, Is.EqualTo(Format.Vmalloc + 0x2080), "after a guard page, at the same offset in the page");
        _ = one.Read32(0);
        var step = machine.Mmu.Tlb.Invalidations;
        one.Dispose();
        Assert.That(machine.Mmu.Tlb.Invalidations, Is.EqualTo(step + 1));
        Assert.Throws<BusFaultException>(() => machine.Mmu.Read(Format.Vmalloc, 4));
        Assert.That(two.Read32(0), Is.Zero);
        using var three = (SimMmio)machine.IoRemap(At + 0x3000, 16);
        Assert.That(three.VirtualAddress, Is.EqualTo(Format.Vmalloc));
        Assert.Throws<ObjectDisposedException>(() => one.Read32(0), "not the new mapping");
    }

    [Test]
    public void An_aligned_large_mapping_is_made_of_blocks()
    {
        using var machine = TestBoards.Make(TestBoards.Plan(Format));
        var left = machine.Mmu.DescriptorReads;
        using var small = machine.IoRemap(At, 4);
        using var io = (SimMmio)machine.IoRemap(0x4000_0000, 0x4020_0000);
        Assert.That(io.VirtualAddress & 0x3fff_ffff, Is.Zero);
        Assert.That(machine.Mmu.Trace(io.VirtualAddress + 0x1234, 4).Walk, Has.Count.EqualTo(2));
        Assert.That(machine.Mmu.Trace(io.VirtualAddress + 0x4000_1234, 4).Walk, Has.Count.EqualTo(3));
        Assert.That(machine.Mmu.Trace(io.VirtualAddress + 0x4000_1234, 4).Physical, Is.EqualTo(0x8000_1234));
        var va = io.VirtualAddress;
        io.Dispose();
        Assert.Throws<BusFaultException>(() => machine.Mmu.Trace(va + 0x4000_1234, 4));
        Assert.Throws<BusFaultException>(() => machine.Mmu.Trace(va + 0x1234, 4));
    }

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
    public void The_TLB_counts_hits_and_misses_and_two_pages_256_apart_push_each_other_out()
    {
        using var machine = TestBoards.WithScratch(out _, length: 0x20_0000, format: Format);
        using var io = machine.IoRemap(At, 0x20_0000);
        var (hits, misses) = (machine.Mmu.Tlb.Hits, machine.Mmu.Tlb.Misses);
        for (var i = 0; i < 10; i++) _ = io.Read32(4 * i);
        Assert.That((machine.Mmu.Tlb.Hits - hits, machine.Mmu.Tlb.Misses - misses), Is.EqualTo((9L, 1L)));
        _ = io.Read32(0x10_0000);
        _ = io.Read32(0);
        _ = io.Read32(0x1000);
        _ = io.Read32(0);
        Assert.That((machine.Mmu.Tlb.Hits - hits, machine.Mmu.Tlb.Misses - misses), Is.EqualTo((10L, 4L)));
    }

    [Test]
    public void Normal_memory_goes_through_the_caches_and_device_memory_past_them()
    {
        using var machine = TestBoards.WithScratch(out _, format: Format);
        var l1 = machine.Mmu.Caches.L1;
        var va = Format.LinearMap + 0x20_0000;
        machine.Mmu.Write(va, 8, 0x1122334455667788);
        Assert.That(machine.Mmu.Read(va + 4, 4), Is.EqualTo(0x11223344));
        Assert.That((l1.Hits, l1.Misses), Is.EqualTo((1L, 1L)));
        using var io = machine.IoRemap(At, 8);
        io.Write32(0, 1);
        _ = io.Read32(0);
        Assert.That((l1.Hits, l1.Misses), Is.EqualTo((1L, 1L)));
        Assert.That(machine.PhysicalMemory.Read64(0x20_0000), Is.EqualTo(0x1122334455667788), "the caches keep no data: memory is coherent");
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

internal sealed class PageFormatTests
{
    [Test]
    public void Reserved_encodings_are_invalid()
    {
        var arm = new Arm64PageFormat();
        Assert.That(arm.Decode(0, 0x4000_0001).Kind, Is.EqualTo(DescriptorKind.Invalid), "a block at level 0");
        Assert.That(arm.Decode(3, 0x4000_0001).Kind, Is.EqualTo(DescriptorKind.Invalid), "a block at level 3");
        Assert.That(arm.Describe(3, 0), Is.EqualTo("invalid"));
        var x64 = new X64PageFormat();
        Assert.That(x64.Decode(0, 0x81).Kind, Is.EqualTo(DescriptorKind.Invalid), "PS in the PML4");
    }

    [Test]
    public void Attributes_are_told_in_the_manuals_words()
    {
        var arm = new Arm64PageFormat();
        Assert.That(arm.Attributes(3, 0x0060_0000_0000_0707 | 1 << 7), Is.EqualTo("Normal write-back, inner shareable, RO, AF, XN"));
        Assert.That(arm.Attributes(3, 0x0020_0000_0000_0003), Is.EqualTo("Device-nGnRE, RW, PXN"));
        Assert.That(arm.Attributes(3, 0x0040_0000_0000_000b), Is.EqualTo("Device-nGnRnE, RW, UXN"), "a MAIR byte of 0");
        var x64 = new X64PageFormat();
        Assert.That(x64.Attributes(3, 0x11), Is.EqualTo("UC-, RO"));
        Assert.That(x64.Attributes(3, 0x0b), Is.EqualTo("WT, RW"));
    }
}
