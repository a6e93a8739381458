using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A journal is a window like any other, but for the reads of what is about to be written for the first time.</summary>
internal sealed class JournalMmioContract : TracedMmioContract
{
    protected override IMmioProbe MakeProbe() => new Probe();

    protected override bool TellsReadsBeforeWrites => false;

    private sealed class Probe : IMmioProbe
    {
        private readonly SimMachine _machine;
        private readonly RecordingDevice _device;

        public Probe() => _machine = TestBoards.WithScratch(out _device);

        public IMmioMapping Map()
        {
            var mapping = _machine.IoRemap(TestBoards.DeviceAddress, 256);
            var journal = mapping.Journal();
            return new OwnedWindow(journal, () =>
            {
                // What it restores is another test's business; the contract ends on accesses that nobody makes.
                using (mapping)
                using (journal)
                    journal.Keep();
            });
        }

        public IReadOnlyList<string> TakeAccesses()
        {
            var left = _device.Take().ToList();
            for (var i = 0; i < left.Count; i++)
            {
                if (left[i][0] != 'W') continue;
                var read = left.LastIndexOf('R' + left[i][1..], i);
                if (read < 0) continue;
                left.RemoveAt(read);
                i--;
            }
            return left;
        }

        public void Dispose() => _machine.Dispose();
    }
}
