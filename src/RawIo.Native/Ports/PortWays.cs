using System.Runtime.InteropServices;

namespace RawIo.Native;

/// <summary>The ways to an x86 machine's ports.</summary>
internal static class PortWays
{
    private static readonly PortAccess[] s_auto = [PortAccess.IoPerm, PortAccess.IoPl, PortAccess.DevPort];

    /// <summary>Opens a range of ports by the way the options name, or by the first that works.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves 0 to 0xffff, or there is no such way.</exception>
    /// <exception cref="RawIoException">The machine has no ports (ENXIO), or refuses them; the message has the remedy.</exception>
    public static IPortGrant Open(HostOptions options, int first, int count) => Open(options, first, count, RightsOf(options));

    /// <summary>Opens a range of ports by one way, and by no other.</summary>
    /// <returns>Null where it does not work, and why.</returns>
    public static IPortGrant? TryOpen(PortAccess way, HostOptions options, int first, int count, out RawIoException? refusal) =>
        TryOpen(way, options, first, count, RightsOf(options), out refusal);

    internal static IPortGrant Open(HostOptions options, int first, int count, PortRights rights)
    {
        AccessCheck.PortRange(first, count);
        if (options.PortAccess != PortAccess.Auto)
            return TryOpen(options.PortAccess, options, first, count, rights, out var refusal) ?? throw refusal!;
        if (!HasPorts(rights)) throw PortRefusal.NoPorts(rights.Kernel.Machine);
        var reasons = new List<RawIoException>();
        foreach (var way in s_auto)
        {
            if (TryOpen(way, options, first, count, rights, out var reason) is { } ports) return ports;
            reasons.Add(reason!);
        }
        throw PortRefusal.OfAll(first, count, reasons);
    }

    internal static IPortGrant? TryOpen(
        PortAccess way, HostOptions options, int first, int count, PortRights rights, out RawIoException? refusal)
    {
        AccessCheck.PortRange(first, count);
        refusal = null;
        if (!HasPorts(rights))
        {
            refusal = PortRefusal.NoPorts(rights.Kernel.Machine);
            return null;
        }
        switch (way)
        {
            case PortAccess.IoPerm or PortAccess.IoPl when !rights.Kernel.HasInstructions:
                refusal = LibRawIo.Missing(way == PortAccess.IoPl ? "Opening ports by iopl" : "Opening ports by ioperm");
                return null;
            case PortAccess.IoPerm or PortAccess.IoPl:
                var ports = NativePorts.TryOpen(rights, way, first, count, out var errno);
                if (ports is null) refusal = PortRefusal.Of(way, first, count, errno);
                return ports;
            case PortAccess.DevPort:
                try
                {
                    return DevPort.Open(Path.Join(options.Root, "dev/port"), first, count);
                }
                catch (RawIoException e)
                {
                    refusal = e;
                    return null;
                }
            default:
                throw new ArgumentOutOfRangeException(nameof(way), way, "There is no such way to ports: IoPerm, IoPl or DevPort.");
        }
    }

    private static PortRights RightsOf(HostOptions options) => options.Root == "/" ? PortRights.Host : PortRights.StandIn;

    private static bool HasPorts(PortRights rights) => rights.Kernel.Machine is Architecture.X64 or Architecture.X86;
}
