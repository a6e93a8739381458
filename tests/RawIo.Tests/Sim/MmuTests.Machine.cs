using RawIo.Sim;

namespace RawIo.Tests;

internal sealed partial class MmuTests
{
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
}
