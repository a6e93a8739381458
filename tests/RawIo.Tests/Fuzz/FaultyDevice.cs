using RawIo.Fuzz;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A device of four registers with one of the faults that the fuzz is there for.</summary>
internal sealed class FaultyDevice : Device
{
    private readonly FailureKind? _fault;
    private readonly ITimer _timer;
    private readonly uint[] _registers = new uint[4];
    private readonly List<byte[]> _kept = [];

    public FaultyDevice(TimeProvider time, FailureKind? fault)
    {
        _fault = fault;
        _timer = time.CreateTimer(_ => Arm(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override string Name => "faulty";

    public override IReadOnlyList<string> Compatible => [];

    public override ulong Read(int offset, int size) => _fault == FailureKind.Width && _registers[2] == 3 ? ulong.MaxValue : _registers[offset >> 2];

    public override void Write(int offset, int size, ulong value)
    {
        _registers[offset >> 2] = (uint)value;
        switch (_fault)
        {
            case FailureKind.Exception when offset == 4 && value >> 24 == 0x5a && _registers[0] == 1:
                throw new InvalidOperationException("Index out of somewhere.");
            case FailureKind.Timers when offset == 0 && value == 4: Arm(); break;
            case FailureKind.Memory: _kept.Add(new byte[16_384]); break;
        }
    }

    public override void Reset() => Array.Clear(_registers);

    // One of them is forgotten.
    public override object Save() => _fault == FailureKind.Snapshot ? _registers[..3] : _registers.ToArray();

    public override void Restore(object saved) => ((uint[])saved).CopyTo(_registers.AsSpan());

    internal override string? BrokenInvariant() => _fault == FailureKind.Invariant && _registers[3] == uint.MaxValue ? "it is full" : null;

    private void Arm() => _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
}

/// <summary>The fuzz finds what it is there for.</summary>
internal sealed class FuzzFindingTests
{
    private static Subject With(FailureKind? fault)
    {
        return new("bench", Make().Devices.Count - 1, "faulty") { Maker = Make };

        SimMachine Make()
        {
            var machine = SimMachine.Create("pc", new() { SteppedClock = true, Faults = FaultPolicy.Hardware });
            machine.Attach(new FaultyDevice(machine.Time, fault), 0xfe00_0000, 16);
            return machine;
        }
    }

    [TestCase(FailureKind.Exception, 2, "Index out of somewhere")]
    [TestCase(FailureKind.Invariant, 1, "it is full")]
    [TestCase(FailureKind.Width, 2, "0xffffffffffffffff")]
    [TestCase(FailureKind.Timers, 20, "timers ran within 0 ns")]
    [TestCase(FailureKind.Snapshot, 4, "restored")]
    public void A_fault_is_found_and_its_tape_is_short(FailureKind fault, int steps, string what)
    {
        var failure = DeviceFuzz.Try(With(fault), 1_000_000, seed: 1).Failure;
        Assert.That(failure, Does.Contain($"bench: faulty: {fault}").And.Contain(what).And.Contain("--board bench --device "));
        Assert.That(failure!.Split('\n').Count(l => l.StartsWith("  ", StringComparison.Ordinal) && !l.Contains(" at ", StringComparison.Ordinal)), Is.LessThanOrEqualTo(steps), failure);
    }

    [Test]
    public void Memory_that_grows_is_found() =>
        Assert.That(DeviceFuzz.Try(With(FailureKind.Memory), 20_000, seed: 1).Failure, Does.Contain("Memory"));

    [Test]
    public void A_device_without_fault_passes() =>
        Assert.That(DeviceFuzz.Try(With(null), 20_000, seed: 1).Failure, Is.Null);
}
