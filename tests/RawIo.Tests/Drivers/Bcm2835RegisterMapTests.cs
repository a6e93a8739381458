using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

public class Bcm2835RegisterMapTests
{
    private static Device[] Models() =>
        [new Bcm2835GpioModel(), new Bcm2711GpioModel(), new Bcm2835SystemTimerModel(new ManualTime()), new Bcm2835RngModel(new ManualTime(), 1)];

    [Test]
    public void Every_register_is_decoded_by_its_model_in_the_same_way_and_the_model_has_no_others()
    {
        foreach (var model in Models())
        {
            var map = RegisterMaps.For(model.Compatible[0]);
            Assert.That(map, Is.Not.Null, model.Name);
            Assert.That(map!.Device, Is.EqualTo(model.Name));
            for (var offset = 0; offset < 0x200; offset += 4)
            {
                var register = map.At(offset, 4).SingleOrDefault();
                Assert.That(register is null || (register.Offset == offset && register.Size == 4), $"{model.Name} 0x{offset:x}");
                var at = offset;
                var reads = register is not null and not { Access: RegisterAccess.WriteOnly };
                var writes = register is { Access: RegisterAccess.ReadWrite or RegisterAccess.WriteOnly };
                Assert.That(() => model.Read(at, 4), reads ? Throws.Nothing : Throws.TypeOf<BusFaultException>(), $"{model.Name}: read {register} 0x{at:x}");
                Assert.That(() => model.Write(at, 4, 0), writes ? Throws.Nothing : Throws.TypeOf<BusFaultException>(), $"{model.Name}: write {register} 0x{at:x}");
            }
        }
    }

    [Test]
    public void Only_the_rngs_data_is_consumed_by_reading()
    {
        foreach (var model in Models())
            Assert.That(RegisterMaps.For(model.Compatible[0])!.Registers.Where(r => r.Access == RegisterAccess.Consuming).Select(r => r.Name),
                Is.EqualTo(model is Bcm2835RngModel ? new[] { "RNG_DATA" } : []));
    }

    [Test]
    public void Names_and_offsets_are_the_datasheets()
    {
        var gpio = RegisterMaps.For("brcm,bcm2835-gpio")!;
        Assert.That(gpio.Registers, Has.Count.EqualTo(30), "29 in the first 41 words, and the test register");
        Assert.That(gpio.At(0x34).Single().Name, Is.EqualTo("GPLEV0"));
        Assert.That(gpio.At(0x8c).Single().Name, Is.EqualTo("GPAFEN1"));
        Assert.That(gpio.At(0x18), Is.Empty);
        Assert.That(RegisterMaps.For("brcm,bcm2711-gpio")!.At(0xf0).Single().Name, Is.EqualTo("GPIO_PUP_PDN_CNTRL_REG3"));
        Assert.That(string.Join(' ', RegisterMaps.For("brcm,bcm2835-system-timer")!.Registers), Is.EqualTo(
            "CS at 0x0 CLO at 0x4 CHI at 0x8 C0 at 0xc C1 at 0x10 C2 at 0x14 C3 at 0x18"));
        Assert.That(RegisterMaps.For("brcm,bcm2835-rng")!.At(0x10).Single().Name, Is.EqualTo("RNG_INT_MASK"));
        Assert.That(RegisterMaps.For("brcm,bcm2835-aux"), Is.Null);
    }
}
