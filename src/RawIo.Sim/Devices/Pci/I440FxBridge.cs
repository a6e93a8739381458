namespace RawIo.Sim;

/// <summary>
/// The host bridge of a PC as QEMU's <c>pc</c> has one: Intel 440FX (82441FX PMC, order 290549, 3.2). It is there to be
/// found: its registers keep what they are told, and the memory map does not follow.
/// </summary>
/// <remarks>
/// Where QEMU 7.2 differs, the data sheet is followed: COMMAND is 0006h and only SERR can be written (3.2.3; QEMU: 0, all
/// can), STATUS is 0280h (3.2.4; QEMU: 0), a latency timer but no cache line size and no interrupt line, reserved registers read 0
/// (QEMU keeps everything from 0x40 on).
/// </remarks>
public sealed class I440FxBridge : PciFunction
{
    private const int SMRAM = 0x72;
    private const byte DOPEN = 0x40, DCLS = 0x20, DLCK = 0x10, SMRAME = 0x08;

    /// <summary>The bridge after reset.</summary>
    public I440FxBridge()
        : base(new(0x8086, 0x1237, 0x06_0000, 0x02) { SubsystemVendor = 0x1af4, SubsystemId = 0x1100 })
    {
        Define(COMMAND, 2, 0x0006, COMMAND_SERR);
        Define(STATUS, 2, 0x0280, 0, clearedByOnes: 0xf100);
        Define(0x0c, 1, 0, 0);
        Define(0x0d, 1, 0, 0xf8);
        Define(INTERRUPT_LINE, 1, 0, 0);
        foreach (var (offset, size, atReset, writable) in (ReadOnlySpan<(int, int, uint, uint)>)
        [
            (0x50, 2, 0, 0xc3f4), // PMCCFG
            (0x52, 1, 0, 0xff), // DETURBO
            (0x53, 1, 0x80, 0xff), // DBC
            (0x54, 1, 0x10, 0xff), // AXC
            (0x55, 2, 0, 0xffff), // DRAMR
            (0x57, 1, 0x01, 0x77), // DRAMC
            (0x58, 1, 0x10, 0x7f), // DRAMT
            (0x59, 1, 0, 0x30), (0x5a, 4, 0, 0x3333_3333), (0x5e, 2, 0, 0x3333), // PAM0 to PAM6
            (0x60, 4, 0x0101_0101, 0xffff_ffff), (0x64, 4, 0x0101_0101, 0xffff_ffff), // DRB0 to DRB7
            (0x68, 1, 0, 0xc0), // FDHC
            (0x70, 1, 0x10, 0xf8), // MTT
            (0x71, 1, 0x10, 0x1f), // CLT
            (0x90, 1, 0, 0x1b), // ERRCMD
            (0x93, 1, 0, 0x0f), // TRC
        ]) Define(offset, size, atReset, writable);
        Define(0x91, 1, 0, 0, clearedByOnes: 0x11); // ERRSTS
        Define(SMRAM, 1, 0x02, DOPEN | DCLS | DLCK | SMRAME);
    }

    /// <inheritdoc/>
    public override string Name => "440FX host bridge";

    /// <inheritdoc/>
    public override string LeavesOut => "what its registers control: shadow RAM (PAM), SMRAM, the DRAM's timing, errors, the reset by TRC";

    /// <inheritdoc/>
    public override void Write(int offset, int size, ulong value)
    {
        var shift = 8 * (SMRAM - offset);
        if (shift >= 0 && shift < 8 * size)
        {
            var data = (byte)(value >> shift);
            value = value & ~(0xfful << shift) | (ulong)LockSmram((byte)Register(SMRAM, 1), data) << shift;
        }
        base.Write(offset, size, value);
    }

    /// <summary>DLCK closes SMRAM, and until a reset nothing but DCLS can be written then.</summary>
    private static byte LockSmram(byte before, byte data) =>
        (byte)((before & DLCK) != 0 ? before & ~DCLS | data & DCLS : (data & DLCK) != 0 ? data & ~DOPEN : data);
}
