using System.Diagnostics;
using System.Text;

namespace RawIo.Tests;

public class ProcTextFuzzTests
{
    private const string Alphabet = "0123456789abcdefABCDEF-: \n\r\0gxz<é";

    [Test]
    public void A_hundred_thousand_mutated_texts_are_read_or_refused_and_what_is_read_prints_back()
    {
        var random = new Random(20240607);
        (string Text, ResourceFlags Type)[] seeds =
        [
            (Tree.Capture("pc.iomem"), ResourceFlags.Mem), (Tree.Capture("pc.ioports"), ResourceFlags.Io),
            (Tree.Capture("raspberrypi3.iomem"), ResourceFlags.Mem), (Tree.Hide(Tree.Capture("pc.ioports")), ResourceFlags.Io),
            (Tree.Hide(Tree.Capture("raspberrypi3.iomem")), ResourceFlags.Mem),
            ("00000000-00000fff : a\n  00000000-00000fff : b\n    00000000-00000fff : c\n      00000000-00000fff : d\n", ResourceFlags.Mem),
        ];
        var (read, refused) = (0, 0);
        for (var i = 0; i < 100_000; i++)
        {
            var (seed, type) = seeds[random.Next(seeds.Length)];
            var text = Mutate(seed, random);
            try
            {
                var tree = ResourceTree.ParseProcText(text, type);
                var expected = text.Length == 0 || text.EndsWith('\n') ? text : text + "\n";
                if (tree.ToProcText() != expected) Assert.Fail($"input {i} came back changed:\n{text}");
                if (!tree.AddressesHidden) Tree.Check(tree);
                read++;
            }
            catch (MalformedInputException error)
            {
                if (error.Unit != "line" || error.Position < 1 || error.Position > text.Count(c => c == '\n') + 1)
                    Assert.Fail($"input {i}: {error.Message}");
                refused++;
            }
        }

        Assert.That(read + refused, Is.EqualTo(100_000));
        // Neither outcome may be rare, or the mutations test nothing.
        Assert.That(read, Is.InRange(5_000, 80_000));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_hostile_depth_or_length_takes_linear_time_and_no_stack(bool deep)
    {
        const int lines = 200_000;
        var text = new StringBuilder();
        for (var level = 0; level < 5; level++) text.Append(' ', 2 * level).Append("00000000-ffffffff : up\n");
        for (var i = 0; i < lines; i++)
        {
            if (deep) text.Append("          00000000-ffffffff : same\n");
            else text.Append(System.Globalization.CultureInfo.InvariantCulture, $"          {i:x8}-{i:x8} : {i}\n");
        }

        var clock = Stopwatch.StartNew();
        var tree = ResourceTree.ParseProcText(text.ToString(), ResourceFlags.Mem);
        Assert.That(tree.ToProcText(), Is.EqualTo(text.ToString()));
        Assert.That(tree.All().Count(), Is.EqualTo(lines + 5));
        Assert.That(tree.Lookup(lines - 1)!.Name, Is.EqualTo(deep ? "same" : $"{lines - 1}"));
        Assert.That(tree.Intersects(0, 0x1_0000_0000, ResourceFlags.Busy), Is.EqualTo(RegionIntersects.Disjoint));
        Assert.That(tree.Request(lines - 1, 1, "claim").Parent!.Name, Is.EqualTo(deep ? "same" : $"{lines - 1}"));
        Assert.That(tree.Release(lines - 1, 1), Is.True);
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    private static string Mutate(string seed, Random random)
    {
        var text = new StringBuilder(seed);
        for (var n = random.Next(1, 4); n > 0 && text.Length > 0; n--)
        {
            var at = random.Next(text.Length);
            var c = Alphabet[random.Next(Alphabet.Length)];
            switch (random.Next(8))
            {
                case 0: text[at] = c; break;
                case 1: text.Insert(at, c); break;
                case 2: text.Remove(at, Math.Min(random.Next(1, 40), text.Length - at)); break;
                case 3: text.Length = at; break;
                case 4: text.Insert(at, seed.AsSpan(random.Next(seed.Length / 2), random.Next(Math.Min(80, seed.Length / 2)))); break;
                case 5: text[at] = (char)(text[at] ^ (1 << random.Next(8))); break;
                case 6: SwapLines(text, random); break;
                default: text.Insert(at, "  "); break;
            }
        }

        return text.ToString();
    }

    private static void SwapLines(StringBuilder text, Random random)
    {
        var lines = text.ToString().Split('\n');
        var (a, b) = (random.Next(lines.Length), random.Next(lines.Length));
        (lines[a], lines[b]) = (lines[b], lines[a]);
        text.Clear().AppendJoin('\n', lines);
    }
}
