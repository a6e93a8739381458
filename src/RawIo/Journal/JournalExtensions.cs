namespace RawIo;

/// <summary>Makes journals.</summary>
public static class JournalExtensions
{
    extension(IMmio io)
    {
        /// <summary>
        /// The same window with a way back: before the first write to a place its old value is read and kept, and all of
        /// them are written back when the journal is disposed, or when the process ends without that.
        /// </summary>
        /// <param name="map">What is in the window, from its offset 0: what cannot be undone is refused. Null: nothing is known, and everything is read.</param>
        /// <returns>A window; dispose it before the window below.</returns>
        public MmioJournal Journal(RegisterMap? map = null) => new(io, map is null ? null : map.At);

        /// <summary>The same for a window over several devices.</summary>
        /// <param name="registersAt">The registers that have any byte of so many (1 to 8) from an offset of the window.</param>
        /// <returns>A window; dispose it before the window below.</returns>
        public MmioJournal Journal(Func<long, int, IEnumerable<Register>> registersAt)
        {
            ArgumentNullException.ThrowIfNull(registersAt);
            return new(io, registersAt);
        }
    }
}
