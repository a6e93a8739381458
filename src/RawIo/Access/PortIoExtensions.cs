namespace RawIo;

/// <summary>The paused port forms: the access, then <see cref="IPortIo.Pause"/> (kernel: the <c>_p</c> suffix).</summary>
public static class PortIoExtensions
{
    extension(IPortIo io)
    {
        /// <summary>Reads a byte, then pauses (kernel: <c>inb_p</c>).</summary>
        public byte InPaused8(int port)
        {
            var value = io.In8(port);
            io.Pause();
            return value;
        }

        /// <summary>Reads a word, then pauses (kernel: <c>inw_p</c>).</summary>
        public ushort InPaused16(int port)
        {
            var value = io.In16(port);
            io.Pause();
            return value;
        }

        /// <summary>Reads a long, then pauses (kernel: <c>inl_p</c>).</summary>
        public uint InPaused32(int port)
        {
            var value = io.In32(port);
            io.Pause();
            return value;
        }

        /// <summary>Writes a byte, then pauses (kernel: <c>outb_p</c>).</summary>
        public void OutPaused8(int port, byte value)
        {
            io.Out8(port, value);
            io.Pause();
        }

        /// <summary>Writes a word, then pauses (kernel: <c>outw_p</c>).</summary>
        public void OutPaused16(int port, ushort value)
        {
            io.Out16(port, value);
            io.Pause();
        }

        /// <summary>Writes a long, then pauses (kernel: <c>outl_p</c>).</summary>
        public void OutPaused32(int port, uint value)
        {
            io.Out32(port, value);
            io.Pause();
        }
    }
}
