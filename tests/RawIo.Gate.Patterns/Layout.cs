using System.Runtime.CompilerServices;
using RawIo.Native;

namespace RawIo.Gate;

/// <summary>Where the window keeps its pointer and its mapping: the compilers decide, the gate reads it here.</summary>
public static unsafe class Layout
{
    /// <summary>Loads the pointer from the window.</summary>
    public static nint Base(NativeMmio io) => (nint)BaseOf(io);

    /// <summary>Loads the mapping from the window.</summary>
    public static object Mapping(NativeMmio io) => MappingOf(io);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_base")]
    private static extern ref byte* BaseOf(NativeMmio io);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_mapping")]
    private static extern ref MappingHandle MappingOf(NativeMmio io);
}
