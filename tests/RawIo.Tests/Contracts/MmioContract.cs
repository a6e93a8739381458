namespace RawIo.Tests;

/// <summary>What the contract wants to know of the device behind a window: a scratch memory that takes every size. An access is told as "R4@8" or "W1@0".</summary>
public interface IMmioProbe : IAccessProbe
{
    /// <summary>A fresh window of 256 bytes onto the scratch device, all zeros. Its first address is a multiple of 8.</summary>
    IMmioMapping Map();
}

/// <summary>What every window does. One small subclass a backend.</summary>
public abstract partial class MmioContract
{
    protected const int Length = 256;
    private IMmioProbe _probe = null!;
    private IMmioMapping _io = null!;

    protected abstract IMmioProbe MakeProbe();

    [SetUp]
    public void Make()
    {
        _probe = MakeProbe();
        _io = _probe.Map();
        _ = _probe.TakeAccesses();
    }

    [TearDown]
    public void End()
    {
        _io.Dispose();
        _probe.Dispose();
    }

    [Test]
    public void Length_is_that_of_the_window() => Assert.That(_io.Length, Is.EqualTo(Length));

    [Test]
    public void Values_of_every_width_are_little_endian_and_come_back()
    {
        _io.Write64(8, 0x8877665544332211);
        _io.Write32(16, 0xddccbbaa);
        _io.Write16(20, 0xf2f1);
        _io.Write8(22, 0xf3);
        Assert.That(_io.Read64(8), Is.EqualTo(0x8877665544332211));
        for (var i = 0; i < 8; i++) Assert.That(_io.Read8(8 + i), Is.EqualTo(0x11 * (i + 1)));
        Assert.That(_io.Read16(10), Is.EqualTo(0x4433));
        Assert.That(_io.Read32(12), Is.EqualTo(0x88776655));
        Assert.That(_io.Read64(16), Is.EqualTo(0x00f3f2f1ddccbbaa));
        _probe.AssertAccesses("W8@8", "W4@16", "W2@20", "W1@22", "R8@8", "R1@8", "R1@9", "R1@10", "R1@11", "R1@12", "R1@13", "R1@14", "R1@15",
            "R2@10", "R4@12", "R8@16");
    }

    [Test]
    public void Relaxed_forms_make_the_same_accesses()
    {
        _io.WriteRelaxed8(0, 0x01);
        _io.WriteRelaxed16(2, 0x0302);
        _io.WriteRelaxed32(4, 0x07060504);
        _io.WriteRelaxed64(8, 0x0f0e0d0c0b0a0908);
        Assert.That(_io.ReadRelaxed8(0), Is.EqualTo(0x01));
        Assert.That(_io.ReadRelaxed16(2), Is.EqualTo(0x0302));
        Assert.That(_io.ReadRelaxed32(4), Is.EqualTo(0x07060504));
        Assert.That(_io.ReadRelaxed64(8), Is.EqualTo(0x0f0e0d0c0b0a0908));
        _probe.AssertAccesses("W1@0", "W2@2", "W4@4", "W8@8", "R1@0", "R2@2", "R4@4", "R8@8");
    }

    [Test]
    public void Big_endian_forms_swap_and_make_one_access_each()
    {
        _io.WriteBigEndian16(0, 0x1122);
        _io.WriteBigEndian32(4, 0x11223344);
        _io.WriteBigEndian64(8, 0x1122334455667788);
        _probe.AssertAccesses("W2@0", "W4@4", "W8@8");
        Assert.That(_io.Read16(0), Is.EqualTo(0x2211));
        Assert.That(_io.Read32(4), Is.EqualTo(0x44332211));
        Assert.That(_io.Read64(8), Is.EqualTo(0x8877665544332211));
        Assert.That(_io.ReadBigEndian16(0), Is.EqualTo(0x1122));
        Assert.That(_io.ReadBigEndian32(4), Is.EqualTo(0x11223344));
        Assert.That(_io.ReadBigEndian64(8), Is.EqualTo(0x1122334455667788));
    }

    [Test]
    public void A_read_whose_value_is_not_used_is_made_each_time()
    {
        _probe.NeedAccesses();
        for (var i = 0; i < 3; i++) _ = _io.Read32(4);
        _probe.AssertAccesses("R4@4", "R4@4", "R4@4");
    }

    [Test]
    public void Equal_writes_are_all_made()
    {
        _probe.NeedAccesses();
        for (var i = 0; i < 3; i++) _io.Write16(6, 5);
        _probe.AssertAccesses("W2@6", "W2@6", "W2@6");
    }

    [Test]
    public void Rep_forms_stay_at_their_offset_and_do_not_swap()
    {
        _io.WriteRep(0, (ReadOnlySpan<byte>)[1, 2]);
        _io.WriteRep(2, (ReadOnlySpan<ushort>)[0x0304, 0x0506]);
        _io.WriteRep(4, (ReadOnlySpan<uint>)[1, 0x0a0b0c0d]);
        _io.WriteRep(8, (ReadOnlySpan<ulong>)[1, 0x0102030405060708]);
        _probe.AssertAccesses("W1@0", "W1@0", "W2@2", "W2@2", "W4@4", "W4@4", "W8@8", "W8@8");
        var bytes = new byte[2];
        var words = new ushort[2];
        var longs = new uint[2];
        var quads = new ulong[2];
        _io.ReadRep(0, bytes);
        _io.ReadRep(2, words);
        _io.ReadRep(4, longs);
        _io.ReadRep(8, quads);
        Assert.That(bytes, Is.All.EqualTo(2));
        Assert.That(words, Is.All.EqualTo(0x0506));
        Assert.That(longs, Is.All.EqualTo(0x0a0b0c0d));
        Assert.That(quads, Is.All.EqualTo(0x0102030405060708));
        _probe.AssertAccesses("R1@0", "R1@0", "R2@2", "R2@2", "R4@4", "R4@4", "R8@8", "R8@8");
    }

    [Test]
    public void Empty_spans_touch_nothing()
    {
        _probe.NeedAccesses();
        _io.ReadRep(0, Span<byte>.Empty);
        _io.ReadRep(0, Span<ushort>.Empty);
        _io.ReadRep(0, Span<uint>.Empty);
        _io.ReadRep(0, Span<ulong>.Empty);
        _io.WriteRep(0, ReadOnlySpan<byte>.Empty);
        _io.WriteRep(0, ReadOnlySpan<ushort>.Empty);
        _io.WriteRep(0, ReadOnlySpan<uint>.Empty);
        _io.WriteRep(0, ReadOnlySpan<ulong>.Empty);
        _io.CopyFrom(Length, Span<byte>.Empty);
        _io.CopyTo(Length, ReadOnlySpan<byte>.Empty);
        _io.Fill(Length, 1, 0);
        _probe.AssertAccesses();
    }

    [Test]
    public void Block_forms_touch_every_byte_once_at_every_alignment_and_length()
    {
        var content = Enumerable.Range(1, Length).Select(i => (byte)i).ToArray();
        var back = new byte[Length];
        for (var offset = 0; offset < 9; offset++)
        {
            for (var length = 0; length <= 40; length++)
            {
                var what = $"{length} bytes at {offset}";
                _io.CopyTo(0, content);
                _ = _probe.TakeAccesses();

                _io.CopyFrom(offset, back.AsSpan(0, length));
                Assert.That(back.AsSpan(0, length).SequenceEqual(content.AsSpan(offset, length)), Is.True, what);
                _probe.AssertAccesses(Block('R', offset, length));

                var source = Enumerable.Range(0, length).Select(i => (byte)(0x80 + i)).ToArray();
                _io.CopyTo(offset, source);
                _probe.AssertAccesses(Block('W', offset, length));
                AssertContent(i => i >= offset && i < offset + length ? source[i - offset] : content[i], what);

                _io.Fill(offset, 0xee, length);
                _probe.AssertAccesses(Block('W', offset, length));
                AssertContent(i => i >= offset && i < offset + length ? (byte)0xee : content[i], what);
            }
        }
    }

    /// <summary>Bytes until aligned, then 64-bit words, then bytes.</summary>
    private static string[] Block(char kind, int offset, int length)
    {
        var all = new List<string>();
        while (length > 0)
        {
            var size = offset % 8 == 0 && length >= 8 ? 8 : 1;
            all.Add($"{kind}{size}@{offset}");
            offset += size;
            length -= size;
        }
        return [.. all];
    }

    private void AssertContent(Func<int, byte> expected, string what)
    {
        for (var i = 0; i < 64; i++)
            if (_io.Read8(i) != expected(i)) Assert.Fail($"{what}: byte {i} is {_io.Read8(i)}, not {expected(i)}");
        _ = _probe.TakeAccesses();
    }
}
