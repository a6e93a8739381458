using System.Globalization;
using System.Runtime.InteropServices;

namespace RawIo.Native;

/// <summary>What the kernel says about itself and about this process, from its files.</summary>
internal sealed class HostKernel
{
    private const int CapSysRawIo = 17;

    private readonly string? _configuration;

    public HostKernel(HostFiles files, Architecture architecture)
    {
        Release = files.Line("proc/sys/kernel/osrelease");
        Architecture = architecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "x86_64",
            System.Runtime.InteropServices.Architecture.X86 => "i686",
            System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
            System.Runtime.InteropServices.Architecture.Arm => "arm",
            var other => other.ToString().ToLowerInvariant(),
        };
        HasPorts = architecture is System.Runtime.InteropServices.Architecture.X64 or System.Runtime.InteropServices.Architecture.X86;
        _configuration = files.Text($"boot/config-{Release}") ?? files.GzipText("proc/config.gz") ?? files.Text($"lib/modules/{Release}/config");
        IsRelaxed = files.Line("proc/cmdline")?.Split(' ').Contains("iomem=relaxed") == true;
        Lockdown = files.Line("sys/kernel/security/lockdown") is { } modes && modes.IndexOf('[') is >= 0 and var at && modes.IndexOf(']') is var end && end > at
            ? modes[(at + 1)..end] is "none" ? null : modes[(at + 1)..end] : null;
        Container = FindContainer(files);
        var status = files.Text("proc/self/status");
        HasRawIo = ulong.TryParse(HostFiles.Field(status, "CapEff"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var held)
            ? (held >> CapSysRawIo & 1) != 0 : null;
        UserId = Numbers(HostFiles.Field(status, "Uid")) is [_, var effective, ..] ? effective : null;
        Groups = GroupNames(files.Text("etc/group"), [.. Numbers(HostFiles.Field(status, "Gid")).Skip(1).Take(1), .. Numbers(HostFiles.Field(status, "Groups"))]);
    }

    /// <summary>"6.12.0-rpi", as uname -r has it.</summary>
    public string? Release { get; }

    /// <summary>As uname -m has it: "x86_64", "aarch64".</summary>
    public string Architecture { get; }

    /// <summary>Whether the processor has I/O ports.</summary>
    public bool HasPorts { get; }

    /// <summary>Whether the command line has iomem=relaxed.</summary>
    public bool IsRelaxed { get; }

    /// <summary>"integrity" or "confidentiality"; null where the kernel is not locked down.</summary>
    public string? Lockdown { get; }

    /// <summary>"docker", "podman" or another name for the container this process is in; null outside.</summary>
    public string? Container { get; }

    /// <summary>Whether CAP_SYS_RAWIO is effective; null where the kernel does not tell.</summary>
    public bool? HasRawIo { get; }

    /// <summary>The effective user.</summary>
    public int? UserId { get; }

    /// <summary>The effective group and the others, by name where /etc/group has one.</summary>
    public IReadOnlyList<string> Groups { get; }

    /// <summary>Whether the kernel is built with an option: "y" or "m" of its configuration; null where no configuration can be read.</summary>
    public bool? IsBuiltWith(string option)
    {
        if (_configuration is null) return null;
        foreach (var line in _configuration.AsSpan().EnumerateLines())
            if (line.StartsWith(option) && line[option.Length..] is "=y" or "=m") return true;
        return false;
    }

    private static string? FindContainer(HostFiles files)
    {
        if (files.Exists("run/.containerenv")) return "podman";
        if (files.Exists(".dockerenv")) return "docker";
        if (files.Line("run/systemd/container") is { } name) return name;
        var cgroup = files.Text("proc/1/cgroup") ?? files.Text("proc/self/cgroup") ?? "";
        return Array.Find(["docker", "kubepods", "libpod", "containerd", "lxc"], n => cgroup.Contains(n, StringComparison.Ordinal));
    }

    private static int[] Numbers(string? field) =>
        [.. (field ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => int.TryParse(n, CultureInfo.InvariantCulture, out var number) ? number : -1)];

    private static string[] GroupNames(string? table, int[] ids)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in (table ?? "").Split('\n'))
            if (line.Split(':') is [var name, _, var id, ..] && HostFiles.Clean(name) is { } clean) names.TryAdd(id, clean);
        return [.. ids.Distinct().Select(id => id.ToString(CultureInfo.InvariantCulture)).Select(id => names.GetValueOrDefault(id, id))];
    }
}
