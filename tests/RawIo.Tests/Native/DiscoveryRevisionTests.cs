using RawIo.Native;

namespace RawIo.Tests;

/// <summary>Revision codes, against the table in Raspberry Pi's documentation.</summary>
public sealed class DiscoveryRevisionTests
{
    [TestCase("900021", "A+", "1.1", 512, "Sony UK", "BCM2835")]
    [TestCase("900032", "B+", "1.2", 512, "Sony UK", "BCM2835")]
    [TestCase("a01040", "2B", "1.0", 1024, "Sony UK", "BCM2836")]
    [TestCase("a21041", "2B", "1.1", 1024, "Embest", "BCM2836")]
    [TestCase("a02042", "2B", "1.2", 1024, "Sony UK", "BCM2837")]
    [TestCase("900061", "CM1", "1.1", 512, "Sony UK", "BCM2835")]
    [TestCase("a02082", "3B", "1.2", 1024, "Sony UK", "BCM2837")]
    [TestCase("a32082", "3B", "1.2", 1024, "Sony Japan", "BCM2837")]
    [TestCase("a52082", "3B", "1.2", 1024, "Stadium", "BCM2837")]
    [TestCase("920093", "Zero", "1.3", 512, "Embest", "BCM2835")]
    [TestCase("a020a0", "CM3", "1.0", 1024, "Sony UK", "BCM2837")]
    [TestCase("9000c1", "Zero W", "1.1", 512, "Sony UK", "BCM2835")]
    [TestCase("a020d4", "3B+", "1.4", 1024, "Sony UK", "BCM2837")]
    [TestCase("9020e1", "3A+", "1.1", 512, "Sony UK", "BCM2837")]
    [TestCase("a02100", "CM3+", "1.0", 1024, "Sony UK", "BCM2837")]
    [TestCase("a03111", "4B", "1.1", 1024, "Sony UK", "BCM2711")]
    [TestCase("b03112", "4B", "1.2", 2048, "Sony UK", "BCM2711")]
    [TestCase("d03114", "4B", "1.4", 8192, "Sony UK", "BCM2711")]
    [TestCase("902120", "Zero 2 W", "1.0", 512, "Sony UK", "BCM2837")]
    [TestCase("c03130", "400", "1.0", 4096, "Sony UK", "BCM2711")]
    [TestCase("b03140", "CM4", "1.0", 2048, "Sony UK", "BCM2711")]
    [TestCase("c04170", "5", "1.0", 4096, "Sony UK", "BCM2712")]
    [TestCase("e04171", "5", "1.1", 16384, "Sony UK", "BCM2712")]
    [TestCase("d04180", "CM5", "1.0", 8192, "Sony UK", "BCM2712")]
    [TestCase("d04190", "500", "1.0", 8192, "Sony UK", "BCM2712")]
    [TestCase("b041a0", "CM5 Lite", "1.0", 2048, "Sony UK", "BCM2712")]
    [TestCase("0002", "B", "1.0", 256, "Egoman", "BCM2835")]
    [TestCase("0003", "B", "1.0", 256, "Egoman", "BCM2835")]
    [TestCase("0004", "B", "2.0", 256, "Sony UK", "BCM2835")]
    [TestCase("0005", "B", "2.0", 256, "Qisda", "BCM2835")]
    [TestCase("0006", "B", "2.0", 256, "Egoman", "BCM2835")]
    [TestCase("0007", "A", "2.0", 256, "Egoman", "BCM2835")]
    [TestCase("0008", "A", "2.0", 256, "Sony UK", "BCM2835")]
    [TestCase("0009", "A", "2.0", 256, "Qisda", "BCM2835")]
    [TestCase("000d", "B", "2.0", 512, "Egoman", "BCM2835")]
    [TestCase("000e", "B", "2.0", 512, "Sony UK", "BCM2835")]
    [TestCase("000f", "B", "2.0", 512, "Egoman", "BCM2835")]
    [TestCase("0010", "B+", "1.2", 512, "Sony UK", "BCM2835")]
    [TestCase("0011", "CM1", "1.0", 512, "Sony UK", "BCM2835")]
    [TestCase("0012", "A+", "1.1", 256, "Sony UK", "BCM2835")]
    [TestCase("0013", "B+", "1.2", 512, "Embest", "BCM2835")]
    [TestCase("0014", "CM1", "1.0", 512, "Embest", "BCM2835")]
    [TestCase("0015", "A+", "1.1", null, "Embest", "BCM2835")]
    public void A_documented_code_is_what_the_table_says(string text, string type, string board, int? memory, string maker, string processor)
    {
        var code = Convert.ToUInt32(text, 16);
        var revision = RaspberryPiRevision.Decode(code)!;
        Assert.That((revision.Code, revision.Type, revision.Board, revision.MemoryMiB, revision.Manufacturer, revision.Processor),
            Is.EqualTo((code, type, board, memory, maker, processor)));
        Assert.That((revision.ToString(), revision.IsWarrantyVoid, revision.IsNewStyle), Is.EqualTo((text, false, text.Length > 4)));
    }

    [TestCase(0x01000002u, "B", "1000002")]
    [TestCase(0x0100000eu, "B", "100000e")]
    [TestCase(0x02a01041u, "2B", "2a01041")]
    [TestCase(0x03a01041u, "2B", "3a01041")]
    public void The_warranty_bits_change_nothing_else(uint code, string type, string text)
    {
        var revision = RaspberryPiRevision.Decode(code)!;
        Assert.That((revision.Type, revision.IsWarrantyVoid, revision.ToString()), Is.EqualTo((type, true, text)));
    }

    [Test]
    public void The_bits_above_forbid_things_and_are_no_part_of_the_type() =>
        Assert.That(RaspberryPiRevision.Decode(0xe0c03114), Has.Property("Type").EqualTo("4B").And.Property("MemoryMiB").EqualTo(4096).And.Property("IsWarrantyVoid").False);

    [TestCase(0u)]
    [TestCase(1u)]
    [TestCase(0x0au)]
    [TestCase(0x0bu)]
    [TestCase(0x0cu)]
    [TestCase(0x16u)]
    [TestCase(0x40000002u)]
    public void An_old_number_that_no_board_has_is_none(uint code) => Assert.That(RaspberryPiRevision.Decode(code), Is.Null);

    [TestCase(0xc03070u, null, "BCM2711", "Sony UK", 4096, TestName = "Type 7 was never given out")]
    [TestCase(0xc030b0u, null, "BCM2711", "Sony UK", 4096, TestName = "Type 0xb was never given out")]
    [TestCase(0xc030f0u, null, "BCM2711", "Sony UK", 4096, TestName = "Type 0xf is internal")]
    [TestCase(0xc03160u, null, "BCM2711", "Sony UK", 4096, TestName = "Type 0x16 is internal")]
    [TestCase(0xc03ff0u, null, "BCM2711", "Sony UK", 4096, TestName = "A type of the future")]
    [TestCase(0xc0f110u, "4B", null, "Sony UK", 4096, TestName = "A processor of the future")]
    [TestCase(0xcf3110u, "4B", "BCM2711", null, 4096, TestName = "A maker of the future")]
    [TestCase(0xf03110u, "4B", "BCM2711", "Sony UK", null, TestName = "A memory size the code does not tell")]
    public void A_field_that_is_not_documented_is_null_and_the_others_stand(uint code, string? type, string? processor, string? maker, int? memory)
    {
        var revision = RaspberryPiRevision.Decode(code)!;
        Assert.That((revision.Type, revision.Processor, revision.Manufacturer, revision.MemoryMiB), Is.EqualTo((type, processor, maker, memory)));
    }

    [Test]
    public void A_hundred_thousand_random_codes_decode_or_do_not()
    {
        var random = new Random(2835);
        for (var i = 0; i < 100_000; i++)
        {
            var code = (uint)random.NextInt64(1L << 32);
            var revision = RaspberryPiRevision.Decode(code);
            if ((code & 0x800000) != 0) Assert.That(revision!.Board, Is.EqualTo($"1.{code & 15}"));
        }
    }
}
