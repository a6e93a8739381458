using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using RawIo.Gate;

// Without an argument: has every pattern compiled. "warm": calls them until they are compiled at the last tier.
if (args is ["warm"])
{
    Warm.Up();
}
else
{
    Catalogue.Visit(new Compile());
    Warm.CallWindowMethods(); // what implements an interface is compiled when it is called, not when it is prepared
}

/// <summary>Has a method compiled; to the ahead-of-time compiler, the mention is enough.</summary>
internal sealed class Compile : Catalogue.IVisitor
{
    public void Visit([DynamicallyAccessedMembers(Catalogue.Kept)] Type type)
    {
        RuntimeTypeHandle[] arguments = type.IsGenericType ? [.. type.GetGenericArguments().Select(a => a.TypeHandle)] : [];
        foreach (var method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            if (!method.IsGenericMethodDefinition && !method.IsAbstract && method.GetMethodBody() is not null)
                RuntimeHelpers.PrepareMethod(method.MethodHandle, arguments);
    }
}
