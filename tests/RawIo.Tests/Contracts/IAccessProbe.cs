namespace RawIo.Tests;

/// <summary>What the contracts want to know of the device behind a window or ports.</summary>
public interface IAccessProbe : IDisposable
{
    /// <summary>The accesses since the last call, in order; null where the backend cannot tell.</summary>
    IReadOnlyList<string>? TakeAccesses();
}

internal static class AccessProbes
{
    /// <summary>Asserts that these accesses and no others were made since the last look; goes on where the backend cannot tell.</summary>
    public static void AssertAccesses(this IAccessProbe probe, params string[] expected)
    {
        if (probe.TakeAccesses() is { } seen) Assert.That(seen, Is.EqualTo(expected));
    }
}
