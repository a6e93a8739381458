using System.Text;
using RawIo.QTest;

namespace RawIo.Tests;

/// <summary>The verbs about lines and about what is outside the chips, over a world that notes what it is asked.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class QTestWorldTests
{
    private readonly NotedWorld _world = new();
    private readonly LinedMemory _memory = new();
    private QTestServer _server = null!;

    [SetUp]
    public void Serve()
    {
        _memory.World = _world;
        _server = new(_memory, null, null, _world);
    }

    [Test]
    public void A_line_that_an_access_changes_is_told_before_its_answer()
    {
        Assert.That(_server.Ask("writel 0x0 0", "irq_intercept_in ioapic", "writel 0x0 1", "writel 0x0 0", "readl 0x0"), Is.EqualTo([
            "OK", "OK", "IRQ raise 7", "OK", "IRQ lower 7", "OK", "OK 0x0000000000000000",
        ]));
    }

    [Test]
    public void Outputs_are_told_alike_and_one_kind_at_a_time()
    {
        Assert.That(_server.Ask("irq_intercept_out gpio", "irq_intercept_out gpio", "irq_intercept_in", "writel 0 1"), Is.EqualTo([
            "OK", "OK", "FAIL IRQ intercept already enabled", "IRQ raise 7", "OK",
        ]));
        Assert.That(_world.Log, Is.EqualTo(["outputs gpio"]), "asked for once");
        Assert.That(new QTestServer(null, null, null, new NotedWorld()).Ask("irq_intercept_in", "irq_intercept_out gpio"),
            Is.EqualTo(["OK", "FAIL IRQ intercept already enabled"]));
    }

    [Test]
    public void A_line_that_changes_by_itself_is_told_at_once()
    {
        using var requests = new HeldInput("irq_intercept_in\n");
        using var output = new MemoryStream();
        var serving = Task.Run(() => _server.Serve(requests, output));
        requests.WaitUntilRead();
        _world.Change(12, true);
        Assert.That(Encoding.ASCII.GetString(output.ToArray()), Is.EqualTo("OK\nIRQ raise 12\n"));
        requests.Dispose();
        Assert.That(serving.Wait(10_000), Is.True);
        Assert.That(() => _world.Change(12, false), Throws.Nothing, "after the client has gone");
    }

    [Test]
    public void Keys_buttons_and_the_mouse_reach_the_machine()
    {
        Assert.That(_server.Ask("key a 1", "key a 0", "button middle 1", "mouse 5 -3", "mouse 0x10 -2147483648"), Is.All.EqualTo("OK"));
        Assert.That(_world.Log, Is.EqualTo(["key a True", "key a False", "button middle True", "move 5 -3", "move 16 -2147483648"]));
    }

    [Test]
    public void Serial_lines_take_and_give_bytes()
    {
        Assert.That(_server.Ask("chr_send com1 0x48656C6c6f", "chr_recv com1", "chr_recv com1", "chr_send com1 0x"),
            Is.EqualTo(["OK", "OK 0x48656c6c6f", "OK 0x", "OK"]));
    }

    [Test]
    public void Reset_is_told_as_a_bit()
    {
        Assert.That(_server.Ask("reset_requested"), Is.EqualTo(["OK 0"]));
        _world.ResetRequested = true;
        Assert.That(_server.Ask("reset_requested", "reset_requested"), Is.EqualTo(["OK 1", "OK 1"]));
    }

    [TestCase("key a 2", "FAIL Not a number for the key's state '2'")]
    [TestCase("key a", "FAIL Missing the key's state")]
    [TestCase("button left x", "FAIL Not a number for the button's state 'x'")]
    [TestCase("mouse 1", "FAIL Missing the way down")]
    [TestCase("mouse 4294967296 0", "FAIL Not a number for the way right '4294967296'")]
    [TestCase("chr_send com1 41", "FAIL Characters are 0x and two hexadecimal digits each, not '41'")]
    [TestCase("chr_send com1 0x4", "FAIL Characters are 0x and two hexadecimal digits each, not '0x4'")]
    [TestCase("chr_send com1 0x4g", "FAIL Not two hexadecimal digits: '4g'")]
    [TestCase("chr_send com1", "FAIL Characters are 0x and two hexadecimal digits each, not ''")]
    [TestCase("chr_recv lpt1", "FAIL no line lpt1")]
    [TestCase("key bogus 1", "FAIL no key bogus")]
    public void What_cannot_be_fails_with_the_reason(string request, string answer)
    {
        Assert.That(_server.Ask(request), Is.EqualTo([answer]));
        Assert.That(_world.Log, Is.Empty);
    }

    [Test]
    public void Without_a_world_each_verb_fails()
    {
        var answers = new QTestServer(_memory).Ask("irq_intercept_in", "irq_intercept_out gpio", "key a 1", "button left 1", "mouse 1 1", "chr_send com1 0x41", "chr_recv com1", "reset_requested");
        Assert.That(answers, Is.All.StartsWith("FAIL This machine has no"));
    }

    [Test]
    public void What_a_request_sets_off_is_finished_before_its_answer()
    {
        var server = new QTestServer(_memory, world: _world);
        Assert.That(server.Ask("irq_intercept_in"), Is.EqualTo(["OK"]));
        _world.WhileFinishing = () => _world.Change(3, _world.Finished == 2);
        Assert.That(server.Ask("readl 0", "readl 0"), Is.EqualTo(["IRQ raise 3", "OK 0x0000000000000000", "IRQ lower 3", "OK 0x0000000000000000"]));
    }

    [Test]
    public void A_refusal_while_finishing_is_the_whole_answer()
    {
        _world.WhileFinishing = () => throw new RawIoException(Errno.EIO, "the transfer broke off");
        Assert.That(_server.Ask("readl 0", "chr_recv com1", "key bogus 1", "bogus"), Is.EqualTo([
            "FAIL the transfer broke off", "FAIL the transfer broke off", "FAIL no key bogus", "FAIL Unknown command 'bogus'",
        ]));
    }

    [Test]
    public void What_a_refused_request_has_set_off_is_finished_too()
    {
        Assert.That(_server.Ask("irq_intercept_in"), Is.EqualTo(["OK"]));
        _world.WhileFinishing = () => _world.Change(3, true);
        Assert.That(_server.Ask("key bogus 1"), Is.EqualTo(["IRQ raise 3", "FAIL no key bogus"]));
    }

    private sealed class NotedWorld : IQTestWorld
    {
        private readonly List<byte> _sent = [];
        private Action<int, bool>? _changed;

        public List<string> Log { get; } = [];

        public bool ResetRequested { get; set; }

        public int Finished { get; private set; }

        public void Finish()
        {
            Finished++;
            WhileFinishing?.Invoke();
        }

        public Action? WhileFinishing { get; set; }

        public void Change(int number, bool level) => _changed?.Invoke(number, level);

        public void WatchInterrupts(Action<int, bool> changed) => _changed = changed;

        public void WatchOutputs(string device, Action<int, bool> changed)
        {
            Log.Add($"outputs {device}");
            _changed = changed;
        }

        public void Key(string code, bool down)
        {
            if (code == "bogus") throw new ArgumentException("no key bogus", nameof(code));
            Log.Add($"key {code} {down}");
        }

        public void Button(string name, bool down) => Log.Add($"button {name} {down}");

        public void Move(int dx, int dy) => Log.Add($"move {dx} {dy}");

        public void Send(string line, ReadOnlySpan<byte> characters) => _sent.AddRange(characters);

        public byte[] Receive(string line)
        {
            if (line != "com1") throw new ArgumentException($"no line {line}", nameof(line));
            byte[] sent = [.. _sent];
            _sent.Clear();
            return sent;
        }
    }

    /// <summary>One register whose bit 0 is interrupt 7.</summary>
    private sealed class LinedMemory() : FakeMmio(0, 4)
    {
        private ulong _value;

        public NotedWorld World { get; set; } = null!;

        protected override ulong Read(long offset, int size) => _value;

        protected override void Write(long offset, int size, ulong value)
        {
            if ((_value ^ value) != 0) World.Change(7, value != 0);
            _value = value;
        }
    }

    /// <summary>Gives its text, then nothing until it is disposed.</summary>
    private sealed class HeldInput(string text) : MemoryStream(Encoding.ASCII.GetBytes(text))
    {
        private readonly ManualResetEventSlim _read = new(), _end = new(); // not disposed: the reader may still look at it

        public void WaitUntilRead() => Assert.That(_read.Wait(10_000), Is.True);

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_end.IsSet) return 0;
            var length = base.Read(buffer, offset, count);
            if (length > 0) return length;
            _read.Set();
            _end.Wait();
            return 0;
        }

        protected override void Dispose(bool disposing)
        {
            _end.Set();
            base.Dispose(disposing);
        }
    }
}
