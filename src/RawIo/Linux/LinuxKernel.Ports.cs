namespace RawIo;

// Port accesses: arch/x86/include/asm/io.h, and the two system calls that let user space make them.
public static partial class LinuxKernel
{
    /// <summary>Reads a byte from a port.</summary>
    public static byte inb(ulong addr) => KernelState.Current.Ports(addr, 1).In8((int)addr);

    /// <summary>Reads a word from a port.</summary>
    public static ushort inw(ulong addr) => KernelState.Current.Ports(addr, 2).In16((int)addr);

    /// <summary>Reads a long from a port.</summary>
    public static uint inl(ulong addr) => KernelState.Current.Ports(addr, 4).In32((int)addr);

    /// <summary>Writes a byte to a port.</summary>
    public static void outb(byte value, ulong addr) => KernelState.Current.Ports(addr, 1).Out8((int)addr, value);

    /// <summary>Writes a word to a port.</summary>
    public static void outw(ushort value, ulong addr) => KernelState.Current.Ports(addr, 2).Out16((int)addr, value);

    /// <summary>Writes a long to a port.</summary>
    public static void outl(uint value, ulong addr) => KernelState.Current.Ports(addr, 4).Out32((int)addr, value);

    /// <summary>Reads a byte from a port, then pauses.</summary>
    public static byte inb_p(ulong addr) => KernelState.Current.Ports(addr, 1).InPaused8((int)addr);

    /// <summary>Reads a word from a port, then pauses.</summary>
    public static ushort inw_p(ulong addr) => KernelState.Current.Ports(addr, 2).InPaused16((int)addr);

    /// <summary>Reads a long from a port, then pauses.</summary>
    public static uint inl_p(ulong addr) => KernelState.Current.Ports(addr, 4).InPaused32((int)addr);

    /// <summary>Writes a byte to a port, then pauses.</summary>
    public static void outb_p(byte value, ulong addr) => KernelState.Current.Ports(addr, 1).OutPaused8((int)addr, value);

    /// <summary>Writes a word to a port, then pauses.</summary>
    public static void outw_p(ushort value, ulong addr) => KernelState.Current.Ports(addr, 2).OutPaused16((int)addr, value);

    /// <summary>Writes a long to a port, then pauses.</summary>
    public static void outl_p(uint value, ulong addr) => KernelState.Current.Ports(addr, 4).OutPaused32((int)addr, value);

    /// <summary>Reads a byte from one port <paramref name="count"/> times into <paramref name="buffer"/>.</summary>
    public static void insb(ulong addr, Span<byte> buffer, int count) => KernelState.Current.Ports(addr, 1).InRep((int)addr, buffer[..count]);

    /// <summary>Reads a word from one port <paramref name="count"/> times into <paramref name="buffer"/>.</summary>
    public static void insw(ulong addr, Span<ushort> buffer, int count) => KernelState.Current.Ports(addr, 2).InRep((int)addr, buffer[..count]);

    /// <summary>Reads a long from one port <paramref name="count"/> times into <paramref name="buffer"/>.</summary>
    public static void insl(ulong addr, Span<uint> buffer, int count) => KernelState.Current.Ports(addr, 4).InRep((int)addr, buffer[..count]);

    /// <summary>Writes the first <paramref name="count"/> elements of <paramref name="buffer"/> to one port.</summary>
    public static void outsb(ulong addr, ReadOnlySpan<byte> buffer, int count) => KernelState.Current.Ports(addr, 1).OutRep((int)addr, buffer[..count]);

    /// <summary>Writes the first <paramref name="count"/> elements of <paramref name="buffer"/> to one port.</summary>
    public static void outsw(ulong addr, ReadOnlySpan<ushort> buffer, int count) => KernelState.Current.Ports(addr, 2).OutRep((int)addr, buffer[..count]);

    /// <summary>Writes the first <paramref name="count"/> elements of <paramref name="buffer"/> to one port.</summary>
    public static void outsl(ulong addr, ReadOnlySpan<uint> buffer, int count) => KernelState.Current.Ports(addr, 4).OutRep((int)addr, buffer[..count]);

    /// <summary>
    /// Grants user space a range of ports, or takes it back. After the first call only granted ports may be touched.
    /// </summary>
    /// <param name="from">The first port.</param>
    /// <param name="num">How many; the range ends at 65536 at most.</param>
    /// <param name="turn_on">Not 0 grants, 0 takes back.</param>
    /// <returns>0, or -EINVAL for a range outside the 65536 ports, or what the machine says no with.</returns>
    public static int ioperm(ulong from, ulong num, int turn_on)
    {
        if (num == 0 || from >= 0x10000 || num > 0x10000 - from) return -EINVAL;
        return Grant(state => state.Permissions.Grant((int)from, (int)num, turn_on != 0));
    }

    /// <summary>Sets the I/O privilege level: 3 may touch every port, 0 to 2 only those granted by <see cref="ioperm"/>.</summary>
    /// <returns>0, or -EINVAL for a level outside 0 to 3, or what the machine says no with.</returns>
    public static int iopl(int level)
    {
        if (level is < 0 or > 3) return -EINVAL;
        return Grant(state => state.Permissions.SetLevel(level));
    }

    private static int Grant(Action<KernelState> grant)
    {
        var state = KernelState.Current;
        if (Attempt(state.OpenPorts, out var error) is null) return -(int)error;
        grant(state);
        return 0;
    }
}
