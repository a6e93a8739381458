using RawIo.QTest;
using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>A machine of QEMU's, as <c>--on qemu:NAME</c> asks for it.</summary>
internal static class EmulatedMachine
{
    private const string Prefix = "qemu:";

    /// <summary>Whether the option names one.</summary>
    public static bool IsNamed(string on) => on.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Starts it, stopped: a device does what the accesses ask for, and nobody else touches it.</summary>
    /// <param name="on">The option.</param>
    /// <param name="tree">Its device tree; null for the one of our board of that Raspberry Pi.</param>
    public static QTestMachine Open(string on, DeviceTree? tree)
    {
        var name = on[Prefix.Length..];
        if (name.Length == 0 || name[0] == '-' || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            throw new UsageException($"--on '{on}' names no machine; write qemu:raspi3b or qemu:pc (qemu-system-x86_64 -M help and qemu-system-aarch64 -M help list them).");
        return QTestMachine.Open(name, new() { DeviceTree = tree ?? TreeOf(name) });
    }

    // qtest does not tell a device tree, and QEMU's Raspberry Pis have none of their own.
    private static DeviceTree? TreeOf(string name)
    {
        var board = name switch
        {
            "raspi0" or "raspi1ap" => "pi1",
            "raspi2b" => "pi2",
            "raspi3ap" or "raspi3b" => "pi3",
            "raspi4b" => "pi4",
            _ => null,
        };
        if (board is null) return null;
        using var machine = SimMachine.Create(board, new() { SteppedClock = true });
        return machine.DeviceTree;
    }
}
