using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace RawIo.Gate;

/// <summary>The checker itself: what it must call wrong, and what it must refuse to judge.</summary>
public class CheckerTests
{
    private const string Name = "code";

    private static IEnumerable<TestCaseData> X64()
    {
        yield return Case("exact", c => c.mov(eax, __dword_ptr[rdi + 0x10]), "R4@0x10");
        yield return Case("narrowed", c => c.movzx(eax, __byte_ptr[rdi + 0x10]), "R1@0x10");
        yield return Case("the high byte alone", c => c.movzx(eax, __byte_ptr[rdi + 0x13]), "R1@0x13");
        yield return Case("fused", c => c.or(__dword_ptr[rdi], 4), "RW4@0x0");
        yield return Case("locked", c => c.@lock.or(__dword_ptr[rdi], 4), "lockRW4@0x0");
        yield return Case("exchanged", c => c.xchg(__dword_ptr[rdi], eax), "RW4@0x0");
        yield return Case("a vector", c => c.movdqu(xmm0, __xmmword_ptr[rdi]), "vectorR16@0x0");
        yield return Case("tested in memory", c => c.test(__byte_ptr[rdi], 0x80), "R1@0x0");
        yield return Case("by a copied pointer", c => { c.mov(rcx, rdi); c.add(rcx, 8); c.mov(__qword_ptr[rcx + 8], rsi); }, "W8@0x10");
        yield return Case("through the stack", c => { c.push(rdi); c.pop(rdx); c.mov(__word_ptr[rdx], ax); }, "W2@0x0");
        yield return Case("by an index", c => c.mov(eax, __dword_ptr[rdi + rsi * 4]), "R4@?");
        yield return Case("a span, not the device", c => c.mov(eax, __dword_ptr[rsi]), "");
        yield return Case("loaded for nothing", c => c.cmp(__dword_ptr[rdi], edi), "R4@0x0");
    }

    [TestCaseSource(nameof(X64))]
    public void An_access_is_seen_as_what_it_is(byte[] code, string accesses) => Assert.That(Found(code), Is.EqualTo(accesses));

    [Test]
    public void A_string_instruction_on_the_device_is_no_read_or_write() =>
        Assert.That(Found(Assembled(c => c.rep.stosd())), Does.StartWith("string"));

    private static IEnumerable<TestCaseData> Unclear()
    {
        yield return Case("a pointer from nowhere", c => c.mov(eax, __dword_ptr[r8]));
        yield return Case("a pointer out of memory", c => { c.mov(rcx, __qword_ptr[rsi]); c.mov(eax, __dword_ptr[rcx]); });
        yield return Case("half a pointer", c => { c.mov(ecx, edi); c.mov(eax, __dword_ptr[rcx]); });
        yield return Case("a pointer masked", c => { c.and(rdi, -16); c.mov(eax, __dword_ptr[rdi]); });
        yield return Case("a pointer let go", c => c.mov(__qword_ptr[rsi], rdi));
        yield return Case("a call into the dark", c => c.call(rax));
        yield return Case("a jump into the dark", c => c.jmp(rax));
        yield return Case("a vector register's pointer", c => { c.movq(xmm0, rdi); c.movq(rcx, xmm0); c.mov(eax, __dword_ptr[rcx]); });
    }

    [TestCaseSource(nameof(Unclear))]
    public void What_is_not_understood_is_refused(byte[] code) => Assert.That(() => Found(code), Throws.TypeOf<NotUnderstoodException>());

    [TestCase("ldr\tw0, [x0, #16]", "R4@0x10")]
    [TestCase("ldrb\tw0, [x0, x2]", "R1@?")]
    [TestCase("ldp\tw1, w2, [x0]", "pairR4@0x0 pairR4@0x4")]
    [TestCase("stp\txzr, xzr, [x0, #8]", "pairW8@0x8 pairW8@0x10")]
    [TestCase("str\tq0, [x0]", "vectorW16@0x0")]
    [TestCase("ldapr\tx1, [x0]", "R8@0x0")]
    [TestCase("stlurh\tw1, [x0, #2]", "W2@0x2")]
    [TestCase("ldrsw\tx3, [x0, #4]", "R4@0x4")]
    [TestCase("str\tx2, [x1, #8]!", "")]
    public void An_arm64_access_is_seen_as_what_it_is(string instruction, string accesses) =>
        Assert.That(Found(new Listing(CallingConvention.Arm64, [Arm(instruction, 0), Arm("ret", 4)])), Is.EqualTo(accesses));

    [TestCase("ldadd\tw1, w2, [x0]")]
    [TestCase("prfm\tpldl1keep, [x0]")]
    [TestCase("dc\tzva, x0")]
    [TestCase("ldr\tw0, [x9]")]
    [TestCase("str\tx0, [x1]")]
    public void What_is_not_understood_on_arm64_is_refused(string instruction) =>
        Assert.That(() => Found(new Listing(CallingConvention.Arm64, [Arm(instruction, 0), Arm("ret", 4)])), Throws.TypeOf<NotUnderstoodException>());

    [TestCase("R W", "R W", null, null)]
    [TestCase("R+", "R R*", null, null)]
    [TestCase("(R W)*", "(R W (R W)*)?", null, null)]
    [TestCase("R", "R R", "R4 R4", "R4")]
    [TestCase("R", "R1", "R1", "R4")]
    [TestCase("W@0x10 W@N1", "W@N1 W@0x10", "W4@0x14", "W4@0x10 W4@0x14")]
    [TestCase("R?", "R", null, "nothing")]
    public void Two_sets_of_sequences_differ_in_their_shortest_one(string written, string found, string? extra, string? lacking)
    {
        Automaton mine = Expectation.Of(found, 4), theirs = Expectation.Of(written, 4);
        Assert.That(mine.ShortestNotIn(theirs, beginnings: true), Is.EqualTo(extra));
        Assert.That(theirs.ShortestNotIn(mine, beginnings: false), Is.EqualTo(lacking));
    }

    // rdi is the device, rsi a span, rdx a number.
    private static string Found(byte[] code)
    {
        var decoder = Decoder.Create(64, code);
        var steps = new List<Step>();
        while (decoder.IP < (ulong)code.Length) steps.Add(new X64Decoder().Decode(decoder.Decode(), null, _ => false));
        return Found(new Listing(CallingConvention.X64, steps));
    }

    private static string Found(Listing program)
    {
        var found = new Analyzer(program, new(-1, -1)).Accesses(program.Find(Name)!, [new Value.Device(0), Value.Inert, Value.Any]);
        var none = new Automaton();
        (none.Start, none.End) = (none.Add(), none.Add());
        return found.ShortestNotIn(none, beginnings: false) is { } word && word != "nothing" ? word : "";
    }

    private static Step Arm(string text, long at) => new Arm64Decoder(Name).Decode(at, text, null);

    private static byte[] Assembled(Action<Assembler> write)
    {
        var assembler = new Assembler(64);
        write(assembler);
        assembler.ret();
        using var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), 0);
        return stream.ToArray();
    }

    private static TestCaseData Case(string name, Action<Assembler> write, params object[] more) =>
        new TestCaseData([Assembled(write), .. more]).SetArgDisplayNames(name);

    private sealed class Listing(CallingConvention convention, IReadOnlyList<Step> steps) : CompiledProgram
    {
        public override CallingConvention Convention => convention;

        public override Function Find(string name) => new(name, steps);

        public override string NameOf(Type type, string method) => method;
    }
}
