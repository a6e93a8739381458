using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace RawIo.Gate;

/// <summary>Everything that is compiled and read.</summary>
public static class Catalogue
{
    public const DynamicallyAccessedMemberTypes Kept = DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods;

    /// <summary>How the patterns reach the device, and must be exact.</summary>
    public static IReadOnlyList<Type> Exact { get; } = [typeof(Direct), typeof(Window), typeof(Relaxed), typeof(Interface)];

    /// <summary>How one would reach it, and must be caught.</summary>
    public static IReadOnlyList<Type> Naive { get; } = [typeof(Plain), typeof(VolatileOnly)];

    /// <summary>Calls the visitor with every class of patterns there is.</summary>
    public static void Visit(IVisitor visitor)
    {
        Matrix<Direct>(visitor);
        Matrix<Window>(visitor);
        Matrix<Relaxed>(visitor);
        Matrix<Interface>(visitor);
        Matrix<Plain>(visitor);
        Matrix<VolatileOnly>(visitor);
        visitor.Visit(typeof(RegisterPatterns<byte>));
        visitor.Visit(typeof(RegisterPatterns<ushort>));
        visitor.Visit(typeof(RegisterPatterns<uint>));
        visitor.Visit(typeof(RegisterPatterns<ulong>));
        visitor.Visit(typeof(BlockPatterns));
        visitor.Visit(typeof(HandWritten));
        visitor.Visit(typeof(Layout));
        visitor.Visit(typeof(Native.NativeMmio));
        visitor.Visit(typeof(Native.DeviceMemory));
        visitor.Visit(typeof(Native.MappingHandle));
        Registers<byte>(visitor);
        Registers<ushort>(visitor);
        Registers<uint>(visitor);
        Registers<ulong>(visitor);
    }

    private static void Registers<T>(IVisitor visitor)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        visitor.Visit(typeof(ReadOnlyRegister<T>));
        visitor.Visit(typeof(WriteOnlyRegister<T>));
        visitor.Visit(typeof(ReadWriteRegister<T>));
        visitor.Visit(typeof(ConsumingRegister<T>));
    }

    private static void Matrix<TDevice>(IVisitor visitor)
        where TDevice : struct, IRegisters<byte>, IRegisters<ushort>, IRegisters<uint>, IRegisters<ulong>
    {
        visitor.Visit(typeof(ReadPatterns<TDevice, byte>));
        visitor.Visit(typeof(ReadPatterns<TDevice, ushort>));
        visitor.Visit(typeof(ReadPatterns<TDevice, uint>));
        visitor.Visit(typeof(ReadPatterns<TDevice, ulong>));
        visitor.Visit(typeof(WritePatterns<TDevice, byte>));
        visitor.Visit(typeof(WritePatterns<TDevice, ushort>));
        visitor.Visit(typeof(WritePatterns<TDevice, uint>));
        visitor.Visit(typeof(WritePatterns<TDevice, ulong>));
        visitor.Visit(typeof(LoopPatterns<TDevice, byte>));
        visitor.Visit(typeof(LoopPatterns<TDevice, ushort>));
        visitor.Visit(typeof(LoopPatterns<TDevice, uint>));
        visitor.Visit(typeof(LoopPatterns<TDevice, ulong>));
    }

    /// <summary>Takes the classes.</summary>
    public interface IVisitor
    {
        void Visit([DynamicallyAccessedMembers(Kept)] Type type);
    }
}
