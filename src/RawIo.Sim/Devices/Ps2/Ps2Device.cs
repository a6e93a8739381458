namespace RawIo.Sim;

/// <summary>A device on a PS/2 port, as its controller sees it: it takes bytes, and holds bytes until they are fetched.</summary>
public abstract class Ps2Device
{
    /// <summary>What both kinds of device acknowledge with.</summary>
    protected const byte ACK = 0xFA;

    /// <summary>The basic assurance test passed.</summary>
    protected const byte BAT_OK = 0xAA;

    /// <summary>The byte was not understood: send it again.</summary>
    protected const byte RESEND = 0xFE;

    private protected Ps2Device()
    {
    }

    /// <summary>The lock of the machine it is plugged into, for what a user does to it.</summary>
    internal BiasedLock? Gate { get; set; }

    /// <summary>The device has something to send; the controller's.</summary>
    internal event Action? Ready;

    /// <summary>How many bytes wait in the device.</summary>
    public int Waiting
    {
        get
        {
            using var held = new HeldLock(Gate);
            return Count;
        }
    }

    internal abstract int Count { get; }

    /// <summary>The next byte to be sent; there is one.</summary>
    internal abstract byte Peek();

    /// <summary>Sends the next byte; there is one.</summary>
    internal abstract byte Take();

    /// <summary>Takes a byte from the host.</summary>
    internal abstract void Receive(byte value);

    internal abstract void Reset();

    /// <summary>What it remembers, as an object that nothing changes later.</summary>
    internal abstract object Save();

    /// <summary>Goes back to what was saved.</summary>
    internal abstract void Restore(object saved);

    private protected void OnReady() => Ready?.Invoke();
}

/// <summary>A first-in first-out store of a fixed size.</summary>
internal sealed class ByteQueue(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];
    private int _first;

    public int Count { get; private set; }

    public int Free => _bytes.Length - Count;

    public byte Peek() => _bytes[_first];

    public byte Dequeue()
    {
        var value = _bytes[_first];
        _first = (_first + 1) % _bytes.Length;
        Count--;
        return value;
    }

    /// <summary>Puts all of the bytes in, or none.</summary>
    public bool Enqueue(params ReadOnlySpan<byte> values)
    {
        if (values.Length > Free) return false;
        foreach (var value in values) _bytes[(_first + Count++) % _bytes.Length] = value;
        return true;
    }

    public void Clear() => (_first, Count) = (0, 0);

    /// <summary>A copy of what is in it.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Count];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = _bytes[(_first + i) % _bytes.Length];
        return bytes;
    }

    /// <summary>Has these bytes and no others.</summary>
    public void Set(byte[] bytes)
    {
        Clear();
        Enqueue(bytes);
    }
}
