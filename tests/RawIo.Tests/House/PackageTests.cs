using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace RawIo.Tests;

/// <summary>The package that has native code: what is in it, and that it is for the machine its folder names.</summary>
public sealed class PackageTests
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private string _folder = "";

    [OneTimeSetUp]
    public void Pack()
    {
        _folder = Directory.CreateTempSubdirectory("rawio-package-").FullName;
        var start = new ProcessStartInfo("dotnet", ["pack", "src/RawIo.Native", "--no-build", "-c", Configuration, "-o", _folder, "-v", "quiet", "-nodeReuse:false"])
        {
            WorkingDirectory = Repository.Root, RedirectStandardOutput = true,
        };
        // The test run's own build is not this one's business.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        using var pack = Process.Start(start)!;
        using var limit = pack.EndAfter(TimeSpan.FromMinutes(5));
        var output = pack.StandardOutput.ReadToEnd();
        pack.WaitForExit();
        Assert.That(pack.ExitCode, Is.Zero, output);
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void It_has_the_library_of_each_machine_and_nothing_else_of_the_build()
    {
        using var package = ZipFile.OpenRead(Directory.GetFiles(_folder, "*.nupkg").Single());
        var files = package.Entries.Select(e => e.FullName)
            .Where(name => name is not "[Content_Types].xml" && !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.That(files, Is.EqualTo(new[] { "README.md", "RawIo.Native.nuspec", "lib/net10.0/RawIo.Native.dll", "lib/net10.0/RawIo.Native.xml" }
            .Concat(Machines().Select(m => $"runtimes/{m.Runtime}/native/librawio.so")).Order(StringComparer.Ordinal)));
        foreach (var (runtime, machine) in Machines())
        {
            using var library = package.GetEntry($"runtimes/{runtime}/native/librawio.so")!.Open();
            var elf = new byte[20];
            library.ReadExactly(elf);
            Assert.That((elf.AsSpan(0, 4).SequenceEqual("\u007fELF"u8), BitConverter.ToUInt16(elf, 18)), Is.EqualTo((true, machine)), runtime);
        }
    }

    [Test]
    public void It_says_its_license_and_what_it_needs_and_shows_the_readme()
    {
        using var package = ZipFile.OpenRead(Directory.GetFiles(_folder, "*.nupkg").Single());
        using var reader = new StreamReader(package.GetEntry("RawIo.Native.nuspec")!.Open());
        var text = reader.ReadToEnd();
        Assert.That(text, Does.Contain("<license type=\"expression\">MIT</license>").And.Contain("<readme>README.md</readme>")
            .And.Contain("<dependency id=\"RawIo\" ").And.Contain("<dependency id=\"Mono.Posix.NETStandard\" "));
    }

    /// <summary>The machines that there is a C compiler for here, and their numbers in an ELF header (elf.h, EM_…).</summary>
    private static IEnumerable<(string Runtime, ushort Machine)> Machines()
    {
        if (Has("aarch64-linux-gnu", Architecture.Arm64)) yield return ("linux-arm64", 183);
        if (Has("arm-linux-gnueabihf", Architecture.Arm)) yield return ("linux-arm", 40);
        if (Has("x86_64-linux-gnu", Architecture.X64)) yield return ("linux-x64", 62);

        static bool Has(string triple, Architecture machine) => File.Exists($"/usr/bin/{triple}-gcc")
            || (RuntimeInformation.OSArchitecture == machine && new[] { "gcc", "cc", "clang" }.Any(c => File.Exists($"/usr/bin/{c}")));
    }
}
