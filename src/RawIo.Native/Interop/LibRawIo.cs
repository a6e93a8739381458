using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace RawIo.Native;

/// <summary>
/// librawio (native/rawio.h): what no .NET compiler emits. It may be missing, where the build found no C compiler;
/// what needs it then throws a <see cref="RawIoException"/> that says so.
/// </summary>
internal static unsafe partial class LibRawIo
{
    private const string Library = "librawio";
    private const int Version = 1;

    private static readonly nint s_handle = Load();

    /// <summary>The library, or 0.</summary>
    internal static nint Handle => s_handle;

    /// <summary>Whether the library is there. Found out once; never throws.</summary>
    public static bool IsAvailable => s_handle != 0;

    /// <summary>Whether there are port instructions: the library, on x86.</summary>
    public static bool HasPorts => IsAvailable && X86Base.IsSupported;

    /// <summary>What to throw where the library is needed and missing.</summary>
    /// <param name="what">What needs it, as the start of a sentence.</param>
    public static RawIoException Missing(string what) => new(Errno.ENOSYS,
        $"{what} needs librawio, which is not here: install gcc and libc6-dev and build again, or use the RawIo.Native package.");

    /// <summary>Reads a device once; a bus error is an answer.</summary>
    /// <param name="p">Where; aligned to the size.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">What was read; 0 if nothing was.</param>
    /// <returns>False: the machine answered with SIGBUS or SIGSEGV.</returns>
    /// <exception cref="RawIoException">The library is missing (ENOSYS).</exception>
    public static bool TryRead(byte* p, int size, out ulong value)
    {
        if (!IsAvailable) throw Missing("A guarded read");
        ulong seen = 0;
        var answer = rawio_try_read(p, (uint)size, &seen);
        value = seen;
        return Answered(answer);
    }

    private static bool Answered(int answer) => -answer switch
    {
        0 => true,
        (int)Errno.EFAULT => false,
        (int)Errno.EBUSY => throw new RawIoException(Errno.EBUSY,
            "A guarded access cannot catch faults: other code keeps putting its own SIGBUS or SIGSEGV handler over the probe's."),
        _ => throw new RawIoException((Errno)(-answer), $"A guarded access failed ({(Errno)(-answer)})."),
    };

    private static nint Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(LibRawIo).Assembly, Resolve);
        if (!OperatingSystem.IsLinux()) return 0;
        // In a build's own folder; beside a published program, and where a package is unpacked, the runtime finds it.
        var built = Path.Combine(AppContext.BaseDirectory, "runtimes", $"linux-{Architecture}", "native", "librawio.so");
        foreach (var name in new[] { built, Library })
        {
            if (!NativeLibrary.TryLoad(name, typeof(LibRawIo).Assembly, null, out var handle)) continue;
            if (NativeLibrary.TryGetExport(handle, "rawio_version", out var version) && ((delegate* unmanaged<int>)version)() == Version)
                return handle;
            NativeLibrary.Free(handle);
        }
        return 0;
    }

    private static string Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "x64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm => "arm",
        var other => other.ToString(),
    };

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Library ? s_handle : 0;

    [LibraryImport(Library)]
    private static partial int rawio_try_read(byte* device, uint size, ulong* value);
}
