using System.Runtime.InteropServices;
using RawIo.Native;

namespace RawIo.Bench;

/// <summary>The same pages of memory twice, as a stand-in for a device's registers: mapped by RawIo, and by the C twin.</summary>
internal sealed partial class MappedPages : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly int _length;

    public MappedPages(int length)
    {
        _length = length;
        File.WriteAllBytes(_path, new byte[length]);
        Mapping = DeviceFile.Map(_path, 0, length, 0);
        Pointer = TwinMap(_path, length);
        if (Pointer == 0) throw new IOException($"The twin cannot map {_path}.");
    }

    public NativeMmio Mapping { get; }

    /// <summary>Where the twin has them.</summary>
    public nint Pointer { get; }

    public void Dispose()
    {
        Mapping.Dispose();
        TwinUnmap(Pointer, _length);
        File.Delete(_path);
    }

    [LibraryImport("rawiotwin", EntryPoint = "twin_map", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint TwinMap(string path, long length);

    [LibraryImport("rawiotwin", EntryPoint = "twin_unmap")]
    private static partial void TwinUnmap(nint p, long length);
}
