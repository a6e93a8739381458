namespace RawIo.Tests;

// Windows, bounds, alignment, the end.
public abstract partial class MmioContract
{
    private static readonly (string Name, int Size, Action<IMmio, long> Do)[] s_accesses =
    [
        ("Read8", 1, (io, at) => io.Read8(at)), ("Read16", 2, (io, at) => io.Read16(at)),
        ("Read32", 4, (io, at) => io.Read32(at)), ("Read64", 8, (io, at) => io.Read64(at)),
        ("Write8", 1, (io, at) => io.Write8(at, 1)), ("Write16", 2, (io, at) => io.Write16(at, 1)),
        ("Write32", 4, (io, at) => io.Write32(at, 1)), ("Write64", 8, (io, at) => io.Write64(at, 1)),
        ("ReadRelaxed8", 1, (io, at) => io.ReadRelaxed8(at)), ("ReadRelaxed16", 2, (io, at) => io.ReadRelaxed16(at)),
        ("ReadRelaxed32", 4, (io, at) => io.ReadRelaxed32(at)), ("ReadRelaxed64", 8, (io, at) => io.ReadRelaxed64(at)),
        ("WriteRelaxed8", 1, (io, at) => io.WriteRelaxed8(at, 1)), ("WriteRelaxed16", 2, (io, at) => io.WriteRelaxed16(at, 1)),
        ("WriteRelaxed32", 4, (io, at) => io.WriteRelaxed32(at, 1)), ("WriteRelaxed64", 8, (io, at) => io.WriteRelaxed64(at, 1)),
        ("ReadRep8", 1, (io, at) => io.ReadRep(at, new byte[1])), ("ReadRep16", 2, (io, at) => io.ReadRep(at, new ushort[1])),
        ("ReadRep32", 4, (io, at) => io.ReadRep(at, new uint[1])), ("ReadRep64", 8, (io, at) => io.ReadRep(at, new ulong[1])),
        ("WriteRep8", 1, (io, at) => io.WriteRep(at, new byte[1])), ("WriteRep16", 2, (io, at) => io.WriteRep(at, new ushort[1])),
        ("WriteRep32", 4, (io, at) => io.WriteRep(at, new uint[1])), ("WriteRep64", 8, (io, at) => io.WriteRep(at, new ulong[1])),
        ("empty ReadRep8", 1, (io, at) => io.ReadRep(at, Array.Empty<byte>())), ("empty ReadRep16", 2, (io, at) => io.ReadRep(at, Array.Empty<ushort>())),
        ("empty ReadRep32", 4, (io, at) => io.ReadRep(at, Array.Empty<uint>())), ("empty ReadRep64", 8, (io, at) => io.ReadRep(at, Array.Empty<ulong>())),
        ("empty WriteRep8", 1, (io, at) => io.WriteRep(at, Array.Empty<byte>())), ("empty WriteRep16", 2, (io, at) => io.WriteRep(at, Array.Empty<ushort>())),
        ("empty WriteRep32", 4, (io, at) => io.WriteRep(at, Array.Empty<uint>())), ("empty WriteRep64", 8, (io, at) => io.WriteRep(at, Array.Empty<ulong>())),
    ];

    [Test]
    public void An_access_that_leaves_the_window_throws_and_touches_nothing()
    {
        foreach (var (name, size, access) in s_accesses)
        {
            foreach (var at in new[] { -1L, -size, long.MinValue, Length, Length - size + 1, long.MaxValue, long.MaxValue - size + 1 })
            {
                var error = Assert.Throws<ArgumentOutOfRangeException>(() => access(Io, at), $"{name} at {at}");
                Assert.That(error!.Message, Does.Contain($"{size} bytes").And.Contain("0x100"), $"{name} at {at}");
            }
            Assert.DoesNotThrow(() => access(Io, Length - size), name);
            _ = Scratch.TakeAccesses();
        }
        foreach (var (name, _, access) in s_accesses) Assert.Throws<ArgumentOutOfRangeException>(() => access(Io, Length), name);
        Scratch.AssertAccesses();
    }

    [Test]
    public void A_misaligned_access_throws_and_touches_nothing()
    {
        foreach (var (name, size, access) in s_accesses)
            for (var at = 1; at < size; at++)
            {
                var error = Assert.Throws<DataMisalignedException>(() => access(Io, 8 + at), $"{name} at {8 + at}");
                Assert.That(error!.Message, Does.Contain($"0x{8 + at:x}").And.Contain($"multiple of {size}"));
            }
        Scratch.AssertAccesses();
    }

    [Test]
    public void A_block_that_leaves_the_window_throws_and_touches_nothing()
    {
        foreach (var (at, length) in new[] { (-1L, 1), (0, Length + 1), (Length, 1), (Length - 3, 4), (long.MaxValue, 1), (long.MinValue, 0), (Length + 1, 0) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Io.CopyFrom(at, new byte[length]), $"{length} at {at}");
            Assert.Throws<ArgumentOutOfRangeException>(() => Io.CopyTo(at, new byte[length]), $"{length} at {at}");
            Assert.Throws<ArgumentOutOfRangeException>(() => Io.Fill(at, 1, length), $"{length} at {at}");
            Assert.Throws<ArgumentOutOfRangeException>(() => Io.CopyFromMemory(at, new byte[length]), $"{length} at {at}");
            Assert.Throws<ArgumentOutOfRangeException>(() => Io.CopyToMemory(at, new byte[length]), $"{length} at {at}");
            Assert.Throws<ArgumentOutOfRangeException>(() => Io.FillMemory(at, 1, length), $"{length} at {at}");
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Io.Fill(0, 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Io.Fill(0, 1, long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => Io.Fill(8, 1, long.MaxValue));
        Scratch.AssertAccesses();
    }

    [Test]
    public void A_window_on_a_window_counts_from_its_own_start()
    {
        var window = Io.Window(0x20, 0x40).Window(0x8, 0x10);
        Assert.That(window.Length, Is.EqualTo(0x10));
        Assert.That(window.PhysicalAddress, Is.EqualTo(Io.PhysicalAddress + 0x28));
        window.Write32(4, 0xcafe);
        Assert.That(Io.Read32(0x2c), Is.EqualTo(0xcafe));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Read32(0x10));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Read32(-4));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.CopyFrom(8, new byte[9]));
        Scratch.AssertAccesses("W4@44", "R4@44");
    }

    [Test]
    public void A_window_must_have_a_byte_and_lie_inside()
    {
        foreach (var (at, length) in new[] { (0L, 0L), (0, -1), (-1, 1), (Length, 1), (0, Length + 1), (8, long.MaxValue), (long.MaxValue, 1) })
            Assert.Throws<ArgumentOutOfRangeException>(() => Io.Window(at, length), $"{length} at {at}");
        Assert.That(Io.Window(0, Length).Length, Is.EqualTo(Length));
        Assert.That(Io.Window(Length - 1, 1).Length, Is.EqualTo(1));
    }

    [Test]
    public void After_dispose_everything_throws_also_through_windows_and_touches_nothing()
    {
        var window = Io.Window(0, Length);
        Io.Dispose();
        Assert.DoesNotThrow(Io.Dispose, "a second time");
        foreach (var io in new[] { window, Io })
        {
            foreach (var (name, _, access) in s_accesses) Assert.Throws<ObjectDisposedException>(() => access(io, 0), name);
            Assert.Throws<ObjectDisposedException>(() => io.CopyFrom(0, new byte[1]));
            Assert.Throws<ObjectDisposedException>(() => io.CopyTo(0, new byte[1]));
            Assert.Throws<ObjectDisposedException>(() => io.Fill(0, 0, 1));
            Assert.Throws<ObjectDisposedException>(() => io.CopyFromMemory(0, new byte[1]));
            Assert.Throws<ObjectDisposedException>(() => io.CopyToMemory(0, new byte[1]));
            Assert.Throws<ObjectDisposedException>(() => io.FillMemory(0, 0, 1));
            Assert.Throws<ObjectDisposedException>(() => io.Window(0, 1));
        }
        Scratch.AssertAccesses();
    }

    [Test]
    public void Mappings_of_the_same_place_end_each_on_its_own()
    {
        using var other = Scratch.Map();
        other.Write32(0, 7);
        Io.Dispose();
        Assert.That(other.Read32(0), Is.EqualTo(7));
    }
}
