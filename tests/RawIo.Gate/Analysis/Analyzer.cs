using System.Globalization;

namespace RawIo.Gate;

/// <summary>Something in the code that the gate can't judge; it is then taken for wrong.</summary>
internal sealed class NotUnderstoodException(string message) : Exception(message);

/// <summary>
/// Follows the device pointer through a function, and through what it calls, and gives the sequences of accesses that
/// its paths make. Every address must be known to be the device's or known not to be: the rest is an exception.
/// </summary>
internal sealed class Analyzer(CompiledProgram program, WindowLayout layout)
{
    private const int DeepestCall = 8;
    private readonly Automaton _accesses = new();
    private readonly CallingConvention _convention = program.Convention;

    /// <summary>Where in the window object whole words were loaded from.</summary>
    public List<long> WindowLoads { get; } = [];

    /// <summary>The instructions that touch the device, as text.</summary>
    public SortedSet<string> DeviceSteps { get; } = [];

    /// <summary>The accesses of a function that is called with these arguments.</summary>
    public Automaton Accesses(Function function, IReadOnlyList<Value> arguments)
    {
        var state = new State();
        for (var i = 0; i < arguments.Count; i++) state[_convention.Arguments[i]] = arguments[i];
        var (start, end, _) = Inline(function, state, 0);
        (_accesses.Start, _accesses.End) = (start, end);
        return _accesses;
    }

    private (int Start, int End, Value Result) Inline(Function function, State state, int depth)
    {
        if (depth > DeepestCall) throw new NotUnderstoodException($"{function.Name}: calls are too deep.");
        state[_convention.StackPointer] = new Value.Stack(0);
        var steps = function.Steps;
        var places = new Dictionary<long, int>();
        for (var i = 0; i < steps.Count; i++) places.Add(steps[i].Address, i);

        var before = new State?[steps.Count];
        before[0] = state;
        var open = new Queue<int>([0]);
        while (open.TryDequeue(out var i))
        {
            var after = before[i]!.Copy();
            Apply(function, steps[i], after, null, depth);
            foreach (var next in Next(function, i, places))
            {
                if (before[next] is not { } known) before[next] = after.Copy();
                else if (!known.JoinWith(after)) continue;
                open.Enqueue(next);
            }
        }
        return Emit(function, before, places, depth);
    }

    // The states are known; now each instruction's accesses become edges.
    private (int, int, Value) Emit(Function function, State?[] before, Dictionary<long, int> places, int depth)
    {
        var nodes = Array.ConvertAll(before, s => s is null ? -1 : _accesses.Add());
        var end = _accesses.Add();
        Value? result = null;
        for (var i = 0; i < before.Length; i++)
        {
            if (before[i] is null) continue;
            var after = before[i]!.Copy();
            var step = function.Steps[i];
            var node = Apply(function, step, after, nodes[i], depth);
            if (step.Flow is Flow.Return or Flow.TailCall && !EndsInException(step, after))
            {
                _accesses.Connect(node, end);
                result = result is null ? after[_convention.Result] : Value.Join(result, after[_convention.Result]);
            }
            foreach (var next in Next(function, i, places)) _accesses.Connect(node, nodes[next]);
        }
        return (nodes[0], end, result ?? Value.Any);
    }

    private IEnumerable<int> Next(Function function, int i, Dictionary<long, int> places)
    {
        var step = function.Steps[i];
        if (step.Flow is Flow.Jump or Flow.Branch)
            yield return places.TryGetValue(step.Target, out var target) ? target : throw Unclear(function, step, "jumps out of the function");
        if (step.Flow is Flow.Next or Flow.Branch || (step.Flow is Flow.Call && !(step.Callee is { } name && program.NeverReturns(name))))
            yield return i + 1 < function.Steps.Count ? i + 1 : throw Unclear(function, step, "runs out of the function");
    }

    private bool EndsInException(Step step, State state) =>
        step.Flow is Flow.TailCall && Callee(step, state) is { } name && program.NeverReturns(name);

    // What an instruction does to what is known. With a node it also adds its accesses there, and says which node follows.
    private int Apply(Function function, Step step, State state, int? node, int depth)
    {
        if (step.NotUnderstood is { } why) throw Unclear(function, step, why);
        var addresses = step.Memory.Select(m => Of(m.Address, state, [])).ToList();
        var loads = new List<Value>();
        for (var i = 0; i < addresses.Count; i++)
        {
            loads.Add(Touched(function, step, step.Memory[i], addresses[i], state));
            if (addresses[i] is Value.Device device) node = Access(step, node, step.Memory[i].Kind, step.Memory[i].Size, device.Offset);
        }
        var sets = step.Sets.Select(s => (s.Register, Of(s.Source, state, loads))).ToList();
        var stores = step.Stores.ToDictionary(s => s.Operand, s => Of(s.Source, state, loads));
        for (var i = 0; i < addresses.Count; i++)
        {
            if (step.Memory[i].Kind is "R") continue;
            var stored = stores.GetValueOrDefault(i, Value.Any);
            if (addresses[i] is Value.Stack place) state.SetSlot(place.Offset, step.Memory[i].Size, stored);
            else if (stored is Value.Device) throw Unclear(function, step, "lets the device pointer escape into memory");
        }
        foreach (var (register, value) in sets) state[register] = value;
        return step.Flow is Flow.Call or Flow.TailCall ? Call(function, step, state, node, depth) : node ?? 0;
    }

    private Value Touched(Function function, Step step, MemoryOperand operand, Value address, State state)
    {
        switch (address)
        {
            case Value.Nothing:
                throw Unclear(function, step, "touches memory at an address of unknown origin");
            case Value.Stack place when operand.Size == 8:
                return state.Slot(place.Offset);
            case Value.Window field when operand.Size == 8:
                WindowLoads.Add(field.Offset);
                return field.Offset == layout.Base ? new Value.Device(0) : field.Offset == layout.Mapping ? new Value.Mapping(0) : Value.Any;
            default:
                return Value.Any;
        }
    }

    private int Access(Step step, int? node, string kind, int size, long? offset)
    {
        if (node is not { } from) return 0;
        DeviceSteps.Add(step.Text);
        var to = _accesses.Add();
        var at = offset is { } known ? $"0x{known.ToString("x", CultureInfo.InvariantCulture)}" : "?";
        _accesses.Connect(from, to, $"{kind}{size}@{at}");
        return to;
    }

    private int Call(Function function, Step step, State state, int? node, int depth)
    {
        var name = Callee(step, state) ?? throw Unclear(function, step, "calls something without a name");
        var result = Value.Any;
        if (program.InterfaceAccess(name) is { } access)
        {
            if (state[_convention.Arguments[0]] is not Value.Window) throw Unclear(function, step, "calls the interface on something else");
            foreach (var kind in access.Kinds) node = Access(step, node, $"{kind}", access.Size, state[_convention.Arguments[1]] is Value.Number offset ? offset.Is : null);
        }
        else if (!program.TouchesNoDevice(name))
        {
            var callee = program.Find(name) ?? throw Unclear(function, step, $"calls {name}, which is not known");
            var entry = new State();
            // The caller's frame is not the callee's: what a pointer into it leads to is then unknown.
            foreach (var argument in _convention.Arguments) entry[argument] = state[argument] is Value.Stack ? Value.Inert : state[argument];
            (var start, var end, result) = Inline(callee, entry, depth + 1);
            if (node is { } from)
            {
                _accesses.Connect(from, start);
                node = end;
            }
        }
        state.Forget(_convention.Kept.Contains);
        state[_convention.Result] = result;
        return node ?? 0;
    }

    private static string? Callee(Step step, State state) =>
        step.Callee ?? (step.CalleeRegister is { } register && state[register] is Value.Memory { Symbol: { } symbol } ? symbol : null);

    private static Value Of(Source source, State state, List<Value> loads) => source switch
    {
        Source.Register r => state[r.Name],
        Source.Number n => new Value.Number(n.Value),
        Source.Symbol s => new Value.Memory(s.Name),
        Source.Sum s => Value.Sum(Of(s.Left, state, loads), Of(s.Right, state, loads)),
        Source.Difference d => Value.Difference(Of(d.Left, state, loads), Of(d.Right, state, loads)),
        Source.Product p => Value.Product(Of(p.Left, state, loads), p.Right),
        Source.Either e => Value.Join(Of(e.First, state, loads), Of(e.Second, state, loads)),
        Source.Load l => loads[l.Operand],
        _ => Value.Any,
    };

    private static NotUnderstoodException Unclear(Function function, Step step, string what) =>
        new($"{function.Name}: '{step.Text}' at 0x{step.Address:x} {what}.");
}

/// <summary>Where a window keeps its pointer and its mapping.</summary>
internal sealed record WindowLayout(long Base, long Mapping);
