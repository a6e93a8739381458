using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime;
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;

namespace RawIo.Bench;

/// <summary>
/// Every benchmark that has a bound, beside its reference: the two take turns of half a millisecond in one process, so that
/// whatever else the machine does slows both, and the ratio of the lower quartiles is the row.
/// </summary>
/// <param name="rounds">How many turns each takes.</param>
/// <param name="runtime">What runs this program.</param>
/// <param name="only">Part of the name of the class to run; empty for all.</param>
internal sealed class PairedRuns(int rounds, string runtime, string only)
{
    private const double TurnNanoseconds = 5e5;
    private const int WarmUpCalls = 40;
    private const int QuietWarmUps = 3;
    private const int MostWarmUps = 40;
    private const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    // Between the JIT's tiers lie thirty calls, and a tenth of a second in which nothing new is called.
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(120);
    private static ulong s_sink;
    private static object? s_object;

    /// <summary>The rows of one class, for all of its parameters.</summary>
    public IEnumerable<Row> Of<[DynamicallyAccessedMembers(Members)] T>() where T : new()
    {
        if (!typeof(T).Name.Contains(only, StringComparison.OrdinalIgnoreCase)) yield break;
        var parameter = typeof(T).GetProperties().SingleOrDefault(p => p.GetCustomAttribute<ParamsAttribute>() is not null);
        object?[] values = parameter?.GetCustomAttribute<ParamsAttribute>()!.Values ?? [null];
        foreach (var value in values)
        {
            var suite = new T();
            parameter?.SetValue(suite, value);
            var methods = typeof(T).GetMethods();
            SetUp(suite, methods);
            try
            {
                var bodies = methods.Where(m => m.GetCustomAttribute<BenchmarkAttribute>() is not null).ToDictionary(m => m.Name, m => BodyOf(suite, m));
                WarmUp([.. bodies.Values.Select(b => b.Run)]);
                foreach (var method in methods)
                {
                    if (method.GetCustomAttribute<BoundAttribute>() is not { } bound) continue;
                    var name = parameter is null ? bound.What : $"{bound.What}, {value:n0} {parameter.Name.ToLowerInvariant()}";
                    yield return Measure(name, bound, bodies[method.Name], bound.Of is { } reference ? bodies[reference] : null);
                }
            }
            finally
            {
                Call<GlobalCleanupAttribute>(suite, methods);
            }
        }
    }

    private Row Measure(string name, BoundAttribute bound, Body ours, Body? reference)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ours.Run();
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / ours.Operations;
        var (times, otherTimes) = (TimesOfTurn(ours), reference is null ? 0 : TimesOfTurn(reference));
        var (mine, others) = (new double[rounds], new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            // Who goes first takes turns too.
            var othersFirst = reference is not null && (round & 1) != 0;
            if (othersFirst) others[round] = Turn(reference!, otherTimes);
            mine[round] = Turn(ours, times);
            if (reference is not null && !othersFirst) others[round] = Turn(reference, otherTimes);
        }
        var (each, theirs) = (LowerQuartile(mine), LowerQuartile(others));
        var (atMost, reached, limit) = runtime == "AOT" ? (bound.AtMostAot, bound.ReachedAot, bound.LimitAot ?? bound.Limit) : (bound.AtMost, bound.Reached, bound.Limit);
        return reference is null || bound.IsAdded
            ? Row.OfTime(name, runtime, bound.IsAdded ? each - theirs : each, atMost, allocated, bound.Allocates)
            : new(name, runtime, bound.Reference, each, each / theirs, atMost, allocated, bound.Allocates, reached, limit);
    }

    /// <summary>What a turn takes where nobody comes in between: a busy machine takes the processor away from many, but not from most.</summary>
    private static double LowerQuartile(double[] turns) => turns.Order().ElementAt(turns.Length / 4);

    /// <summary>Until all are compiled as they stay: nothing has been compiled for some calls and rests.</summary>
    private static void WarmUp(Action[] bodies)
    {
        var (compiled, quiet) = (-1L, 0);
        for (var round = 0; round < MostWarmUps && quiet < QuietWarmUps; round++)
        {
            for (var call = 0; call < WarmUpCalls; call++)
                foreach (var body in bodies) body();
            Thread.Sleep(s_rest);
            var count = JitInfo.GetCompiledMethodCount();
            (compiled, quiet) = (count, count == compiled ? quiet + 1 : 0);
        }
    }

    private static int TimesOfTurn(Body body)
    {
        for (var times = 1; ; times *= 2)
            if (Turn(body, times) * body.Operations * times is var took && took >= TurnNanoseconds / 4)
                return (int)Math.Max(1, times * TurnNanoseconds / took);
    }

    /// <summary>Nanoseconds of one operation.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Turn(Body body, int times)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++) body.Run();
        return Stopwatch.GetElapsedTime(begin).TotalNanoseconds / times / body.Operations;
    }

    private static Body BodyOf(object suite, MethodInfo method)
    {
        var operations = method.GetCustomAttribute<BenchmarkAttribute>()!.OperationsPerInvoke;
        if (method.ReturnType == typeof(void)) return new(method.CreateDelegate<Action>(suite), operations);
        if (method.ReturnType == typeof(uint))
        {
            var count = method.CreateDelegate<Func<uint>>(suite);
            return new(() => s_sink += count(), operations);
        }
        var make = method.CreateDelegate<Func<object?>>(suite);
        return new(() => s_object = make(), operations);
    }

    private static void SetUp(object suite, MethodInfo[] methods)
    {
        try
        {
            Call<GlobalSetupAttribute>(suite, methods);
        }
        catch (TargetInvocationException e) when (e.InnerException is DllNotFoundException missing)
        {
            throw new InvalidOperationException($"{suite.GetType().Name} has no C twin here. Install what README's section Benchmarks lists, and build again.", missing);
        }
    }

    private static void Call<TAttribute>(object suite, MethodInfo[] methods) where TAttribute : Attribute =>
        methods.SingleOrDefault(m => m.GetCustomAttribute<TAttribute>() is not null)?.Invoke(suite, null);

    /// <summary>What is measured, and how many operations a call of it makes.</summary>
    private sealed record Body(Action Run, int Operations);
}
