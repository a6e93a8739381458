namespace RawIo.Tests;

/// <summary>Where the checkout is, found from where the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "RawIo.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No RawIo.sln above {AppContext.BaseDirectory}.");
    }
}
