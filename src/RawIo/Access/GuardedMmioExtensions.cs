namespace RawIo;

/// <summary>
/// Reads that ask whether anything answers, on every window: through <see cref="IGuardedMmio"/> where the window has
/// it, else a plain read whose <see cref="BusFaultException"/> becomes false. What is wrong with the arguments or the
/// window throws as ever.
/// </summary>
public static class GuardedMmioExtensions
{
    extension(IMmio io)
    {
        /// <summary>Reads 8 bits, if anything answers.</summary>
        /// <param name="offset">Bytes from the start of the window.</param>
        /// <param name="value">What was read; 0 where nothing answered.</param>
        /// <returns>Whether the machine answered.</returns>
        public bool TryRead8(long offset, out byte value)
        {
            var read = Guarded(io, offset, 1, out var seen);
            value = (byte)seen;
            return read;
        }

        /// <summary>Reads 16 bits, if anything answers.</summary>
        /// <param name="offset">Bytes from the start of the window, a multiple of 2.</param>
        /// <param name="value">What was read; 0 where nothing answered.</param>
        /// <returns>Whether the machine answered.</returns>
        public bool TryRead16(long offset, out ushort value)
        {
            var read = Guarded(io, offset, 2, out var seen);
            value = (ushort)seen;
            return read;
        }

        /// <summary>Reads 32 bits, if anything answers.</summary>
        /// <param name="offset">Bytes from the start of the window, a multiple of 4.</param>
        /// <param name="value">What was read; 0 where nothing answered.</param>
        /// <returns>Whether the machine answered.</returns>
        public bool TryRead32(long offset, out uint value)
        {
            var read = Guarded(io, offset, 4, out var seen);
            value = (uint)seen;
            return read;
        }

        /// <summary>Reads 64 bits, if anything answers.</summary>
        /// <param name="offset">Bytes from the start of the window, a multiple of 8.</param>
        /// <param name="value">What was read; 0 where nothing answered.</param>
        /// <returns>Whether the machine answered.</returns>
        public bool TryRead64(long offset, out ulong value) => Guarded(io, offset, 8, out value);

        /// <summary>Reads a width known only at run time, if anything answers.</summary>
        /// <param name="offset">Bytes from the start of the window, a multiple of the size.</param>
        /// <param name="size">1, 2, 4 or 8 bytes.</param>
        /// <param name="value">What was read; 0 where nothing answered.</param>
        /// <returns>Whether the machine answered.</returns>
        /// <exception cref="ArgumentOutOfRangeException">No access has that size, or it leaves the window; nothing was touched.</exception>
        public bool TryRead(long offset, int size, out ulong value) => Guarded(io, offset, size, out value);
    }

    private static bool Guarded(IMmio io, long offset, int size, out ulong value)
    {
        if (io is IGuardedMmio guarded) return guarded.TryRead(offset, size, out value);
        try
        {
            value = io.Read(offset, size);
            return true;
        }
        catch (BusFaultException)
        {
            value = 0;
            return false;
        }
    }
}
