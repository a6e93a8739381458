namespace RawIo.Gate;

/// <summary>One machine instruction, as far as the gate needs to understand it. Registers go by their full-width names.</summary>
internal sealed record Step(long Address, string Text)
{
    /// <summary>What it touches in memory, in order.</summary>
    public IReadOnlyList<MemoryOperand> Memory { get; init; } = [];

    /// <summary>What registers hold afterwards; all sources are taken before any is set.</summary>
    public IReadOnlyList<(string Register, Source Source)> Sets { get; init; } = [];

    /// <summary>What a store of a whole register leaves in memory, by the operand's place in <see cref="Memory"/>.</summary>
    public IReadOnlyList<(int Operand, Source Source)> Stores { get; init; } = [];

    public Flow Flow { get; init; } = Flow.Next;

    /// <summary>Where a jump goes.</summary>
    public long Target { get; init; }

    /// <summary>Whom a call or a jump out of the function goes to, if the code says so.</summary>
    public string? Callee { get; init; }

    /// <summary>The register that holds the callee's address, or the address of where it is told.</summary>
    public string? CalleeRegister { get; init; }

    /// <summary>Why this instruction can't be judged.</summary>
    public string? NotUnderstood { get; init; }
}

internal enum Flow
{
    Next,
    Jump,
    Branch,
    Call,
    TailCall,
    Return,
    Stop,
}

/// <summary>A place in memory: base + index * scale + displacement, or a symbol.</summary>
/// <param name="Size">How many bytes the access has.</param>
/// <param name="Kind">R or W; anything else (RW, a prefetch, a vector) is a kind that nobody may want.</param>
internal sealed record MemoryOperand(Source Address, int Size, string Kind);

/// <summary>Where a value comes from.</summary>
internal abstract record Source
{
    public static Source Nothing { get; } = new Unknown();

    /// <summary>A register as it is.</summary>
    public sealed record Register(string Name) : Source;

    public sealed record Number(long Value) : Source;

    /// <summary>The address of something of the program that has a name.</summary>
    public sealed record Symbol(string Name) : Source;

    public sealed record Sum(Source Left, Source Right) : Source;

    public sealed record Difference(Source Left, Source Right) : Source;

    public sealed record Product(Source Left, long Right) : Source;

    /// <summary>One of two, as a conditional move takes.</summary>
    public sealed record Either(Source First, Source Second) : Source;

    /// <summary>A whole register from memory, by the operand's place in the step.</summary>
    public sealed record Load(int Operand) : Source;

    public sealed record Unknown : Source;
}

/// <summary>A function: its name as the compiler writes it, and its instructions.</summary>
internal sealed record Function(string Name, IReadOnlyList<Step> Steps)
{
    public string Listing => string.Join('\n', Steps.Select(step => $"  {step.Address,6:x}  {step.Text}"));
}

/// <summary>How a machine passes arguments and what a call leaves alone.</summary>
internal sealed record CallingConvention(IReadOnlyList<string> Arguments, string Result, IReadOnlySet<string> Kept, string StackPointer)
{
    public static CallingConvention X64 { get; } = new(
        ["rdi", "rsi", "rdx", "rcx", "r8", "r9"], "rax", new HashSet<string> { "rbx", "rbp", "rsp", "r12", "r13", "r14", "r15" }, "rsp");

    public static CallingConvention Arm64 { get; } = new(
        ["x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7"], "x0",
        new HashSet<string> { "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "sp" }, "sp");
}
