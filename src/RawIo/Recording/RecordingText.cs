using System.Globalization;
using System.Text;

namespace RawIo;

/// <summary>Entries in the kernel's words.</summary>
internal static class RecordingText
{
    private const int MostBytes = 32;

    public static string Of(RecordingEntry entry) => entry.Refusal is { } refusal
        ? $"{Step(entry)}: refused{(refusal is RawIoException { Errno: var errno } ? $" ({errno})" : "")}: {refusal.Message.ReplaceLineEndings(" ")}"
        : Step(entry);

    private static string Step(RecordingEntry e)
    {
        var hasValue = e.Refusal is null;
        return e.Kind switch
        {
            RecordingKind.Read => $"read{Letter(e)} {Place(e)}{(hasValue ? Value(e) : "")}",
            RecordingKind.ReadRelaxed => $"read{Letter(e)}_relaxed {Place(e)}{(hasValue ? Value(e) : "")}",
            RecordingKind.Write => $"write{Letter(e)} {Place(e)}{Value(e)}",
            RecordingKind.WriteRelaxed => $"write{Letter(e)}_relaxed {Place(e)}{Value(e)}",
            RecordingKind.TryRead => $"try read{Letter(e)} {Place(e)}{(hasValue ? Value(e) : "")}",
            RecordingKind.TryReadNothing => $"try read{Letter(e)} {Place(e)}: nobody answers",
            RecordingKind.In => $"in{Letter(e)} {Port(e.Address)}{(hasValue ? Value(e) : "")}",
            RecordingKind.Out => $"out{Letter(e)} {Port(e.Address)}{Value(e)}",
            RecordingKind.ReadRep => $"ioread{8 * e.Size}_rep {Place(e)}{Data(e)}",
            RecordingKind.WriteRep => $"iowrite{8 * e.Size}_rep {Place(e)}{Data(e)}",
            RecordingKind.InRep => $"ins{Letter(e)} {Port(e.Address)}{Data(e)}",
            RecordingKind.OutRep => $"outs{Letter(e)} {Port(e.Address)}{Data(e)}",
            RecordingKind.Fill => $"memset_io {Place(e)} {e.Value} bytes = 0x{(e.Data.IsEmpty ? 0 : e.Data.Span[0]):x2}",
            RecordingKind.CopyFrom => $"memcpy_fromio {Place(e)}{Data(e)}",
            RecordingKind.CopyTo => $"memcpy_toio {Place(e)}{Data(e)}",
            RecordingKind.Pause => "io_delay",
            RecordingKind.ClaimMemory => $"request_mem_region {Range(e)} \"{Names(e)}\"",
            RecordingKind.ReleaseMemory => $"release_mem_region {Range(e)}",
            RecordingKind.Map => $"ioremap {Range(e)}",
            RecordingKind.Unmap => $"iounmap {Range(e)}",
            RecordingKind.ClaimPorts => $"request_region {Range(e)} \"{Names(e)}\"",
            RecordingKind.ReleasePorts => $"release_region {Range(e)}",
            RecordingKind.OpenPorts => $"ioperm {Range(e)} on",
            RecordingKind.ClosePorts => $"ioperm {Range(e)} off",
            RecordingKind.OpenInterrupt => $"request_irq {(int)e.Value} \"{Names(e)}\" as interrupt {e.Address}",
            RecordingKind.OpenNodeInterrupt => $"request_irq {Names(e, 1)}:{(int)e.Value} \"{Names(e)}\" as interrupt {e.Address}",
            RecordingKind.CloseInterrupt => $"free_irq interrupt {e.Address}",
            RecordingKind.EnableInterrupt => $"enable_irq interrupt {e.Address}",
            RecordingKind.DisableInterrupt => $"disable_irq interrupt {e.Address}",
            RecordingKind.InterruptCount => $"count of interrupt {e.Address} = {e.Value}",
            RecordingKind.WaitBegins => $"wait {e.Value} for interrupt {e.Address} begins",
            RecordingKind.WaitEnds => $"wait {e.Value} for interrupt {e.Address} ends{(hasValue ? $" = {Number(e)}" : "")}",
            RecordingKind.Timestamp => $"timestamp{(hasValue ? $" = {e.Value}" : "")}",
            RecordingKind.UtcNow => $"date{(hasValue ? $" = {new DateTime((long)e.Value, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture)}" : "")}",
            RecordingKind.CreateTimer => $"timer {e.Address} made, {Due(e)}",
            RecordingKind.ChangeTimer => $"timer {e.Address} set, {Due(e)}",
            RecordingKind.DisposeTimer => $"timer {e.Address} given back",
            RecordingKind.TimerFires => $"timer {e.Address} fires",
            _ => "nothing",
        };
    }

    private static char Letter(RecordingEntry e) => e.Size switch { 1 => 'b', 2 => 'w', 4 => 'l', _ => 'q' };

    private static string Place(RecordingEntry e) => Address(e.Address);

    private static string Address(ulong address) => "0x" + address.ToString(address > uint.MaxValue ? "x16" : "x8", CultureInfo.InvariantCulture);

    private static string Port(ulong port) => $"0x{port:x4}";

    private static string Value(RecordingEntry e) => " = 0x" + e.Value.ToString($"x{2 * e.Size}", CultureInfo.InvariantCulture);

    private static string Range(RecordingEntry e)
    {
        var isPorts = e.Kind is >= RecordingKind.ClaimPorts and <= RecordingKind.ClosePorts;
        var last = unchecked(e.Address + e.Value - 1);
        if ((long)e.Value < 1 || last < e.Address) return $"0x{e.Address:x} of {(long)e.Value}";
        return isPorts ? $"{Port(e.Address)}-{Port(last)}" : $"{Address(e.Address)}-{Address(last)}";
    }

    /// <summary>The first of a block's values, each as wide as the access, and how many there are.</summary>
    private static string Data(RecordingEntry e)
    {
        var size = Math.Max(e.Size, 1);
        var data = e.Data.Span;
        var text = new StringBuilder(size == 1 && e.Size == 0 ? $" {e.Value} bytes" : $" {e.Value / (ulong)size} times");
        if (data.IsEmpty) return text.ToString();
        text.Append(" =");
        for (var at = 0; at + size <= Math.Min(data.Length, MostBytes); at += size)
        {
            text.Append(' ');
            for (var i = size - 1; i >= 0; i--) text.Append(CultureInfo.InvariantCulture, $"{data[at + i]:x2}");
        }
        return data.Length > MostBytes ? text.Append(" ...").ToString() : text.ToString();
    }

    private static string Names(RecordingEntry e, int index = 0) => Encoding.UTF8.GetString(e.Data.Span).Split('\0').ElementAtOrDefault(index) ?? "";

    private static long Number(RecordingEntry e) => System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(e.Data.Span);

    private static string Due(RecordingEntry e)
    {
        var period = new TimeSpan(Number(e));
        var due = new TimeSpan((long)e.Value);
        return (due < TimeSpan.Zero ? "off" : string.Create(CultureInfo.InvariantCulture, $"due in {due.TotalSeconds} s"))
            + (period > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $", then every {period.TotalSeconds} s") : "");
    }
}
