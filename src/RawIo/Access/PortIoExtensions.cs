namespace RawIo;

/// <summary>What every range of ports can do on top of its exact accesses: widths chosen at run time, and the paused forms: the access, then <see cref="IPortIo.Pause"/> (kernel: the <c>_p</c> suffix).</summary>
public static class PortIoExtensions
{
    extension(IPortIo io)
    {
        /// <summary>Reads a width known only at run time: one <c>in</c>.</summary>
        /// <param name="port">The port.</param>
        /// <param name="size">1, 2 or 4 bytes.</param>
        /// <exception cref="ArgumentOutOfRangeException">No <c>in</c> has that size; the device was not touched.</exception>
        public uint In(int port, int size) => size switch
        {
            1 => io.In8(port),
            2 => io.In16(port),
            4 => io.In32(port),
            _ => throw AccessCheck.NoSuchSize(size, "1, 2 or 4"),
        };

        /// <summary>Writes a width known only at run time: one <c>out</c> of the low bits.</summary>
        /// <param name="port">The port.</param>
        /// <param name="size">1, 2 or 4 bytes.</param>
        /// <param name="value">The value; bits above the size are left out.</param>
        /// <exception cref="ArgumentOutOfRangeException">No <c>out</c> has that size; the device was not touched.</exception>
        public void Out(int port, int size, uint value)
        {
            switch (size)
            {
                case 1: io.Out8(port, (byte)value); break;
                case 2: io.Out16(port, (ushort)value); break;
                case 4: io.Out32(port, value); break;
                default: throw AccessCheck.NoSuchSize(size, "1, 2 or 4");
            }
        }

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
