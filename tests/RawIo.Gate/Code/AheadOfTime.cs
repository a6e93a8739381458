using System.Text.RegularExpressions;
using Iced.Intel;

namespace RawIo.Gate;

/// <summary>What the ahead-of-time compiler hands to the linker.</summary>
internal abstract partial class AheadOfTime : CompiledProgram
{
    private readonly Dictionary<string, Function?> _functions = [];

    /// <summary>The section of compiled C#.</summary>
    protected const string Section = "__managedcode";

    public override Function? Find(string name) => _functions.TryGetValue(name, out var function) ? function : _functions[name] = Decode(name);

    // RawIo_Gate_Patterns_RawIo_Gate_ReadPatterns_2<RawIo_Gate_Patterns_RawIo_Gate_Direct__UInt32>__Used
    public override string NameOf(Type type, string method)
    {
        var arguments = type.IsGenericType ? $"<{string.Join("__", type.GetGenericArguments().Select(Argument))}>" : "";
        return $"{Argument(type)}{arguments}__{method}";
    }

    protected abstract Function? Decode(string name);

    private static string Argument(Type type)
    {
        if (type.IsPrimitive) return type == typeof(byte) ? "UInt8" : type.Name;
        return NotAWord().Replace($"{type.Assembly.GetName().Name}_{type.FullName!.Split('[')[0]}", "_");
    }

    [GeneratedRegex(@"\W")]
    private static partial Regex NotAWord();
}

/// <summary>x64: the object file itself, by Iced.</summary>
internal sealed class AheadOfTimeX64(byte[] objectFile) : AheadOfTime
{
    private readonly ElfObject _object = new(objectFile, Section);
    private readonly X64Decoder _decoder = new();

    public override CallingConvention Convention => CallingConvention.X64;

    protected override Function? Decode(string name)
    {
        if (_object.Extent(name) is not { } extent) return null;
        var steps = new List<Step>();
        var decoder = Decoder.Create(64, _object.Code[(int)extent.Start..(int)extent.End].ToArray(), extent.Start);
        while (decoder.IP < extent.End)
        {
            decoder.Decode(out var instruction);
            if (instruction.IsInvalid) throw new NotUnderstoodException($"{name}: no instruction at 0x{instruction.IP:x}.");
            steps.Add(_decoder.Decode(instruction, Symbol(instruction, extent), target => target >= extent.Start && target < extent.End));
        }
        return new(name, steps);
    }

    // A relocation inside the instruction, or a call that needed none because both lie in one section.
    private string? Symbol(in Instruction instruction, (ulong Start, ulong End) extent)
    {
        for (var at = instruction.IP; at < instruction.NextIP; at++)
            if (_object.References.TryGetValue(at, out var name))
                return name;
        if (instruction.FlowControl is not (FlowControl.Call or FlowControl.UnconditionalBranch)) return null;
        var target = instruction.NearBranchTarget;
        return instruction.FlowControl == FlowControl.UnconditionalBranch && target >= extent.Start && target < extent.End
            ? null
            : _object.Names.GetValueOrDefault(target);
    }
}
