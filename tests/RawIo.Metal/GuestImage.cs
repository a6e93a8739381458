namespace RawIo.Metal;

/// <summary>The root file system of a guest: busybox, the C library, the modules, and the program of the checks and rawio compiled for the guest's processor.</summary>
internal sealed class GuestImage
{
    private static readonly Dictionary<string, GuestImage> s_made = [];

    // One compiler at a time, and each image once.
    private static readonly Lock s_lock = new();

    private GuestImage(string path) => Path = path;

    /// <summary>The gzipped cpio archive.</summary>
    public string Path { get; }

    /// <summary>Builds the image of an architecture, "amd64" or "arm64", if it has not been built in this run.</summary>
    public static GuestImage Of(string architecture)
    {
        lock (s_lock)
        {
            if (!s_made.TryGetValue(architecture, out var image)) s_made[architecture] = image = new(Build(architecture));
            return image;
        }
    }

    private static string Build(string architecture)
    {
        var runtime = architecture == "amd64" ? "linux-x64" : "linux-arm64";
        var checks = Publish("tests/RawIo.Metal.Guest", runtime);
        var tool = Publish("src/RawIo.Tool", runtime);

        var kernels = System.IO.Path.Join(Workshop.Kernels(), architecture);
        var root = System.IO.Path.Join(Workshop.Artifacts, $"root-{architecture}");
        if (Directory.Exists(root)) Directory.Delete(root, recursive: true);
        Copy(System.IO.Path.Join(kernels, "busybox"), root, "bin/busybox");
        File.CreateSymbolicLink(System.IO.Path.Join(root, "bin/sh"), "busybox");
        Copy(System.IO.Path.Join(AppContext.BaseDirectory, "init.sh"), root, "init");
        foreach (var module in Directory.GetFiles(System.IO.Path.Join(kernels, "modules"))) Copy(module, root, $"modules/{System.IO.Path.GetFileName(module)}");
        foreach (var library in Directory.GetFiles(System.IO.Path.Join(kernels, "lib"))) Copy(library, root, $"lib/{System.IO.Path.GetFileName(library)}");
        // Where the ABI says the loader is.
        File.CreateSymbolicLink(System.IO.Path.Join(root, "lib64"), "lib");
        foreach (var (folder, name) in new[] { (checks, "guest"), (tool, "tool") })
            foreach (var file in Directory.GetFiles(folder))
                if (System.IO.Path.GetExtension(file) is "" or ".so") Copy(file, root, $"{name}/{System.IO.Path.GetFileName(file)}");
        // What debuggers read is no use in there: arm64's program is a fifth without it.
        if (architecture == "arm64") Workshop.Run(TimeSpan.FromMinutes(1), "aarch64-linux-gnu-strip", System.IO.Path.Join(root, "guest/metal-guest"));

        var image = System.IO.Path.Join(Workshop.Artifacts, $"{architecture}.cpio.gz");
        Workshop.Run(TimeSpan.FromMinutes(1), "sh", "-c", "cd \"$0\" && find . | cpio --quiet -o -H newc -R 0:0 | gzip -1 >\"$1\"", root, image);
        return image;
    }

    /// <summary>Compiles a project for the guest; the folder it is published in.</summary>
    private static string Publish(string project, string runtime)
    {
        var build = System.IO.Path.Join(Workshop.Artifacts, "build");
        // Folders of its own, so that the build that these tests came from stays as it is.
        Workshop.Run(TimeSpan.FromMinutes(15), "dotnet", "publish", System.IO.Path.Join(Workshop.Repository(), project),
            "-r", runtime, "--artifacts-path", build, "-v", "quiet", "--nologo");
        return System.IO.Path.Join(build, "publish", System.IO.Path.GetFileName(project), $"release_{runtime}");
    }

    private static void Copy(string file, string root, string name)
    {
        var target = System.IO.Path.Join(root, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        File.Copy(file, target, overwrite: true);
        File.SetUnixFileMode(target, (UnixFileMode)Convert.ToInt32("755", 8));
    }
}
