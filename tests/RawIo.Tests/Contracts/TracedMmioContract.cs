namespace RawIo.Tests;

/// <summary>What only a backend can be asked that tells which accesses its device saw. Elsewhere the disassembly gate answers.</summary>
public abstract class TracedMmioContract : MmioContract
{
    [Test]
    public void The_probe_tells_accesses() => Assert.That(Scratch.TakeAccesses(), Is.Not.Null);

    [Test]
    public void A_read_whose_value_is_not_used_is_made_each_time()
    {
        for (var i = 0; i < 3; i++) _ = Io.Read32(4);
        Scratch.AssertAccesses("R4@4", "R4@4", "R4@4");
    }

    [Test]
    public void Equal_writes_are_all_made()
    {
        for (var i = 0; i < 3; i++) Io.Write16(6, 5);
        Scratch.AssertAccesses("W2@6", "W2@6", "W2@6");
    }

    [Test]
    public void Empty_spans_touch_nothing()
    {
        Io.ReadRep(0, Span<byte>.Empty);
        Io.ReadRep(0, Span<ushort>.Empty);
        Io.ReadRep(0, Span<uint>.Empty);
        Io.ReadRep(0, Span<ulong>.Empty);
        Io.WriteRep(0, ReadOnlySpan<byte>.Empty);
        Io.WriteRep(0, ReadOnlySpan<ushort>.Empty);
        Io.WriteRep(0, ReadOnlySpan<uint>.Empty);
        Io.WriteRep(0, ReadOnlySpan<ulong>.Empty);
        Io.CopyFrom(Length, Span<byte>.Empty);
        Io.CopyTo(Length, ReadOnlySpan<byte>.Empty);
        Io.Fill(Length, 1, 0);
        Scratch.AssertAccesses();
    }

    [Test]
    public void A_window_need_not_be_aligned_for_the_device_to_see_aligned_words_in_a_block()
    {
        Io.Window(3, 64).Fill(0, 1, 20);
        Scratch.AssertAccesses("W1@3", "W1@4", "W1@5", "W1@6", "W1@7", "W8@8", "W1@16", "W1@17", "W1@18", "W1@19", "W1@20", "W1@21", "W1@22");
    }
}
