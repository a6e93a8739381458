using System.Runtime.InteropServices;

namespace RawIo.Gate;

/// <summary>A compiler that the gate holds to account.</summary>
/// <param name="Name">As the tests and the table name it.</param>
/// <param name="Missing">What it needs and is not there; null if it can run.</param>
/// <param name="Load">Its work on the patterns.</param>
internal sealed record Compiler(string Name, Func<string?> Missing, Func<CompiledProgram> Load)
{
    private readonly Lazy<Gate> _gate = new(() => new(Load()));

    public static IReadOnlyList<Compiler> All { get; } =
    [
        new("JIT x64", NotX64, () => new JitListing(Build.Jit("", "jit.txt", "FullOpts", ("DOTNET_TieredCompilation", "0")), "FullOpts")),
        new("JIT x64 tier 1, PGO", NotX64, () => new JitListing(Tiered(), "Tier1")),
        new("NativeAOT x64", NotX64, () => new AheadOfTimeX64(File.ReadAllBytes(Build.AheadOfTime("linux-x64")))),
        new("NativeAOT arm64", NoObjdump, () => new AheadOfTimeArm64(Disassembled(Build.AheadOfTime("linux-arm64")))),
        // What newer cores get: acquire loads by ldapr, with offsets in the instruction.
        new("NativeAOT arm64, RCPC", NoObjdump, () => new AheadOfTimeArm64(Disassembled(Build.AheadOfTime("linux-arm64", "native-rcpc", "rcpc,rcpc2")))),
    ];

    /// <summary>What runs before anything is optimised: nothing is compiled into its caller, so only the accessors' own code counts.</summary>
    public static Compiler Tier0 { get; } = new("JIT x64 tier 0", NotX64, () => new JitListing(Tiered(), "Tier0"));

    /// <summary>The compiler's work, read; made once a run.</summary>
    public Gate Gate => _gate.Value;

    public override string ToString() => Name;

    private static string? NotX64() => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? null : "x64 code is compiled and read on x64 only.";

    private static string? NoObjdump() =>
        Shell.Has(Objdump) ? NotX64() : $"{Objdump} is missing: apt-get install binutils-aarch64-linux-gnu.";

    private static IEnumerable<string> Tiered() =>
        Build.Jit("warm", "tier1.txt", "Tier1", ("DOTNET_TieredPGO", "1"));

    private const string Objdump = "aarch64-linux-gnu-objdump";

    private static string[] Disassembled(string file) =>
        Shell.Run(Objdump, ["-dr", "--no-show-raw-insn", "-j", "__managedcode", file]).Split('\n');
}
