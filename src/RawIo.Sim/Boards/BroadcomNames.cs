using System.Globalization;

namespace RawIo.Sim;

/// <summary>The names of VideoCore's peripherals that several of a kind are told apart by, from their bus addresses (BCM2835 ARM Peripherals, BCM2711 ARM Peripherals 1.2).</summary>
internal static class BroadcomNames
{
    /// <summary>"uart0", "i2c1", "spi0"; empty where there is one alone.</summary>
    public static string Of(DeviceTreeNode node)
    {
        var at = node.Name.LastIndexOf('@');
        if (at < 0 || !uint.TryParse(node.Name.AsSpan(at + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var address)) return "";
        return address switch
        {
            0x7e20_1000 => "uart0",
            0x7e21_5040 => "uart1",
            0x7e20_1400 => "uart2",
            0x7e20_1600 => "uart3",
            0x7e20_1800 => "uart4",
            0x7e20_1a00 => "uart5",
            0x7e20_4000 => "spi0",
            0x7e21_5080 => "spi1",
            0x7e21_50c0 => "spi2",
            0x7e20_4600 => "spi3",
            0x7e20_4800 => "spi4",
            0x7e20_4a00 => "spi5",
            0x7e20_4c00 => "spi6",
            0x7e20_5000 => "i2c0",
            0x7e80_4000 => "i2c1",
            0x7e80_5000 => "i2c2",
            0x7e20_5600 => "i2c3",
            0x7e20_5800 => "i2c4",
            0x7e20_5a00 => "i2c5",
            0x7e20_5c00 => "i2c6",
            0x7d00_1000 => "uart10",
            0x7e20_c000 => "pwm0",
            0x7e20_c800 => "pwm1",
            _ => "",
        };
    }
}
