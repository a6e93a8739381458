using RawIo.Sim;

namespace RawIo.Fuzz;

/// <summary>A device to be tried: the n-th of a board.</summary>
internal sealed record Subject(string Board, int Index, string Name)
{
    /// <summary>Every device of every board: a new model is tried without being named here.</summary>
    public static IEnumerable<Subject> All()
    {
        foreach (var board in SimMachine.Boards)
        {
            using var machine = Make(board);
            for (var i = 0; i < machine.Devices.Count; i++)
            {
                var id = machine.Devices[i].Id;
                yield return new(board, i, machine.Devices[i].Device.Name + (id.Length == 0 ? "" : $" {id}"));
            }
        }
    }

    /// <summary>How its board is made, where that is none of the built-in ones.</summary>
    public Func<SimMachine>? Maker { get; init; }

    /// <summary>Sets its tapes apart from those of the same model on other boards.</summary>
    public ulong Salt => Board.Aggregate((ulong)Index, static (salt, c) => salt * 31 + c);

    /// <summary>A board of its own, powered on.</summary>
    public SimMachine MakeMachine() => Maker?.Invoke() ?? Make(Board);

    public AttachedDevice In(SimMachine machine) => machine.Devices[Index];

    public override string ToString() => $"{Board}: {Name}";

    private static SimMachine Make(string board) => SimMachine.Create(board, new() { SteppedClock = true, Faults = FaultPolicy.Hardware });
}
