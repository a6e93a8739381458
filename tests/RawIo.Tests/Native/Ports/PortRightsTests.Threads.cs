using System.Collections.Concurrent;
using RawIo.Native;

namespace RawIo.Tests;

// One grant, many threads.
internal sealed partial class PortRightsTests
{
    /// <summary>Runs on several threads of their own; what one throws ends it and is a crime, not the end of the test host.</summary>
    private void OnThreads(int count, Action<int> body)
    {
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            try
            {
                body(i);
            }
            catch (Exception e) when (e is InvalidOperationException or RawIoException or ArgumentException)
            {
                _kernel.Crimes.Enqueue(e.Message);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    [Test]
    public void Eight_threads_use_a_grant_opened_once([Values(PortAccess.IoPerm, PortAccess.IoPl)] PortAccess way)
    {
        using var io = Open(0x300, 8, way);
        OnThreads(8, i =>
        {
            for (var round = 0; round < 1000; round++)
            {
                io.Out8(0x300 + i, (byte)round);
                if (io.In8(0x300 + i) != (byte)round) _kernel.Crimes.Enqueue("another value");
                io.Pause();
            }
        });
        Assert.That(_kernel.Calls.Count(call => call.EndsWith("on", StringComparison.Ordinal) || call == "iopl 3"),
            Is.EqualTo(way == PortAccess.IoPl ? 9 : 18), "once a thread, and the opener's; ioperm for the range and for 0x80");
    }

    [Test]
    public async Task Ten_thousand_awaits_lose_no_right([Values(PortAccess.IoPerm, PortAccess.IoPl)] PortAccess way)
    {
        using var io = Open(0x300, 8, way);
        using var carousel = new Carousel(8);
        var seen = new ConcurrentDictionary<int, int>();
        async Task Run(int port)
        {
            for (var i = 0; i < 1250; i++)
            {
                io.Out8(port, (byte)i);
                await carousel;
                seen.TryAdd(Environment.CurrentManagedThreadId, 0);
                if (io.In8(port) != (byte)i) _kernel.Crimes.Enqueue("another value");
            }
            await Task.Yield(); // a carousel's thread cannot end the carousel
        }
        await Task.WhenAll(Enumerable.Range(0x300, 8).Select(port => Task.Run(() => Run(port))));
        Assert.That(seen, Has.Count.EqualTo(8), "threads that the awaits went over");
    }

    [Test]
    public async Task A_grant_works_in_the_thread_pool()
    {
        using var io = Open(0x300, 8);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(async () =>
        {
            io.Out8(0x300 + (i & 7), 1);
            await Task.Yield();
            _ = io.In8(0x300 + (i & 7));
        })));
    }

    [Test]
    public void Opening_closing_and_using_at_random_on_four_threads_never_lacks_a_right()
    {
        var slots = Enumerable.Range(0, 6).Select(i => Open(0x100 + 4 * i, 12, i % 3 == 0 ? PortAccess.IoPl : PortAccess.IoPerm)).ToArray();
        OnThreads(4, _ =>
        {
            var random = new Random(Environment.CurrentManagedThreadId);
            for (var i = 0; i < 3000; i++)
            {
                var slot = random.Next(slots.Length);
                if (random.Next(20) == 0)
                {
                    var old = Interlocked.Exchange(ref slots[slot], Open(0x100 + random.Next(40), 12, random.Next(3) == 0 ? PortAccess.IoPl : PortAccess.IoPerm));
                    old.Dispose();
                    continue;
                }
                var io = Volatile.Read(ref slots[slot]);
                try
                {
                    _ = io.In16(io.FirstPort + random.Next(10));
                }
                catch (ObjectDisposedException)
                {
                    // another thread closed it between
                }
            }
        });
        foreach (var io in slots) io.Dispose();
        Assert.That((_kernel.Mine.Level, $"{_kernel.Mine}"), Is.EqualTo((0, "")));
    }
}
