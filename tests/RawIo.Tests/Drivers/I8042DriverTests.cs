using RawIo.Drivers;
using RawIo.Sim;

namespace RawIo.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class I8042DriverTests : IDisposable
{
    private readonly I8042Rig _rig = new();
    private readonly I8042 _driver;

    public I8042DriverTests() => _driver = new I8042(_rig.Ports, _rig.Time);

    public void Dispose() => _driver.Dispose();

    [Test]
    public void The_chapters_accesses_are_single_port_accesses()
    {
        _driver.WriteCommand(0xaa);
        Assert.That((byte)_driver.ReadStatus(), Is.EqualTo(0x1d));
        Assert.That(_driver.ReadData(), Is.EqualTo(0x55));
        _driver.WriteData(0xee);
        Assert.That(_driver.ReadData(), Is.EqualTo(0xee));
        Assert.That(_rig.Ports.Log, Is.EqualTo(new[] { "out 64 aa", "in 64 = 1d", "in 60 = 55", "out 60 ee", "in 60 = ee" }));
    }

    [Test]
    public void A_query_waits_for_both_buffers()
    {
        Assert.That(_driver.SelfTest(), Is.EqualTo(0x55));
        Assert.That(_rig.Ports.Log, Is.EqualTo(new[] { "in 64 = 18", "in 64 = 18", "out 64 aa", "in 64 = 1d", "in 60 = 55" }));
    }

    [Test]
    public void The_interface_tests_pass()
    {
        Assert.That(_driver.TestKeyboardInterface(), Is.Zero);
        Assert.That(_driver.TestAuxInterface(), Is.Zero);
    }

    [Test]
    public void The_command_byte_is_read_and_written()
    {
        Assert.That((byte)_driver.CommandByte, Is.EqualTo(0x03));
        _driver.CommandByte = I8042CommandByte.Translate | I8042CommandByte.KeyboardInterrupt;
        Assert.That((byte)_driver.CommandByte, Is.EqualTo(0x41));
    }

    [Test]
    public void Flush_takes_all_and_counts()
    {
        _rig.Keyboard.Press("a", "b");
        Assert.That(_driver.Flush(), Is.EqualTo(6));
        Assert.That(_driver.Flush(), Is.Zero);
        Assert.That(_driver.TryRead(out var value, out var aux), Is.False);
        Assert.That((value, aux), Is.EqualTo(((byte)0, false)));
    }

    [Test]
    public void Scan_codes_and_movement_are_told_apart()
    {
        _rig.Run("64:d4 60:f4 m=fa");
        _rig.Keyboard.Key(KeyCode.A, true);
        _rig.Mouse.Move(1, 0);
        Assert.That(_driver.TryRead(out var code, out var aux), Is.True);
        Assert.That((code, aux), Is.EqualTo(((byte)0x1c, false)));
        Assert.That(_driver.TryRead(out var first, out aux), Is.True);
        Assert.That((first, aux), Is.EqualTo(((byte)0x08, true)));
        Assert.That(_driver.WaitReadData(), Is.EqualTo(0x01));
    }

    [Test]
    public void The_keyboard_says_who_it_is()
    {
        Assert.That(_driver.IdentifyKeyboard(), Is.EqualTo(new byte[] { 0xab, 0x83 }));
        _driver.CommandByte = I8042CommandByte.Translate;
        Assert.That(_driver.IdentifyKeyboard(), Is.EqualTo(new byte[] { 0xab, 0x41 }));
    }

    [Test]
    public void The_mouse_says_who_it_is_though_the_keyboard_is_typing()
    {
        _rig.Keyboard.Press("a", "b");
        Assert.That(_driver.IdentifyMouse(), Is.Zero);
        foreach (byte value in new byte[] { 0xf3, 200, 0xf3, 100, 0xf3, 80 }) _driver.SendAux(value);
        Assert.That(_driver.IdentifyMouse(), Is.EqualTo(3));
    }

    [Test]
    public void The_lights_light()
    {
        _driver.SetLeds(KeyboardLeds.CapsLock | KeyboardLeds.NumLock);
        Assert.That(_rig.Keyboard.Leds, Is.EqualTo(6));
        Assert.That(() => _driver.SetLeds((KeyboardLeds)8), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(_rig.Keyboard.Leds, Is.EqualTo(6));
    }

    [Test]
    public void Scanning_is_switched()
    {
        _driver.DisableScanning();
        Assert.That(_rig.Keyboard.Scanning, Is.False);
        _driver.EnableScanning();
        Assert.That(_rig.Keyboard.Scanning, Is.True);
    }

    [Test]
    public void A_byte_the_device_refuses_is_sent_three_times()
    {
        Assert.That(() => _driver.SendKeyboard(0x00),
            Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EIO).And.Message.Contains("keyboard refused 0x00 3 times"));
        Assert.That(_rig.Ports.Log.Count(l => l == "out 60 00"), Is.EqualTo(3));
        Assert.That(() => _driver.SendAux(0x00), Throws.TypeOf<RawIoException>().With.Message.Contains("mouse"));
    }

    [Test]
    public void Probe_reports_and_puts_the_command_byte_back()
    {
        _rig.Run("64:60 60:47");
        _rig.Keyboard.Press("a");
        var report = _driver.Probe();
        Assert.That((byte)report.Status, Is.EqualTo(0x15));
        Assert.That((byte)report.CommandByte, Is.EqualTo(0x47));
        Assert.That((report.SelfTest, report.KeyboardTest, report.AuxTest), Is.EqualTo(((byte)0x55, (byte)0, (byte?)0)));
        Assert.That(report.KeyboardId, Is.EqualTo(new byte[] { 0xab, 0x83 }));
        Assert.That(report.MouseId, Is.Zero);
        Assert.That(report.Flushed, Is.EqualTo(2));
        Assert.That(report.Passed, Is.True);
        _rig.Run("- 64:20 =47");
    }

    [Test]
    public void Probe_goes_on_without_devices()
    {
        var ports = new StubController { AnswerDevices = false };
        var report = new I8042(ports, _rig.Time).Probe();
        Assert.That(report.KeyboardId, Is.Empty);
        Assert.That(report.MouseId, Is.Null);
        Assert.That(report.Passed, Is.True);
        Assert.That(ports.CommandByte, Is.EqualTo(0x47));
    }

    [Test]
    public void A_buffer_that_never_empties_is_no_controller()
    {
        var ports = new StubController { Floating = true };
        Assert.That(() => new I8042(ports, _rig.Time).Flush(),
            Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EIO).And.Message.Contains("no i8042"));
        Assert.That(() => new I8042(ports, _rig.Time).Probe(), Throws.TypeOf<RawIoException>());
    }

    [Test]
    public void A_controller_that_takes_nothing_times_out_and_says_so()
    {
        var ports = new StubController { Floating = true };
        Assert.That(() => new I8042(ports, _rig.Time).WaitWrite(),
            Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT).And.Message.Contains("IBF").And.Message.Contains("0xff"));
    }

    [Test]
    public void A_wait_ends_by_the_clock()
    {
        var ports = new StubController { Time = _rig.Time, AnswerDevices = false };
        var driver = new I8042(ports, _rig.Time) { WaitTimeout = TimeSpan.FromMilliseconds(20) };
        Assert.That(() => driver.WaitReadData(), Throws.TypeOf<RawIoException>().With.Message.Contains("20 ms").And.Message.Contains("OBF"));
        Assert.That(ports.StatusReads, Is.InRange(20, 23));
    }

    [Test]
    public void A_wait_ends_on_a_clock_that_stands_still()
    {
        var ports = new StubController { AnswerDevices = false };
        Assert.That(() => new I8042(ports, _rig.Time).IdentifyKeyboard(),
            Throws.TypeOf<RawIoException>().With.Property("Errno").EqualTo(Errno.ETIMEDOUT).And.Message.Contains("keyboard to acknowledge 0xf2"));
        Assert.That(ports.StatusReads, Is.LessThan(1_000_000));
    }

    [Test]
    public void After_dispose_nothing_is_touched()
    {
        _driver.Dispose();
        _driver.Dispose();
        Assert.That(() => _driver.ReadStatus(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _driver.ReadData(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _driver.WriteCommand(1), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _driver.WriteData(1), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(_rig.Ports.Log, Is.Empty);
    }

    [Test]
    public void Arguments_are_needed()
    {
        Assert.That(() => new I8042(null!), Throws.ArgumentNullException);
        Assert.That(() => new I8042(null!, _rig.Time), Throws.ArgumentNullException);
        Assert.That(() => new I8042(_rig.Ports, null!), Throws.ArgumentNullException);
    }

    [Test]
    public void The_registers_are_described()
    {
        var map = I8042Registers.Map;
        Assert.That(map.IsConsuming(0, 1), Is.True);
        Assert.That(map.IsConsuming(4, 1), Is.False);
        Assert.That(map.At(4).Select(r => r.Access), Is.EquivalentTo(new[] { RegisterAccess.ReadOnly, RegisterAccess.WriteOnly }));
        Assert.That(RegisterMaps.For("intel,8042"), Is.SameAs(map));
        I8042Registers.Command.Write(_rig.Ports, 0xaa);
        Assert.That(I8042Registers.Status.Read(_rig.Ports), Is.EqualTo(0x1d));
        Assert.That(I8042Registers.DataRead.Consume(_rig.Ports), Is.EqualTo(0x55));
        I8042Registers.DataWrite.Write(_rig.Ports, 0xee);
        Assert.That(_rig.Ports.Log, Has.Count.EqualTo(4));
    }
}
