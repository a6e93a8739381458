using System.Diagnostics;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>Ends of a process in which restoring meets more than the end itself.</summary>
internal static class JournalVictimEnds
{
    /// <summary>A journal cannot be restored, and there is nowhere to say so; another was made before it.</summary>
    public static int WithoutErrorStream(string file, NativeMmio mapping)
    {
        mapping.Journal().Write32(0, 0xaaaaaaaa);
        using (var gone = DeviceFile.Map(file, 0, 4096, 0x1000)) gone.Journal().Write32(4, BitConverter.ToUInt32(File.ReadAllBytes(file), 4));
        var closed = new StringWriter();
        closed.Dispose();
        Console.SetError(closed);
        JournalVictim.Say("ready");
        Environment.Exit(0);
        return 0;
    }

    /// <summary>A write throws, and nobody catches it, while a signal is restoring what other journals have.</summary>
    public static int Twice(NativeMmio mapping)
    {
        using var restoring = new ManualResetEventSlim();
        var inWrite = new Device(mapping, () =>
        {
            Process.Start("kill", ["-INT", $"{Environment.ProcessId}"]).WaitForExit();
            restoring.Wait();
            throw new NotSupportedException("a bug");
        }).Journal();
        mapping.Journal().Write32(0, 0xaaaaaaaa);
        // Made last, it is restored first: the signal is then on its way to the others.
        var times = 0;
        new Device(mapping, () =>
        {
            if (++times == 2) restoring.Set();
        }).Journal().Write32(4, 0);
        JournalVictim.Say("ready");
        inWrite.Write32(8, 1);
        return 0;
    }

    private sealed class Device(IMmio io, Action written) : FakeMmio(io.PhysicalAddress, io.Length)
    {
        protected override ulong Read(long offset, int size) => io.Read(offset, size);

        protected override void Write(long offset, int size, ulong value) => written();
    }
}
