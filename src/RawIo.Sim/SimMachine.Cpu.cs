namespace RawIo.Sim;

// The processor's end of the interrupt lines, for code that handles its interrupt controllers itself.
public sealed partial class SimMachine
{
    private readonly Dictionary<int, InterruptInput> _cpuInputs = [];

    /// <summary>The interrupt inputs of the processor's cores, as the last controller on the way drives them; empty where no controller has a model.</summary>
    public IReadOnlyList<CpuLines> CpuLines
    {
        get
        {
            foreach (var attached in _devices)
                if (attached.Device is ICpuInterruptSource source && !FeedsAnother(attached)) return source.Cpus;
            return [];
        }
    }

    /// <summary>
    /// Opens a core's interrupt request, switched on: what a program without an operating system waits for. It asks the
    /// controllers' registers itself which device it was.
    /// </summary>
    /// <param name="core">The core, from 0.</param>
    /// <param name="name">Who opens it.</param>
    /// <exception cref="ResourceBusyException">Somebody has it; the message names him.</exception>
    /// <exception cref="RawIoException">There is no such core, or nothing drives its request (ENXIO).</exception>
    public IInterrupt OpenCpuInterrupt(int core, string name = "cpu")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(core);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ThrowIfDisposed();
        var lines = CpuLines;
        if (core >= lines.Count)
            throw new RawIoException(Errno.ENXIO, $"{Name} drives the interrupt requests of {lines.Count} cores, from 0; there is no {core}.");
        using var held = new HeldLock(_gate);
        if (!_cpuInputs.TryGetValue(core, out var input))
        {
            _cpuInputs[core] = input = new($"CPU {core} IRQ");
            input.Connect(lines[core].Irq);
        }
        return Open(input, name);
    }

    /// <summary>The line that no device tree mentions: from the GPU's interrupt controller to the cores' own.</summary>
    private void WireFiq()
    {
        foreach (var to in _devices)
            if (to.Device is Bcm2836LocalModel local)
                foreach (var from in _devices)
                    if (from.Device is Bcm2835InterruptControllerModel gpu) local.GpuFiq.Connect(gpu.Cpus[0].Fiq);
    }

    /// <summary>Whether its output goes to another controller that has a model.</summary>
    private bool FeedsAnother(AttachedDevice controller)
    {
        foreach (var interrupt in controller.Node?.Interrupts ?? [])
            foreach (var other in _devices)
                if (other != controller && other.Node is not null && other.Node == interrupt.Controller && other.Device is IInterruptController) return true;
        return false;
    }
}
