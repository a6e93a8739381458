using System.Text;

namespace RawIo.Sim;

/// <summary>Port 0xe9, the debug console of Bochs and QEMU (<c>isa-debugcon</c>): bytes written appear outside, and a read of 0xe9 says that it is there.</summary>
public sealed class DebugConsoleModel : Device
{
    /// <summary>How many characters of <see cref="Text"/> are kept.</summary>
    public const int Kept = 0x10000;

    private const byte Present = 0xe9;

    private readonly StringBuilder _text = new();

    /// <summary>Called with each byte written, inside the access.</summary>
    public event Action<byte>? Written;

    /// <inheritdoc/>
    public override string Name => "debug console";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Compatible => [];

    /// <inheritdoc/>
    public override AccessSizes Sizes => AccessSizes.One;

    /// <summary>What was written, a character a byte (Latin-1): at least the last <see cref="Kept"/> characters.</summary>
    public string Text
    {
        get
        {
            using var held = new HeldLock(Gate);
            return _text.ToString();
        }
    }

    /// <inheritdoc/>
    public override ulong Read(int offset, int size) => Present;

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        // Taken off in large pieces: a removal moves what stays.
        if (_text.Length == 2 * Kept) _text.Remove(0, Kept);
        _text.Append((char)(byte)value);
        Written?.Invoke((byte)value);
    }

    /// <summary>Nothing: what was written is outside.</summary>
    public override void Reset()
    {
    }

    /// <inheritdoc/>
    public override object Save() => this;

    /// <inheritdoc/>
    public override void Restore(object saved)
    {
    }
}
