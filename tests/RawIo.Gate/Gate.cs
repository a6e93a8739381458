using System.Reflection;

namespace RawIo.Gate;

/// <summary>What became of one pattern.</summary>
/// <param name="Wrong">The accesses that differ; null if all is as written, or if <paramref name="Unclear"/> says why nobody can tell.</param>
internal sealed record Verdict(string? Wrong, string? Unclear, string Listing)
{
    public bool Exact => Wrong is null && Unclear is null;

    public override string ToString() => $"{Wrong ?? Unclear ?? "exact"}\n{Listing}";
}

/// <summary>One compiler's code against what was written.</summary>
internal sealed class Gate
{
    private readonly CompiledProgram _program;
    private readonly WindowLayout _layout;
    private readonly Dictionary<(string, string), Verdict> _verdicts = [];

    public Gate(CompiledProgram program)
    {
        _program = program;
        _layout = new(Field(nameof(Layout.Base)), Field(nameof(Layout.Mapping)));
    }

    /// <summary>A pattern of a class of patterns.</summary>
    public Verdict Judge(Type type, string method)
    {
        var info = type.GetMethod(method)!;
        var width = type.IsGenericType ? Widths.SizeOf(type.GetGenericArguments()[^1]) : 0;
        return Judge(type, info, info.GetCustomAttribute<PatternAttribute>()!.Accesses, width);
    }

    /// <summary>Any method, and the accesses it is to make.</summary>
    public Verdict Judge(Type type, MethodInfo method, string accesses, int width)
    {
        var name = _program.NameOf(type, method.Name);
        if (!_verdicts.TryGetValue((name, accesses), out var verdict)) _verdicts.Add((name, accesses), verdict = Compare(name, method, accesses, width));
        return verdict;
    }

    private Verdict Compare(string name, MethodInfo method, string accesses, int width)
    {
        var function = new Function(name, []);
        try
        {
            function = _program.Find(name) ?? throw new NotUnderstoodException($"{name} is not in the compiled program.");
            var analyzer = new Analyzer(_program, _layout);
            var found = analyzer.Accesses(function, [.. Arguments(method)]);
            if (!Expectation.SaysOffsets(accesses)) found = found.Renamed(s => s[..s.IndexOf('@')]);
            var written = Expectation.Of(accesses, width);
            var listing = $"{function.Name}\n{function.Listing}\non the device:\n  {string.Join("\n  ", analyzer.DeviceSteps)}";
            if (found.ShortestNotIn(written, beginnings: true) is { } extra) return new($"makes {extra}", null, listing);
            return written.ShortestNotIn(found, beginnings: false) is { } lacking ? new($"lacks {lacking}", null, listing) : new(null, null, listing);
        }
        catch (NotUnderstoodException e)
        {
            return new(null, e.Message, function.Listing);
        }
    }

    // The one word that a method loads from the window it is given.
    private long Field(string method)
    {
        var name = _program.NameOf(typeof(Layout), method);
        var analyzer = new Analyzer(_program, new(-1, -1));
        analyzer.Accesses(_program.Find(name) ?? throw new NotUnderstoodException($"{name} is not in the compiled program."), [new Value.Window(0)]);
        return analyzer.WindowLoads.Distinct().Single();
    }

    private static IEnumerable<Value> Arguments(MethodInfo method)
    {
        if (!method.IsStatic) yield return new Value.Window(0);
        foreach (var type in method.GetParameters().Select(p => p.ParameterType))
        {
            if (type.IsPointer || type == typeof(Direct) || type == typeof(Plain) || type == typeof(VolatileOnly)) yield return new Value.Device(0);
            else if (type == typeof(Window) || type == typeof(Relaxed) || type == typeof(Interface) || type.IsAssignableTo(typeof(IMmio))) yield return new Value.Window(0);
            else if (type.IsByRef || type.IsClass) yield return Value.Inert;
            else if (type.IsByRefLike)
            {
                yield return Value.Inert;
                yield return Value.Any;
            }
            else if (type.IsPrimitive) yield return Value.Any;
            else throw new NotUnderstoodException($"{method.Name} takes a {type}.");
        }
    }
}

/// <summary>The widths.</summary>
internal static class Widths
{
    public static IReadOnlyList<Type> All { get; } = [typeof(byte), typeof(ushort), typeof(uint), typeof(ulong)];

    public static int SizeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => 1,
        TypeCode.UInt16 => 2,
        TypeCode.UInt32 => 4,
        _ => 8,
    };
}
