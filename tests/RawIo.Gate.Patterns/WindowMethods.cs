using System.Reflection;
using RawIo.Native;

namespace RawIo.Gate;

/// <summary>The window's own methods, which an interface call ends in, with the accesses in their names.</summary>
public static class WindowMethods
{
    public static IEnumerable<(MethodInfo Method, string Accesses)> All()
    {
        foreach (var method in typeof(NativeMmio).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
        {
            var bits = method.Name.AsSpan().TrimStart("RelaxdWit");
            if (!method.Name.EndsWith("Rep", StringComparison.Ordinal) && int.TryParse(bits, out var width))
                yield return (method, $"{method.Name[0]}{width / 8}");
        }
    }
}
