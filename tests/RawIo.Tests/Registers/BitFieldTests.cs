using CsCheck;

namespace RawIo.Tests;

public class BitFieldTests
{
    [Test]
    public void A_field_is_cut_out_and_put_back_where_the_datasheet_has_it()
    {
        // BCM2835 ARM Peripherals p. 92: FSEL16 is bits 20-18 of GPFSEL1.
        var fsel16 = new BitField(20, 18);
        Assert.That(fsel16.Get(0x0010_0000u), Is.EqualTo(4u));
        Assert.That(fsel16.Set(0xffff_ffffu, 1u), Is.EqualTo(0xffe7_ffffu));
        Assert.That(fsel16.Mask, Is.EqualTo(0x001c_0000ul));
        Assert.That((fsel16.Width, fsel16.Max, $"{fsel16}"), Is.EqualTo((3, 7ul, "[20:18]")));
    }

    [Test]
    public void One_bit_and_all_bits_are_fields_too()
    {
        Assert.That(new BitField(7).IsSet((byte)0x80), Is.True);
        Assert.That(new BitField(7).IsSet((byte)0x7f), Is.False);
        Assert.That($"{new BitField(7)}", Is.EqualTo("[7]"));
        var all = new BitField(63, 0);
        Assert.That(all.Set(0ul, ulong.MaxValue), Is.EqualTo(ulong.MaxValue));
        Assert.That(all.Get(0x0123_4567_89ab_cdeful), Is.EqualTo(0x0123_4567_89ab_cdeful));
    }

    [Test]
    public void A_field_outside_the_register_is_refused_also_when_it_is_read()
    {
        Assert.That(() => new BitField(8).Get((byte)0xff), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("[8]").And.Message.Contains("7 to 0"));
        Assert.That(() => new BitField(33, 31).Get(0xffff_ffffu), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new BitField(16).IsSet((ushort)0xffff), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(new BitField(7).IsSet((byte)0x80), Is.True);
    }

    [TestCase(-1, 0)]
    [TestCase(64, 0)]
    [TestCase(2, 3)]
    [TestCase(2, -1)]
    public void Bits_out_of_order_or_range_are_refused(int high, int low) =>
        Assert.That(() => new BitField(high, low), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_value_too_wide_for_the_field_is_refused_and_named()
    {
        Assert.That(() => new BitField(2, 0).Set(0u, 8u),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 0x7").And.Message.Contains("8"));
    }

    [Test]
    public void A_field_beyond_the_register_is_refused()
    {
        Assert.That(() => new BitField(8, 7).Set((byte)0, (byte)1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("8 bits"));
    }

    [Test]
    public void Set_then_get_returns_the_value_and_touches_no_other_bit()
    {
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 63], Gen.Int[0, 63]).Sample((register, value, a, b) =>
        {
            var field = new BitField(Math.Max(a, b), Math.Min(a, b));
            var fitting = value & field.Max;
            var after = field.Set(register, fitting);
            return field.Get(after) == fitting && (after & ~field.Mask) == (register & ~field.Mask);
        }, seed: "0000KYb7W4Y1");
    }
}
