namespace RawIo;

/// <summary>One entry of <c>reg</c>, on the bus the node sits on.</summary>
/// <param name="Address">The address: all of its cells, the first most significant. On a PCI bus the first of three cells is the space code.</param>
/// <param name="Size">The size in bytes; 0 where the bus has no sizes (<c>#size-cells</c> is 0).</param>
public readonly record struct DeviceTreeReg(UInt128 Address, UInt128 Size);
