namespace RawIo;

/// <summary>What the system says to opening or reading a file, in this library's exceptions.</summary>
internal static class FileRefusals
{
    /// <summary>Does it, or says why not.</summary>
    /// <param name="act">Opens or reads the file.</param>
    /// <param name="say">The message with its remedy for ENOENT, EACCES and EIO; what the system said comes after that of EIO.</param>
    /// <exception cref="RawIoException">It is not there (ENOENT), may not be opened (EACCES) or fails (EIO).</exception>
    public static T Tell<T>(Func<T> act, Func<Errno, string> say)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RawIoException(Errno.ENOENT, say(Errno.ENOENT), e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new RawIoException(Errno.EACCES, say(Errno.EACCES), e);
        }
        catch (IOException e) when (e is not RawIoException)
        {
            throw new RawIoException(Errno.EIO, $"{say(Errno.EIO)}: {e.Message}", e);
        }
    }
}
