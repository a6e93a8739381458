namespace RawIo.Tests;

/// <summary>A driver that does what the test says and writes down what was asked of it.</summary>
internal sealed class LoggingDriver(string name, params string[] compatible) : IPlatformDriver
{
    public List<string> Log { get; } = [];
    public Action<PlatformDevice>? OnProbe { get; init; }
    public Action<PlatformDevice>? OnRemove { get; init; }
    public string Name => name;
    public IReadOnlyList<string> Compatible => compatible;

    public void Probe(PlatformDevice device)
    {
        Log.Add($"probe {device.Name}");
        OnProbe?.Invoke(device);
    }

    public void Remove(PlatformDevice device)
    {
        Log.Add($"remove {device.Name}");
        OnRemove?.Invoke(device);
    }
}
