using Mono.Unix.Native;
using RawIo.Native;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A program at a pseudo-terminal, the cable, the PL011 of a Raspberry Pi, its interrupt, and a driver that echoes.</summary>
[TestFixture("pi1")]
[TestFixture("pi3")]
internal sealed class Pl011PseudoTerminalTests(string board)
{
    // PrimeCell UART (PL011) Technical Reference Manual, 3.2.
    private const int UARTDR = 0x00, UARTFR = 0x18, UARTIBRD = 0x24, UARTFBRD = 0x28, UARTLCR_H = 0x2c, UARTCR = 0x30, UARTIMSC = 0x38, UARTICR = 0x44;
    private const uint RXFE = 0x10, TXFF = 0x20, RXRT = 0x50;

    [Test, CancelAfter(60_000)]
    public async Task What_a_program_writes_comes_back_to_it(CancellationToken token)
    {
        PseudoTerminal terminal;
        try
        {
            terminal = PseudoTerminal.Open();
        }
        catch (RawIoException refusal)
        {
            Assert.Ignore($"SKIPPED: {refusal.Message}");
            return;
        }
        using var ofTerminal = terminal;
        using var machine = SimMachine.Create(board);
        var attached = machine.Devices.Single(d => d.Id == "uart0");
        var line = ((ISerialPort)attached.Device).Line;
        line.IsInstant = true; // at the bit rate the FIFO would overrun on a busy host, as it does on a busy Pi
        await using var cable = line.Connect(terminal.Stream);
        using var region = machine.RequestMemRegion(attached.Start, 0x200, "echo");
        using var uart = region.Map();
        using var interrupt = machine.OpenInterrupt(attached.Node!, 0, "echo");
        uart.Write32(UARTIBRD, 26); // 48 MHz / (16 * 115200) is 26 + 3/64
        uart.Write32(UARTFBRD, 3);
        uart.Write32(UARTLCR_H, 0x70); // FIFOs, 8 bits
        uart.Write32(UARTIMSC, RXRT);
        uart.Write32(UARTCR, 0x301);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var driver = Task.Run(() => Echo(uart, interrupt, stop.Token), token);

        using var program = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(
            Kernel.Open(terminal.SlavePath, OpenFlags.O_RDWR | OpenFlags.O_NOCTTY, out _), true), FileAccess.ReadWrite, 0);
        // A read of a terminal in the kernel heeds no token; that the other end is closed it does.
        using var limit = token.Register(terminal.Dispose);
        byte[] text = [.. "Hello through the wire\r\n"u8, .. Enumerable.Range(0, 256).Select(i => (byte)i)];
        program.Write(text);
        var back = new byte[text.Length];
        await program.ReadExactlyAsync(back, token);
        Assert.That(back, Is.EqualTo(text));
        Assert.That(interrupt.Count, Is.GreaterThan(0));
        await stop.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => driver);
    }

    private static async Task Echo(IMmio uart, IInterrupt interrupt, CancellationToken token)
    {
        while (true)
        {
            await interrupt.WaitAsync(token);
            // Before the last look at the FIFO: a character that comes after it, and waits till it times out, interrupts anew.
            uart.Write32(UARTICR, RXRT);
            while ((uart.Read32(UARTFR) & RXFE) == 0)
            {
                var character = uart.Read32(UARTDR);
                while ((uart.Read32(UARTFR) & TXFF) != 0) token.ThrowIfCancellationRequested();
                uart.Write32(UARTDR, character & 0xff);
            }
            interrupt.Enable();
        }
    }
}
