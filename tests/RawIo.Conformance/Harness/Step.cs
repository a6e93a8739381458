namespace RawIo.Conformance;

/// <summary>Which of the two machines a step is for.</summary>
internal enum Sides { Both, SimOnly, QemuOnly }

/// <summary>A line of a run: an access in qtest's words, or any other verb.</summary>
/// <param name="Verb">"in", "out", "read", "write" for an access; else the whole line.</param>
/// <param name="Size">1, 2, 4 or 8 bytes; 0 where it is no access.</param>
/// <param name="Address">The port or physical address.</param>
/// <param name="Value">What is written.</param>
/// <param name="Sides">Who gets it.</param>
internal readonly record struct Step(string Verb, int Size, ulong Address, ulong Value, Sides Sides = Sides.Both)
{
    /// <summary>Steps of a random run that were made together have a number in common: they are dropped together.</summary>
    public int Group { get; init; }

    public bool IsAccess => Size != 0;

    public bool IsRead => Size != 0 && Verb is "in" or "read";

    public bool IsWrite => Size != 0 && Verb is "out" or "write";

    /// <summary>All bits of the access's width.</summary>
    public ulong Width => Size is 0 or 8 ? ulong.MaxValue : (1ul << (8 * Size)) - 1;

    /// <summary>The line, as it is sent.</summary>
    public string Line => Size == 0 ? Verb
        : $"{Verb}{Size switch { 1 => 'b', 2 => 'w', 4 => 'l', _ => 'q' }} 0x{Address:x}{(IsWrite ? $" 0x{Value:x}" : "")}";

    /// <summary>The line, as a scenario has it.</summary>
    public override string ToString() => Sides switch { Sides.SimOnly => "sim: ", Sides.QemuOnly => "qemu: ", _ => "" } + Line;

    /// <summary>Reads a line of qtest.</summary>
    public static Step Parse(string line, Sides sides = Sides.Both)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var size = words[0][^1] switch { 'b' => 1, 'w' => 2, 'l' => 4, 'q' => 8, _ => 0 };
        var verb = words[0][..^1];
        return (verb, words.Length, size) switch
        {
            ("in" or "read", 2, > 0) => new(verb, size, Number(words[1]), 0, sides),
            ("out" or "write", 3, > 0) => new(verb, size, Number(words[1]), Number(words[2]), sides),
            _ => new(line, 0, 0, 0, sides),
        };
    }

    public static ulong Number(string word) =>
        word.StartsWith("0x", StringComparison.Ordinal) ? Convert.ToUInt64(word[2..], 16) : Convert.ToUInt64(word, 10);
}

/// <summary>The steps of a run, as a profile makes them; addresses count from the profile's base.</summary>
internal sealed class Steps(ulong start)
{
    private int _group;

    public List<Step> All { get; } = [];

    /// <summary>How many accesses both machines make.</summary>
    public int Accesses { get; private set; }

    public void In(int port, int size = 1) => Add(new("in", size, start + (ulong)port, 0));

    public void Out(int port, ulong value, int size = 1) => Add(new("out", size, start + (ulong)port, value & Mask(size)));

    public void Read(long offset, int size = 4) => Add(new("read", size, start + (ulong)offset, 0));

    public void Write(long offset, ulong value, int size = 4) => Add(new("write", size, start + (ulong)offset, value & Mask(size)));

    /// <summary>A line for the simulated machine alone: "clock_step 1000".</summary>
    public void Sim(string line) => Add(Step.Parse(line, Sides.SimOnly));

    /// <summary>A line for QEMU alone.</summary>
    public void Qemu(string line) => Add(Step.Parse(line, Sides.QemuOnly));

    /// <summary>What comes next does not belong to what came before.</summary>
    public void NextGroup() => _group++;

    private void Add(Step step)
    {
        All.Add(step with { Group = _group });
        if (step.IsAccess && step.Sides == Sides.Both) Accesses++;
    }

    private static ulong Mask(int size) => size == 8 ? ulong.MaxValue : (1ul << (8 * size)) - 1;
}
