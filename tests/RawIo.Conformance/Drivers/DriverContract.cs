namespace RawIo.Conformance;

/// <summary>Tests of drivers on a machine that is made anew for each.</summary>
internal abstract class DriverContract
{
    /// <summary>The longest any wait for an interrupt may take on a busy host.</summary>
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    protected IHardware Machine { get; private set; } = null!;

    protected abstract IHardware Open();

    [SetUp]
    public void Begin() => Machine = Open();

    [TearDown]
    public void End() => Machine?.Dispose();

    /// <summary>Random bytes.</summary>
    protected static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Polls until something holds.</summary>
    protected void Await(Func<bool> condition, string what)
    {
        var start = Machine.Time.GetTimestamp();
        while (!condition()) Assert.That(Machine.Time.GetElapsedTime(start), Is.LessThan(Limit), what);
    }
}
