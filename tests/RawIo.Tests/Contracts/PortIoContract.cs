namespace RawIo.Tests;

/// <summary>What the contract wants to know of the ports: eight scratch bytes in a row that keep what is written.
/// An access is one byte cycle, told by its distance from the first: "R@3", "W@0".</summary>
public interface IPortProbe : IAccessProbe
{
    /// <summary>The first of the eight.</summary>
    int First { get; }

    /// <summary>Whether the way has bytes alone and refuses words.</summary>
    bool BytesOnly => false;

    /// <summary>Whether the scratch device answers words at odd ports, as a bus that makes two cycles of them lets it.</summary>
    bool TakesMisaligned => true;

    /// <summary>Opens a range.</summary>
    IPortGrant Open(int first, int count);
}

/// <summary>What every range of ports does. One small subclass a backend.</summary>
public abstract class PortIoContract
{
    private IPortProbe _probe = null!;
    private IPortGrant _io = null!;
    private int _at;

    protected abstract IPortProbe MakeProbe();

    [SetUp]
    public void Make()
    {
        _probe = MakeProbe();
        _at = _probe.First;
        _io = _probe.Open(_at, 8);
    }

    [TearDown]
    public void End()
    {
        _io.Dispose();
        _probe.Dispose();
    }

    [Test]
    public void The_range_is_the_one_opened()
    {
        Assert.That(_io.FirstPort, Is.EqualTo(_at));
        Assert.That(_io.Count, Is.EqualTo(8));
    }

    [Test]
    public void Words_and_longs_are_bytes_on_consecutive_ports_low_first()
    {
        if (_probe.BytesOnly)
        {
            RefusesWords();
            return;
        }
        _io.Out32(_at, 0x44332211);
        _io.Out16(_at + 4, 0x6655);
        _io.Out8(_at + 6, 0x77);
        _probe.AssertAccesses("W@0", "W@1", "W@2", "W@3", "W@4", "W@5", "W@6");
        Assert.That(_io.In8(_at + 2), Is.EqualTo(0x33));
        Assert.That(_io.In16(_at + 2), Is.EqualTo(0x4433));
        Assert.That(_io.In32(_at), Is.EqualTo(0x44332211));
        _probe.AssertAccesses("R@2", "R@2", "R@3", "R@0", "R@1", "R@2", "R@3");
    }

    [Test]
    public void Misaligned_words_and_longs_are_legal_on_x86()
    {
        if (_probe.BytesOnly) return;
        for (var i = 0; i < 8; i++) _io.Out8(_at + i, (byte)(0x11 * (i + 1)));
        _ = _probe.TakeAccesses();
        var (word, quad) = (_io.In16(_at + 1), _io.In32(_at + 3));
        _probe.AssertAccesses("R@1", "R@2", "R@3", "R@4", "R@5", "R@6");
        // The instruction is made all the same; what comes is the device's business.
        if (!_probe.TakesMisaligned) return;
        Assert.That(word, Is.EqualTo(0x3322));
        Assert.That(quad, Is.EqualTo(0x77665544));
    }

    [Test]
    public void String_forms_stay_at_their_port()
    {
        if (_probe.BytesOnly)
        {
            BytesStayAtTheirPort();
            return;
        }
        _io.OutRep(_at, (ReadOnlySpan<byte>)[1, 2]);
        _io.OutRep(_at + 2, (ReadOnlySpan<ushort>)[0x1111, 0x0403]);
        _io.OutRep(_at + 4, (ReadOnlySpan<uint>)[0x11111111, 0x08070605]);
        _probe.AssertAccesses("W@0", "W@0", "W@2", "W@3", "W@2", "W@3", "W@4", "W@5", "W@6", "W@7", "W@4", "W@5", "W@6", "W@7");
        var bytes = new byte[2];
        var words = new ushort[2];
        var longs = new uint[2];
        _io.InRep(_at, bytes);
        _io.InRep(_at + 2, words);
        _io.InRep(_at + 4, longs);
        Assert.That(bytes, Is.EqualTo(new byte[] { 2, 2 }));
        Assert.That(words, Is.EqualTo(new ushort[] { 0x0403, 0x0403 }));
        Assert.That(longs, Is.EqualTo(new uint[] { 0x08070605, 0x08070605 }));
        _probe.AssertAccesses("R@0", "R@0", "R@2", "R@3", "R@2", "R@3", "R@4", "R@5", "R@6", "R@7", "R@4", "R@5", "R@6", "R@7");
    }

    [Test]
    public void Paused_forms_and_empty_strings_leave_the_ports_as_they_are()
    {
        _io.OutPaused8(_at, 0x12);
        Assert.That(_io.InPaused8(_at), Is.EqualTo(0x12));
        _io.Pause();
        if (_probe.BytesOnly) return;
        _io.OutPaused16(_at + 2, 0x3456);
        _io.OutPaused32(_at + 4, 0x789abcde);
        Assert.That(_io.InPaused8(_at), Is.EqualTo(0x12));
        Assert.That(_io.InPaused16(_at + 2), Is.EqualTo(0x3456));
        Assert.That(_io.InPaused32(_at + 4), Is.EqualTo(0x789abcde));
        _ = _probe.TakeAccesses();
        _io.InRep(_at, Span<byte>.Empty);
        _io.OutRep(_at, ReadOnlySpan<uint>.Empty);
        _probe.AssertAccesses();
    }

    private static readonly (int Size, Action<IPortIo, int> Do)[] s_accesses =
    [
        (1, (io, at) => io.In8(at)), (2, (io, at) => io.In16(at)), (4, (io, at) => io.In32(at)),
        (1, (io, at) => io.Out8(at, 0)), (2, (io, at) => io.Out16(at, 0)), (4, (io, at) => io.Out32(at, 0)),
        (1, (io, at) => io.InRep(at, new byte[1])), (2, (io, at) => io.InRep(at, new ushort[1])), (4, (io, at) => io.InRep(at, new uint[1])),
        (1, (io, at) => io.OutRep(at, new byte[1])), (2, (io, at) => io.OutRep(at, new ushort[1])), (4, (io, at) => io.OutRep(at, new uint[1])),
        (1, (io, at) => io.InRep(at, Array.Empty<byte>())), (4, (io, at) => io.OutRep(at, Array.Empty<uint>())),
    ];

    [Test]
    public void A_port_outside_the_range_throws_and_touches_nothing()
    {
        foreach (var (size, access) in s_accesses)
            foreach (var at in new[] { _at - 1, _at + 8, _at + 9 - size, -1, int.MinValue, int.MaxValue, 0x10000 })
                Assert.That(Assert.Throws<ArgumentOutOfRangeException>(() => access(_io, at), $"{size} at {at}")!.Message, Does.Contain($"{size} bytes"));
        _probe.AssertAccesses();
    }

    [Test]
    public void A_range_must_have_a_port_and_lie_inside_the_64_Ki()
    {
        foreach (var (first, count) in new[] { (-1, 1), (0x10000, 1), (0, 0), (0, -1), (0xffff, 2), (0, 0x10001), (int.MaxValue, int.MaxValue), (0, int.MinValue) })
            Assert.Throws<ArgumentOutOfRangeException>(() => _probe.Open(first, count).Dispose(), $"{count} from {first}");
    }

    [Test]
    public void After_dispose_everything_throws_and_touches_nothing()
    {
        _io.Dispose();
        Assert.DoesNotThrow(_io.Dispose, "a second time");
        foreach (var (_, access) in s_accesses) Assert.Throws<ObjectDisposedException>(() => access(_io, _at));
        Assert.Throws<ObjectDisposedException>(_io.Pause);
        _probe.AssertAccesses();
    }

    private void RefusesWords()
    {
        foreach (var (size, access) in s_accesses.Where(a => a.Size > 1))
            Assert.That(Assert.Throws<RawIoException>(() => access(_io, _at))!.Message, Does.Contain($"{size} bytes").And.Contain("ioperm"));
        _probe.AssertAccesses();
        _io.Out8(_at + 1, 0x77);
        Assert.That(_io.In8(_at + 1), Is.EqualTo(0x77));
        _probe.AssertAccesses("W@1", "R@1");
    }

    private void BytesStayAtTheirPort()
    {
        _io.Out8(_at + 1, 9);
        _io.OutRep(_at, (ReadOnlySpan<byte>)[1, 2]);
        var bytes = new byte[2];
        _io.InRep(_at, bytes);
        Assert.That(bytes, Is.EqualTo(new byte[] { 2, 2 }));
        Assert.That(_io.In8(_at + 1), Is.EqualTo(9));
        _probe.AssertAccesses("W@1", "W@0", "W@0", "R@0", "R@0", "R@1");
    }
}
