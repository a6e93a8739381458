using System.CommandLine;
using System.Text.Json;
using RawIo.Sim;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio explain ADDR</c>: the route of one access through the machine.</summary>
internal static class ExplainCommand
{
    public static Command Create(Session session)
    {
        var address = Numbers.Argument("ADDR", "The physical address; a multiple of the width.", 0, ulong.MaxValue);
        var width = Numbers.Width(32, 8, 16, 32, 64);
        var count = Numbers.Option("--count", "-n", "COUNT", "How often to make the access.", 1, 1, 1000);
        var command = new ToolCommand("explain", "Makes one read and shows its route, from the cache to the register.",
            "rawio explain 0x3f200034        # GPLEV0, by a page-table walk",
            "rawio explain 0x3f200034 -n 2   # the second access finds the TLB filled",
            "rawio explain 0x100000          # RAM, through the caches")
        {
            Notes = "The access is really made. A register that reading changes is refused without --force.",
        };
        command.Add(address);
        command.Add(width);
        command.Add(count);
        command.SetAction(parse =>
        {
            TargetOptions.RefuseHost(parse, "explain follows an access through a simulated machine's MMU and bus, and hardware does not tell");
            using var target = TargetOptions.Open(parse, session, ownForce: true);
            var machine = target.Simulated;
            var (at, bits) = (parse.GetValue(address), parse.GetValue(width));
            Width.Check(at, bits);
            target.CheckRange(at, (ulong)bits / 8);
            if (!parse.GetValue(TargetOptions.Force)) RefuseConsuming(target, at, bits / 8);
            var routes = new AccessRoute[parse.GetValue(count)];
            for (var i = 0; i < routes.Length; i++) routes[i] = machine.Explain(at, bits / 8);
            if (Json.IsWanted(parse)) Json.Print(session, json => json.Array(null, routes, route => Write(json, route, bits)));
            else for (var i = 0; i < routes.Length; i++) Print(session.Text, routes[i], bits, i, routes.Length);
            return Failures.Done;
        });
        return command;
    }

    private static void RefuseConsuming(Target target, ulong address, int size)
    {
        if (target.DeviceAt(address) is not { Map: { } map } device) return;
        var offset = (long)(address - device.Start);
        if (map.IsConsuming(offset, size))
            throw new UsageException($"0x{address:x} is {RegisterNames.Name(map, offset, size)} of {device.Name}, and reading it changes the device; add --force to read it all the same.");
    }

    private static string? Register(AccessRoute route, int bits) =>
        route.Target is null ? null : RegisterNames.Name(RegisterNames.MapOf(RegisterNames.Compatible(route.Target)), route.Offset, bits / 8);

    private static void Print(TextWriter text, AccessRoute route, int bits, int index, int count)
    {
        if (index > 0) text.WriteLine();
        var step = 0;
        text.WriteLine($"{(count > 1 ? $"access {index + 1}: " : "")}{bits}-bit read at virtual address {Numbers.Hex(route.VirtualAddress, 64)}");
        Step("cache", route.Cache);
        Step("TLB", route.TlbHit ? "TLB hit" : "TLB miss: walk the page tables");
        foreach (var level in route.Walk)
            Step($"{level.Table}[{level.Index}]", $"descriptor {Numbers.Hex(level.Descriptor, 64)} at {Numbers.Address(level.DescriptorAddress)}: {level.Meaning}");
        Step("attributes", route.Attributes);
        Step("physical", Numbers.Address(route.PhysicalAddress));
        if (route.BusAddress is { } bus) Step("bus", $"{Numbers.Address(bus)}, as the SoC's own bus has it");
        Step(route.Target is null ? "memory" : "device", $"{route.TargetName} + 0x{route.Offset:x}");
        if (Register(route, bits) is { } register) Step("register", register);
        Step("value", Numbers.Hex(route.Value, bits));

        void Step(string what, string result) => text.WriteLine($"{++step,3}. {what,-10}  {result}");
    }

    private static void Write(Utf8JsonWriter json, AccessRoute route, int bits) => json.Object(() =>
    {
        json.WriteString("virtualAddress", Numbers.Hex(route.VirtualAddress, 64));
        json.WriteNumber("width", bits);
        json.WriteString("tlb", route.TlbHit ? "hit" : "miss");
        json.Array("walk", route.Walk, level => json.Object(() =>
        {
            json.WriteString("table", level.Table);
            json.WriteNumber("index", level.Index);
            json.WriteString("descriptorAddress", Numbers.Address(level.DescriptorAddress));
            json.WriteString("descriptor", Numbers.Hex(level.Descriptor, 64));
            json.WriteString("meaning", level.Meaning);
        }));
        json.WriteString("memoryType", route.MemoryType == MemoryType.Device ? "device" : "normal");
        json.WriteString("attributes", route.Attributes);
        json.WriteString("cache", route.Cache);
        json.WriteString("physicalAddress", Numbers.Address(route.PhysicalAddress));
        if (route.BusAddress is { } bus) json.WriteString("busAddress", Numbers.Address(bus));
        json.WriteString("target", route.TargetName);
        json.WriteString("offset", $"0x{route.Offset:x}");
        if (Register(route, bits) is { } register) json.WriteString("register", register);
        json.WriteString("value", Numbers.Hex(route.Value, bits));
    });
}
