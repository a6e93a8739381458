using RawIo.Fuzz;

namespace RawIo.Tests;

/// <summary>Every device of every board, as the boards list them; ten million steps each: dotnet run --project tests/RawIo.Fuzz -c Release -- --steps 10000000.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class DeviceFuzzTests
{
    private const int Steps = 100_000;

    [TestCaseSource(typeof(Subject), nameof(Subject.All))]
    public void Whatever_is_done_to_a_device_it_stays_in_order_and_can_be_put_back(Subject subject)
    {
        var outcome = DeviceFuzz.Try(subject, Steps, seed: 1);
        Assert.That(outcome.Failure, Is.Null);
        Assert.That(outcome.HasSnapshot, "every device of the board has a snapshot");
        TestContext.Out.WriteLine($"{outcome.Steps} steps, {outcome.Snapshots} snapshots, {outcome.Timers} timers, {outcome.BytesAStep:f1} bytes a step");
    }

    [Test]
    public void Every_board_is_tried() =>
        Assert.That(Subject.All().Select(s => s.Board).Distinct(), Is.EquivalentTo(Sim.SimMachine.Boards));

    [Test]
    public void Any_bytes_are_a_tape_and_the_same_bytes_are_the_same_steps()
    {
        var subject = Subject.All().First();
        var shape = DeviceShape.Probe(subject);
        foreach (var tape in new byte[][] { [], [0], [255], [.. Enumerable.Range(0, 256).Select(i => (byte)i)], [.. Enumerable.Repeat((byte)200, 999)] })
        {
            var (once, twice) = (new List<FuzzStep>(), new List<FuzzStep>());
            DeviceFuzz.Decode(tape, shape, once, int.MaxValue);
            DeviceFuzz.Decode(tape, shape, twice, int.MaxValue);
            Assert.That(once, Is.EqualTo(twice));
            Assert.That(once.Count, Is.GreaterThanOrEqualTo(tape.Length / 16));
            Assert.That(DeviceFuzz.TryTape(subject, tape), Is.Null);
        }
    }
}
