using RawIo.Drivers;

namespace RawIo.Tests;

// What is not written, and what cannot be restored.
public sealed partial class MmioJournalTests
{
    [TestCase(0x1c, "GPSET0", "cannot be read")]
    [TestCase(0x2c, "GPCLR1", "cannot be read")]
    [TestCase(0x40, "GPEDS0", "a write to it acts")]
    [TestCase(0x98, "GPPUDCLK0", "a write to it acts")]
    public void What_can_not_be_undone_is_refused_before_anything_is_touched(int offset, string name, string why)
    {
        using var journal = _io.Journal(GpioRegisters.Map);
        Action[] writes =
        [
            () => journal.Write32(offset, 1), () => journal.WriteRelaxed32(offset, 1), () => journal.Write8(offset + 3, 1),
            () => journal.WriteRep(offset, new uint[1]), () => journal.Fill(0, 0, 0xa0), () => journal.CopyTo(offset - 8, new byte[16]),
            () => journal.Window(offset, 4).Write16(2, 1),
        ];
        foreach (var write in writes)
        {
            var error = Assert.Throws<InvalidOperationException>(write)!;
            Assert.That(error.Message, Does.Contain("outside the journal"));
            if (write != writes[4] && write != writes[5]) Assert.That(error.Message, Does.Contain(name).And.Contain(why));
        }
        Assert.That(_io.Accesses, Is.Empty);
        journal.Write32(0x04, 1);
    }

    [Test]
    public void A_register_that_reading_changes_is_neither_read_nor_written()
    {
        using var journal = _io.Journal(RngRegisters.Map);
        Assert.That(Assert.Throws<InvalidOperationException>(() => journal.Write32(8, 1))!.Message,
            Does.Contain("RNG_DATA at 0x10000008").And.Contain("changes the device"));
        Assert.Throws<InvalidOperationException>(() => journal.Write64(8, 1));
        Assert.That(_io.Accesses, Is.Empty);
        journal.Write32(0, 1);
    }

    [Test]
    public void A_window_over_several_devices_asks_for_their_registers()
    {
        using var journal = _io.Journal((offset, size) => offset >= 0x80 ? RngRegisters.Map.At(offset - 0x80, size) : []);
        journal.Write32(8, 1);
        Assert.Throws<InvalidOperationException>(() => journal.Write32(0x88, 1));
    }

    [Test]
    public void A_write_that_the_device_refuses_leaves_no_record()
    {
        var device = new FaultyMmio(_memory) { FailsToWrite = at => at == 8 };
        using (var journal = device.Journal())
        {
            journal.Write32(4, 0xff);
            Assert.Throws<BusFaultException>(() => journal.Write32(8, 1));
            Assert.That(journal.Entries, Has.Count.EqualTo(1));
        }
        Assert.That(_memory, Is.EqualTo(Before()));
    }

    [Test]
    public void A_place_that_can_not_be_restored_leaves_the_others_no_worse()
    {
        var device = new FaultyMmio(_memory);
        var journal = device.Journal();
        for (var at = 0; at < 20; at += 4) journal.Write32(at, uint.MaxValue);
        device.FailsToWrite = at => at is 4 or 12;
        Assert.That(Assert.Throws<AggregateException>(journal.Dispose)!.InnerExceptions, Has.Count.EqualTo(2));
        for (var at = 0; at < 20; at += 4) Assert.That(_memory[at], Is.EqualTo(at is 4 or 12 ? 0xff : at));
        Assert.DoesNotThrow(journal.Dispose);
    }

    private sealed class FaultyMmio(byte[] memory) : FakeMmio(0x1000_0000, memory.Length)
    {
        public Func<long, bool>? FailsToWrite { get; set; }

        public Func<long, bool>? FailsToRead { get; set; }

        public List<long> Writes { get; } = [];

        protected override ulong Read(long offset, int size) => FailsToRead?.Invoke(offset) == true
            ? throw new BusFaultException("It does not answer.", (ulong)offset, size, isWrite: false)
            : Bytes.Get(memory, offset, size);

        protected override void Write(long offset, int size, ulong value)
        {
            lock (Writes) Writes.Add(offset);
            if (FailsToWrite?.Invoke(offset) == true) throw new BusFaultException("It does not take that.", (ulong)offset, size, isWrite: true);
            Bytes.Put(memory, offset, size, value);
        }
    }
}
