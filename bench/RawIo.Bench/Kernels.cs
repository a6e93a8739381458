namespace RawIo.Bench;

/// <summary>Debian's kernels and their device trees, where tests/fetch-kernels.sh put them.</summary>
internal static class Kernels
{
    /// <summary>What RAWIO_KERNELS names, or artifacts/kernels.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("RAWIO_KERNELS") ?? "artifacts/kernels";

    public static string DeviceTree(string name)
    {
        var folder = Path.Combine(Folder, "dtbs");
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, name, SearchOption.AllDirectories).First()
            : throw new DirectoryNotFoundException($"There is no {Path.GetFullPath(folder)}; fill it with tests/fetch-kernels.sh artifacts/kernels, or say in RAWIO_KERNELS where it is.");
    }
}
