namespace RawIo;

/// <summary>
/// The kernel's <c>void __iomem *</c>: a place in a mapping. It adds like a pointer, it may be NULL
/// (<c>if (!iobase)</c>) or an error (<see cref="LinuxKernel.IS_ERR"/>), and only the accessors of
/// <see cref="LinuxKernel"/> take it: it cannot be dereferenced.
/// </summary>
public readonly record struct IoMem
{
    private readonly IMmio? _window;
    private readonly long _offset;

    /// <summary>A place in a window.</summary>
    /// <param name="window">The mapping, or a window on it.</param>
    /// <param name="offset">Bytes from its start; checked when it is used.</param>
    public IoMem(IMmio window, long offset = 0)
    {
        ArgumentNullException.ThrowIfNull(window);
        (_window, _offset) = (window, offset);
    }

    private IoMem(IMmio? window, long offset, Errno error) => (_window, _offset, Error) = (window, offset, error);

    /// <summary>The error it carries instead of a place (kernel: <c>ERR_PTR</c>).</summary>
    public Errno Error { get; }

    /// <summary>Whether it is neither a place nor an error.</summary>
    public bool IsNull => _window is null && Error == Errno.None;

    internal IMmio Window => _window ?? throw Nowhere();

    internal long Offset => _offset;

    internal static IoMem FromError(Errno error) => new(null, 0, error);

    /// <summary>Whether it is NULL, as C's <c>!p</c>.</summary>
    public static bool operator !(IoMem p) => p.IsNull;

    /// <summary>The place <paramref name="bytes"/> further on.</summary>
    public static IoMem operator +(IoMem p, long bytes) => p.Add(bytes);

    /// <summary>The place <paramref name="bytes"/> before.</summary>
    public static IoMem operator -(IoMem p, long bytes) => p.Subtract(bytes);

    /// <summary>The place <paramref name="bytes"/> further on.</summary>
    public IoMem Add(long bytes) => new(Window, checked(_offset + bytes), Errno.None);

    /// <summary>The place <paramref name="bytes"/> before.</summary>
    public IoMem Subtract(long bytes) => Add(checked(-bytes));

    /// <summary>The physical address, "NULL" or the error.</summary>
    public override string ToString() =>
        _window is not null ? $"0x{_window.PhysicalAddress + (ulong)_offset:x}" : IsNull ? "NULL" : $"-{Error}";

    private InvalidOperationException Nowhere() =>
        new(IsNull
            ? "A NULL __iomem pointer was used: ioremap failed, and its result was not checked."
            : $"An error pointer (-{Error}) was used: check IS_ERR first.");
}
