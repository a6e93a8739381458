using System.Reflection;

namespace RawIo.Gate;

/// <summary>What is judged: one pattern at one width, in every way of reaching the device.</summary>
/// <param name="Name">The pattern's name.</param>
/// <param name="Accesses">The accesses it is to make.</param>
/// <param name="Bits">The width, or 0 where the pattern has its own.</param>
/// <param name="Methods">The method for each way, with the way's name.</param>
internal sealed record GateCase(string Name, string Accesses, int Bits, IReadOnlyList<(string Way, Type Type, MethodInfo Method)> Methods)
{
    /// <summary>Patterns that must be exact.</summary>
    public static IReadOnlyList<GateCase> Exact { get; } =
        [.. Matrix(Catalogue.Exact), .. Registers(), .. Plain(typeof(BlockPatterns)), .. Plain(typeof(HandWritten)), .. OwnMethods()];

    /// <summary>The window's own methods.</summary>
    public static IEnumerable<GateCase> Accessors => OwnMethods();

    /// <summary>The same patterns by an accessor that must be caught.</summary>
    public static IReadOnlyList<GateCase> Naive(Type accessor) => [.. Matrix([accessor])];

    public Verdict Judge(Gate gate, (string Way, Type Type, MethodInfo Method) method) =>
        gate.Judge(method.Type, method.Method, Accesses, Bits / 8);

    public override string ToString() => Bits == 0 ? Name : $"{Name}, {Bits} bits";

    private static IEnumerable<GateCase> Matrix(IReadOnlyList<Type> accessors) =>
        from definition in new[] { typeof(ReadPatterns<,>), typeof(WritePatterns<,>), typeof(LoopPatterns<,>) }
        from method in Patterns(definition)
        from width in Widths.All
        let pattern = method.GetCustomAttribute<PatternAttribute>()!
        select new GateCase(pattern.Name, pattern.Accesses, 8 * Widths.SizeOf(width),
            [.. accessors.Select(a => (a.Name, definition.MakeGenericType(a, width))).Select(t => (t.Name, t.Item2, t.Item2.GetMethod(method.Name)!))]);

    private static IEnumerable<GateCase> Registers() =>
        from method in Patterns(typeof(RegisterPatterns<>))
        from width in Widths.All
        let type = typeof(RegisterPatterns<>).MakeGenericType(width)
        let pattern = method.GetCustomAttribute<PatternAttribute>()!
        select new GateCase(pattern.Name, pattern.Accesses, 8 * Widths.SizeOf(width), [("Register", type, type.GetMethod(method.Name)!)]);

    private static IEnumerable<GateCase> Plain(Type type) =>
        from method in Patterns(type)
        let pattern = method.GetCustomAttribute<PatternAttribute>()!
        select new GateCase(pattern.Name, pattern.Accesses, 0, [(type.Name, type, method)]);

    private static IEnumerable<GateCase> OwnMethods() =>
        from method in WindowMethods.All()
        select new GateCase($"NativeMmio.{method.Method.Name}", method.Accesses, 0, [(nameof(Native.NativeMmio), typeof(Native.NativeMmio), method.Method)]);

    private static IEnumerable<MethodInfo> Patterns(Type type) =>
        type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly).OrderBy(m => m.MetadataToken);
}
