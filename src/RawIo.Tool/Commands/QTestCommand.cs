using System.CommandLine;
using RawIo.QTest;
using RawIo.Sim;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio qtest</c>: QEMU's qtest protocol on standard input and output.</summary>
internal static class QTestCommand
{
    public static Command Create(Session session)
    {
        var command = new ToolCommand("qtest", "Serves QEMU's qtest protocol on standard input and output.",
            "printf 'inb 0x64\\noutb 0x64 0xaa\\ninb 0x60\\n' | rawio qtest --on sim:pc",
            "printf 'writel 0x3f200004 0x40000\\nwritel 0x3f20001c 0x10000\\nreadl 0x3f200034\\n' | rawio qtest")
        {
            Notes = "Commands: inb inw inl, outb outw outl, readb readw readl readq, writeb writew writel writeq,\n"
                + "read, write, memset, b64read, b64write, endianness, clock_step [NS], clock_set NS.\n"
                + "irq_intercept_in [PATH]: from then on IRQ raise N or IRQ lower N comes before the answer that caused it;\n"
                + "N is the ISA interrupt on a PC, else the pin of the interrupt controller; PATH may be any.\n"
                + "irq_intercept_out gpio: N is the GPIO number, raised while the chip drives it high.\n"
                + "Beyond QEMU's: key QCODE 0|1, button left|middle|right 0|1, mouse DX DY (down is positive), chr_send ID 0xHEX\n"
                + "and chr_recv ID for the serial lines com1, com2, uart0, uart1 (uart10 on a Pi 5), reset_requested.\n"
                + "With --on qemu:MACHINE these and the clock answer FAIL: drive QEMU's own -qtest for interrupts.\n"
                + "Characters on serial lines, bytes on SPI and I2C, a Pi's DMA, the VideoCore's answers and random numbers take\n"
                + "no time, as on QEMU's machines, unless --wire-speed.\n"
                + "Forbidden accesses go on as the hardware would; with --faults throw they answer FAIL and the reason.\n"
                + "With --host these are this computer's registers: what is written in memory is claimed first, and\n"
                + "FAILs where a driver holds it, unless --force; ports are not claimed, and clock_step answers FAIL.\n"
                + "With --undo memory is restored at the end, and there are no ports.",
        };
        var wireSpeed = new Option<bool>("--wire-speed") { Description = "Characters, bytes and DMA take their time, by the bit rate and the bus." };
        command.Add(wireSpeed);
        command.SetAction(parse =>
        {
            if (session.Board is not null) throw new UsageException("qtest would take the shell's own input; run rawio qtest by itself.");
            TargetOptions.RefuseJson(parse, "qtest speaks QEMU's protocol");
            using var target = TargetOptions.Open(parse, session, faults: FaultPolicy.Hardware, noUndo: null, instant: !parse.GetValue(wireSpeed));
            using var ports = target.Undo is null ? Ports(target.Hardware, session) : null;
            var memory = target is { Sim: { } machine, Undo: null } ? machine.PhysicalMemory : target.Memory;
            var clock = target.Sim is null ? null : new MachineQTestClock(target.Sim.Clock);
            var world = target.Sim is null ? null : new SimQTestWorld(target.Sim);
            try
            {
                new QTestServer(memory, ports, clock, world)
                    .Serve(session.Streams.Input, session.Streams.Output);
            }
            catch (IOException error) when (ClosedOutputException.Means(error))
            {
                throw new ClosedOutputException(error);
            }
            return Failures.Done;
        });
        return command;
    }

    private static IPortGrant? Ports(IHardware hardware, Session session)
    {
        try
        {
            return hardware.OpenPorts(0, 0x10000);
        }
        catch (RawIoException error) when (error.Errno == Errno.ENXIO || hardware is not SimMachine)
        {
            // A client may want memory alone.
            if (error.Errno != Errno.ENXIO) session.Streams.Tell($"rawio: without ports: {Failures.Line(error)}");
            return null;
        }
    }

    private sealed class MachineQTestClock(MachineClock clock) : IQTestClock
    {
        public long Now => clock.Now;
        public void Step(long nanoseconds) => clock.Step(nanoseconds);
        public bool StepToNextTimer() => clock.StepToNextTimer();
    }
}
