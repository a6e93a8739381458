using System.Runtime.InteropServices;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>Writes to a mapped file through journals that it does not dispose, says "ready", and ends in one way or another.</summary>
internal static class JournalVictim
{
    public static int Run(string how, string file)
    {
        using var mapping = DeviceFile.Map(file, 0, 4096, 0x1000);
        if (how == "nothing to be said") return JournalVictimEnds.WithoutErrorStream(file, mapping);
        if (how == "two ends") return JournalVictimEnds.Twice(mapping);
        // Handlers are called in reverse: the one made before the journals comes after theirs.
        using var earlier = how == "cancelled" ? PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Say($"then {mapping.Read32(0):x}")) : null;
        var first = mapping.Journal();
        var second = mapping.Journal();
        first.Write32(0, 0xaaaaaaaa);
        second.Write32(0, 0xbbbbbbbb);
        second.Window(0x100, 0x100).Fill(3, 0xcc, 50);
        PosixSignalRegistration? later = null;
        if (how == "cancelled")
            later = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
            {
                context.Cancel = true;
                Say("cancelled");
            });
        Say("ready");
        switch (how)
        {
            case "throw":
                throw new NotSupportedException("a bug");
            case "throw on a thread":
                var thread = new Thread(static () => throw new NotSupportedException("a bug"));
                thread.Start();
                thread.Join();
                break;
            case "throw in a write":
                first.Write32(4, 1);
                new ThrowingMmio(mapping).Journal().Write32(8, 1);
                break;
            case "exit":
                Environment.Exit(3);
                break;
            case "unmapped first":
                mapping.Dispose();
                return 0;
            case "wait":
            case "cancelled":
                Console.ReadLine();
                break;
        }
        later?.Dispose();
        GC.KeepAlive(mapping);
        // Returning disposes the mapping, but the file keeps what was written: the journals must come first.
        Environment.Exit(0);
        return 0;
    }

    public static void Say(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }

    private sealed class ThrowingMmio(IMmio io) : FakeMmio(io.PhysicalAddress, io.Length)
    {
        protected override ulong Read(long offset, int size) => io.Read(offset, size);

        protected override void Write(long offset, int size, ulong value)
        {
            io.Write(offset, size, value);
            throw new NotSupportedException("a bug");
        }
    }
}
