using System.Globalization;
using System.Text.RegularExpressions;

namespace RawIo.Gate;

/// <summary>Says in the gate's terms what an arm64 instruction does, from objdump's text. What it does not know is not understood.</summary>
internal sealed partial class Arm64Decoder(string function)
{
    private static readonly HashSet<string> Arithmetic =
    [
        "mov", "movk", "movn", "add", "adds", "sub", "subs", "and", "ands", "orr", "orn", "eor", "eon", "bic", "bics", "lsl", "lsr", "asr", "ror",
        "ubfx", "sbfx", "ubfiz", "sbfiz", "bfi", "bfxil", "uxtb", "uxth", "sxtb", "sxth", "sxtw", "neg", "negs", "mvn", "mul", "mneg", "madd", "msub",
        "umull", "smull", "umulh", "udiv", "sdiv", "rev", "rev16", "rev32", "clz", "rbit", "extr", "csel", "cset", "csetm", "csinc", "csinv", "csneg",
        "cinc", "cinv", "cneg", "adr", "adrp", "adc", "adcs", "sbc", "movi", "fmov", "dup",
    ];

    private static readonly HashSet<string> NoEffect = ["cmp", "cmn", "tst", "ccmp", "ccmn", "nop", "dmb", "dsb", "isb"];

    public Step Decode(long address, string text, string? symbol)
    {
        var step = new Step(address, text.Replace('\t', ' ') + (symbol is null ? "" : $"  ; {symbol}"));
        var space = text.IndexOfAny(['\t', ' ']);
        var name = space < 0 ? text : text[..space];
        var operands = space < 0 ? [] : Operands(text[(space + 1)..].Trim());
        if (Leap(step, name, operands, symbol) is { } leap) return leap;
        if (Arithmetic.Contains(name)) return step with { Sets = Computed(name, operands, symbol) };
        if (NoEffect.Contains(name)) return step;
        return Transfer().Match(name) is { Success: true } transfer && operands.Length > 1
            ? Moved(step, transfer, operands, symbol)
            : step with { NotUnderstood = "is an instruction that the gate does not know" };
    }

    private Step? Leap(Step step, string name, string[] operands, string? symbol)
    {
        switch (name)
        {
            case "ret":
                return step with { Flow = Flow.Return };
            case "brk" or "udf" or "hlt":
                return step with { Flow = Flow.Stop };
            case "bl":
                return step with { Flow = Flow.Call, Callee = symbol ?? Named(operands[0]) };
            case "blr":
                return step with { Flow = Flow.Call, CalleeRegister = operands[0] };
            case "br":
                return step with { Flow = Flow.TailCall, CalleeRegister = operands[0] };
            case "b":
                var callee = symbol ?? Named(operands[0]);
                return callee is null ? step with { Flow = Flow.Jump, Target = Target(operands[0]) } : step with { Flow = Flow.TailCall, Callee = callee };
            case "cbz" or "cbnz" or "tbz" or "tbnz":
            case not null when name.StartsWith("b.", StringComparison.Ordinal):
                return step with { Flow = Flow.Branch, Target = Target(operands[^1]) };
            default:
                return null;
        }
    }

    private static List<(string, Source)> Computed(string name, string[] operands, string? symbol)
    {
        if (!operands[0].StartsWith('x') && operands[0] != "sp") // half registers are no addresses, vectors none either
            return operands[0].StartsWith('w') ? [(Full(operands[0]), name == "mov" ? Simple(operands[1]) : Source.Nothing)] : [];
        Source source = name switch
        {
            "mov" => Simple(operands[1]),
            "adrp" or "adr" => new Source.Symbol(symbol ?? "the program"),
            "add" when symbol is not null => new Source.Symbol(symbol),
            "add" when operands.Length == 3 => new Source.Sum(Simple(operands[1]), Simple(operands[2])),
            "add" when Shift(operands) is { } by => new Source.Sum(Simple(operands[1]), new Source.Product(Simple(operands[2]), by)),
            "add" => new Source.Sum(Simple(operands[1]), Source.Nothing), // an extended index
            "sub" when operands.Length == 3 => new Source.Difference(Simple(operands[1]), Simple(operands[2])),
            "csel" => new Source.Either(Simple(operands[1]), Simple(operands[2])),
            _ => Source.Nothing,
        };
        return [(operands[0], source)];
    }

    private static Step Moved(Step step, Match transfer, string[] operands, string? symbol)
    {
        var pair = transfer.Groups["pair"].Success;
        var loads = transfer.Groups["op"].Value == "ld";
        var place = Array.FindIndex(operands, o => o.StartsWith('['));
        if (place < 0 || place != (pair ? 2 : 1)) return step with { NotUnderstood = "is a load or store whose address is not understood" };
        var size = transfer.Groups["size"].Value switch
        {
            "b" or "sb" => 1,
            "h" or "sh" => 2,
            "sw" => 4,
            _ => operands[0][0] switch { 'w' or 's' => 4, 'b' => 1, 'h' => 2, 'q' => 16, _ => 8 },
        };
        var kind = (char.IsAsciiDigit(operands[0][1]) && operands[0][0] is 'q' or 'd' or 's' or 'h' or 'b' ? "vector" : "") + (loads ? "R" : "W");
        var (address, register, after) = Address(operands[place], place + 1 < operands.Length ? operands[place + 1] : null, symbol);
        List<MemoryOperand> memory = [new(address, size, pair ? "pair" + kind : kind)];
        if (pair) memory.Add(new(new Source.Sum(address, new Source.Number(size)), size, "pair" + kind));
        var sets = new List<(string, Source)>();
        var stores = new List<(int, Source)>();
        for (var i = 0; i < memory.Count; i++)
        {
            var whole = operands[i].StartsWith('x');
            if (loads && operands[i][0] is 'x' or 'w') sets.Add((Full(operands[i]), whole && size == 8 ? new Source.Load(i) : Source.Nothing));
            if (!loads) stores.Add((i, whole ? Simple(operands[i]) : Source.Nothing));
        }
        if (after is not null) sets.Add((register, after));
        return step with { Memory = memory, Sets = sets, Stores = stores };
    }

    // [x0], [x0, #8], [x0, x1], [x0, x1, lsl #3], [x0, w1, sxtw #2], [x0, #-16]! and [x0], #16
    private static (Source Address, string Base, Source? After) Address(string text, string? post, string? symbol)
    {
        var before = text.EndsWith('!');
        var parts = text.TrimEnd('!').Trim('[', ']').Split(',', StringSplitOptions.TrimEntries);
        Source start = Simple(parts[0]);
        if (symbol is not null) return (new Source.Symbol(symbol), parts[0], null);
        var address = parts.Length switch
        {
            1 => start,
            2 => new Source.Sum(start, Simple(parts[1])),
            _ => new Source.Sum(start, Shift([.. parts.Prepend("")]) is { } by ? new Source.Product(Simple(parts[1]), by) : Source.Nothing),
        };
        return (address, parts[0], before ? address : post is null ? null : new Source.Sum(start, Simple(post)));
    }

    private static long? Shift(string[] operands) =>
        operands is [_, _, _, var shift] && shift.StartsWith("lsl #", StringComparison.Ordinal) ? 1L << int.Parse(shift.AsSpan(5), CultureInfo.InvariantCulture) : null;

    private static Source Simple(string operand)
    {
        if (operand is "xzr" or "wzr") return new Source.Number(0);
        if (operand.StartsWith('#')) return Number(operand[1..]);
        return operand.StartsWith('x') || operand == "sp" ? new Source.Register(operand) : Source.Nothing;
    }

    private static Source.Number Number(string text)
    {
        var negative = text.StartsWith('-');
        var digits = negative ? text.AsSpan(1) : text;
        var value = digits.StartsWith("0x") ? (long)ulong.Parse(digits[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : long.Parse(digits, CultureInfo.InvariantCulture);
        return new(negative ? -value : value);
    }

    private static string Full(string register) => "x" + register[1..];

    private static string[] Operands(string text) => [.. Comma().Split(text).Select(o => o.Trim())];

    private static long Target(string operand) => long.Parse(operand.AsSpan(0, operand.IndexOf(' ')), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    // "1740 <Name>" is another function, "1740 <Name+0x20>" a place inside one.
    private string? Named(string operand)
    {
        var name = operand[(operand.IndexOf('<') + 1)..operand.LastIndexOf('>')];
        return name == function || Inside().IsMatch(name) ? null : name;
    }

    [GeneratedRegex(@"\+0x[0-9a-f]+$")]
    private static partial Regex Inside();

    [GeneratedRegex(@",(?![^\[]*\])")]
    private static partial Regex Comma();

    [GeneratedRegex("^(?<op>ld|st)(?:(?<pair>n?p)|(?:r|ur|ar|apr|apur|lr|lur))(?<size>b|h|sb|sh|sw)?$")]
    private static partial Regex Transfer();
}
