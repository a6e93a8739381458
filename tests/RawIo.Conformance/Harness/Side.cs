using RawIo.QTest;
using RawIo.Sim;
using RawIo.Tests;
using RawIo.Tool;

namespace RawIo.Conformance;

/// <summary>One of the two machines, fresh, behind the same client.</summary>
internal sealed class Side : IDisposable
{
    private readonly QTestConnection _connection;
    private readonly SimMachine? _machine;

    private Side(QTestConnection connection, SimMachine? machine, bool isSim) => (_connection, _machine, IsSim) = (connection, machine, isSim);

    public bool IsSim { get; }

    /// <summary>QEMU; the test is skipped where it is not installed.</summary>
    public static Side Qemu(DeviceProfile profile)
    {
        try
        {
            return new Side(QTestConnection.Start(profile.Machine, new() { Arguments = profile.Arguments }), null, isSim: false).Begin(profile);
        }
        catch (RawIoException error) when (error.Errno == Errno.ENOENT)
        {
            Assert.Ignore($"SKIPPED: {error.Message}");
            throw;
        }
    }

    /// <summary>Our machine, behind our own server.</summary>
    public static Side Sim(DeviceProfile profile)
    {
        var machine = SimMachine.Create(profile.Board, profile.SimOptions);
        profile.Prepare(machine);
        var ports = profile.Board == "pc" ? machine.OpenPorts(0, 0x10000) : null;
        var server = new QTestServer(machine.PhysicalMemory, ports, new Clock(machine.Clock), new SimQTestWorld(machine));
        return new Side(new(new ServerStream(server)), machine, isSim: true).Begin(profile);
    }

    /// <summary>Makes those steps that are for this side; the answer of any other is null.</summary>
    public QTestAnswer?[] Make(IReadOnlyList<Step> steps, string? afterStep)
    {
        var lines = new List<string>(steps.Count);
        var places = new List<int>(steps.Count);
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Sides == (IsSim ? Sides.QemuOnly : Sides.SimOnly)) continue;
            Add(steps[i].Line, i);
            if (IsSim && afterStep is not null && steps[i].IsAccess) Add(afterStep, i);
        }
        var answers = new QTestAnswer?[steps.Count];
        var given = _connection.Exchange(lines);
        for (var i = 0; i < given.Length; i++)
        {
            var place = places[i];
            if (answers[place] is { } first)
                // What the time that passed brought belongs to the access before.
                answers[place] = first with { Interrupts = [.. first.Interrupts, .. given[i].Interrupts] };
            else answers[place] = given[i];
        }
        return answers;

        void Add(string line, int place)
        {
            lines.Add(line);
            places.Add(place);
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _machine?.Dispose();
    }

    private Side Begin(DeviceProfile profile)
    {
        if (profile.Intercept is { } path) _connection.Command($"irq_intercept_in {path}");
        var start = new Scenario("start", profile.Start).Lines.Select(l => l.Step).ToArray();
        foreach (var answer in Make(start, profile.AfterStep))
            if (answer is { Ok: false } failed) throw new InvalidOperationException($"{profile.Name}: a line of Start failed: {failed.Text}");
        return this;
    }

    private sealed class Clock(MachineClock clock) : IQTestClock
    {
        public long Now => clock.Now;
        public void Step(long nanoseconds) => clock.Step(nanoseconds);
        public bool StepToNextTimer() => clock.StepToNextTimer();
    }
}
