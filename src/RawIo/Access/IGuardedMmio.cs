namespace RawIo;

/// <summary>
/// A window that can look whether anything answers: a read that the machine answers with a bus error comes back as
/// false instead of ending the process. For probing; a driver that knows its device reads plainly.
/// </summary>
public interface IGuardedMmio : IMmio
{
    /// <summary>Reads once, in a way that survives a bus error.</summary>
    /// <param name="offset">Bytes from the start of the window, a multiple of <paramref name="size"/>.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">What was read; 0 where nothing answered.</param>
    /// <returns>Whether the machine answered.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No access has that size, or it leaves the window; nothing was touched.</exception>
    /// <exception cref="DataMisalignedException">The address is no multiple of the size; nothing was touched.</exception>
    /// <exception cref="ObjectDisposedException">The mapping was given back; nothing was touched.</exception>
    /// <exception cref="RawIoException">What it takes to survive a bus error is not here (ENOSYS); nothing was touched.</exception>
    bool TryRead(long offset, int size, out ulong value);
}
