namespace RawIo.Sim;

/// <summary>
/// The part of a Raspberry Pi's RAM that the firmware keeps for VideoCore, as far as the ARM can see it: the kernel does
/// not have it as System RAM, so that a driver may map it. The framebuffer lies in it.
/// </summary>
/// <param name="length">How many bytes, a multiple of 4096.</param>
public sealed class VideoCoreMemory(long length) : Device
{
    private readonly SimRam _ram = new([(0, (ulong)length)]);

    /// <inheritdoc/>
    public override string Name => "VideoCore memory";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => [];

    /// <inheritdoc/>
    public override string LeavesOut => "What the peripherals hide from the ARM: DMA finds nobody there.";

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One | AccessSizes.Two | AccessSizes.Four | AccessSizes.Eight;

    /// <inheritdoc/>
    public override ulong Read(int offset, int size) => _ram.Read((ulong)offset, size);

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value) => _ram.Write((ulong)offset, size, value);

    /// <summary>It keeps its contents, as RAM does.</summary>
    public override void Reset()
    {
    }

    /// <inheritdoc/>
    public override object Save() => _ram.Save();

    /// <inheritdoc/>
    public override void Restore(object saved) => _ram.Restore(saved, except: default);
}
