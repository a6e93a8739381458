using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime;
using RawIo.Native;

namespace RawIo.Gate;

/// <summary>Calls every pattern on ordinary memory until the runtime has compiled it at its last tier.</summary>
internal sealed unsafe class Warm : Catalogue.IVisitor
{
    private const int Length = 0x4000, Calls = 40, FewestRounds = 4, MostRounds = 20;
    private readonly List<(Action<Warm, nint> Caller, nint Method)> _calls = [];
    private readonly NativeMmio _window;
    private readonly byte* _memory;
    private bool _condition;

    private Warm()
    {
        var file = Path.GetTempFileName();
        File.WriteAllBytes(file, new byte[Length]);
        _window = DeviceFile.Map(file, 0, Length, 0);
        File.Delete(file);
        _memory = (byte*)Layout.Base(_window);
    }

    public static void Up()
    {
        var warm = new Warm();
        Catalogue.Visit(warm);
        // The first round compiles all for the first time, alone: the runtime counts calls once nothing new has been
        // compiled for a while. Two threads that compile at once would mix their listings.
        long before = -1;
        for (var round = 0; round < FewestRounds || (round < MostRounds && before != JitInfo.GetCompiledMethodCount()); round++)
        {
            before = JitInfo.GetCompiledMethodCount();
            foreach (var (caller, method) in warm._calls)
                for (var i = 0; i < Calls; i++)
                    caller(warm, method);
            WaitForCompilers();
        }
    }

    /// <summary>Calls each of the window's own reads and writes once.</summary>
    public static void CallWindowMethods()
    {
        var warm = new Warm();
        foreach (var (method, _) in WindowMethods.All())
            method.Invoke(warm._window, [.. method.GetParameters().Select(p => Convert.ChangeType(0x10, p.ParameterType, CultureInfo.InvariantCulture))]);
    }

    public void Visit(Type type)
    {
        if (type.Namespace != typeof(Warm).Namespace) return; // called by the patterns
        foreach (var method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            _calls.Add((Caller(method), method.MethodHandle.GetFunctionPointer()));
    }

    /// <summary>Code that calls the method with an argument for each parameter: spans and pointers allow no other way.</summary>
    private static Action<Warm, nint> Caller(MethodInfo method)
    {
        var caller = new DynamicMethod("Call" + method.Name, null, [typeof(Warm), typeof(nint)], typeof(Warm).Module, skipVisibility: true);
        var il = caller.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, Maker(nameof(Reset)));
        foreach (var parameter in method.GetParameters())
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Call, Maker(parameter.ParameterType));
        }
        il.Emit(OpCodes.Ldarg_1); // a call by its address is not compiled into the caller
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, method.ReturnType, [.. method.GetParameters().Select(p => p.ParameterType)], null);
        if (method.ReturnType != typeof(void)) il.Emit(OpCodes.Pop);
        il.Emit(OpCodes.Ret);
        return caller.CreateDelegate<Action<Warm, nint>>();
    }

    private static MethodInfo Maker(Type type)
    {
        if (type.IsByRef) return Maker("Place").MakeGenericMethod(type.GetElementType()!);
        if (type.IsPointer) return Maker("Pointer");
        var name = type.Name.Split('`')[0];
        return type.IsGenericType ? Maker(name).MakeGenericMethod(type.GetGenericArguments()) : Maker(name);
    }

    private static MethodInfo Maker(string name) =>
        typeof(Warm).GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new InvalidOperationException($"No argument of type {name} to call patterns with.");

    private static void WaitForCompilers()
    {
        for (long before = -1; before != JitInfo.GetCompiledMethodCount(); Thread.Sleep(500)) before = JitInfo.GetCompiledMethodCount();
    }

    // Every bit set, so that polls end; the "FIFO" at 0x80 empty.
    private void Reset()
    {
        new Span<byte>(_memory, 0x100).Fill(0xff);
        new Span<byte>(_memory + 0x80, 8).Clear();
    }

    private Direct Direct() => new(_memory);

    private Plain Plain() => new(_memory);

    private VolatileOnly VolatileOnly() => new(_memory);

    private Window Window() => new(_window);

    private Relaxed Relaxed() => new(_window);

    private Interface Interface() => new(_window);

    private NativeMmio NativeMmio() => _window;

    private IMmio IMmio() => _window;

    private byte* Pointer() => _memory;

    private byte Byte() => 3;

    private ushort UInt16() => 3;

    private uint UInt32() => 3;

    private ulong UInt64() => 3;

    private int Int32() => 3;

    private long Int64() => 30;

    private bool Boolean() => _condition = !_condition;

    private ref T Place<T>() where T : unmanaged => ref (new T[1])[0];

    private Span<T> Span<T>() where T : unmanaged => new T[20];

    private ReadOnlySpan<T> ReadOnlySpan<T>() where T : unmanaged => new T[20];

    private ReadOnlyRegister<T> ReadOnlyRegister<T>() where T : unmanaged, System.Numerics.IBinaryInteger<T>, System.Numerics.IUnsignedNumber<T> => new("R", 0x10);

    private WriteOnlyRegister<T> WriteOnlyRegister<T>() where T : unmanaged, System.Numerics.IBinaryInteger<T>, System.Numerics.IUnsignedNumber<T> => new("W", 0x10);

    private ReadWriteRegister<T> ReadWriteRegister<T>() where T : unmanaged, System.Numerics.IBinaryInteger<T>, System.Numerics.IUnsignedNumber<T> => new("M", 0x10);

    private ConsumingRegister<T> ConsumingRegister<T>() where T : unmanaged, System.Numerics.IBinaryInteger<T>, System.Numerics.IUnsignedNumber<T> => new("C", 0x10);
}
