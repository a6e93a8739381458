using RawIo.QTest;

namespace RawIo.Tests;

/// <summary>QEMU for the tests, where it is installed.</summary>
internal static class Qemu
{
    /// <summary>Starts a machine; the test is skipped where QEMU is not installed.</summary>
    public static QTestMachine Open(string machine, params string[] arguments) => Open(machine, new QTestOptions { Arguments = arguments });

    public static QTestMachine Open(string machine, QTestOptions options)
    {
        try
        {
            return QTestMachine.Open(machine, options);
        }
        catch (RawIoException error) when (error.Errno == Errno.ENOENT)
        {
            Assert.Ignore($"SKIPPED: {error.Message}");
            throw;
        }
    }

    /// <summary>A PC whose RTL8139 has its eight multicast registers (MAR0 to MAR7, which only keep what is written) at ports 0xc008 to 0xc00f.</summary>
    public static QTestMachine OpenPcWithScratchPorts()
    {
        var pc = Open("pc", "-device", "rtl8139,romfile=,addr=4");
        using var ports = pc.OpenPorts(0xcf8, 8);
        ports.Out32(0xcf8, 0x8000_2010); // BAR 0
        ports.Out32(0xcfc, 0xc001);
        ports.Out32(0xcf8, 0x8000_2004); // command: I/O space on
        ports.Out16(0xcfc, 1);
        return pc;
    }
}
