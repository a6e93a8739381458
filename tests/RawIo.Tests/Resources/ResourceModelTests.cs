using System.Text;
using CsCheck;

namespace RawIo.Tests;

/// <summary>Random sequences against a naive model: a flat list, in which nesting is who was inserted over or into whom.</summary>
public class ResourceModelTests
{
    private const uint Busy = 0x80000000, Mem = 0x200;
    private const ulong Last = 0xff;

    private enum Kind { Request, Release, Insert, Adjust, Remove, ReleaseResource, RequestResource }

    private readonly record struct Step(Kind Kind, ulong Start, ulong Size, int Pick);

    private static readonly Gen<Step> GenStep = Gen.Select(
        Gen.Enum<Kind>(), Gen.ULong[0, Last + 4], Gen.OneOf(Gen.ULong[0, 8], Gen.ULong[1, 0x80]), Gen.Int[0, 1000],
        (kind, start, size, pick) => new Step(kind, start, size, pick));

    [Test]
    public void Random_sequences_keep_the_invariants_and_agree_with_a_naive_model() =>
        GenStep.Array[0, 60].Sample(steps =>
        {
            var tree = new ResourceTree(new Resource(0, Last, "root"));
            var model = new Node(0, Last, "root", Mem);
            var known = new List<(Resource Resource, Node Node)>();
            for (var i = 0; i < steps.Length; i++)
            {
                var name = $"r{i}";
                var before = tree.ToProcText();
                var (did, should) = Apply(tree, model, known, steps[i], name);
                if (did != should) Assert.Fail($"{steps[i]} of {name}: {did}, the model says {should}, in\n{before}");
                if (!did && tree.ToProcText() != before) Assert.Fail($"{steps[i]} failed and changed\n{before}");
                Tree.Check(tree);
                var expected = model.Print();
                if (tree.ToProcText() != expected)
                    Assert.Fail($"{steps[i]} of {name} made\n{tree.ToProcText()}of\n{before}the model has\n{expected}");
            }
        }, iter: 3000);

    [Test]
    public void What_is_printed_parses_to_the_same_tree() =>
        GenStep.Array[0, 60].Sample(steps =>
        {
            var tree = new ResourceTree(new Resource(0, 0xffff_ffff, "PCI mem"));
            var (model, known) = (new Node(0, 0xffff_ffff, "root", Mem), new List<(Resource, Node)>());
            for (var i = 0; i < steps.Length; i++) Apply(tree, model, known, steps[i], $"r{i}");
            var back = ResourceTree.ParseProcText(tree.ToProcText(), ResourceFlags.Mem);
            // One range of 0 to 0 alone looks like the hidden view, to a reader of the kernel's text as well.
            if (!back.AddressesHidden) Tree.Check(back);
            Assert.That(back.All().Select(Describe), Is.EqualTo(tree.All().Select(Describe)));
            Assert.That(back.ToProcText(), Is.EqualTo(tree.ToProcText()));
        }, iter: 1000);

    private static string Describe(Resource r) => $"{r.Start:x}-{r.End:x} {r.Name} in {(r.Parent!.Parent is null ? "root" : r.Parent.Name)}";

    private static (bool Did, bool Should) Apply(ResourceTree tree, Node model, List<(Resource Resource, Node Node)> known, Step step, string name)
    {
        var end = step.Start + step.Size - 1;
        var node = new Node(step.Start, end, name, Mem);
        var picked = known.Count > 0 ? known[step.Pick % known.Count] : default;
        switch (step.Kind)
        {
            case Kind.Request:
                node.Flags |= Busy;
                var did = tree.TryRequest(step.Start, step.Size, name, ResourceFlags.None, out var claim, out _);
                if (did) known.Add((claim!, node));
                return (did, step.Size > 0 && model.Request(node));
            case Kind.Release when picked.Node is not null && step.Pick % 4 != 0:
                return (tree.Release(picked.Resource.Start, picked.Resource.Size), model.Release(picked.Node.Start, picked.Node.End));
            case Kind.Release:
                return (tree.Release(step.Start, step.Size), step.Size > 0 && model.Release(step.Start, end));
            case Kind.Adjust when picked.Node is not null && step.Size > 0 && model.Holds(picked.Node):
                return (Succeeds(() => tree.Adjust(picked.Resource, step.Start, step.Size)), model.Adjust(picked.Node, step.Start, end));
            case Kind.Remove when picked.Node is not null:
                return (tree.Remove(picked.Resource), model.TakeOut(picked.Node, keepChildren: true));
            case Kind.ReleaseResource when picked.Node is not null:
                return (tree.ReleaseResource(picked.Resource), model.TakeOut(picked.Node, keepChildren: false));
            case Kind.Insert or Kind.RequestResource when step.Size > 0:
                var resource = new Resource(step.Start, end, name);
                known.Add((resource, node));
                return step.Kind == Kind.Insert
                    ? (Succeeds(() => tree.Insert(resource)), model.Insert(node))
                    : (Succeeds(() => tree.RequestResource(resource)), model.Place(node) is null);
            default:
                return (false, false);
        }
    }

    private static bool Succeeds(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (ResourceBusyException)
        {
            return false;
        }
    }

    private sealed class Node(ulong start, ulong end, string name, uint flags)
    {
        private List<Node> _children = [];

        public ulong Start { get; private set; } = start;
        public ulong End { get; private set; } = end;
        public uint Flags { get; set; } = flags;

        private bool Covers(Node o) => Start <= o.Start && o.End <= End;
        private bool Meets(Node o) => Start <= o.End && o.Start <= End;
        private IEnumerable<Node> Everything => _children.SelectMany(c => c.Everything.Prepend(c));

        public bool Holds(Node node) => Everything.Contains(node);

        /// <summary>request_resource: null, or the conflict.</summary>
        public Node? Place(Node added)
        {
            if (!Covers(added)) return this;
            if (_children.FirstOrDefault(added.Meets) is { } conflict) return conflict;
            Add(added);
            return null;
        }

        public bool Request(Node added) => Place(added) switch
        {
            null => true,
            { } conflict when conflict != this && (conflict.Flags & Busy) == 0 => conflict.Request(added),
            _ => false,
        };

        public bool Release(ulong start, ulong end)
        {
            var claim = _children.FirstOrDefault(c => c.Start <= start && end <= c.End);
            if (claim is null) return false;
            if ((claim.Flags & Busy) == 0) return claim.Release(start, end);
            return claim.Start == start && claim.End == end && _children.Remove(claim);
        }

        public bool Insert(Node added)
        {
            if (!Covers(added)) return false;
            if (_children.FirstOrDefault(c => c.Covers(added) && !added.Covers(c)) is { } inside) return inside.Insert(added);
            var met = _children.Where(added.Meets).ToList();
            if (!met.TrueForAll(added.Covers)) return false;
            added._children = met;
            _children = _children.Except(met).ToList();
            Add(added);
            return true;
        }

        public bool Adjust(Node node, ulong start, ulong end)
        {
            var parent = Everything.Prepend(this).Single(n => n._children.Contains(node));
            var moved = new Node(start, end, "", 0);
            if (!parent.Covers(moved) || parent._children.Exists(c => c != node && c.Meets(moved))) return false;
            // Between the siblings it had: a jump over one is a conflict with it.
            if (parent._children.Exists(c => c != node && (c.Start < node.Start) != (c.Start < start))) return false;
            if (!node._children.TrueForAll(moved.Covers)) return false;
            (node.Start, node.End) = (start, end);
            return true;
        }

        public bool TakeOut(Node node, bool keepChildren)
        {
            if (Everything.Prepend(this).FirstOrDefault(n => n._children.Contains(node)) is not { } parent) return false;
            parent._children.Remove(node);
            if (!keepChildren) return true;
            parent._children = parent._children.Concat(node._children).OrderBy(c => c.Start).ToList();
            node._children = [];
            return true;
        }

        private void Add(Node added) => _children = _children.Append(added).OrderBy(c => c.Start).ToList();

        public string Print()
        {
            var text = new StringBuilder();
            Print(text, 0);
            return text.ToString();
        }

        private void Print(StringBuilder text, int level)
        {
            foreach (var c in _children)
            {
                text.Append(' ', 2 * Math.Min(level, 5)).Append(System.Globalization.CultureInfo.InvariantCulture, $"{c.Start:x4}-{c.End:x4} : {c.Name}\n");
                c.Print(text, level + 1);
            }
        }

        private string Name { get; } = name;
    }
}
