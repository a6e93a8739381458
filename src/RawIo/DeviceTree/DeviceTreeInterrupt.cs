namespace RawIo;

/// <summary>One interrupt of a device, followed through every <c>interrupt-map</c> to the controller that takes it.</summary>
/// <param name="Name">Its name in <c>interrupt-names</c>, or null.</param>
/// <param name="Controller">The interrupt controller.</param>
/// <param name="Specifier">What the controller's binding says an interrupt is made of, <c>#interrupt-cells</c> numbers.</param>
public sealed record DeviceTreeInterrupt(string? Name, DeviceTreeNode Controller, IReadOnlyList<uint> Specifier);
