using RawIo.Sim;

namespace RawIo.Tests;

public class PartCatalogTests
{
    private static SimMachine Board(string name = "pi3") => SimMachine.Create(name, new SimOptions { SteppedClock = true });

    [Test]
    public void Every_name_makes_a_part_that_fits_one_of_the_buses()
    {
        Assert.That(PartCatalog.Names, Is.SupersetOf(new[] { "24c32", "tmp105", "bme280", "mcp23017", "mcp3008", "w25q32", "loopback" }));
        foreach (var name in PartCatalog.Names)
        {
            using var machine = Board();
            var part = PartCatalog.Create(name);
            Assert.That(part.Name, Is.Not.Empty);
            var plugged = machine.Plug(part is I2cPart ? $"i2c1:0x20={name}" : $"spi0.1={name}");
            Assert.That((plugged.GetType(), plugged.IsPlugged), Is.EqualTo((part.GetType(), true)));
            var saved = plugged.Save();
            plugged.Restore(saved);
        }
        Assert.That(() => PartCatalog.Create("24c33"), Throws.ArgumentException.With.Message.Contains("24c32").And.Message.Contains("24c33"));
    }

    [TestCase("pi1")]
    [TestCase("pi2")]
    [TestCase("pi3")]
    [TestCase("pi4")]
    public void Every_Pi_has_its_buses(string board)
    {
        using var machine = Board(board);
        foreach (var i2c in board == "pi4" ? new[] { "i2c0", "i2c1" } : ["i2c0", "i2c1", "i2c2"]) Assert.That(machine.I2c(i2c).Name, Is.EqualTo(i2c));
        foreach (var spi in new[] { "spi0", "spi1", "spi2" }) Assert.That(machine.Spi(spi).Name, Is.EqualTo(spi));
        var eeprom = machine.Plug("i2c1:0x50=24c32");
        Assert.That((machine.I2c("i2c1").Parts[0x50], machine.Plug("spi0.0=loopback")), Is.EqualTo((eeprom, machine.Spi("spi0").PartAt(0))));
        Assert.That(machine.Plug("i2c0:80=24c32"), Is.SameAs(machine.I2c("i2c0").Parts[0x50]), "decimal too");
    }

    [TestCase("i2c1:0x50", "i2c1:0x50=24c32")]
    [TestCase("i2c1=24c32", "spi0.0=loopback")]
    [TestCase("=", "spi0.0=loopback")]
    [TestCase("i2c1:0xzz=24c32", "0xzz")]
    [TestCase("i2c1:=24c32", "number")]
    [TestCase("i2c1:-1=24c32", "number")]
    [TestCase("i2c9:0x50=24c32", "i2c0, i2c1")]
    [TestCase("spi9.0=loopback", "spi0, spi1, spi2")]
    [TestCase("i2c1:0x50=", "There is no part")]
    [TestCase("i2c1:0x50=eprom", "tmp105")]
    [TestCase("i2c1:0x50=loopback", "not an I2C part")]
    [TestCase("spi0.0=24c32", "not an SPI part")]
    [TestCase("i2c1:0x78=24c32", "0x77")]
    [TestCase("spi0.3=loopback", "0 to 2")]
    [TestCase("uart0:1=24c32", "i2c1")]
    public void A_bad_spec_says_what_is_known(string spec, string says)
    {
        using var machine = Board();
        Assert.That(() => machine.Plug(spec), Throws.InstanceOf<ArgumentException>().With.Message.Contains(says));
        Assert.That((machine.I2c("i2c1").Parts.Count, machine.Spi("spi0").PartAt(0)), Is.EqualTo((0, (SpiPart?)null)));
    }

    [Test]
    public void A_place_that_is_taken_is_said_a_PC_has_none_and_a_disposed_machine_nothing()
    {
        var machine = Board();
        machine.Plug("i2c1:0x50=24c32");
        Assert.That(() => machine.Plug("i2c1:0x50=tmp105"), Throws.ArgumentException.With.Message.Contains("24C32"));
        machine.Dispose();
        Assert.That(() => machine.Plug("i2c1:0x51=24c32"), Throws.TypeOf<ObjectDisposedException>());
        using var pc = Board("pc");
        Assert.That(() => pc.I2c("i2c1"), Throws.ArgumentException.With.Message.Contains("It has none"));
        Assert.That(() => pc.Plug("spi0.0=loopback"), Throws.ArgumentException);
        Assert.That(() => pc.Plug(""), Throws.ArgumentException);
    }
}
