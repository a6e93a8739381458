using System.Reflection;

namespace RawIo.Metal;

/// <summary>The contract fixtures of tests/RawIo.Tests as checks: what NUnit's own runner would do with them, test by test.</summary>
internal static class ContractRunner
{
    /// <summary>The tests of a fixture, one check each.</summary>
    /// <param name="what">What begins the names.</param>
    /// <param name="contract">The fixture that has the tests.</param>
    /// <param name="make">Makes the subclass; called when a check runs.</param>
    public static IEnumerable<Check> ChecksOf(string what, Type contract, Func<object> make) =>
        contract.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.IsDefined(typeof(TestAttribute), false))
            .OrderBy(method => method.Name, StringComparer.Ordinal)
            .Select(method => Check.Named($"{what}: {method.Name.Replace('_', ' ')}", () => Run(contract, method, make())));

    private static void Run(Type contract, MethodInfo test, object fixture)
    {
        Invoke(With(contract, typeof(SetUpAttribute)), fixture);
        try
        {
            Invoke(test, fixture);
        }
        finally
        {
            Invoke(With(contract, typeof(TearDownAttribute)), fixture);
        }
    }

    private static MethodInfo With(Type contract, Type attribute) =>
        contract.GetMethods().Single(method => method.IsDefined(attribute, false));

    private static void Invoke(MethodInfo method, object fixture) =>
        method.Invoke(fixture, BindingFlags.DoNotWrapExceptions, null, null, null);
}
