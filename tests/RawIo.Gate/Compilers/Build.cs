using System.Security.Cryptography;
using System.Text;

namespace RawIo.Gate;

/// <summary>Compiles the patterns, in a folder of its own under artifacts/, once for the same sources.</summary>
internal static class Build
{
    private const string Project = "tests/RawIo.Gate.Patterns";
    private const int Attempts = 4;

    private static string Folder { get; } = Path.Combine(Repository.Root, "artifacts", "gate");

    private static readonly Lazy<string> Inputs = new(HashOfInputs);

    /// <summary>The just-in-time compiler's listing of the patterns program.</summary>
    public static IReadOnlyList<string> Jit(string argument, string listing, string tier, params (string, string)[] environment)
    {
        Once("jit", () => Shell.Run("dotnet", ["build", Project, "-c", "Release", "--artifacts-path", Folder, "-v", "quiet"]));
        var file = Path.Combine(Folder, listing);
        Once(listing, () =>
        {
            for (var attempt = 1; ; attempt++)
            {
                File.Delete(file);
                Shell.Run("dotnet", [Path.Combine(Folder, "bin", "RawIo.Gate.Patterns", "release", "RawIo.Gate.Patterns.dll"), argument],
                [
                    .. environment, ("DOTNET_JitStdOutFile", file), ("DOTNET_JitDisasm", "*"), ("DOTNET_JitDisasmWithCodeBytes", "1"),
                    ("DOTNET_JitDisasmAssemblies", "RawIo.Gate.Patterns;RawIo.Native;RawIo"),
                ]);
                if (JitListing.IsWhole(File.ReadAllLines(file), tier)) return;
                if (attempt == Attempts) throw new InvalidOperationException($"{file} is not whole after {Attempts} attempts.");
            }
        });
        return File.ReadAllLines(file);
    }

    /// <summary>The object file that the ahead-of-time compiler makes. No linker is needed for it.</summary>
    /// <param name="runtime">For which machine.</param>
    /// <param name="name">What the file is called here.</param>
    /// <param name="instructions">Instruction sets beyond the least.</param>
    public static string AheadOfTime(string runtime, string name = "native", string? instructions = null)
    {
        var file = Path.Combine(Folder, $"{runtime}-{name}.o");
        Once($"{runtime}-{name}", () =>
        {
            var folder = Path.Combine(Folder, "obj", "RawIo.Gate.Patterns", $"release_{runtime}", "native");
            var made = Path.Combine(folder, "RawIo.Gate.Patterns.o");
            if (File.Exists(made)) File.Delete(made);
            Shell.Run("dotnet",
            [
                "publish", Project, "-c", "Release", "-r", runtime, "-p:PublishAot=true", "-t:IlcCompile", "--artifacts-path", Folder, "-v", "quiet",
                .. instructions is null ? Array.Empty<string>() : [$"-p:IlcInstructionSet={instructions.Replace(",", "%2C", StringComparison.Ordinal)}"],
            ]);
            File.Copy(made, file, overwrite: true);
        });
        return file;
    }

    /// <summary>The versions of SDK and compilers.</summary>
    public static string Versions()
    {
        // The framework that it compiles in has the version of the compiler, and its folder's name.
        var response = Directory.EnumerateFiles(Path.Combine(Folder, "obj"), "*.ilc.rsp", SearchOption.AllDirectories).First();
        var folders = File.ReadLines(response).First(l => l.Contains("runtime.nativeaot", StringComparison.Ordinal)).Split('/').ToList();
        var package = folders.FindIndex(f => f.StartsWith("microsoft.netcore.app.runtime.nativeaot", StringComparison.Ordinal));
        return $".NET SDK {Shell.Run("dotnet", ["--version"]).Trim()}, runtime {Environment.Version}, NativeAOT {folders[package + 1]}";
    }

    private static void Once(string step, Action make)
    {
        var stamp = Path.Combine(Folder, step + ".inputs");
        if (File.Exists(stamp) && File.ReadAllText(stamp) == Inputs.Value) return;
        Directory.CreateDirectory(Folder);
        make();
        File.WriteAllText(stamp, Inputs.Value);
    }

    private static string HashOfInputs()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Shell.Run("dotnet", ["--version"]) + Environment.Version));
        var sources = new[] { "src/RawIo", "src/RawIo.Native", Project }
            .SelectMany(f => Directory.EnumerateFiles(Path.Combine(Repository.Root, f), "*.cs*", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Append(Path.Combine(Repository.Root, "Directory.Build.props")).Append(Path.Combine(Repository.Root, "Directory.Packages.props"));
        foreach (var source in sources.Order(StringComparer.Ordinal)) hash.AppendData(File.ReadAllBytes(source));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
