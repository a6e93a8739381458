using RawIo.Sim;

namespace RawIo.Tests;

public class I8042FuzzTests
{
    [TestCase(1)]
    [TestCase(8042)]
    public void A_hundred_thousand_random_accesses_leave_it_consistent(int seed)
    {
        var random = new Random(seed);
        var rig = new I8042Rig();
        var model = rig.Model;
        var keys = Keys.Names.Count;
        for (var i = 0; i < 100_000; i++)
        {
            switch (random.Next(16))
            {
                case < 5: model.Read(0, 1); break;
                case < 6: model.Write(4, 1, 0xd4); break;
                case < 9: model.Write(4, 1, (byte)random.Next(256)); break;
                case < 13: model.Write(0, 1, (byte)random.Next(random.Next(2) == 0 ? 256 : 8)); break;
                case 13: rig.Keyboard.Key((KeyCode)random.Next(keys), random.Next(2) == 0); break;
                case 14:
                    rig.Mouse.Move(random.Next(-500, 500), random.Next(-500, 500), random.Next(-5, 5));
                    rig.Mouse.Button((MouseButtons)random.Next(32), random.Next(2) == 0);
                    break;
                default: rig.Time.AdvanceMilliseconds(random.Next(600)); break;
            }
            Check(rig, i);
        }
        // Whatever it was told, a driver that starts over finds it working.
        model.Write(4, 1, 0x60);
        model.Write(0, 1, 0x00);
        rig.Drain();
        rig.Run("60:ff");
        Assert.That(rig.DrainHex(), Does.StartWith("faaa"));
        rig.Run("64:d4 60:ff");
        rig.Run("64:d4 60:ff");
        Assert.That(rig.DrainHex(), Does.EndWith("faaa00"));
    }

    private static void Check(I8042Rig rig, int step)
    {
        var status = rig.Status;
        var full = (status & 1) != 0;
        var aux = (status & 0x20) != 0;
        if ((status & 0xc2) != 0 || (status & 0x10) == 0 || (aux && !full)
            || (rig.Model.Irq1.Level && (!full || aux)) || (rig.Model.Irq12.Level && !(full && aux))
            || rig.Model.SystemReset.Level || rig.Keyboard.Waiting > 17 + 8 || rig.Mouse.Waiting > 32)
        {
            Assert.Fail($"step {step}: status {status:x2}, irq1 {rig.Model.Irq1.Level}, irq12 {rig.Model.Irq12.Level}, "
                + $"keyboard {rig.Keyboard.Waiting}, mouse {rig.Mouse.Waiting}");
        }
    }

    [Test]
    public void Typing_from_one_thread_while_another_reads_loses_nothing()
    {
        using var machine = SimMachine.Create("pc");
        using var ports = machine.OpenPorts(0x60, 5);
        var model = machine.Device<I8042Model>();
        const int Strokes = 500;
        var typist = new Thread(() =>
        {
            for (var i = 0; i < Strokes; i++)
            {
                model.Keyboard.Press("a");
                while (model.Keyboard.Waiting > 10) Thread.Yield();
            }
        })
        { IsBackground = true };
        typist.Start();
        var bytes = new List<byte>();
        while (bytes.Count < 3 * Strokes && (typist.IsAlive || (ports.In8(0x64) & 1) != 0))
            if ((ports.In8(0x64) & 1) != 0) bytes.Add(ports.In8(0x60));
        Assert.That(typist.Join(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(bytes, Has.Count.EqualTo(3 * Strokes));
        Assert.That(bytes.Chunk(3).All(c => c is [0x1c, 0xf0, 0x1c]), Is.True);
    }
}
