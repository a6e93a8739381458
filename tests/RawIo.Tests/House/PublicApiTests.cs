using PublicApiGenerator;

namespace RawIo.Tests;

/// <summary>
/// The public API is a file. A change to it is a change to that file, seen in review:
/// RAWIO_ACCEPT_API=1 dotnet test --filter PublicApiTests writes it anew.
/// </summary>
public class PublicApiTests
{
    [TestCase(typeof(IMmio))]
    [TestCase(typeof(Sim.SimMachine))]
    [TestCase(typeof(Native.HostMachine))]
    [TestCase(typeof(Drivers.I8042))]
    [TestCase(typeof(QTest.QTestServer))]
    public void The_public_API_is_the_recorded_one(Type type)
    {
        var actual = type.Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n");
        var file = Path.Combine(Repository.Root, "tests", "RawIo.Tests", "House", $"{type.Assembly.GetName().Name}.api.txt");
        if (Environment.GetEnvironmentVariable("RAWIO_ACCEPT_API") == "1") File.WriteAllText(file, actual);
        Assert.That(actual, Is.EqualTo(File.Exists(file) ? File.ReadAllText(file) : ""),
            "The public API differs from its record. If that is meant, set RAWIO_ACCEPT_API=1, run this test and commit the file.");
    }
}
