using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RawIo.Tests;

/// <summary>A test program in C for a runtime that librawio is built for: compiled by the compiler that built librawio, run here or in QEMU's user emulation.</summary>
internal static class CrossProgram
{
    private static readonly Dictionary<string, (Architecture Machine, string Triple, string Emulator, string[] Options)> s_runtimes = new()
    {
        ["linux-x64"] = (Architecture.X64, "x86_64-linux-gnu", "qemu-x86_64", []),
        ["linux-arm64"] = (Architecture.Arm64, "aarch64-linux-gnu", "qemu-aarch64", []),
        // QEMU tells a handler of SIGBUS the address on the host: in its low 32 bits the program's own, if that begins at a multiple of 4 GiB.
        ["linux-arm"] = (Architecture.Arm, "arm-linux-gnueabihf", "qemu-arm", ["-B", "0x100000000"]),
    };

    /// <summary>The built librawio, or the test is skipped.</summary>
    public static string Library(string runtime)
    {
        var library = Path.Combine(AppContext.BaseDirectory, "runtimes", runtime, "native", "librawio.so");
        if (!File.Exists(library)) Assert.Ignore($"SKIPPED: no librawio for {runtime} here (no C compiler for it)");
        return library;
    }

    /// <summary>Compiles tests/RawIo.Tests/Native/Probe/<paramref name="source"/> with what else is named, and runs it: it has to print nothing and to end with 0.</summary>
    public static void Check(string runtime, string source, params string[] arguments)
    {
        var (machine, triple, emulator, options) = s_runtimes[runtime];
        var isNative = RuntimeInformation.OSArchitecture == machine;
        string[] names = isNative ? [$"{triple}-gcc", "gcc", "cc"] : [$"{triple}-gcc"];
        if (names.Select(name => $"/usr/bin/{name}").FirstOrDefault(File.Exists) is not { } compiler)
        {
            Assert.Ignore($"SKIPPED: no C compiler for {runtime} here ({triple}-gcc)");
            return;
        }
        if (!isNative && !File.Exists($"/usr/bin/{emulator}")) Assert.Ignore($"SKIPPED: no {emulator} here (Debian's package qemu-user)");

        var program = Path.Combine(Path.GetTempPath(), $"rawio-{runtime}-{Guid.NewGuid():n}");
        try
        {
            var (code, text) = Run(compiler, ["-std=c11", "-Wall", "-Wextra", "-Werror", "-pthread", "-I", Path.Combine(Repository.Root, "native"),
                "-o", program, Path.Combine(Repository.Root, "tests", "RawIo.Tests", "Native", "Probe", source), .. arguments]);
            Assert.That(code, Is.Zero, text);
            (code, text) = isNative
                ? Run(program, [])
                : Run($"/usr/bin/{emulator}", [.. options, "-L", $"/usr/{triple}", program]);
            // QEMU tells of a program that a signal ended; a test that ends its child so has asked for it.
            var lines = text.Split('\n').Where(line => line != "" && (isNative || !line.StartsWith("qemu: uncaught target signal", StringComparison.Ordinal)));
            Assert.That((code, string.Join('\n', lines)), Is.EqualTo((0, "")));
        }
        finally
        {
            File.Delete(program);
        }
    }

    public static (int Code, string Text) Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var limit = process.EndAfter(TimeSpan.FromMinutes(5));
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
