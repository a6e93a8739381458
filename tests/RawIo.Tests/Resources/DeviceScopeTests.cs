namespace RawIo.Tests;

public class DeviceScopeTests
{
    private LoggingHardware _hardware = null!;

    [TearDown]
    public void TearDown() => _hardware.Dispose();

    [SetUp]
    public void MakeHardware() => _hardware = new LoggingHardware();

    [Test]
    public void What_was_acquired_is_given_back_in_reverse_order()
    {
        var scope = new DeviceScope();
        scope.RequestMemRegion(_hardware, 0x1000, 0x100, "a");
        scope.RequestRegion(_hardware, 0x60, 5, "b");
        scope.IoRemap(_hardware, 0x1000, 0x100);
        scope.Add(() => _hardware.Log.Add("action"));
        var owned = scope.Add(new MemoryStream());
        _hardware.Log.Clear();
        scope.Dispose();
        Assert.That(_hardware.Log, Is.EqualTo(new[] { "action", "unmap 1000", "release ports 60", "release 1000" }));
        Assert.That(owned.CanRead, Is.False);
        Assert.That((_hardware.Memory.All().Any(), _hardware.Ports.All().Any()), Is.EqualTo((false, false)));
        _hardware.Log.Clear();
        scope.Dispose();
        Assert.That(_hardware.Log, Is.Empty);
    }

    [Test]
    public void What_was_acquired_before_a_failure_is_given_back()
    {
        _hardware.Memory.Request(0x2000, 0x100, "somebody");
        using (var scope = new DeviceScope())
        {
            scope.RequestMemRegion(_hardware, 0x1000, 0x100, "mine");
            var error = Assert.Throws<ResourceBusyException>(() => scope.RequestMemRegion(_hardware, 0x20f0, 0x100, "mine"))!;
            Assert.That(error.Message, Does.Contain("somebody"));
        }

        Assert.That(_hardware.Memory.ToProcText(), Is.EqualTo("00002000-000020ff : somebody\n"));
    }

    [Test]
    public void Devm_ioremap_resource_checks_claims_and_maps()
    {
        using (var scope = new DeviceScope("3f200000.gpio"))
        {
            var registers = scope.IoRemapResource(_hardware, new Resource(0x3f200000, 0x3f2000b3, "gpio@7e200000"));
            Assert.That((registers.PhysicalAddress, registers.Length), Is.EqualTo((0x3f200000UL, 0xb4L)));
            Assert.That(_hardware.Memory.ToProcText(), Is.EqualTo("3f200000-3f2000b3 : 3f200000.gpio gpio@7e200000\n"));
        }

        Assert.That(_hardware.Log, Is.EqualTo(new[]
        {
            "claim 3f200000 3f200000.gpio gpio@7e200000", "map 3f200000", "unmap 3f200000", "release 3f200000",
        }));
    }

    [TestCase("dev", null, "dev")]
    [TestCase(null, "res", "res")]
    [TestCase(null, null, "")]
    public void The_claim_is_named_by_what_there_is(string? device, string? resource, string expected)
    {
        using var scope = new DeviceScope(device);
        scope.IoRemapResource(_hardware, new Resource(0, 3, resource));
        Assert.That(_hardware.Memory.Lookup(0)!.Name, Is.EqualTo(expected));
    }

    [Test]
    public void Devm_ioremap_resource_takes_only_memory()
    {
        using var scope = new DeviceScope("dev");
        Resource?[] invalid =
        [
            null, new Resource(0x60, 0x60, "io", ResourceFlags.Io), new Resource(5, 5, "irq", ResourceFlags.Irq),
            new Resource(0, ulong.MaxValue, "all"), new Resource(0, 1UL << 63, "too long"), new Resource(0, 3, "none", ResourceFlags.None),
        ];
        foreach (var resource in invalid)
        {
            Assert.That(() => scope.IoRemapResource(_hardware, resource), Throws.InstanceOf<RawIoException>()
                .With.Property("Errno").EqualTo(Errno.EINVAL).And.Message.StartsWith($"dev: invalid resource {resource?.ToString() ?? "(null)"}"));
        }

        Assert.That(_hardware.Log, Is.Empty);
    }

    [Test]
    public void Devm_ioremap_resource_gives_the_claim_back_at_once_when_mapping_fails()
    {
        using var scope = new DeviceScope("dev");
        _hardware.FailMapping = true;
        Assert.That(() => scope.IoRemapResource(_hardware, new Resource(0x1000, 0x10ff, "r")),
            Throws.InstanceOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ENOMEM));
        Assert.That(_hardware.Memory.All(), Is.Empty);
        _hardware.FailMapping = false;
        Assert.That(scope.IoRemapResource(_hardware, new Resource(0x1000, 0x10ff, "r")).Length, Is.EqualTo(0x100));
    }

    [Test]
    public void A_release_that_throws_does_not_stop_the_others()
    {
        var scope = new DeviceScope("dev");
        scope.RequestMemRegion(_hardware, 0x1000, 1, "first");
        scope.Add(() => throw new InvalidOperationException("one"));
        scope.RequestMemRegion(_hardware, 0x2000, 1, "between");
        scope.Add(() => throw new InvalidOperationException("two"));
        var error = Assert.Throws<AggregateException>(scope.Dispose)!;
        Assert.That(error.InnerExceptions.Select(e => e.Message), Is.EqualTo(new[] { "two", "one" }));
        Assert.That(_hardware.Memory.All(), Is.Empty);
        Assert.DoesNotThrow(scope.Dispose);
    }

    [Test]
    public void One_release_that_throws_is_thrown_as_it_is()
    {
        var scope = new DeviceScope();
        scope.Add(() => throw new InvalidOperationException("one"));
        Assert.That(Assert.Throws<InvalidOperationException>(scope.Dispose)!.Message, Is.EqualTo("one"));
    }

    [Test]
    public void After_dispose_nothing_is_acquired()
    {
        var scope = new DeviceScope();
        scope.Dispose();
        using var stream = new MemoryStream();
        Action[] refused =
        [
            () => scope.Add(stream), () => scope.Add(() => { }), () => scope.RequestMemRegion(_hardware, 0, 1, "x"),
            () => scope.RequestRegion(_hardware, 0, 1, "x"), () => scope.IoRemap(_hardware, 0, 1),
            () => scope.IoRemapResource(_hardware, new Resource(0, 1, "x")),
        ];
        foreach (var call in refused) Assert.Throws<ObjectDisposedException>(() => call());
        Assert.That(_hardware.Log, Is.Empty);
        Assert.That(stream.CanRead, Is.True);
    }

    [Test]
    public void What_is_acquired_while_the_scope_ends_is_given_back()
    {
        var scope = new DeviceScope();
        _hardware.BeforeClaim = scope.Dispose;
        Assert.Throws<ObjectDisposedException>(() => scope.RequestMemRegion(_hardware, 0x1000, 1, "late"));
        Assert.That(_hardware.Memory.All(), Is.Empty);
    }
}
