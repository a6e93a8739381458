namespace RawIo;

/// <summary>One entry of <c>ranges</c> or <c>dma-ranges</c>: a window of a bus seen from the bus above.</summary>
/// <param name="ChildAddress">Where it starts on the bus of the node that has the property.</param>
/// <param name="ParentAddress">Where that is on the bus above.</param>
/// <param name="Size">The length in bytes.</param>
public readonly record struct DeviceTreeRange(UInt128 ChildAddress, UInt128 ParentAddress, UInt128 Size);
