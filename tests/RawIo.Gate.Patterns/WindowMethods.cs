using System.Reflection;
using RawIo.Native;

namespace RawIo.Gate;

/// <summary>The window's own methods, which an interface call ends in, with the accesses in their names.</summary>
public static class WindowMethods
{
    public static IEnumerable<(MethodInfo Method, string Accesses)> All()
    {
        foreach (var method in typeof(NativeMmio).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            if (method.Name.StartsWith("Read", StringComparison.Ordinal) || method.Name.StartsWith("Write", StringComparison.Ordinal))
            {
                if (int.TryParse(method.Name.AsSpan().TrimStart("ReadWritelaxed"), out var bits)) yield return (method, $"{method.Name[0]}{bits / 8}");
            }
            else if (method.Name.StartsWith("Modify", StringComparison.Ordinal))
            {
                var bytes = int.Parse(method.Name.AsSpan("Modify".Length), System.Globalization.CultureInfo.InvariantCulture) / 8;
                yield return (method, $"R{bytes} W{bytes}");
            }
    }
}
