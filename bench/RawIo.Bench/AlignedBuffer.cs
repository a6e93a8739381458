using System.Runtime.InteropServices;

namespace RawIo.Bench;

/// <summary>Zeroed bytes of the caller's side, aligned to a page.</summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    public AlignedBuffer(int length)
    {
        Pointer = (nint)NativeMemory.AlignedAlloc((nuint)length, 4096);
        NativeMemory.Clear((void*)Pointer, (nuint)length);
    }

    public nint Pointer { get; }

    public void Dispose() => NativeMemory.AlignedFree((void*)Pointer);

    public Span<T> Of<T>(int bytes) where T : unmanaged => new((void*)Pointer, bytes / sizeof(T));
}
