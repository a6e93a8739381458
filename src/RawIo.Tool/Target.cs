using RawIo.QTest;
using RawIo.Sim;

namespace RawIo.Tool;

/// <summary>A device that may be named: where it is, and its registers where a driver of ours describes them.</summary>
internal sealed record TargetDevice(string Name, ulong Start, long Length, IReadOnlyList<string> Compatible)
{
    /// <summary>Its registers, by the most specific <c>compatible</c> that tells them.</summary>
    public RegisterMap? Map { get; } = RegisterNames.MapOf(Compatible);

    public bool Has(ulong address) => address >= Start && address - Start < (ulong)Length;
}

/// <summary>The machine a command works on, and the ways to its registers.</summary>
internal sealed class Target : IDisposable
{
    private readonly AddressSpace _space;
    private readonly Lazy<TargetDevice[]> _devices;
    private readonly bool _owned;

    /// <summary>A machine to work on, and to dispose.</summary>
    /// <param name="hardware">The machine.</param>
    /// <param name="session">Who is told what was restored; null where nothing is.</param>
    public Target(IHardware hardware, Session? session = null)
    {
        (Hardware, _owned, _space) = (hardware, true, new(hardware));
        _devices = new(() => [.. Find(hardware)]);
        if (session is not null) Undo = new(session, _space.Memory, RegistersAt);
    }

    private Target(Target whole)
    {
        (Hardware, _devices, Undo) = (whole.Hardware, whole._devices, whole.Undo);
        // What is undone at the end stays claimed till then.
        _space = Undo is null ? new(Hardware) : whole._space;
    }

    public IHardware Hardware { get; }

    /// <summary>The machine, where it is a simulated one that is not recorded: a recording has what goes through <see cref="IHardware"/>.</summary>
    public SimMachine? Sim => Hardware as SimMachine;

    /// <summary>Whether it is this computer.</summary>
    public bool IsHost => ((Hardware as Recorder)?.Hardware ?? Hardware) is not (SimMachine or QTestMachine or Replay);

    /// <summary>The machine, for what only a simulated one can tell.</summary>
    public SimMachine Simulated => Sim ?? throw new UsageException(Hardware is Recorder
        ? "Only a simulated machine can tell that, and it is not among what is recorded; leave --record away."
        : "Only a simulated machine can tell that; run it with --on sim:pi3, not on this computer (--host) or QEMU.");

    /// <summary>What hangs on the machine's serial ports, disposed with it.</summary>
    public IReadOnlyList<IDisposable> Cables { get; init; } = [];

    /// <summary>What restores in the end; null without --undo.</summary>
    public Undo? Undo { get; }

    /// <summary>The physical addresses, restored in the end where that is asked for.</summary>
    public IMmio Memory => Undo?.Memory ?? _space.Memory;

    /// <summary>The physical addresses, where nothing is restored.</summary>
    public IMmio PlainMemory => _space.Memory;

    /// <summary>The shell's machine for one of its lines.</summary>
    public Target Share() => new(this);

    /// <summary>Refuses bytes that lie outside the machine's physical addresses.</summary>
    public void CheckRange(ulong address, ulong length)
    {
        var end = (ulong)PlainMemory.Length;
        if (address >= end || length > end - address)
            throw new UsageException($"0x{length:x} bytes from ADDR 0x{address:x} leave the address space, which ends at 0x{end - 1:x}.");
    }

    /// <summary>Whether RAM is there that may be read in any width.</summary>
    public bool IsRam(ulong address) => Sim?.IsRam(address) == true;

    /// <summary>The devices, where they are known.</summary>
    public IReadOnlyList<TargetDevice> Devices => _devices.Value;

    /// <summary>The device at a physical address, or null.</summary>
    public TargetDevice? DeviceAt(ulong address) => Array.Find(_devices.Value, d => d.Has(address));

    public void Dispose()
    {
        if (!_owned)
        {
            if (Undo is null) _space.Dispose();
            return;
        }
        try
        {
            Undo?.Dispose();
        }
        finally
        {
            _space.Dispose();
            foreach (var cable in Cables) cable.Dispose();
            Hardware.Dispose();
        }
    }

    private IEnumerable<Register> RegistersAt(long address, int size) =>
        _devices.Value.Where(d => d.Map is not null).SelectMany(d => d.Map!.At(address - (long)d.Start, size));

    // A simulated machine knows its models, those of a PC too; a real one what its device tree says.
    private static IEnumerable<TargetDevice> Find(IHardware hardware)
    {
        if (hardware is SimMachine machine)
            return machine.Devices.Where(d => !d.IsPort).Select(d => new TargetDevice(d.Device.Name, d.Start, d.Length, RegisterNames.Compatible(d)));
        using var bus = new PlatformBus(hardware);
        return [.. bus.Devices.Where(d => d.Resources.Count > 0).Select(d =>
        {
            var (registers, map) = (d.Resources[0], RegisterNames.MapOf(d.Node.Compatible));
            // BCM2711's GPIO and the RNG have registers behind what the device tree gives them.
            var end = map is null ? 0 : map.Registers.Max(r => r.Offset + r.Size);
            return new TargetDevice(d.Name, registers.Start, Math.Max((long)registers.Size, end), d.Node.Compatible);
        })];
    }
}
