using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RawIo.QTest;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>Servers that end, hang or talk nonsense: whoever waits for them is told, and nothing of them is left.</summary>
internal sealed class QTestLostServerTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private static (Socket Client, Socket Server) Pair()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        return (client, listener.Accept());
    }

    /// <summary>A simulated PC behind a wire, with its timer's interrupt open.</summary>
    private static (QTestMachine Machine, IInterrupt Tick) WithInterrupt(Stream wire, TimeProvider? time = null)
    {
        var machine = new QTestMachine(new(wire, null, time), "x", hasPorts: true);
        return (machine, machine.OpenInterrupt(0, "tick"));
    }

    private static ServerStream PcServer()
    {
        var pc = SimMachine.Create("pc", new() { SteppedClock = true });
        return new(new(pc.PhysicalMemory, pc.OpenPorts(0, 0x10000), world: new Tool.SimQTestWorld(pc)));
    }

    private static async Task<Exception?> WaitOf(IInterrupt interrupt)
    {
        try
        {
            await interrupt.WaitAsync().AsTask().WaitAsync(s_limit);
            return null;
        }
        catch (Exception error) when (error is RawIoException or ObjectDisposedException)
        {
            return error;
        }
    }

    [Test]
    public async Task A_QEMU_that_is_killed_ends_the_wait_for_its_interrupt()
    {
        using var pc = Qemu.Open("pc");
        using var interrupt = pc.OpenInterrupt(4, "serial");
        var wait = WaitOf(interrupt);
        using (var kill = Process.Start("/bin/kill", ["-9", $"{ChildOf(pc)}"])) kill.WaitForExit();
        var error = await wait as RawIoException;
        Assert.That(error?.Message, Does.Contain("serial").And.Contain("qemu-system-x86_64 ended with code 137"));
        Assert.That((await WaitOf(interrupt))?.Message, Is.EqualTo(error!.Message), "and every later one");
        Assert.That(Assert.Throws<RawIoException>(() => pc.OpenInterrupt(3, "other"))!.Message, Does.Contain("137"));
        Assert.DoesNotThrow(interrupt.Enable);
    }

    [Test]
    public void What_QEMU_said_first_is_quoted_though_it_says_much()
    {
        using var connection = QTestConnection.StartProgram("/bin/sh", "-c", "read x; echo qemu: hardware error: no >&2; for i in 1 2 3 4 5 6 7 8 9; do echo R$i >&2; done; kill -6 $$");
        var error = Assert.Throws<RawIoException>(() => connection.Command("endianness"));
        Assert.That(error!.Message, Does.Contain("hardware error: no / R1 / R2 / ... / R7 / R8 / R9").And.Contain("134"));
    }

    [Test]
    public async Task A_wait_ends_where_the_server_closes_the_connection()
    {
        var wire = PcServer();
        var (machine, tick) = WithInterrupt(wire);
        using var _ = machine;
        var wait = WaitOf(tick);
        wire.Dispose();
        Assert.That(await wait, Is.InstanceOf<RawIoException>().With.Message.Contains("gone"));
    }

    [Test]
    public async Task A_wait_ends_where_the_connection_or_the_machine_is_disposed()
    {
        var (machine, tick) = WithInterrupt(PcServer());
        var wait = WaitOf(tick);
        machine.Connection.Dispose();
        Assert.That(await wait, Is.InstanceOf<RawIoException>().With.Message.Contains("disposed"));
        (machine, tick) = WithInterrupt(PcServer());
        wait = WaitOf(tick);
        machine.Dispose();
        Assert.That(await wait, Is.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task An_interrupt_from_before_the_end_is_still_told()
    {
        var wire = PcServer();
        var (machine, _) = WithInterrupt(wire);
        using var __ = machine;
        using var key = machine.OpenInterrupt(1, "key");
        machine.Connection.Command("key a 1");
        wire.Dispose();
        Assert.That(await key.WaitAsync(), Is.EqualTo(1));
        Assert.That(await WaitOf(key), Is.InstanceOf<RawIoException>());
    }

    [Test]
    public async Task A_server_that_does_not_answer_is_given_up()
    {
        var (client, server) = Pair();
        using var far = server;
        var time = new ManualTime();
        using var connection = new QTestConnection(new NetworkStream(client, ownsSocket: true), null, time) { AnswerTimeout = TimeSpan.FromSeconds(5) };
        var asked = Task.Run(() => connection.Command("endianness"));
        server.Receive(new byte[100]);
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.That(asked.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(1));
        var error = Assert.ThrowsAsync<RawIoException>(() => asked.WaitAsync(s_limit));
        Assert.That((error!.Errno, error.Message), Is.EqualTo((Errno.ETIMEDOUT, "The qtest server gave no answer for 5 s; the connection is closed. AnswerTimeout says how long it may take.")));
        Assert.That(Assert.Throws<RawIoException>(() => connection.Command("endianness"))!.Errno, Is.EqualTo(Errno.ETIMEDOUT));
        Assert.That(await Task.Run(() => server.Receive(new byte[1])).WaitAsync(s_limit), Is.Zero, "the connection is closed");
    }

    [Test]
    public async Task A_hanging_server_ends_the_wait_for_an_interrupt_too()
    {
        var time = new ManualTime();
        var (client, server) = Pair();
        using var far = server;
        using var machine = new QTestMachine(new(new NetworkStream(client, ownsSocket: true), null, time), "x", hasPorts: true);
        var opened = Task.Run(() => machine.OpenInterrupt(0, "tick"));
        var buffer = new byte[200];
        server.Receive(buffer); // irq_intercept_in
        server.Send("OK\n"u8);
        server.Receive(buffer); // ELCR
        server.Send("OK 0x0\n"u8);
        var tick = await opened.WaitAsync(s_limit);
        Assert.That(time.ArmedTimers, Is.Zero, "nobody waits for an answer");
        var wait = WaitOf(tick);
        time.Advance(TimeSpan.FromHours(1));
        Assert.That(wait.IsCompleted, Is.False);
        var asked = Task.Run(() => machine.Connection.Command("endianness"));
        server.Receive(buffer);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await wait, Is.InstanceOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT));
        Assert.ThrowsAsync<RawIoException>(() => asked.WaitAsync(s_limit));
    }

    [Test]
    public void A_call_that_waits_for_an_answer_is_cancelled_by_dispose()
    {
        var (client, server) = Pair();
        using var far = server;
        var machine = new QTestMachine(new(new NetworkStream(client, ownsSocket: true)), "x", hasPorts: true);
        var opened = Task.Run(() => machine.OpenInterrupt(0, "tick"));
        server.Receive(new byte[200]);
        machine.Dispose();
        Assert.ThrowsAsync<ObjectDisposedException>(() => opened.WaitAsync(s_limit));
    }

    [Test]
    public void A_program_that_hangs_is_ended()
    {
        using var connection = QTestConnection.StartProgram("/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done");
        connection.AnswerTimeout = TimeSpan.FromMilliseconds(50);
        Assert.That(Assert.Throws<RawIoException>(() => connection.Command("endianness"))!.Errno, Is.EqualTo(Errno.ETIMEDOUT));
    }

    [Test]
    public void A_start_that_fails_leaves_neither_process_nor_folder()
    {
        var folder = Directory.CreateTempSubdirectory("rawio-lost-").FullName;
        try
        {
            // It notes who it is, and never connects.
            var program = Path.Join(folder, "qemu-that-hangs");
            WriteProgram(program, $"#!/bin/sh\necho $$ > {folder}/pid\nexec sleep 1000\n");
            var error = Assert.Throws<RawIoException>(() => QTestMachine.Open("pc", new() { Emulator = program, AnswerTimeout = TimeSpan.FromSeconds(3) }));
            Assert.That((error!.Errno, error.Message), Is.EqualTo((Errno.ETIMEDOUT, $"{program} did not make the machine pc within 3 s; AnswerTimeout says how long it may take.")));
            Assert.That(Directory.Exists($"/proc/{File.ReadAllText(Path.Join(folder, "pid")).Trim()}"), Is.False);

            WriteProgram(program, "#!/bin/sh\nfor a; do case $a in unix:*) echo ${a#unix:} > " + folder + "/socket;; esac; done\necho no such board >&2\nexit 5\n");
            error = Assert.Throws<RawIoException>(() => QTestMachine.Open("pc", new() { Emulator = program }));
            Assert.That(error!.Message, Does.Contain("no such board").And.Contain("code 5"));
            Assert.That(Directory.Exists(Path.GetDirectoryName(File.ReadAllText(Path.Join(folder, "socket")).Trim())), Is.False);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Installed by another process: while one has a file open for writing, it runs nowhere (ETXTBSY), and a process that
    // another test starts just then has for a moment all that is open here.
    private static void WriteProgram(string path, string text)
    {
        File.WriteAllText(path + ".text", text);
        using var install = Process.Start("install", ["-m", "700", path + ".text", path]);
        install.WaitForExit();
    }

    [TestCase(0)]
    [TestCase(-5)]
    public void A_time_for_answers_is_more_than_zero(int seconds)
    {
        using var connection = new QTestConnection(new ScriptedStream(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => connection.AnswerTimeout = TimeSpan.FromSeconds(seconds));
        Assert.Throws<ArgumentOutOfRangeException>(() => QTestConnection.Start("pc", new() { AnswerTimeout = TimeSpan.FromSeconds(seconds) }));
        Assert.DoesNotThrow(() => connection.AnswerTimeout = Timeout.InfiniteTimeSpan);
    }

    /// <summary>The QEMU that the machine started: the child that its guarding shell has of that name.</summary>
    private static int ChildOf(QTestMachine machine)
    {
        var shell = machine.Connection.ProcessId;
        foreach (var child in File.ReadAllText($"/proc/{shell}/task/{shell}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (File.ReadAllText($"/proc/{child}/comm").StartsWith("qemu", StringComparison.Ordinal)) return int.Parse(child, System.Globalization.CultureInfo.InvariantCulture);
        throw new AssertionException("QEMU is not a child of the shell");
    }
}
