namespace RawIo.Tests;

public partial class Bcm2835GpioModelTests
{
    /// <summary>Random accesses and outside drive against a model that keeps one object a pin and no masks.</summary>
    [Test]
    public void Random_sequences_agree_with_a_naive_pin_by_pin_model([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var naive = new NaiveGpio();
        int[] offsets =
        [
            0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x1c, 0x20, 0x28, 0x2c, 0x40, 0x44, 0x4c, 0x50, 0x58, 0x5c, 0x64, 0x68,
            0x70, 0x74, 0x7c, 0x80, 0x88, 0x8c, 0x94, 0x98, 0x9c,
        ];
        for (var step = 0; step < 2000; step++)
        {
            if (random.Next(3) == 0)
            {
                var pin = random.Next(54);
                bool? level = random.Next(3) switch { 0 => null, 1 => true, _ => false };
                _gpio.Pins[pin].Drive(level);
                naive.Drive(pin, level);
            }
            else
            {
                var offset = offsets[random.Next(offsets.Length)];
                var value = (uint)random.NextInt64(1L << 32);
                if (random.Next(2) == 0) value &= (uint)random.NextInt64(1L << 32) & (uint)random.NextInt64(1L << 32);
                if (offset == 0x94) value = (uint)random.Next(3);
                Write(offset, value);
                naive.Write(offset, value);
            }
            Assert.That(Read(0x34), Is.EqualTo(naive.Bits(p => p.Level, 0)), $"GPLEV0, step {step}");
            Assert.That(Read(0x38), Is.EqualTo(naive.Bits(p => p.Level, 1)), $"GPLEV1, step {step}");
            Assert.That(Read(0x40), Is.EqualTo(naive.Bits(p => p.Event, 0)), $"GPEDS0, step {step}");
            Assert.That(Read(0x44), Is.EqualTo(naive.Bits(p => p.Event, 1)), $"GPEDS1, step {step}");
            Assert.That(_gpio.InterruptLines[3].Level, Is.EqualTo(naive.Pins.Any(p => p.Event)));
        }
    }
}
