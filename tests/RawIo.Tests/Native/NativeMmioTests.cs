using System.Runtime.CompilerServices;
using RawIo.Native;

namespace RawIo.Tests;

public class NativeMmioTests
{
    private string _path = null!;

    [SetUp]
    public void Make()
    {
        _path = Path.GetTempFileName();
        using var file = File.OpenWrite(_path);
        file.SetLength(0x20000);
    }

    [TearDown]
    public void Remove() => File.Delete(_path);

    [Test]
    public void What_is_written_is_in_the_file_at_the_offset_and_nowhere_else()
    {
        using var io = DeviceFile.Map(_path, 0x1234, 12, 0xabc0_1234);
        io.Write32(0, 0x44332211);
        io.Write8(11, 0xee);
        var file = File.ReadAllBytes(_path);
        Assert.That(file[0x1234..0x1240], Is.EqualTo(new byte[] { 0x11, 0x22, 0x33, 0x44, 0, 0, 0, 0, 0, 0, 0, 0xee }));
        Assert.That(file.Count(b => b != 0), Is.EqualTo(5));
        Assert.That((io.PhysicalAddress, io.Length), Is.EqualTo((0xabc0_1234ul, 12L)));
    }

    [Test]
    public void An_aligned_offset_at_a_misaligned_address_is_refused_before_it_faults()
    {
        using var mapping = DeviceFile.Map(_path, 0x1001, 0x20, 0x5001);
        foreach (var io in new IMmio[] { mapping, mapping.Window(1, 0x10).Window(1, 8) })
        {
            var error = Assert.Throws<DataMisalignedException>(() => io.Read32(0))!;
            Assert.That(error.Message, Does.Contain($"0x{io.PhysicalAddress:x}").And.Contain("multiple of 4"));
            Assert.Throws<DataMisalignedException>(() => io.Write16(4, 1));
            Assert.Throws<DataMisalignedException>(() => io.ReadRep(0, new ulong[1]));
            Assert.DoesNotThrow(() => io.Read8(0));
        }
        Assert.That(File.ReadAllBytes(_path), Is.All.Zero);
    }

    [Test]
    public void A_window_whose_end_is_no_multiple_of_the_width_keeps_the_last_bytes_to_narrower_accesses()
    {
        using var io = DeviceFile.Map(_path, 0, 7, 0);
        Assert.DoesNotThrow(() => io.Read32(0));
        Assert.DoesNotThrow(() => io.Read16(4));
        Assert.DoesNotThrow(() => io.Read8(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => io.Read32(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => io.Read16(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => io.Read64(0));
    }

    [Test]
    public void A_read_only_mapping_reads_and_refuses_every_write_with_the_remedy()
    {
        File.WriteAllBytes(_path, [.. Enumerable.Range(0, 4096).Select(i => (byte)i)]);
        using var mapping = DeviceFile.Map(_path, 0, 4096, 0x9000, writable: false);
        Assert.That(mapping.CanWrite, Is.False);
        foreach (var io in new[] { mapping, mapping.Window(0, 64) })
        {
            Assert.That(io.Read32(4), Is.EqualTo(0x07060504));
            foreach (var write in new Action[]
            {
                () => io.Write8(0, 1), () => io.Write16(0, 1), () => io.Write32(0, 1), () => io.Write64(0, 1), () => io.WriteRelaxed32(0, 1),
                () => io.WriteRep(0, new byte[1]), () => io.WriteRep(0, new uint[1]), () => io.Fill(0, 0, 8), () => io.CopyTo(0, new byte[8]), () => io.FillMemory(0, 0, 8), () => io.CopyToMemory(0, new byte[8]),
            })
            {
                var error = Assert.Throws<RawIoException>(write)!;
                Assert.That(error.Errno, Is.EqualTo(Errno.EACCES));
                Assert.That(error.Message, Does.Contain("0x9000").And.Contain("read-only"));
            }
            Assert.Throws<ArgumentOutOfRangeException>(() => io.Write32(4096, 1), "outside is outside first");
        }
    }

    [Test]
    public void No_access_reaches_the_device_once_dispose_has_returned_and_none_faults_while_it_runs()
    {
        for (var round = 0; round < 20; round++)
        {
            var io = DeviceFile.Map(_path, 0, 4096, 0);
            using var started = new CountdownEvent(3);
            var writers = Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(() =>
            {
                started.Signal();
                try
                {
                    for (var i = 1u; ; i++)
                    {
                        io.Write32(128, i);
                        io.Read32(128);
                    }
                }
                catch (ObjectDisposedException)
                {
                }
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            started.Wait();
            io.Dispose();
            var then = BitConverter.ToUInt32(File.ReadAllBytes(_path), 128);
            Task.WaitAll(writers);
            Assert.That(BitConverter.ToUInt32(File.ReadAllBytes(_path), 128), Is.EqualTo(then));
        }
    }

    [Test]
    public void A_mapping_larger_than_the_memory_of_the_machine_is_taken_from_the_device_too()
    {
        const long Huge = 1L << 40;
        using (var file = File.OpenWrite(_path)) file.SetLength(Huge);
        var io = DeviceFile.Map(_path, 0, Huge, 0);
        var last = io.Window(Huge - 8, 8);
        io.Dispose();
        Assert.Throws<ObjectDisposedException>(() => last.Read8(0));
        Assert.That(File.ReadAllText("/proc/self/maps"), Does.Not.Contain(_path));
        GC.KeepAlive(last); // else the pages are gone because nobody holds them
    }

    [Test]
    public void A_window_whose_owner_nobody_holds_ends_with_its_machine()
    {
        using var folder = new HostFolder();
        var hw = folder.Open();
        var window = OnlyTheWindow(hw);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        window.Write32(0, 1);
        hw.Dispose();
        Assert.Throws<ObjectDisposedException>(() => window.Write32(0, 2));
        Assert.That(folder.Memory(0x30000000, 1), Is.EqualTo(new byte[] { 1 }));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static IMmio OnlyTheWindow(HostMachine hw) => hw.IoRemap(0x30000000, 0x1000).Window(0, 4);
    }

    [Test]
    public void Mapping_and_giving_back_seventy_thousand_times_runs_out_of_nothing()
    {
        for (var i = 0; i < 70_000; i++) // vm.max_map_count is 65530
        {
            using var io = DeviceFile.Map(_path, 0, 4096, 0);
            io.Write8(0, (byte)i);
        }
    }

    [Test]
    public void Accesses_allocate_nothing()
    {
        using var mapping = DeviceFile.Map(_path, 0, 4096, 0);
        IMmio io = mapping;
        var words = new uint[16];
        Touch();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Touch();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Touch()
        {
            io.Write32(4, io.Read32(4) + 1);
            io.ReadRep(8, words);
            io.WriteRep(8, words);
            io.Fill(32, 1, 9);
        }
    }

    [Test]
    public void A_file_that_is_not_there_or_cannot_be_mapped_is_refused_with_errno_path_and_remedy()
    {
        var none = Assert.Throws<RawIoException>(() => DeviceFile.Map(_path + ".none", 0, 4, 0))!;
        Assert.That(none.Errno, Is.EqualTo(Errno.ENOENT));
        Assert.That(none.Message, Does.Contain(_path + ".none").And.Contain("--device"));
        var folder = Assert.Throws<RawIoException>(() => DeviceFile.Map(Path.GetTempPath(), 0, 4, 0, writable: false))!;
        Assert.That(folder.Errno, Is.EqualTo(Errno.ENODEV));
        foreach (var (offset, length) in new[] { (0ul, 0L), (0ul, -1L), (ulong.MaxValue, 1L), (1ul << 63, 1L), (0x1000ul, long.MaxValue) })
            Assert.Throws<ArgumentOutOfRangeException>(() => DeviceFile.Map(_path, offset, length, 0), $"{length} at {offset}");
    }
}
