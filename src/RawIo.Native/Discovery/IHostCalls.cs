using System.Runtime.InteropServices;

namespace RawIo.Native;

/// <summary>The harmless system calls by which the ways are tried; a test plays the kernel's answers.</summary>
internal interface IHostCalls
{
    Architecture Architecture { get; }

    /// <summary>open(2) for reading and writing, and close. Nothing is mapped or read.</summary>
    Errno Open(string path);

    /// <summary>access(2) for reading and writing.</summary>
    Errno Access(string path);

    /// <summary>ioperm(2): grants one port, and takes it back. No port is touched.</summary>
    Errno TryIoPerm(int port);

    /// <summary>iopl(2): level 3, and back. No port is touched.</summary>
    Errno TryIoPl();

    /// <summary>Whether the native library of RawIo is there.</summary>
    bool HasLibRawIo { get; }
}
