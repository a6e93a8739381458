namespace RawIo;

/// <summary>The hardware or the kernel said no. The message names the value, the range and the remedy.</summary>
public class RawIoException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="errno">What a kernel driver would have returned, as a positive number.</param>
    /// <param name="message">What failed, and the remedy.</param>
    public RawIoException(Errno errno, string message) : base(message) => Errno = errno;

    /// <summary>Makes the exception.</summary>
    /// <param name="errno">What a kernel driver would have returned, as a positive number.</param>
    /// <param name="message">What failed, and the remedy.</param>
    /// <param name="inner">What it came from.</param>
    public RawIoException(Errno errno, string message, Exception inner) : base(message, inner) => Errno = errno;

    /// <summary>The Linux error number a kernel driver would have returned.</summary>
    public Errno Errno { get; }
}

/// <summary>A claim overlaps one that somebody holds (EBUSY). The message names the holder and its range.</summary>
public sealed class ResourceBusyException : RawIoException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was asked for, and who holds it.</param>
    /// <param name="holder">The resource in the way.</param>
    public ResourceBusyException(string message, Resource holder) : base(Errno.EBUSY, message) => Holder = holder;

    /// <summary>The resource in the way.</summary>
    public Resource Holder { get; }
}

/// <summary>An access that the machine answers with a fault: nothing there, a width the device does not take, a write to a read-only register, or a page that is not mapped.</summary>
public sealed class BusFaultException : RawIoException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was wrong.</param>
    /// <param name="address">The address: virtual where translation failed, else physical, or the port.</param>
    /// <param name="size">The access size in bytes.</param>
    /// <param name="isWrite">Whether it was a write.</param>
    public BusFaultException(string message, ulong address, int size, bool isWrite) : base(Errno.EFAULT, message) =>
        (Address, Size, IsWrite) = (address, size, isWrite);

    /// <summary>The address: virtual where translation failed, else physical, or the port.</summary>
    public ulong Address { get; }

    /// <summary>The access size in bytes.</summary>
    public int Size { get; }

    /// <summary>Whether the access was a write.</summary>
    public bool IsWrite { get; }
}

/// <summary>A device tree, a kernel text or a recording that is not well formed.</summary>
public sealed class MalformedInputException : FormatException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong there.</param>
    /// <param name="position">The byte offset, or the line counted from 1.</param>
    /// <param name="unit">What the position counts: "byte" or "line".</param>
    public MalformedInputException(string message, long position, string unit) : base($"{unit} {position}: {message}") =>
        (Position, Unit) = (position, unit);

    /// <summary>The byte offset, or the line counted from 1.</summary>
    public long Position { get; }

    /// <summary>What <see cref="Position"/> counts: "byte" or "line".</summary>
    public string Unit { get; }
}
