using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Transfers of RAM made many at a time end as those made one by one.</summary>
internal sealed class TransfersTogetherTests
{
    /// <summary>Some RAM with holes, as spans or word by word.</summary>
    private sealed class Bench
    {
        private static readonly (ulong, ulong)[] s_ranges = [(0, 0x9000), (0xb000, 0x1_8000)];

        public Bench(bool together, Func<ulong, ulong?> toPhysical)
        {
            Ram = new(s_ranges);
            var bus = new BusMaster(new PhysicalBus(Ram, new() { Policy = FaultPolicy.Hardware }), toPhysical);
            Bus = together ? bus : new OneByOne(bus);
            var random = new Random(1);
            foreach (var (start, length) in s_ranges)
                for (var at = start; at < start + length; at += 4)
                    if ((at & 0x4000) == 0) Ram.Write(at, 4, (uint)random.NextInt64());
        }

        public SimRam Ram { get; }

        public IBusMaster Bus { get; }

        public ManualTime Time { get; } = new();

        public ulong Contents() => s_ranges.Aggregate(1ul, (hash, range) =>
        {
            for (var at = range.Item1; at < range.Item1 + range.Item2; at += 8) hash = (hash ^ Ram.Read(at, 8)) * 0x9e37_79b9_7f4a_7c15;
            return hash;
        });
    }

    private sealed class OneByOne(IBusMaster bus) : IBusMaster
    {
        public bool TryRead(ulong busAddress, int size, out ulong value) => bus.TryRead(busAddress, size, out value);

        public bool TryWrite(ulong busAddress, int size, ulong value) => bus.TryWrite(busAddress, size, value);
    }

    [Test]
    public void The_8237_pair_ends_with_the_same_memory_and_registers()
    {
        for (var seed = 1; seed <= 150; seed++)
        {
            Bench[] benches = [new(true, BusAddresses.OfPc), new(false, BusAddresses.OfPc)];
            var pairs = benches.Select(b => new I8237PairModel(b.Time, b.Bus)).ToArray();
            var random = new Random(seed);
            Out(0xd6, 0xc0);
            Out(0xd4, 0);
            for (var step = 0; step < 60; step++)
            {
                switch (random.Next(8))
                {
                    case < 2: // one half of an address or count
                        Out(random.Next(2) == 0 ? random.Next(8) : 0xc0 + 2 * random.Next(8), random.Next(256));
                        break;
                    case 2: Out(random.Next(2) == 0 ? 0x0b : 0xd6, random.Next(256)); break; // mode
                    case 3: Out(random.Next(2) == 0 ? 0x08 : 0xd0, random.Next(256) & 0x13); break; // command: memory to memory, hold, rotate
                    case 4 or 5: Out(random.Next(2) == 0 ? 0x09 : 0xd2, 4 | random.Next(4)); break; // request
                    case 6: Out((int[])[0x87, 0x83, 0x81, 0x82, 0x8f, 0x8b, 0x89, 0x8a] is var pages ? pages[random.Next(8)] : 0, random.Next(3)); break;
                    default:
                        var time = random.Next(4) == 0 ? random.Next(20_000_000) : random.Next(100_000);
                        foreach (var bench in benches) bench.Time.Advance(time / 100 * 100);
                        break;
                }
                foreach (var port in Enumerable.Range(0, 9).Concat(Enumerable.Range(0, 9).Select(i => 0xc0 + 2 * i)).Append(0x0d).Append(0xda))
                    Assert.That(pairs[0].Read(port, 1), Is.EqualTo(pairs[1].Read(port, 1)), $"seed {seed}, step {step}, port 0x{port:x}");
            }
            Assert.That(benches[0].Contents(), Is.EqualTo(benches[1].Contents()), $"seed {seed}");

            void Out(int port, int value)
            {
                foreach (var pair in pairs) pair.Write(port, 1, (ulong)value);
            }
        }
    }

    [Test]
    public void The_Pis_channels_end_with_the_same_memory_and_registers()
    {
        const uint INTEN = 1, TDMODE = 2, DEST_INC = 0x10, DEST_WIDTH = 0x20, DEST_IGNORE = 0x80, SRC_INC = 0x100, SRC_WIDTH = 0x200, SRC_IGNORE = 0x800;
        for (var seed = 1; seed <= 300; seed++)
        {
            Bench[] benches = [new(true, BusAddresses.OfBroadcom([])), new(false, BusAddresses.OfBroadcom([]))];
            var models = benches.Select(b => new Bcm2835DmaModel(b.Time, b.Bus)).ToArray();
            var random = new Random(seed);
            for (var block = 0; block < 4; block++)
            {
                var ti = (uint)random.Next(0x1000) & (INTEN | TDMODE | DEST_INC | DEST_WIDTH | DEST_IGNORE | SRC_INC | SRC_WIDTH | SRC_IGNORE);
                if (random.Next(2) == 0) ti &= ~(TDMODE | DEST_IGNORE | SRC_IGNORE | DEST_WIDTH | SRC_WIDTH);
                var (source, destination) = ((uint)random.Next(0x2_0000), (uint)(0x100 + random.Next(0x2_0000)));
                if (random.Next(3) > 0) (source, destination) = (source & ~3u, destination & ~3u);
                if (random.Next(4) == 0) destination = source + (uint)random.Next(32);
                var length = (ti & TDMODE) != 0 ? (uint)(random.Next(8) << 16 | random.Next(0x200)) : (uint)random.Next(0x4000);
                uint[] words = [ti, source, destination, length, (uint)random.NextInt64() & 0x00ff_00ff, block == 3 ? 0 : (uint)(block + 1) * 32];
                foreach (var bench in benches)
                    for (var i = 0; i < words.Length; i++) bench.Ram.Write((ulong)(block * 32 + i * 4), 4, words[i]);
            }
            var channel = random.Next(15);
            foreach (var model in models)
            {
                model.Write(channel << 8 | 4, 4, 0);
                model.Write(0xff0, 4, 0x7fff);
            }
            // Block 0 is at address 0, which means none: begin at the second.
            foreach (var model in models) model.Write(channel << 8 | 4, 4, 32);
            foreach (var model in models) model.Write(channel << 8, 4, 1);
            for (var step = 0; step < 12; step++)
            {
                var time = 100 * random.Next(1, 2000);
                foreach (var bench in benches) bench.Time.Advance(time);
                for (var register = 0; register <= 0x20; register += 4)
                    Assert.That(models[0].Read(channel << 8 | register, 4), Is.EqualTo(models[1].Read(channel << 8 | register, 4)), $"seed {seed}, step {step}, register 0x{register:x}");
            }
            Assert.That(benches[0].Contents(), Is.EqualTo(benches[1].Contents()), $"seed {seed}");
        }
    }
}
