namespace RawIo.Native;

/// <summary>How the ports of an x86 machine are reached.</summary>
public enum PortAccess
{
    /// <summary><see cref="IoPerm"/>, else <see cref="IoPl"/>, else <see cref="DevPort"/>: the first that works here.</summary>
    Auto,
    /// <summary><c>ioperm(2)</c>: the right to the range, thread by thread.</summary>
    IoPerm,
    /// <summary><c>iopl(2)</c>: the right to all ports, thread by thread.</summary>
    IoPl,
    /// <summary>/dev/port: bytes only, a system call each.</summary>
    DevPort,
}

/// <summary>How to open the machine this program runs on.</summary>
public sealed record HostOptions
{
    /// <summary>Claims what another holds all the same; <see cref="Warn"/> is told of each. Two drivers on one device can hang the machine.</summary>
    public bool Force { get; init; }

    /// <summary>How ports are reached.</summary>
    public PortAccess PortAccess { get; init; }

    /// <summary>Told what the user should know and what is no error. Null: standard error.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Where the files of the machine are: "/", or a folder that stands for it in a test.</summary>
    internal string Root { get; init; } = "/";

    /// <summary>Tells the user what is no error.</summary>
    internal void Tell(string warning)
    {
        if (Warn is { } warn) warn(warning);
        else Console.Error.WriteLine($"rawio: {warning}");
    }
}
