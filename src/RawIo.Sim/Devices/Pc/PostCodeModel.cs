namespace RawIo.Sim;

/// <summary>
/// Port 0x80, where firmware shows how far its power-on self test has come and Linux writes for a delay: a byte that
/// reads back, as the page register there does (IBM PC AT Technical Reference).
/// </summary>
/// <remarks>QEMU 7.2 reads 0xff there.</remarks>
public sealed class PostCodeModel : Device
{
    /// <summary>How many codes are kept.</summary>
    public const int Kept = 256;

    private readonly Queue<byte> _codes = new(Kept);
    private byte _last;

    /// <summary>Called with each code written, inside the access.</summary>
    public event Action<byte>? Written;

    /// <inheritdoc/>
    public override string Name => "port 80";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => [];

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One;

    /// <summary>The last <see cref="Kept"/> codes, the oldest first; among them the zeros of the paused port accesses.</summary>
    public IReadOnlyList<byte> Codes
    {
        get
        {
            using var held = new HeldLock(Gate);
            return [.. _codes];
        }
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size) => _last;

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        _last = (byte)value;
        if (_codes.Count == Kept) _codes.Dequeue();
        _codes.Enqueue(_last);
        Written?.Invoke(_last);
    }

    /// <summary>The byte becomes 0. The codes stay: they are what somebody outside has read.</summary>
    public override void Reset() => _last = 0;

    /// <inheritdoc/>
    public override object Save() => _last;

    /// <inheritdoc/>
    public override void Restore(object saved) => _last = (byte)saved;
}
