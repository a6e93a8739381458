using RawIo.QTest;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>The client, against answers that are given, and against servers that end.</summary>
internal sealed class QTestConnectionTests
{
    [Test]
    public void A_command_gives_what_follows_OK()
    {
        var wire = new ScriptedStream("OK little\nOK\nOK 0x12 0x34\n");
        using var connection = new QTestConnection(wire);
        Assert.That(connection.Command("endianness"), Is.EqualTo("little"));
        Assert.That(connection.Command("outb 0x80 1"), Is.Empty);
        Assert.That(connection.Command("x"), Is.EqualTo("0x12 0x34"));
        Assert.That(wire.Sent, Is.EqualTo("endianness\noutb 0x80 1\nx\n"));
    }

    [Test]
    public void FAIL_is_an_error_with_its_reason_and_the_next_command_works()
    {
        using var connection = new QTestConnection(new ScriptedStream("FAIL Unknown command 'foo'\nOK 1\n"));
        var error = Assert.Throws<RawIoException>(() => connection.Command("foo 1 2"));
        Assert.That(error!.Errno, Is.EqualTo(Errno.EIO));
        Assert.That(error.Message, Does.Contain("foo 1 2").And.Contain("Unknown command 'foo'"));
        Assert.That(connection.Command("bar"), Is.EqualTo("1"));
    }

    [Test]
    public void What_is_no_answer_breaks_the_connection_for_good()
    {
        using var connection = new QTestConnection(new ScriptedStream("OKAY\nOK 1\n"));
        Assert.That(Assert.Throws<RawIoException>(() => connection.Command("foo"))!.Message, Does.Contain("OKAY"));
        Assert.That(Assert.Throws<RawIoException>(() => connection.Command("bar"))!.Message, Does.Contain("OKAY"));
    }

    [Test]
    public void A_value_that_is_no_number_breaks_the_connection()
    {
        using var machine = new QTestMachine(new(new ScriptedStream("OK pear\n")), "x", hasPorts: true);
        using var ports = machine.OpenPorts(0x60, 1);
        Assert.That(Assert.Throws<RawIoException>(() => ports.In8(0x60))!.Message, Does.Contain("pear"));
    }

    [Test]
    public void A_server_that_goes_away_is_an_error()
    {
        using var connection = new QTestConnection(new ScriptedStream(""));
        Assert.That(Assert.Throws<RawIoException>(() => connection.Command("foo"))!.Message, Does.Contain("gone"));
    }

    [Test]
    public void A_request_is_one_line()
    {
        using var connection = new QTestConnection(new ScriptedStream("OK\n"));
        Assert.Throws<ArgumentException>(() => connection.Command("a\nb"));
        Assert.Throws<ArgumentException>(() => connection.Command(" "));
        Assert.Throws<ArgumentException>(() => connection.Exchange(["a", "b\r"]));
    }

    [Test]
    public void Interrupt_lines_are_told_and_are_no_answers()
    {
        using var connection = new QTestConnection(new ScriptedStream("IRQ raise 1\nIRQ raise 12\nOK 0x5\nFAIL no\nIRQ lower 1\nOK\n"));
        var answers = connection.Exchange(["a", "b", "c"]);
        Assert.That(answers.Select(a => (a.Ok, a.Text)), Is.EqualTo(new[] { (true, "0x5"), (false, "no"), (true, "") }));
        Assert.That(answers[0].Interrupts, Is.EqualTo(new QTestInterruptChange[] { new(1, true), new(12, true) }));
        Assert.That(answers[1].Interrupts, Is.Empty);
        Assert.That(answers[2].Interrupts, Is.EqualTo(new QTestInterruptChange[] { new(1, false) }));
        Assert.That((connection.InterruptLevel(1), connection.InterruptLevel(12), connection.InterruptLevel(3)), Is.EqualTo((false, true, false)));
    }

    [Test]
    public void The_clock_is_moved_in_nanoseconds()
    {
        var wire = new ScriptedStream("OK 7\nOK 1007\nOK 9000000000\n");
        using var connection = new QTestConnection(wire);
        Assert.That((connection.ClockStep(), connection.ClockStep(1000), connection.ClockSet(9_000_000_000)), Is.EqualTo((7, 1007, 9_000_000_000)));
        Assert.That(wire.Sent, Is.EqualTo("clock_step\nclock_step 1000\nclock_set 9000000000\n"));
    }

    [Test]
    public void After_dispose_everything_throws()
    {
        var connection = new QTestConnection(new ScriptedStream("OK\n"));
        connection.Dispose();
        Assert.DoesNotThrow(connection.Dispose);
        Assert.Throws<ObjectDisposedException>(() => connection.Command("a"));
        Assert.Throws<ObjectDisposedException>(() => connection.Exchange(["a"]));
    }

    [Test]
    public void Repeated_accesses_go_out_together_and_a_failure_among_them_leaves_the_rest_in_step()
    {
        var memory = new NotedMemory(0x1000) { Quiet = true, Fault = at => at == 0x800 ? "nobody" : null };
        var wire = new ServerStream(new(memory));
        using var machine = new QTestMachine(new(wire), "x", hasPorts: false);
        using var map = machine.IoRemap(0, 0x1000);
        map.Fill(0, 0x5a, 0x700);
        Assert.That(memory.Bytes.AsSpan(0, 0x700).IndexOfAnyExcept((byte)0x5a), Is.EqualTo(-1));
        Assert.That(wire.LargestWrite, Is.GreaterThan(2000), "many at once");
        Assert.That(Assert.Throws<RawIoException>(() => map.CopyFrom(0x7f8, new byte[32]))!.Message, Does.Contain("nobody"));
        Assert.That(map.Read32(4), Is.EqualTo(0x5a5a5a5a));
        Assert.That(Assert.Throws<RawIoException>(() => map.Read32(0x800))!.Message, Does.Contain("nobody").And.Contain("0x800"));
        var many = new ushort[5000];
        map.Write16(2, 0x1234);
        map.ReadRep(2, many);
        Assert.That(many.AsSpan().IndexOfAnyExcept((ushort)0x1234), Is.EqualTo(-1));
    }

    [Test]
    public void Several_threads_share_a_connection()
    {
        using var sim = SimMachine.Create("pi3", new() { SteppedClock = true });
        using var machine = new QTestMachine(new(new ServerStream(new(sim.PhysicalMemory))), "x", hasPorts: false);
        Parallel.For(0, 4, thread =>
        {
            using var map = machine.IoRemap(0x10_0000 + (ulong)thread * 0x1000, 0x1000);
            for (var i = 0u; i < 500; i++)
            {
                map.Write32(0, i);
                if (map.Read32(0) != i) throw new AssertionException($"thread {thread} lost {i}");
            }
        });
    }

    [Test]
    public void A_program_that_is_not_there_is_an_error_with_the_remedy()
    {
        Assert.That(Assert.Throws<RawIoException>(() => QTestConnection.StartProgram("/nowhere/rawio"))!.Errno, Is.EqualTo(Errno.ENOENT));
        var qemu = Assert.Throws<RawIoException>(() => QTestConnection.Start("pc", new() { Emulator = "/nowhere/qemu-system-x86_64" }));
        Assert.That(qemu!.Message, Does.Contain("apt install qemu-system-x86"));
        Assert.That(Assert.Throws<RawIoException>(() => QTestConnection.Connect("/nowhere/socket"))!.Errno, Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void A_program_that_ends_is_quoted_with_its_exit_code()
    {
        using var connection = QTestConnection.StartProgram("/bin/sh", "-c", "read x; echo so long >&2; exit 3");
        var error = Assert.Throws<RawIoException>(() => connection.Command("endianness"));
        Assert.That(error!.Message, Does.Contain("code 3").And.Contain("so long"));
    }

    [Test]
    public void A_machine_that_QEMU_does_not_have_is_quoted()
    {
        using var here = Qemu.Open("pc");
        var error = Assert.Throws<RawIoException>(() => QTestConnection.Start("toaster"));
        Assert.That(error!.Message, Does.Contain("toaster").And.Contain("code 1"));
        error = Assert.Throws<RawIoException>(() => QTestConnection.Start("pc", new() { Arguments = ["-device", "nothing"] }));
        Assert.That(error!.Message, Does.Contain("nothing"));
    }
}
