using System.Globalization;
using System.Text.RegularExpressions;
using Iced.Intel;

namespace RawIo.Gate;

/// <summary>
/// The just-in-time compiler's own listing (DOTNET_JitDisasm with code bytes): the bytes are decoded here; of the text
/// only the names of functions and of what they call are taken.
/// </summary>
internal sealed partial class JitListing : CompiledProgram
{
    private readonly Dictionary<string, List<string>> _bodies = [];
    private readonly Dictionary<string, Function> _functions = [];
    private readonly X64Decoder _decoder = new();

    /// <param name="listing">The lines.</param>
    /// <param name="tier">What to take: "FullOpts" or "Tier1". Of several versions of a function the last counts.</param>
    public JitListing(IEnumerable<string> listing, string tier)
    {
        List<string>? body = null;
        foreach (var line in listing)
        {
            if (Header().Match(line) is { Success: true } header)
            {
                body = [];
                if (header.Groups[2].Value == tier) _bodies[header.Groups[1].Value] = body;
            }
            else body?.Add(line);
        }
    }

    public override CallingConvention Convention => CallingConvention.X64;

    public override string NameOf(Type type, string method)
    {
        var name = type.FullName!.Split('[')[0];
        var arguments = type.IsGenericType ? $"[{string.Join(',', type.GetGenericArguments().Select(Argument))}]" : "";
        return $"{name}{arguments}:{method}(";
    }

    public override Function? Find(string name)
    {
        if (_functions.TryGetValue(name, out var function)) return function;
        var full = _bodies.ContainsKey(name) ? name : _bodies.Keys.FirstOrDefault(key => key.StartsWith(name, StringComparison.Ordinal));
        return full is null ? null : _functions[name] = Decode(full, _bodies[full]);
    }

    /// <summary>
    /// Whether a listing is whole: two threads of the runtime that compile at once can write into each other's lines. With a
    /// tier, whether each pattern got there as well.
    /// </summary>
    public static bool IsWhole(IReadOnlyList<string> listing, string tier)
    {
        var versions = new Dictionary<string, HashSet<string>>();
        foreach (var line in listing.Where(l => l.Contains("; Assembly listing for method ", StringComparison.Ordinal)))
        {
            if (Header().Match(line) is not { Success: true } header) return false;
            if (!versions.TryGetValue(header.Groups[1].Value, out var tiers)) versions.Add(header.Groups[1].Value, tiers = []);
            tiers.Add(header.Groups[2].Value);
        }
        var code = 0;
        foreach (var line in listing)
        {
            if (Line().Match(line) is { Success: true } match) code += match.Groups[1].Length / 2;
            if (Total().Match(line) is not { Success: true } total) continue;
            if (code != int.Parse(total.Groups[1].ValueSpan, CultureInfo.InvariantCulture)) return false;
            code = 0;
        }
        return versions.Where(v => v.Key.Contains("Patterns`", StringComparison.Ordinal)).All(v => v.Value.Contains(tier));
    }

    private static string Argument(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => "byte",
        TypeCode.UInt16 => "ushort",
        TypeCode.UInt32 => "uint",
        TypeCode.UInt64 => "ulong",
        _ => type.FullName!,
    };

    private Function Decode(string name, List<string> body)
    {
        var code = new List<byte>();
        var callees = new Dictionary<ulong, string>();
        var total = -1;
        foreach (var line in body)
        {
            if (Total().Match(line) is { Success: true } end) total = int.Parse(end.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            if (Line().Match(line) is not { Success: true } match) continue;
            if (Callee().Match(match.Groups[2].Value) is { Success: true } callee) callees[(ulong)code.Count] = callee.Groups[1].Value;
            code.AddRange(Convert.FromHexString(match.Groups[1].ValueSpan));
        }
        if (total != code.Count) throw new NotUnderstoodException($"{name}: the listing has {code.Count} bytes of {total}.");
        var decoder = Iced.Intel.Decoder.Create(64, [.. code]);
        var steps = new List<Step>();
        while (decoder.IP < (ulong)code.Count)
        {
            decoder.Decode(out var instruction);
            if (instruction.IsInvalid) throw new NotUnderstoodException($"{name}: no instruction at 0x{instruction.IP:x}.");
            steps.Add(_decoder.Decode(instruction, callees.GetValueOrDefault(instruction.IP), target => target < (ulong)code.Count));
        }
        return new(name, steps);
    }

    [GeneratedRegex(@"^; Assembly listing for method (.+) \(([^()]+)\)$")]
    private static partial Regex Header();

    [GeneratedRegex(@"^; Total bytes of code (\d+)")]
    private static partial Regex Total();

    // Seven blanks, the bytes, blanks, the text.
    [GeneratedRegex(@"^ {7}((?:[0-9A-F]{2})+) +(\S.*)$")]
    private static partial Regex Line();

    // call [Name], call [r11]Name, call Name, tail.jmp [Name], tail.jmp [r11]Name
    [GeneratedRegex(@"^(?:call|tail\.jmp|rex\.jmp|rex\.w\.jmp)\s+(?:\[r\w+\])?\[?([^\]\s].*?)\]?\s*$")]
    private static partial Regex Callee();
}
