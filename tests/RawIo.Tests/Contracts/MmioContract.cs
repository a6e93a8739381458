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

    protected IMmioProbe Scratch { get; private set; } = null!;

    protected IMmioMapping Io { get; private set; } = null!;

    protected abstract IMmioProbe MakeProbe();

    /// <summary>False where the probe leaves out reads before a write, because the window makes such by itself.</summary>
    protected virtual bool TellsReadsBeforeWrites => true;

    [SetUp]
    public void Make()
    {
        Scratch = MakeProbe();
        Io = Scratch.Map();
        _ = Scratch.TakeAccesses();
    }

    [TearDown]
    public void End()
    {
        Io.Dispose();
        Scratch.Dispose();
    }

    [Test]
    public void Length_is_that_of_the_window() => Assert.That(Io.Length, Is.EqualTo(Length));

    [Test]
    public void Values_of_every_width_are_little_endian_and_come_back()
    {
        Io.Write64(8, 0x8877665544332211);
        Io.Write32(16, 0xddccbbaa);
        Io.Write16(20, 0xf2f1);
        Io.Write8(22, 0xf3);
        Assert.That(Io.Read64(8), Is.EqualTo(0x8877665544332211));
        for (var i = 0; i < 8; i++) Assert.That(Io.Read8(8 + i), Is.EqualTo(0x11 * (i + 1)));
        Assert.That(Io.Read16(10), Is.EqualTo(0x4433));
        Assert.That(Io.Read32(12), Is.EqualTo(0x88776655));
        Assert.That(Io.Read64(16), Is.EqualTo(0x00f3f2f1ddccbbaa));
        Scratch.AssertAccesses("W8@8", "W4@16", "W2@20", "W1@22", "R8@8", "R1@8", "R1@9", "R1@10", "R1@11", "R1@12", "R1@13", "R1@14", "R1@15",
            "R2@10", "R4@12", "R8@16");
    }

    [Test]
    public void A_modify_is_one_read_and_one_write_of_its_width()
    {
        Io.Write64(8, 0x8877665544332211);
        Io.Modify8(8, 0x0f, 0x82);
        Io.Modify16(10, 0xff00, 0x1200);
        Io.Modify32(12, 0x0000_ffff, 0x0000_0001);
        Io.Modify64(8, 0xff00_0000_0000_0000, 0);
        Assert.That(Io.Read64(8), Is.EqualTo(0x0077_0001_1233_2292));
        if (TellsReadsBeforeWrites) Scratch.AssertAccesses("W8@8", "R1@8", "W1@8", "R2@10", "W2@10", "R4@12", "W4@12", "R8@8", "W8@8", "R8@8");
        else Scratch.AssertAccesses("W8@8", "W1@8", "W2@10", "W4@12", "W8@8", "R8@8");
        Assert.Throws<ArgumentOutOfRangeException>(() => Io.Modify32(Length, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Io.Modify8(-1, 0, 1));
        Assert.Throws<DataMisalignedException>(() => Io.Modify16(1, 0, 1));
        Scratch.AssertAccesses();
    }

    [Test]
    public void Relaxed_forms_make_the_same_accesses()
    {
        Io.WriteRelaxed8(0, 0x01);
        Io.WriteRelaxed16(2, 0x0302);
        Io.WriteRelaxed32(4, 0x07060504);
        Io.WriteRelaxed64(8, 0x0f0e0d0c0b0a0908);
        Assert.That(Io.ReadRelaxed8(0), Is.EqualTo(0x01));
        Assert.That(Io.ReadRelaxed16(2), Is.EqualTo(0x0302));
        Assert.That(Io.ReadRelaxed32(4), Is.EqualTo(0x07060504));
        Assert.That(Io.ReadRelaxed64(8), Is.EqualTo(0x0f0e0d0c0b0a0908));
        Scratch.AssertAccesses("W1@0", "W2@2", "W4@4", "W8@8", "R1@0", "R2@2", "R4@4", "R8@8");
    }

    [Test]
    public void Big_endian_forms_swap_and_make_one_access_each()
    {
        Io.WriteBigEndian16(0, 0x1122);
        Io.WriteBigEndian32(4, 0x11223344);
        Io.WriteBigEndian64(8, 0x1122334455667788);
        Scratch.AssertAccesses("W2@0", "W4@4", "W8@8");
        Assert.That(Io.Read16(0), Is.EqualTo(0x2211));
        Assert.That(Io.Read32(4), Is.EqualTo(0x44332211));
        Assert.That(Io.Read64(8), Is.EqualTo(0x8877665544332211));
        Assert.That(Io.ReadBigEndian16(0), Is.EqualTo(0x1122));
        Assert.That(Io.ReadBigEndian32(4), Is.EqualTo(0x11223344));
        Assert.That(Io.ReadBigEndian64(8), Is.EqualTo(0x1122334455667788));
    }

    [Test]
    public void Rep_forms_stay_at_their_offset_and_do_not_swap()
    {
        Io.WriteRep(0, (ReadOnlySpan<byte>)[1, 2]);
        Io.WriteRep(2, (ReadOnlySpan<ushort>)[0x0304, 0x0506]);
        Io.WriteRep(4, (ReadOnlySpan<uint>)[1, 0x0a0b0c0d]);
        Io.WriteRep(8, (ReadOnlySpan<ulong>)[1, 0x0102030405060708]);
        Scratch.AssertAccesses("W1@0", "W1@0", "W2@2", "W2@2", "W4@4", "W4@4", "W8@8", "W8@8");
        var bytes = new byte[2];
        var words = new ushort[2];
        var longs = new uint[2];
        var quads = new ulong[2];
        Io.ReadRep(0, bytes);
        Io.ReadRep(2, words);
        Io.ReadRep(4, longs);
        Io.ReadRep(8, quads);
        Assert.That(bytes, Is.EqualTo(new byte[] { 2, 2 }));
        Assert.That(words, Is.EqualTo(new ushort[] { 0x0506, 0x0506 }));
        Assert.That(longs, Is.EqualTo(new uint[] { 0x0a0b0c0d, 0x0a0b0c0d }));
        Assert.That(quads, Is.EqualTo(new ulong[] { 0x0102030405060708, 0x0102030405060708 }));
        Scratch.AssertAccesses("R1@0", "R1@0", "R2@2", "R2@2", "R4@4", "R4@4", "R8@8", "R8@8");
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
                Io.CopyTo(0, content);
                _ = Scratch.TakeAccesses();

                Io.CopyFrom(offset, back.AsSpan(0, length));
                Assert.That(back.AsSpan(0, length).SequenceEqual(content.AsSpan(offset, length)), Is.True, what);
                Scratch.AssertAccesses(Block('R', offset, length));

                var source = Enumerable.Range(0, length).Select(i => (byte)(0x80 + i)).ToArray();
                Io.CopyTo(offset, source);
                Scratch.AssertAccesses(Block('W', offset, length));
                AssertContent(i => i >= offset && i < offset + length ? source[i - offset] : content[i], what);

                Io.Fill(offset, 0xee, length);
                Scratch.AssertAccesses(Block('W', offset, length));
                AssertContent(i => i >= offset && i < offset + length ? (byte)0xee : content[i], what);
            }
        }
    }

    [Test]
    public void Memory_forms_move_the_same_bytes_and_no_others()
    {
        var content = Enumerable.Range(1, Length).Select(i => (byte)i).ToArray();
        var back = new byte[Length];
        for (var offset = 0; offset < 9; offset++)
        {
            for (var length = 0; length <= 40; length++)
            {
                var what = $"{length} bytes at {offset}";
                Io.CopyToMemory(0, content);
                back.AsSpan().Fill(0xcc);

                Io.CopyFromMemory(offset, back.AsSpan(0, length));
                Assert.That(back.AsSpan(0, length).SequenceEqual(content.AsSpan(offset, length)), Is.True, what);
                Assert.That(back.AsSpan(length).IndexOfAnyExcept((byte)0xcc), Is.EqualTo(-1), what);

                var source = Enumerable.Range(0, length).Select(i => (byte)(0x80 + i)).ToArray();
                Io.CopyToMemory(offset, source);
                AssertContent(i => i >= offset && i < offset + length ? source[i - offset] : content[i], what);

                Io.FillMemory(offset, 0xee, length);
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
            if (Io.Read8(i) != expected(i)) Assert.Fail($"{what}: byte {i} is {Io.Read8(i)}, not {expected(i)}");
        _ = Scratch.TakeAccesses();
    }
}
