namespace RawIo.Tests;

/// <summary>Device trees that tests take from outside the repository, when they are there.</summary>
internal static class DeviceTreeFiles
{
    public const string Pi3 = "bcm2837-rpi-3-b.dtb";
    public const string Pi4 = "bcm2711-rpi-4-b.dtb";

    /// <summary>A kernel's tree from the folder of Debian's, or from shared/captures beside or above the clone; null if it is in neither.</summary>
    public static string? Kernel(string name)
    {
        if (Environment.GetEnvironmentVariable("RAWIO_DTBS") is { Length: > 0 } folder && Directory.Exists(folder)
            && Directory.EnumerateFiles(folder, name, SearchOption.AllDirectories).FirstOrDefault() is { } found) return found;
        for (var at = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); at is not null; at = at.Parent)
            if (Path.Combine(at.FullName, "shared", "captures", name) is var path && File.Exists(path)) return path;
        return null;
    }

    /// <summary>The same, or the test is skipped.</summary>
    public static byte[] ReadKernel(string name)
    {
        if (Kernel(name) is not { } path)
        {
            Assert.Ignore($"SKIPPED: no {name} in shared/captures beside the clone, nor in RAWIO_DTBS (fill a folder with tests/fetch-kernels.sh)");
            return [];
        }
        return File.ReadAllBytes(path);
    }

    /// <summary>Writes a tree as the kernel shows it.</summary>
    public static void WriteFolder(DeviceTree tree, string folder)
    {
        foreach (var node in tree.Nodes)
        {
            var path = folder + node.Path;
            Directory.CreateDirectory(path);
            foreach (var property in node.Properties) File.WriteAllBytes(Path.Combine(path, property.Name), property.Value.ToArray());
            // The kernel adds this one to each.
            File.WriteAllText(Path.Combine(path, "name"), node.BaseName + "\0");
        }
    }
}
