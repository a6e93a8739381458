namespace RawIo.Native;

/// <summary>The machine this program runs on: real registers. A wrong write can hang or damage it.</summary>
public sealed class HostMachine : IHardware
{
    private readonly HostOptions _options;

    private HostMachine(HostOptions options) => _options = options;

    /// <summary>Opens this machine. Nothing is touched until something is mapped or a port opened.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static HostMachine Open(HostOptions? options = null)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("Real registers need Linux; SimMachine runs everywhere.");
        return new(options ?? new());
    }

    /// <inheritdoc/>
    public string Name => "host";

    /// <inheritdoc/>
    public DeviceTree? DeviceTree => throw new NotImplementedException();

    /// <inheritdoc/>
    public ResourceTree Memory => throw new NotImplementedException();

    /// <inheritdoc/>
    public ResourceTree Ports => throw new NotImplementedException();

    /// <inheritdoc/>
    public TimeProvider Time => TimeProvider.System;

    /// <inheritdoc/>
    public MemRegion RequestMemRegion(ulong start, long length, string name) => throw new NotImplementedException();

    /// <inheritdoc/>
    public PortRegion RequestRegion(int first, int count, string name) => throw new NotImplementedException();

    /// <inheritdoc/>
    public IMmioMapping IoRemap(ulong physicalAddress, long length) =>
        DeviceFile.Map(Path.Join(_options.Root, "dev/mem"), physicalAddress, length, physicalAddress);

    /// <inheritdoc/>
    public IPortGrant OpenPorts(int first, int count) => throw new NotImplementedException();

    /// <summary>Gives everything back.</summary>
    public void Dispose()
    {
    }
}
