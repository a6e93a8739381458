using System.Globalization;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>A keyboard controller on a bench: scripts of port accesses, and time by hand.</summary>
internal sealed class I8042Rig
{
    public I8042Rig()
    {
        Model = new I8042Model(Time);
        Ports = new DevicePorts(Model, 0x60, 5);
    }

    public ManualTime Time { get; } = new();

    public I8042Model Model { get; }

    public DevicePorts Ports { get; }

    public Ps2Keyboard Keyboard => Model.Keyboard;

    public Ps2Mouse Mouse => Model.Mouse;

    public byte Status => (byte)Model.Read(4, 1);

    /// <summary>
    /// Runs a script of hexadecimal words: "64:aa" writes a command, "60:f4" writes data, "=55" expects a data byte that
    /// the status announced, "m=fa" one that the status announced as the mouse's, "s=1c" a status, "-" an empty buffer.
    /// </summary>
    public void Run(string script)
    {
        var done = "";
        foreach (var word in script.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            done += $" {word}";
            if (word == "-") Assert.That(Status & 1, Is.Zero, $"the buffer is empty after{done}");
            else if (word.StartsWith("s=", StringComparison.Ordinal)) Assert.That(Status, Is.EqualTo(Hex(word[2..])), done);
            else if (word.StartsWith("64:", StringComparison.Ordinal)) Model.Write(4, 1, Hex(word[3..]));
            else if (word.StartsWith("60:", StringComparison.Ordinal)) Model.Write(0, 1, Hex(word[3..]));
            else if (word.StartsWith("m=", StringComparison.Ordinal)) Expect(0x21, Hex(word[2..]), done);
            else if (word.StartsWith('=')) Expect(0x01, Hex(word[1..]), done);
            else throw new ArgumentException($"What is '{word}'?", nameof(script));
        }
    }

    /// <summary>Reads until the buffer is empty.</summary>
    public byte[] Drain()
    {
        var bytes = new List<byte>();
        while ((Status & 1) != 0 && bytes.Count < 1000) bytes.Add((byte)Model.Read(0, 1));
        return [.. bytes];
    }

    public string DrainHex() => Convert.ToHexStringLower(Drain());

    private void Expect(int announced, byte value, string done)
    {
        Assert.That(Status & 0x21, Is.EqualTo(announced), $"status before the read of{done}");
        Assert.That((byte)Model.Read(0, 1), Is.EqualTo(value), done);
    }

    private static byte Hex(string text) => byte.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
