using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A device that keeps what is written, and a list of its accesses.</summary>
internal sealed class RecordingDevice(int length, AccessSizes sizes = AccessSizes.One | AccessSizes.Two | AccessSizes.Four | AccessSizes.Eight) : Device
{
    private readonly byte[] _content = new byte[length];

    public List<string> Accesses { get; } = [];

    public Action? OnAccess { get; set; }

    public override string Name => "scratch";

    public override IReadOnlyList<string> Compatible => ["test,scratch"];

    public override AccessSizes Sizes => sizes;

    public byte[] Content => _content;

    public override ulong Read(int offset, int size)
    {
        Accesses.Add($"R{size}@{offset}");
        OnAccess?.Invoke();
        ulong value = 0;
        for (var i = 0; i < size; i++) value |= (ulong)_content[offset + i] << (8 * i);
        return value;
    }

    public override void Write(int offset, int size, ulong value)
    {
        if (size < 8) Assert.That(value >> (8 * size), Is.Zero, "a device gets no more bits than the access has");
        Accesses.Add($"W{size}@{offset}");
        OnAccess?.Invoke();
        for (var i = 0; i < size; i++) _content[offset + i] = (byte)(value >> (8 * i));
    }

    public override void Reset() => _content.AsSpan().Clear();

    public string[] Take()
    {
        var taken = Accesses.ToArray();
        Accesses.Clear();
        return taken;
    }
}

/// <summary>Small machines for tests.</summary>
internal static class TestBoards
{
    public const ulong RamLength = 0x40_0000;
    public const ulong DeviceAddress = 0x2000_0000;
    public const ulong PcDeviceAddress = 0xfed0_0000;
    public const int FirstPort = 0x300;

    public static BoardPlan Plan(PageFormat? format = null) => new()
    {
        Name = "test",
        Format = format ?? new Arm64PageFormat(),
        Caches = CacheSizes.CortexA53,
        Ram = [(0, RamLength)],
        KernelData = (0x10_0000, 0x4_0000),
        Memory = [new(0, RamLength - 1, "System RAM", ResourceFlags.Mem | ResourceFlags.SysRam | ResourceFlags.Busy)],
    };

    public static SimMachine Make(BoardPlan? plan = null, SimOptions? options = null) => new(plan ?? Plan(), options ?? new() { SteppedClock = true });

    /// <summary>Eight byte-wide ports and nothing else.</summary>
    public static SimMachine WithPorts(out RecordingDevice device)
    {
        var machine = Make(Plan() with { Ports = [] });
        device = new(8, AccessSizes.One);
        machine.Attach(device, FirstPort, 8, ports: [.. Enumerable.Range(FirstPort, 8)]);
        return machine;
    }

    /// <summary>A PC with scratch memory and four scratch ports.</summary>
    public static SimMachine PcWithScratch()
    {
        var machine = SimMachine.Create("pc", new() { SteppedClock = true });
        machine.Attach(new RecordingDevice(0x40), PcDeviceAddress, 0x40);
        machine.Attach(new RecordingDevice(4, AccessSizes.One), FirstPort, 4, ports: [.. Enumerable.Range(FirstPort, 4)]);
        return machine;
    }

    public static SimMachine WithScratch(out RecordingDevice device, int length = 256, AccessSizes sizes = (AccessSizes)15, PageFormat? format = null)
    {
        var machine = Make(Plan(format));
        device = new(length, sizes);
        machine.Attach(device, DeviceAddress, length);
        return machine;
    }
}
