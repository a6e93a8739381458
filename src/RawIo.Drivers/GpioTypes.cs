namespace RawIo.Drivers;

/// <summary>What a pin does, as GPFSEL encodes it (BCM2835 ARM Peripherals, table 6-2).</summary>
public enum GpioFunction
{
    /// <summary>Input.</summary>
    Input = 0,
    /// <summary>Output.</summary>
    Output = 1,
    /// <summary>Alternate function 5.</summary>
    Alt5 = 2,
    /// <summary>Alternate function 4.</summary>
    Alt4 = 3,
    /// <summary>Alternate function 0.</summary>
    Alt0 = 4,
    /// <summary>Alternate function 1.</summary>
    Alt1 = 5,
    /// <summary>Alternate function 2.</summary>
    Alt2 = 6,
    /// <summary>Alternate function 3.</summary>
    Alt3 = 7,
}

/// <summary>The resistor the block gives a pin, as GPPUD encodes it; some 50 to 65 kilohm.</summary>
public enum GpioPull
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>To ground.</summary>
    Down = 1,
    /// <summary>To the supply.</summary>
    Up = 2,
}

/// <summary>What is an event on a pin.</summary>
[Flags]
public enum GpioDetect
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>GPREN: a rising edge, sampled with the system clock.</summary>
    Rising = 1,
    /// <summary>GPFEN: a falling edge, sampled with the system clock.</summary>
    Falling = 2,
    /// <summary>GPHEN: a high level, for as long as it holds.</summary>
    High = 4,
    /// <summary>GPLEN: a low level, for as long as it holds.</summary>
    Low = 8,
    /// <summary>GPAREN: a rising edge, however short the pulse.</summary>
    AsyncRising = 16,
    /// <summary>GPAFEN: a falling edge, however short the pulse.</summary>
    AsyncFalling = 32,
    /// <summary>All six.</summary>
    All = 63,
}
