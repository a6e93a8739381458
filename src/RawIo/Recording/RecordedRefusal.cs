using System.Buffers.Binary;
using System.Text;

namespace RawIo;

/// <summary>What was thrown, as bytes and back: a number for the type, errno, three numbers, the message and one more text.</summary>
internal static class RecordedRefusal
{
    private const int Head = 25;

    public static byte[] Encode(Exception error)
    {
        (int Type, Errno Errno, ulong A, ulong B, uint C, string? Text) told = error switch
        {
            ResourceBusyException e => (2, e.Errno, e.Holder.Start, e.Holder.End, (uint)e.Holder.Flags, e.Holder.Name),
            BusFaultException e => (3, e.Errno, e.Address, (ulong)e.Size, e.IsWrite ? 1u : 0u, null),
            RawIoException e => (1, e.Errno, 0, 0, 0, null),
            ArgumentOutOfRangeException => (4, Errno.None, 0, 0, 0, null),
            ArgumentException => (5, Errno.None, 0, 0, 0, null),
            DataMisalignedException => (6, Errno.None, 0, 0, 0, null),
            ObjectDisposedException => (7, Errno.None, 0, 0, 0, null),
            NotSupportedException => (9, Errno.None, 0, 0, 0, null),
            OperationCanceledException => (10, Errno.None, 0, 0, 0, null),
            InvalidOperationException => (8, Errno.None, 0, 0, 0, null),
            _ => (11, Errno.EIO, 0, 0, 0, error.GetType().FullName),
        };
        var bytes = new List<byte>(new byte[Head]);
        bytes.AddRange(Encoding.UTF8.GetBytes(error.Message.Replace('\0', '?')));
        if (told.Text is not null)
        {
            bytes.Add(0);
            bytes.AddRange(Encoding.UTF8.GetBytes(told.Text));
        }
        var all = bytes.ToArray();
        all[0] = (byte)told.Type;
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(1), (int)told.Errno);
        BinaryPrimitives.WriteUInt64LittleEndian(all.AsSpan(5), told.A);
        BinaryPrimitives.WriteUInt64LittleEndian(all.AsSpan(13), told.B);
        BinaryPrimitives.WriteUInt32LittleEndian(all.AsSpan(21), told.C);
        return all;
    }

    /// <summary>Makes the exception anew; null where the bytes are none.</summary>
    public static Exception? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Head) return null;
        var errno = (Errno)BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
        var (a, b) = (BinaryPrimitives.ReadUInt64LittleEndian(bytes[5..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[13..]));
        var c = BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]);
        var texts = Encoding.UTF8.GetString(bytes[Head..]).Split('\0', 2);
        var message = texts[0];
        var more = texts.Length > 1 ? texts[1] : null;
        return bytes[0] switch
        {
            1 => new RawIoException(errno, message),
            2 when b >= a => new ResourceBusyException(message, new(a, b, more, (ResourceFlags)c)),
            3 => new BusFaultException(message, a, (int)b, c != 0),
            4 => new ArgumentOutOfRangeException(null, message),
            5 => new ArgumentException(message),
            6 => new DataMisalignedException(message),
            7 => new ObjectDisposedException(null, message),
            8 => new InvalidOperationException(message),
            9 => new NotSupportedException(message),
            10 => new OperationCanceledException(message),
            11 => new RawIoException(errno, $"{more}: {message}"),
            _ => null,
        };
    }
}
