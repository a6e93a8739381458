using CsCheck;

namespace RawIo.Tests;

/// <summary>Many windows are looked up in a table: it must say what a look at each in turn says.</summary>
internal sealed class ManyWindowsTests
{
    private readonly record struct Window(uint Space, uint Start, uint Size);

    private static readonly Gen<Window[]> GenWindows =
        Gen.Select(Gen.UInt[0, 3], Gen.UInt[0, 80], Gen.UInt[0, 12], (space, start, size) => new Window(space, start, size)).Array[17, 40];

    /// <summary>A bus of three cells with these windows, each to a place that tells which it is, and one device.</summary>
    private static DeviceTreeNode Device(string bus, Window[] windows) => new FdtBuilder()
        .Begin().Prop("#address-cells", 2).Prop("#size-cells", 1)
        .Begin(bus).Prop("#address-cells", 3).Prop("#size-cells", 1)
        .Prop("ranges", [.. windows.SelectMany((w, i) => new[] { w.Space << 24, 0u, w.Start, (uint)i + 1, 0u, w.Size })])
        .Begin("d").End().End().End().Tree().Find($"/{bus}/d")!;

    [Test]
    public void The_first_window_of_many_that_holds_an_address_is_taken([Values("pcie", "other")] string bus) =>
        GenWindows.Sample(windows =>
        {
            var device = Device(bus, windows);
            for (var space = 0u; space < 4; space++)
            {
                for (var number = 0u; number < 96; number++)
                {
                    // Spaces 2 and 3 of PCI are both memory (bits 25:24 of the first cell).
                    var first = Array.FindIndex(windows, w => number >= w.Start && number - w.Start < w.Size
                        && (w.Space == space || (bus == "pcie" && w.Space >= 2 && space >= 2)));
                    var found = device.TryTranslateAddress((UInt128)space << 88 | number, out var cpu, out _);
                    if (found != first >= 0) Assert.Fail($"{space}:{number}: {found}, window {first}");
                    if (found && cpu != ((ulong)first + 1 << 32) + (number - windows[first].Start)) Assert.Fail($"{space}:{number}: 0x{cpu:x}, window {first}");
                }
            }
        }, iter: 300);

    [Test]
    public void Windows_reach_to_the_last_address_and_not_around_it()
    {
        var ranges = new List<uint>();
        void Add(ulong child, ulong parent, ulong size) => ranges.AddRange((uint)(child >> 32), (uint)child, (uint)(parent >> 32), (uint)parent, (uint)(size >> 32), (uint)size);
        for (var i = 0ul; i < 20; i++) Add(2 * i, 0x1000 + i, 1);
        Add(ulong.MaxValue - 1, 0x2000, ulong.MaxValue);
        Add(0x8000, 0x10_0000, ulong.MaxValue);
        var device = new FdtBuilder().Begin().Prop("#address-cells", 2).Prop("#size-cells", 2)
            .Begin("soc").Prop("#address-cells", 2).Prop("#size-cells", 2).Prop("ranges", [.. ranges]).Begin("d").End().End().End().Tree().Find("/soc/d")!;
        ulong? At(ulong address) => device.TryTranslateAddress(address, out var cpu, out _) ? cpu : null;
        Assert.That(new ulong[] { 0, 1, 38, 39, 40, 0x7fff, 0x8000, 0x8001, ulong.MaxValue - 1, ulong.MaxValue }.Select(At),
            Is.EqualTo(new ulong?[] { 0x1000, null, 0x1013, null, null, null, 0x10_0000, 0x10_0001, 0x2000, 0x2001 }));
    }
}
