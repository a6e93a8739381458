using Iced.Intel;
using Gpr = Iced.Intel.Register;

namespace RawIo.Gate;

/// <summary>Says in the gate's terms what an x64 instruction does. What it has no rule for makes the registers it writes unknown.</summary>
internal sealed class X64Decoder
{
    private readonly InstructionInfoFactory _infos = new();
    private readonly NasmFormatter _formatter = new() { Options = { HexPrefix = "0x", HexSuffix = "", RipRelativeAddresses = true } };

    /// <summary>One instruction.</summary>
    /// <param name="instruction">What Iced decoded.</param>
    /// <param name="symbol">The name of what the instruction refers to, if the code around it says so.</param>
    /// <param name="inside">Whether an address is inside the function.</param>
    public Step Decode(in Instruction instruction, string? symbol, Func<ulong, bool> inside)
    {
        var output = new StringOutput();
        _formatter.Format(instruction, output);
        var text = output.ToStringAndReset() + (symbol is null ? "" : $"  ; {symbol}");
        var info = _infos.GetInfo(instruction);
        var step = new Step((long)instruction.IP, text) { Memory = Memory(instruction, info, symbol) };
        if (instruction.FlowControl != FlowControl.Next) return Leap(step, instruction, symbol, inside);
        return Effect(step, instruction, info, symbol);
    }

    private static List<MemoryOperand> Memory(in Instruction instruction, InstructionInfo info, string? symbol)
    {
        var operands = new List<MemoryOperand>();
        if (instruction.Mnemonic is Mnemonic.Lea or Mnemonic.Nop) return operands;
        foreach (var used in info.GetUsedMemory())
        {
            var kind = used.Access switch
            {
                OpAccess.Read => "R",
                OpAccess.Write => "W",
                OpAccess.ReadWrite => "RW",
                _ => used.Access.ToString(),
            };
            if (instruction.IsStringInstruction || instruction.HasRepPrefix || instruction.HasRepnePrefix) kind = "string" + kind;
            if (instruction.HasLockPrefix) kind = "lock" + kind;
            if (IsVector(instruction)) kind = "vector" + kind;
            operands.Add(new(used.Segment is Gpr.FS or Gpr.GS ? new Source.Symbol("thread") : Address(used, symbol), used.MemorySize.GetSize(), kind));
        }
        return operands;
    }

    private static bool IsVector(in Instruction instruction)
    {
        for (var i = 0; i < instruction.OpCount; i++)
            if (instruction.GetOpKind(i) == OpKind.Register && instruction.GetOpRegister(i).IsVectorRegister())
                return true;
        return false;
    }

    private static Source Address(in UsedMemory used, string? symbol)
    {
        if (used.Base is Gpr.RIP or Gpr.EIP || (used.Base == Gpr.None && used.Index == Gpr.None)) return new Source.Symbol(symbol ?? "the program");
        Source address = new Source.Number((long)used.Displacement);
        if (used.Index != Gpr.None) address = new Source.Sum(new Source.Product(Reg(used.Index), used.Scale), address);
        return used.Base == Gpr.None ? address : new Source.Sum(Reg(used.Base), address);
    }

    private static Source.Register Reg(Gpr register) => new(Name(register));

    private static string Name(Gpr register) => register.GetFullRegister().ToString().ToLowerInvariant();

    private static Step Leap(Step step, in Instruction instruction, string? symbol, Func<ulong, bool> inside)
    {
        switch (instruction.FlowControl)
        {
            case FlowControl.Return:
                return step with { Flow = Flow.Return };
            case FlowControl.Interrupt or FlowControl.Exception:
                return step with { Flow = Flow.Stop };
            case FlowControl.ConditionalBranch:
                return step with { Flow = Flow.Branch, Target = (long)instruction.NearBranchTarget };
            case FlowControl.UnconditionalBranch when symbol is null && inside(instruction.NearBranchTarget):
                return step with { Flow = Flow.Jump, Target = (long)instruction.NearBranchTarget };
            case FlowControl.Call or FlowControl.IndirectCall or FlowControl.UnconditionalBranch or FlowControl.IndirectBranch:
                // The callee's address, or where it is kept: the program's own tables, whichever way they are reached.
                var through = instruction.Op0Kind == OpKind.Register ? Name(instruction.Op0Register)
                    : instruction.Op0Kind == OpKind.Memory && instruction.MemoryBase is not (Gpr.None or Gpr.RIP) ? Name(instruction.MemoryBase)
                    : null;
                return step with
                {
                    Flow = instruction.FlowControl is FlowControl.Call or FlowControl.IndirectCall ? Flow.Call : Flow.TailCall,
                    Memory = [],
                    Callee = symbol,
                    CalleeRegister = through,
                };
            default:
                return step with { NotUnderstood = "goes somewhere unknown" };
        }
    }

    private static Step Effect(Step step, in Instruction instruction, InstructionInfo info, string? symbol)
    {
        var sets = new List<(string, Source)>();
        var stores = new List<(int, Source)>();
        var written = new HashSet<string>();
        foreach (var used in info.GetUsedRegisters())
            if (used.Access is not (OpAccess.Read or OpAccess.CondRead) && used.Register.IsGPR())
                written.Add(Name(used.Register));
        var whole = Operand(instruction, 1, symbol);
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Push:
                stores.Add((0, Operand(instruction, 0, symbol)));
                Set("rsp", new Source.Sum(Reg(Gpr.RSP), new Source.Number(-8)));
                break;
            case Mnemonic.Pop when instruction.Op0Kind == OpKind.Register:
                Set("rsp", new Source.Sum(Reg(Gpr.RSP), new Source.Number(8)));
                Set(Name(instruction.Op0Register), new Source.Load(0));
                break;
            case Mnemonic.Mov when instruction.Op0Kind == OpKind.Memory:
                stores.Add((0, whole));
                break;
            case Mnemonic.Lea when instruction.Op0Register.IsGPR64():
                Source address = instruction.IsIPRelativeMemoryOperand ? new Source.Symbol(symbol ?? "the program") : LeaAddress(instruction);
                Set(Name(instruction.Op0Register), address);
                break;
            case Mnemonic.Mov:
                Set(Name(instruction.Op0Register), whole);
                break;
            case Mnemonic.Add when instruction.Op0Kind == OpKind.Register && instruction.Op0Register.IsGPR64():
                Set(Name(instruction.Op0Register), new Source.Sum(Reg(instruction.Op0Register), whole));
                break;
            case Mnemonic.Sub when instruction.Op0Kind == OpKind.Register && instruction.Op0Register.IsGPR64():
                Set(Name(instruction.Op0Register), new Source.Difference(Reg(instruction.Op0Register), whole));
                break;
            case Mnemonic.Inc or Mnemonic.Dec when instruction.Op0Kind == OpKind.Register && instruction.Op0Register.IsGPR64():
                Set(Name(instruction.Op0Register), new Source.Sum(Reg(instruction.Op0Register), new Source.Number(instruction.Mnemonic == Mnemonic.Inc ? 1 : -1)));
                break;
            case Mnemonic.Xor when instruction.Op0Kind == OpKind.Register && instruction.Op1Kind == OpKind.Register && instruction.Op0Register == instruction.Op1Register:
                Set(Name(instruction.Op0Register), new Source.Number(0));
                break;
            case >= Mnemonic.Cmova and <= Mnemonic.Cmovs when instruction.Op0Register.IsGPR64():
                Set(Name(instruction.Op0Register), new Source.Either(Reg(instruction.Op0Register), whole));
                break;
        }
        foreach (var register in written) sets.Add((register, Source.Nothing));
        return step with { Sets = sets, Stores = stores };

        void Set(string register, Source source)
        {
            written.Remove(register);
            sets.Add((register, source));
        }
    }

    private static Source LeaAddress(in Instruction instruction)
    {
        Source address = new Source.Number((long)instruction.MemoryDisplacement64);
        if (instruction.MemoryIndex != Gpr.None) address = new Source.Sum(new Source.Product(Reg(instruction.MemoryIndex), instruction.MemoryIndexScale), address);
        return instruction.MemoryBase == Gpr.None ? address : new Source.Sum(Reg(instruction.MemoryBase), address);
    }

    // The value of an operand where all of a register's 64 bits are known; a 32-bit immediate fills them too.
    private static Source Operand(in Instruction instruction, int operand, string? symbol)
    {
        if (operand >= instruction.OpCount) return Source.Nothing;
        switch (instruction.GetOpKind(operand))
        {
            case OpKind.Register when instruction.GetOpRegister(operand).IsGPR64():
                return Reg(instruction.GetOpRegister(operand));
            case OpKind.Memory when instruction.MemorySize.GetSize() == 8:
                return new Source.Load(0);
            case OpKind.Immediate64:
                return new Source.Symbol(symbol ?? "an address");
            case OpKind.Immediate32:
                return new Source.Number(instruction.Immediate32);
            case OpKind.Immediate32to64 or OpKind.Immediate8to64:
                return new Source.Number((long)instruction.GetImmediate(operand));
            default:
                return Source.Nothing;
        }
    }
}
