using static RawIo.Sim.PropertyTag;

namespace RawIo.Sim;

// Pieces of VideoCore's memory, for drivers and for the framebuffer.
public sealed partial class VideoCoreFirmware
{
    private const uint FirstFree = 1 << 20, MostAllocations = 1024, LargestAlignment = 1 << 24, MEM_FLAG_ZERO = 1 << 4;

    // Bits 3:2 of the flags: the view of RAM, from 0 (both caches) to 3 (level 2 alone).
    private static readonly uint[] s_aliases = [0, 0xc000_0000, 0x8000_0000, 0x4000_0000];

    private byte[]? AnswerMemory(uint tag, PropertyMessage.Request request)
    {
        switch (tag)
        {
            case ALLOCATE_MEMORY:
                var flags = request[2];
                var isZero = (flags & MEM_FLAG_ZERO) != 0;
                if (isZero && !MayWork(request[0]) || Allocate(++_state.LastHandle, request[0], request[1], s_aliases[flags >> 2 & 3]) is not { } made) return Words(0);
                if (isZero) Clear(made);
                return Words(made.Handle);
            case LOCK_MEMORY: return Words(Find(request[0]) is { } locked ? AddressOf(locked) : 0);
            case UNLOCK_MEMORY: return Words(Find(request[0]) is null ? 1u : 0);
            case RELEASE_MEMORY: return Words(Find(request[0]) is { } released && _state.Allocations.Remove(released) ? 0u : 1);
            default: return null;
        }
    }

    private uint AddressOf(FirmwareState.Allocation piece) => piece.Alias + Board.ArmMemory + piece.Offset;

    private FirmwareState.Allocation? Find(uint handle)
    {
        if (handle == 0) return null;
        foreach (var piece in _state.Allocations)
            if (piece.Handle == handle) return piece;
        return null;
    }

    /// <summary>The first gap that is large enough; null where there is none.</summary>
    private FirmwareState.Allocation? Allocate(uint handle, uint size, uint alignment, uint alias)
    {
        if (size == 0 || alignment > LargestAlignment || _state.Allocations.Count >= MostAllocations) return null;
        alignment = Math.Max(4096, System.Numerics.BitOperations.RoundUpToPowerOf2(alignment));
        var at = 0;
        var start = Up(Board.ArmMemory + (ulong)FirstFree, alignment) - Board.ArmMemory;
        for (; at < _state.Allocations.Count && start + size > _state.Allocations[at].Offset; at++)
            start = Math.Max(start, Up(Board.ArmMemory + (ulong)_state.Allocations[at].Offset + _state.Allocations[at].Size, alignment) - Board.ArmMemory);
        if (start + size > Board.VisibleMemory) return null;
        var piece = new FirmwareState.Allocation(handle, (uint)start, size, alias);
        _state.Allocations.Insert(at, piece);
        return piece;
    }

    private void Clear(FirmwareState.Allocation piece)
    {
        // What was never written takes no memory: only what is not zero is written.
        var end = (piece.Size + 7) & ~7u;
        for (var i = 0u; i < end; i += 8)
            if (_bus.TryRead(AddressOf(piece) + i, 8, out var old) && old != 0) _bus.TryWrite(AddressOf(piece) + i, 8, 0);
    }

    private static ulong Up(ulong address, uint alignment) => address + alignment - 1 & ~((ulong)alignment - 1);
}
