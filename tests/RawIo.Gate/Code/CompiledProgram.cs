using System.Text.RegularExpressions;

namespace RawIo.Gate;

/// <summary>What a compiler made of the patterns.</summary>
internal abstract partial class CompiledProgram
{
    public abstract CallingConvention Convention { get; }

    /// <summary>The code of a function by the compiler's name for it; null if there is none.</summary>
    public abstract Function? Find(string name);

    /// <summary>The compiler's name for a method of a class.</summary>
    public abstract string NameOf(Type type, string method);

    /// <summary>The accesses behind a call of <see cref="IMmio"/>, "R", "W" or "RW"; the window's own methods are in the gate themselves.</summary>
    public (string Kinds, int Size)? InterfaceAccess(string callee)
    {
        if (InterfaceCall().Match(callee) is not { Success: true } match) return null;
        return (match.Groups[1].Value switch { "Modify" => "RW", var name => name[..1] }, int.Parse(match.Groups[2].ValueSpan) / 8);
    }

    /// <summary>Calls of ours and of the runtime's that are known by their source to leave the device alone.</summary>
    public bool TouchesNoDevice(string callee) => Harmless().IsMatch(callee) || NeverReturns(callee);

    /// <summary>Calls that end in an exception.</summary>
    public bool NeverReturns(string callee) => Throwing().IsMatch(callee);

    [GeneratedRegex(@"IMmio(?::|__)(Read|Write|Modify)(?:Relaxed)?(8|16|32|64)\b")]
    private static partial Regex InterfaceCall();

    [GeneratedRegex(@"Sink(?::|__)Take\b|System\.GC:KeepAlive\b|NativeMmio(?::|__)(?:Check|ThrowIfRetired|ReadOnly)\b|RawIo[._]AccessCheck(?::|__)|BitField(?::\.|___)ctor|CORINFO_HELP_POLL_GC|RhpGcPoll")]
    private static partial Regex Harmless();

    [GeneratedRegex(@"RhpThrow|CORINFO_HELP_(RNGCHKFAIL|THROW|OVERFLOW)|ThrowHelper|BitField(?::|__)Throw|NativeMmio(?::|__)Refuse\b|ThrowIndexOutOfRange|ThrowObjectDisposed")]
    private static partial Regex Throwing();
}
