using System.Globalization;
using System.Text.RegularExpressions;

namespace RawIo.Gate;

/// <summary>arm64: what <c>aarch64-linux-gnu-objdump -dr --no-show-raw-insn</c> prints of the object file.</summary>
internal sealed partial class AheadOfTimeArm64 : AheadOfTime
{
    private readonly Dictionary<string, List<string>> _bodies = [];

    public AheadOfTimeArm64(IEnumerable<string> disassembly)
    {
        List<string>? body = null;
        foreach (var line in disassembly)
        {
            if (Header().Match(line) is { Success: true } header) _bodies.TryAdd(header.Groups[1].Value, body = []);
            else body?.Add(line);
        }
    }

    public override CallingConvention Convention => CallingConvention.Arm64;

    protected override Function? Decode(string name)
    {
        if (!_bodies.TryGetValue(name, out var body)) return null;
        var steps = new List<Step>();
        for (var i = 0; i < body.Count; i++)
        {
            if (Instruction().Match(body[i]) is not { Success: true } line) continue;
            var symbol = i + 1 < body.Count && Relocation().Match(body[i + 1]) is { Success: true } relocation ? relocation.Groups[1].Value : null;
            var address = long.Parse(line.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            steps.Add(new Arm64Decoder(name).Decode(address, line.Groups[2].Value.Trim(), symbol));
        }
        return new(name, steps);
    }

    [GeneratedRegex(@"^[0-9a-f]{16} <(.+)>:$")]
    private static partial Regex Header();

    [GeneratedRegex(@"^ *([0-9a-f]+):\t(.+?)(?:\s*//.*)?$")]
    private static partial Regex Instruction();

    [GeneratedRegex(@"^\s+[0-9a-f]+: R_AARCH64_\w+\t([^+\s]+)")]
    private static partial Regex Relocation();
}
