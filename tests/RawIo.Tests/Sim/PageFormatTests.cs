using RawIo.Sim;

namespace RawIo.Tests;

internal sealed class PageFormatTests
{
    [Test]
    public void Reserved_encodings_are_invalid()
    {
        var arm = new Arm64PageFormat();
        Assert.That(arm.Decode(0, 0x4000_0001).Kind, Is.EqualTo(DescriptorKind.Invalid), "a block at level 0");
        Assert.That(arm.Decode(3, 0x4000_0001).Kind, Is.EqualTo(DescriptorKind.Invalid), "a block at level 3");
        Assert.That(arm.Describe(3, 0), Is.EqualTo("invalid"));
        var x64 = new X64PageFormat();
        Assert.That(x64.Decode(0, 0x81).Kind, Is.EqualTo(DescriptorKind.Invalid), "PS in the PML4");
    }

    [Test]
    public void Attributes_are_told_in_the_manuals_words()
    {
        var arm = new Arm64PageFormat();
        Assert.That(arm.Attributes(3, 0x0060_0000_0000_0707 | 1 << 7), Is.EqualTo("Normal write-back, inner shareable, RO, AF, XN"));
        Assert.That(arm.Attributes(3, 0x0020_0000_0000_0003), Is.EqualTo("Device-nGnRE, RW, PXN"));
        Assert.That(arm.Attributes(3, 0x0040_0000_0000_000b), Is.EqualTo("Device-nGnRnE, RW, UXN"), "a MAIR byte of 0");
        var x64 = new X64PageFormat();
        Assert.That(x64.Attributes(3, 0x11), Is.EqualTo("UC-, RO"));
        Assert.That(x64.Attributes(3, 0x0b), Is.EqualTo("WT, RW"));
    }
}
