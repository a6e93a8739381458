using System.Runtime.InteropServices;
using RawIo.Native;

namespace RawIo.Bench;

/// <summary>A mapping backed by memory, as a stand-in for a device's, and pages of C's own: a mapping hands out no pointers.</summary>
internal sealed unsafe class MappedPages : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public MappedPages(int length)
    {
        File.WriteAllBytes(_path, new byte[length]);
        Mapping = DeviceFile.Map(_path, 0, length, 0);
        Pointer = (nint)NativeMemory.AlignedAlloc((nuint)length, 4096);
        NativeMemory.Clear((void*)Pointer, (nuint)length);
    }

    public NativeMmio Mapping { get; }

    public nint Pointer { get; }

    public void Dispose()
    {
        Mapping.Dispose();
        File.Delete(_path);
        NativeMemory.AlignedFree((void*)Pointer);
    }
}
