namespace RawIo.Native;

/// <summary>What machine this is and which ways lead to its registers now, for this process. Found without touching any.</summary>
public sealed record HostReport
{
    /// <summary>The machine.</summary>
    public required HostBoard Board { get; init; }

    /// <summary>The kernel's release, as uname -r has it; "unknown" where /proc does not tell.</summary>
    public required string Kernel { get; init; }

    /// <summary>The processor as this program sees it, named as uname -m does: "x86_64", "aarch64", "arm".</summary>
    public required string Architecture { get; init; }

    /// <summary>The ways to the registers, usable or not.</summary>
    public required IReadOnlyList<HostWay> Ways { get; init; }

    /// <summary>The native library. It is no way to registers, but word ports, wide barriers and guarded reads need it.</summary>
    public required HostWay Library { get; init; }

    /// <summary>What else there is to know: who this process runs as, a container, a lockdown.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Whether some way works.</summary>
    public bool ReachesRegisters => Ways.Any(w => w.Usable);

    /// <summary>Looks at this machine. No register is touched, nothing is mapped, and nothing that is missing makes it fail: it works as any user.</summary>
    /// <remarks>/dev/mem, /dev/port and /dev/gpiomem are opened and closed; ioperm and iopl are granted to a thread that ends; the rest is read from /proc and /sys.</remarks>
    /// <param name="options">How the machine is opened.</param>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static HostReport Probe(HostOptions? options = null)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("Real registers need Linux; SimMachine runs everywhere.");
        return Probe(options ?? new(), new HostCalls());
    }

    internal static HostReport Probe(HostOptions options, IHostCalls calls)
    {
        var files = new HostFiles(options.Root);
        var kernel = new HostKernel(files, calls.Architecture);
        var (tree, malformed) = Tree(files);
        var board = BoardFinder.Find(files, tree, kernel.Architecture);
        var probe = new HostProbe(files, calls, kernel, board, tree, options.Root);
        return new()
        {
            Board = board,
            Kernel = kernel.Release ?? "unknown",
            Architecture = kernel.Architecture,
            Ways =
            [
                MemoryWays.DevMem(probe), .. MemoryWays.GpioMemFiles(probe), .. DeviceWays.Uio(probe),
                .. DeviceWays.Pci(probe) is { } pci ? [pci] : Array.Empty<HostWay>(), .. PortProbes.All(probe),
            ],
            Library = calls.HasLibRawIo
                ? new("librawio", true, "loads")
                : new("librawio", false, "not found: no word ports, wide barriers or guarded reads", "install librawio.so beside the program"),
            Notes = [.. Remarks(kernel), .. malformed is null ? Array.Empty<string>() : [malformed]],
        };
    }

    private static (DeviceTree? Tree, string? Note) Tree(HostFiles files)
    {
        try
        {
            return files.Exists("proc/device-tree") ? (DeviceTree.FromFolder(files.Path("proc/device-tree")), null) : (null, null);
        }
        catch (Exception error) when (error is MalformedInputException or RawIoException)
        {
            return (null, $"/proc/device-tree cannot be read: {error.Message}");
        }
    }

    private static IEnumerable<string> Remarks(HostKernel kernel)
    {
        var rawIo = kernel.HasRawIo switch { true => "with CAP_SYS_RAWIO", false => "without CAP_SYS_RAWIO", null => "capabilities not told" };
        var user = kernel.UserId is { } id ? $"user {id}" : "a user that is not told";
        var groups = kernel.Groups.Count > 0 ? $" in {string.Join(", ", kernel.Groups)}," : "";
        yield return $"This process runs as {user},{groups} {rawIo}.";
        if (kernel.Container is { } name) yield return $"It runs in a container ({name}): what is missing here may be there outside.";
        if (kernel.Lockdown is { } mode) yield return $"The kernel is locked down ({mode}): it refuses /dev/mem, /dev/port, ports and PCI BARs even to root.";
        if (!kernel.HasPorts) yield return "This processor has no I/O ports.";
    }
}
