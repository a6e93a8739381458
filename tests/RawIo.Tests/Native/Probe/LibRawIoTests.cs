using System.Text.RegularExpressions;
using RawIo.Native;

namespace RawIo.Tests;

/// <summary>librawio's loops: what they do, and which instructions they are.</summary>
[Platform("Linux")]
internal sealed class LibRawIoTests
{
    [Test]
    public unsafe void Loops_move_what_they_say_to_and_from_memory_of_any_alignment()
    {
        if (!LibRawIo.IsAvailable) Assert.Ignore("SKIPPED: no librawio here (no C compiler when this was built)");
        ulong* aligned = stackalloc ulong[8];
        var device = (byte*)aligned;
        var memory = stackalloc byte[64];
        foreach (var (size, from, to, readRep, writeRep) in new (int, Loop, Loop, Loop, Loop)[]
        {
            (1, LibRawIoLoops.CopyFrom8, LibRawIoLoops.CopyTo8, LibRawIoLoops.ReadRep8, LibRawIoLoops.WriteRep8),
            (2, LibRawIoLoops.CopyFrom16, LibRawIoLoops.CopyTo16, LibRawIoLoops.ReadRep16, LibRawIoLoops.WriteRep16),
            (4, LibRawIoLoops.CopyFrom32, LibRawIoLoops.CopyTo32, LibRawIoLoops.ReadRep32, LibRawIoLoops.WriteRep32),
            (8, LibRawIoLoops.CopyFrom64, LibRawIoLoops.CopyTo64, LibRawIoLoops.ReadRep64, LibRawIoLoops.WriteRep64),
        })
        {
            var bytes = 3 * size;
            for (var i = 0; i < 64; i++) (device[i], memory[i]) = ((byte)(i + 1), 0);
            from(device + 8, memory + 1, 3);
            Assert.That(new Span<byte>(memory, 64).ToArray(), Is.EqualTo(Expect(1, bytes, i => (byte)(i + 9))), $"from, {size}");
            readRep(device + 8, memory + 1, 3);
            Assert.That(new Span<byte>(memory, 64).ToArray(), Is.EqualTo(Expect(1, bytes, i => (byte)(i % size + 9))), $"rep, {size}");
            for (var i = 0; i < 64; i++) (device[i], memory[i]) = (0, (byte)(i + 1));
            to(device + 8, memory + 1, 3);
            Assert.That(new Span<byte>(device, 64).ToArray(), Is.EqualTo(Expect(8, bytes, i => (byte)(i + 2))), $"to, {size}");
            new Span<byte>(device, 64).Clear();
            writeRep(device + 8, memory + 1, 3);
            Assert.That(new Span<byte>(device, 64).ToArray(), Is.EqualTo(Expect(8, size, i => (byte)(i + 2 * size + 2))), $"rep to, {size}");
            new Span<byte>(device, 64).Clear();
            switch (size)
            {
                case 1: LibRawIoLoops.Fill8(device + 8, 0x11, 3); break;
                case 2: LibRawIoLoops.Fill16(device + 8, 0x1211, 3); break;
                case 4: LibRawIoLoops.Fill32(device + 8, 0x14131211, 3); break;
                default: LibRawIoLoops.Fill64(device + 8, 0x1817161514131211, 3); break;
            }
            Assert.That(new Span<byte>(device, 64).ToArray(), Is.EqualTo(Expect(8, bytes, i => (byte)(i % size + 0x11))), $"fill, {size}");
        }
    }

    private unsafe delegate void Loop(byte* device, void* memory, nuint count);

    private static byte[] Expect(int at, int count, Func<int, byte> value)
    {
        var bytes = new byte[64];
        for (var i = 0; i < count; i++) bytes[at + i] = value(i);
        return bytes;
    }

    [Test]
    public void Barriers_run_with_and_without_the_library()
    {
        DeviceBarrier.Full();
        DeviceBarrier.Read();
        DeviceBarrier.Write();
        Assert.That(DeviceBarrier.ReachesDevices, Is.EqualTo(LibRawIo.IsAvailable));
        if (!LibRawIo.IsAvailable) return;
        LibRawIoLoops.OrderFull();
        LibRawIoLoops.OrderRead();
        LibRawIoLoops.OrderWrite();
    }

    /// <summary>Each loop has one load and one store (a fill: one store), both of the declared width; no call, no vector, no zeroing of cache lines.</summary>
    [TestCase("linux-x64", "x86_64-linux-gnu-objdump")]
    [TestCase("linux-arm64", "aarch64-linux-gnu-objdump")]
    [TestCase("linux-arm", "arm-linux-gnueabihf-objdump")]
    public void Loops_are_one_access_of_the_declared_width(string runtime, string objdump)
    {
        var functions = Disassemble(runtime, objdump);
        foreach (var bits in new[] { 8, 16, 32, 64 })
        {
            foreach (var name in new[] { "read_rep", "write_rep", "copy_from", "copy_to", "fill" })
            {
                var code = functions[$"rawio_{name}{bits}"];
                var text = $"{name}{bits}:\n{string.Join('\n', code)}";
                Assert.That(code.Where(line => s_forbidden.IsMatch(line)), Is.Empty, text);
                var accesses = code.Where(line => s_memory.IsMatch(line)).ToList();
                var loads = accesses.Count(line => Regex.IsMatch(line, Access(runtime, bits, isLoad: true)));
                var stores = accesses.Count(line => Regex.IsMatch(line, Access(runtime, bits, isLoad: false)));
                var isRead = name is "read_rep" or "copy_from";
                // The memory side of 64 bits on 32-bit arm is two words: it may lie where ldrd may not.
                var halves = runtime == "linux-arm" && bits == 64 && name != "fill" ? 2 : 0;
                var expected = name == "fill" ? (0, 1) : halves == 0 ? (1, 1) : isRead ? (1, 0) : (0, 1);
                Assert.That((loads, stores), Is.EqualTo(expected), text);
                Assert.That(accesses, Has.Count.EqualTo(loads + stores + halves), text);
            }
        }
    }

    private static readonly Regex s_forbidden = new(
        @"\b(call|callq|bl|blx|rep|[xyz]mm\d+|ldp|stp|ldm\w*|stm\w*|dc|[qdv]\d+|movs[bwlq])\b");

    // What touches memory, but for the stack, and for lea and nop, which only look like it.
    private static readonly Regex s_memory = new(@"^(?!lea|nop|data16|cs|ldr\S* r\d+, \[sp)[^\[(]*[\[(]");

    private static string Access(string runtime, int bits, bool isLoad) => runtime switch
    {
        "linux-x64" => (isLoad ? $@"^mov(z[bw]l)? {Operand},%{Register(bits, isLoad)}$" : $@"^mov %{Register(bits, isLoad)},{Operand}$"),
        "linux-arm64" => (isLoad ? "^ldr" : "^str") + bits switch { 8 => "b w", 16 => "h w", 32 => " w", _ => " x" } + @"\d+, \[",
        _ => (isLoad ? "^ldr" : "^str") + bits switch { 8 => "b", 16 => "h", 32 => "", _ => "d" } + @"(\.[nw])? r",
    };

    private const string Operand = @"-?(0x[0-9a-f]+)?\([^)]*\)";

    /// <summary>A register of that width; a load of less than 32 bits may extend to 32.</summary>
    private static string Register(int bits, bool isLoad) => bits switch
    {
        8 => isLoad ? @"(e[a-d]x|e[sd]i|r\d+d|[a-d]l|[sd]il|r\d+b)" : @"([a-d]l|[sd]il|r\d+b)",
        16 => isLoad ? @"(e[a-d]x|e[sd]i|r\d+d|[a-d]x|[sd]i|r\d+w)" : @"([a-d]x|[sd]i|r\d+w)",
        32 => @"(e[a-d]x|e[sd]i|r\d+d)",
        _ => @"(r[a-d]x|r[sd]i|r\d+)",
    };

    [TestCase("linux-x64", "x86_64-linux-gnu-objdump", "mfence", "lfence", "sfence", "mfence", "lfence", "sfence")]
    [TestCase("linux-arm64", "aarch64-linux-gnu-objdump", "dsb sy", "dsb ld", "dsb st", "dmb osh", "dmb oshld", "dmb oshst")]
    [TestCase("linux-arm", "arm-linux-gnueabihf-objdump", "dsb sy", "dsb sy", "dsb st", "dmb osh", "dmb osh", "dmb oshst")]
    public void Barriers_are_the_instruction(string runtime, string objdump, params string[] expected)
    {
        var functions = Disassemble(runtime, objdump);
        var names = new[] { "mb", "rmb", "wmb", "dma_mb", "dma_rmb", "dma_wmb" };
        Assert.That(names.Select(name => functions[$"rawio_{name}"][0]), Is.EqualTo(expected));
    }

    [Test]
    public void Ports_are_the_instruction_and_x86_alone_has_them()
    {
        var x64 = Disassemble("linux-x64", "x86_64-linux-gnu-objdump");
        foreach (var (bits, letter, register) in new[] { (8, 'b', "al"), (16, 'w', "ax"), (32, 'l', "eax") })
        {
            foreach (var pause in new[] { "", "_p" })
            {
                var tail = pause == "" ? "" : "; out %al,$0x80";
                Assert.That(PortLines(x64[$"rawio_in{bits}{pause}"]), Is.EqualTo($"in (%dx),%{register}{tail}"));
                Assert.That(PortLines(x64[$"rawio_out{bits}{pause}"]), Is.EqualTo($"out %{register},(%dx){tail}"));
            }
            Assert.That(PortLines(x64[$"rawio_ins{bits}"]), Is.EqualTo($"rep ins{letter} (%dx),%es:(%rdi)"));
            Assert.That(PortLines(x64[$"rawio_outs{bits}"]), Is.EqualTo($"rep outs{letter} %ds:(%rsi),(%dx)"));
        }
        Assert.That(Disassemble("linux-arm64", "aarch64-linux-gnu-objdump").Keys, Has.None.Matches("^rawio_(in|out|io)"));
        Assert.That(Disassemble("linux-arm", "arm-linux-gnueabihf-objdump").Keys, Has.None.Matches("^rawio_(in|out|io)"));
    }

    private static string PortLines(List<string> code) => string.Join("; ", code.Where(line => Regex.IsMatch(line, @"^(rep )?(in|out)")));

    /// <summary>The functions of a built librawio, an instruction a line: mnemonic and operands.</summary>
    private static Dictionary<string, List<string>> Disassemble(string runtime, string objdump)
    {
        var library = CrossProgram.Library(runtime);
        if (!File.Exists($"/usr/bin/{objdump}")) Assert.Ignore($"SKIPPED: no {objdump} here");
        var (code, text) = CrossProgram.Run($"/usr/bin/{objdump}", ["-d", "--no-show-raw-insn", library]);
        Assert.That(code, Is.Zero, text);
        var functions = new Dictionary<string, List<string>>();
        List<string> current = [];
        foreach (var line in text.Split('\n'))
        {
            if (Regex.Match(line, @"^[0-9a-f]+ <([\w@$.]+)>:$") is { Success: true } head) functions[head.Groups[1].Value] = current = [];
            else if (Regex.Match(line, @"^ *[0-9a-f]+:\s+(.*?)\s*((//|@|;).*)?$") is { Success: true } instruction) current.Add(Regex.Replace(instruction.Groups[1].Value, @"\s+", " "));
        }
        return functions;
    }
}
