using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A machine whose devices take no time of its clock for what they do by themselves.</summary>
internal sealed class InstantTransferTests
{
    private static SimMachine Make(string board, bool instant = true) =>
        SimMachine.Create(board, new() { SteppedClock = true, InstantTransfers = instant, Faults = FaultPolicy.Hardware });

    /// <summary>A DMA block: TI, source, destination, length, stride, next.</summary>
    private static void Block(SimMachine machine, uint at, uint ti, uint source, uint destination, uint length, uint next)
    {
        uint[] words = [ti, source, destination, length, 0, next];
        for (var i = 0; i < words.Length; i++) machine.PhysicalMemory.Write32(at + 4 * i, words[i]);
    }

    private static void Do(SimMachine machine, long address, uint value)
    {
        machine.PhysicalMemory.Write32(address, value);
        machine.FinishTransfers();
    }

    [Test]
    public void DMA_is_over_and_the_clock_has_not_moved([Values] bool instant)
    {
        using var machine = Make("pi3", instant);
        var memory = machine.PhysicalMemory;
        for (var i = 0; i < 4096; i += 4) memory.Write32(0x10000 + i, 0x1234_0000u + (uint)i);
        Block(machine, 0x8000, 0x111, 0x10000, 0x20000, 4096, 0);
        memory.Write32(0x3f007004, 0x8000);
        memory.Write32(0x3f007000, 1);
        machine.FinishTransfers();
        Assert.That((memory.Read32(0x20ffc), memory.Read32(0x3f007000) & 7), Is.EqualTo(instant ? (0x1234_0ffcu, 6u) : (0u, 1u)));
        Assert.That(machine.Clock.Now, Is.Zero);
        machine.Clock.Step(1_000_000);
        Assert.That((memory.Read32(0x20ffc), memory.Read32(0x3f007000) & 7), Is.EqualTo((0x1234_0ffcu, 6u)));
    }

    [Test]
    public void A_chain_of_blocks_without_an_end_gives_way_each_time()
    {
        using var machine = Make("pi3");
        var memory = machine.PhysicalMemory;
        Block(machine, 0x8000, 0x110, 0x10000, 0x20000, 4, 0x8000);
        memory.Write32(0x3f007004, 0x8000);
        memory.Write32(0x3f007000, 1);
        for (var i = 0; i < 3; i++)
        {
            memory.Write32(0x10000, (uint)i + 1);
            machine.FinishTransfers();
            Assert.That(memory.Read32(0x20000), Is.EqualTo(i + 1));
        }
        Assert.That(memory.Read32(0x3f007000) & 1, Is.EqualTo(1));
    }

    [Test]
    public void SPI_I2C_the_firmware_and_the_random_numbers_answer_at_once()
    {
        using var machine = Make("pi3");
        machine.Plug("spi0.0=loopback");
        machine.Plug("i2c1:0x48=tmp105");
        var memory = machine.PhysicalMemory;
        Do(machine, 0x3f204000, 0x80); // TA
        Do(machine, 0x3f204004, 0xa5);
        Assert.That((memory.Read32(0x3f204000) & 0x3_0000, memory.Read32(0x3f204004)), Is.EqualTo((0x3_0000, 0xa5)), "DONE and RXD");

        Do(machine, 0x3f80400c, 0x48);
        Do(machine, 0x3f804008, 2);
        Do(machine, 0x3f804000, 0x8081); // read
        Assert.That(memory.Read32(0x3f804004) & 0x302, Is.EqualTo(2), "DONE, nobody missing");

        Do(machine, 0x3f104000, 1);
        Assert.That(memory.Read32(0x3f104004) >> 24, Is.EqualTo(4), "the FIFO is full");

        uint[] request = [28, 0, 0x10002, 4, 0, 0, 0];
        for (var i = 0; i < request.Length; i++) memory.Write32(0x1000 + 4 * i, request[i]);
        Do(machine, 0x3f00b8a0, 0x1008);
        Assert.That((memory.Read32(0x1004), memory.Read32(0x1014)), Is.EqualTo((0x8000_0000, 0xa02082)));
        Assert.That(machine.Clock.Now, Is.Zero);
    }

    [Test]
    public void The_time_of_parts_is_the_machines()
    {
        using var machine = Make("pi3");
        machine.Plug("i2c1:0x50=24c32");
        var memory = machine.PhysicalMemory;
        Do(machine, 0x3f80400c, 0x50);
        Assert.That(Write(0, 0x10, 0xca), Is.EqualTo(2));
        Assert.That(Write(), Is.EqualTo(0x102), "ERR: it is busy writing and answers to nobody");
        machine.Clock.Step(10_000_000);
        Assert.That(Write(), Is.EqualTo(2));

        uint Write(params byte[] bytes)
        {
            Do(machine, 0x3f804004, 0x302);
            Do(machine, 0x3f804008, (uint)bytes.Length);
            foreach (var value in bytes) Do(machine, 0x3f804010, value);
            Do(machine, 0x3f804000, 0x8080);
            return memory.Read32(0x3f804004) & 0x302;
        }
    }

    [Test]
    public void Characters_go_out_at_once([Values] bool instant)
    {
        using var machine = Make("pc", instant);
        Assert.That(((ISerialPort)machine.Devices.First(d => d.Id == "com1").Device).Line.IsInstant, Is.EqualTo(instant));
    }

    [Test]
    public void A_snapshot_goes_back_before_a_transfer_as_often_as_one_likes()
    {
        using var machine = Make("pi3");
        var memory = machine.PhysicalMemory;
        Block(machine, 0x8000, 0x111, 0x10000, 0x20000, 64, 0);
        memory.Write32(0x1003c, 0x55);
        machine.Clock.Step(1000);
        machine.FinishTransfers();
        memory.Write32(0x3f007004, 0x8000);
        memory.Write32(0x3f007000, 1);
        var before = machine.Save();
        for (var i = 0; i < 3; i++)
        {
            Assert.That((memory.Read32(0x2003c), memory.Read32(0x3f007000) & 7), Is.EqualTo((0, 1)));
            machine.FinishTransfers();
            Assert.That((memory.Read32(0x2003c), memory.Read32(0x3f007000) & 7), Is.EqualTo((0x55, 6)));
            machine.Clock.Step(5000);
            machine.Restore(before);
        }
    }

    [Test]
    public void A_machine_that_has_ended_finishes_nothing()
    {
        var machine = Make("pi3");
        machine.Dispose();
        Assert.Throws<ObjectDisposedException>(machine.FinishTransfers);
    }
}
