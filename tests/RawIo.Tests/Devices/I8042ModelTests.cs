using RawIo.Sim;

namespace RawIo.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class I8042ModelTests
{
    private readonly I8042Rig _rig = new();

    // Each line is one controller from power-on; the codes are those of the IBM and QEMU sources.
    [TestCase("s=18 -", TestName = "Power_on_status_is_0x18_and_the_buffer_is_empty")]
    [TestCase("64:aa s=1d =55 s=1c", TestName = "Self_test_answers_0x55_and_sets_the_system_flag")]
    [TestCase("64:20 =03", TestName = "Command_byte_after_power_on_is_3")]
    [TestCase("64:aa =55 64:20 =03", TestName = "Self_test_leaves_the_command_byte")]
    [TestCase("64:60 60:47 64:20 =47", TestName = "Command_byte_reads_back")]
    [TestCase("64:60 s=18 60:04 s=14", TestName = "Command_byte_bit_2_becomes_the_system_flag")]
    [TestCase("64:aa =55 64:60 60:03 s=10", TestName = "Command_byte_without_bit_2_clears_the_system_flag")]
    [TestCase("64:60 60:ff 64:20 =ff", TestName = "Command_byte_keeps_all_eight_bits")]
    [TestCase("64:61 60:12 64:7f 60:34 64:21 =12 64:3f =34 64:20 =03", TestName = "Controller_RAM_reads_back")]
    [TestCase("64:3e =00", TestName = "Controller_RAM_starts_at_0")]
    [TestCase("64:a9 =00", TestName = "Auxiliary_interface_test_passes")]
    [TestCase("64:ab =00", TestName = "Keyboard_interface_test_passes")]
    [TestCase("64:a7 64:20 =23 64:a8 64:20 =03", TestName = "Auxiliary_port_is_disabled_and_enabled_in_the_command_byte")]
    [TestCase("64:ad 64:20 =13 64:ae 64:20 =03", TestName = "Keyboard_port_is_disabled_and_enabled_in_the_command_byte")]
    [TestCase("64:c0 =80", TestName = "Input_port_says_not_locked")]
    [TestCase("64:d0 =cf", TestName = "Output_port_after_power_on_is_0xcf")]
    [TestCase("64:d1 60:dd 64:d0 =dd", TestName = "Output_port_reads_back")]
    [TestCase("64:dd 64:d0 =cd 64:df 64:d0 =cf", TestName = "A20_commands_show_in_the_output_port")]
    [TestCase("60:ee 64:d0 =ee =df", TestName = "Output_port_bit_4_shows_a_full_buffer")]
    [TestCase("64:d4 60:e6 64:d0 m=fa =ff", TestName = "Output_port_bit_5_shows_an_auxiliary_byte")]
    [TestCase("64:d1 60:ff 60:ee 64:d0 =ee =df", TestName = "A_byte_shown_clears_output_port_bit_5_that_was_written")]
    [TestCase("64:d2 60:5a =5a -", TestName = "A_byte_put_into_the_buffer_comes_back_as_the_keyboards")]
    [TestCase("64:d3 60:a5 m=a5 -", TestName = "A_byte_put_into_the_auxiliary_buffer_comes_back_as_the_mouses")]
    [TestCase("64:d4 60:f4 m=fa -", TestName = "A_byte_for_the_mouse_reaches_the_mouse")]
    [TestCase("64:e0 =03 64:ad 64:e0 =02 64:a7 64:e0 =00", TestName = "Test_inputs_are_the_clock_lines")]
    [TestCase("64:aa s=1d 60:ee s=15", TestName = "Status_bit_3_tells_a_command_from_data")]
    [TestCase("64:a1 64:a4 64:00 64:1f 64:40 64:80 64:cf 64:ef -", TestName = "Unknown_commands_do_nothing")]
    [TestCase("64:f1 64:ff -", TestName = "Pulsing_no_line_that_matters_does_nothing")]
    [TestCase("64:60 64:aa 60:40 =55 64:20 =40", TestName = "The_data_of_a_command_is_waited_for_over_another_command")]
    [TestCase("64:aa 64:ab =00 -", TestName = "The_controllers_newest_reply_replaces_one_not_read")]
    [TestCase("60:ee 64:aa =ee =55 -", TestName = "A_keyboard_byte_in_the_buffer_is_read_before_the_controllers_reply")]
    [TestCase("60:f2 64:d4 60:f2 =fa m=fa =ab m=00 =83 -", TestName = "The_two_ports_take_turns")]
    [TestCase("60:f2 64:ad =fa - 64:ae =ab =83 -", TestName = "A_disabled_keyboard_holds_its_bytes")]
    [TestCase("64:d4 60:f2 64:a7 m=fa - 64:a8 m=00 -", TestName = "A_disabled_mouse_holds_its_bytes")]
    [TestCase("64:ad 60:ee =ee 64:20 =03", TestName = "Sending_to_the_keyboard_enables_its_port")]
    [TestCase("64:a7 64:d4 60:e6 m=fa 64:20 =03", TestName = "Sending_to_the_mouse_enables_its_port")]
    [TestCase("60:f2 64:d4 60:f2 =fa m=fa 64:60 60:33 =ab -", TestName = "A_shown_byte_stays_though_its_port_is_disabled")]
    [TestCase("64:60 60:33 60:f2 64:ad =fa 64:60 60:03 =ab =83 -", TestName = "Enabling_by_the_command_byte_lets_the_bytes_go")]
    public void Script(string script) => _rig.Run(script);

    [Test]
    public void An_empty_buffer_reads_the_last_byte_again()
    {
        _rig.Run("64:aa =55");
        Assert.That((byte)_rig.Model.Read(0, 1), Is.EqualTo(0x55));
        Assert.That(_rig.Status, Is.EqualTo(0x1c));
    }

    [Test]
    public void Reading_the_status_changes_nothing()
    {
        _rig.Run("60:f2");
        for (var i = 0; i < 10; i++) Assert.That(_rig.Status, Is.EqualTo(0x11));
        _rig.Run("=fa =ab =83 -");
    }

    [Test]
    public void Identity_is_translated_where_translation_is_on()
    {
        _rig.Run("64:60 60:43 60:f2 =fa =ab =41 -");
        _rig.Run("60:f0 =fa 60:00 =fa =41 -");
        _rig.Run("64:60 60:03 60:f2 =fa =ab =83 60:f0 =fa 60:00 =fa =02 -");
    }

    [Test]
    public void Translation_takes_a_byte_as_it_enters_the_buffer()
    {
        _rig.Run("60:f2 =fa =ab 64:60 60:43 =83 -");
        _rig.Run("60:f2 =fa 64:60 60:03 =ab =83 -");
        _rig.Run("64:60 60:43 60:f2 =fa =ab 64:60 60:03 =41 -");
    }

    [Test]
    public void Interrupt_1_follows_the_keyboards_bytes_where_enabled()
    {
        var edges = new List<bool>();
        _rig.Model.Irq1.Changed += edges.Add;
        _rig.Run("60:f2 =fa =ab =83");
        Assert.That(edges, Is.EqualTo(new[] { true, false, true, false, true, false }));
        Assert.That(_rig.Model.Irq12.Level, Is.False);
        edges.Clear();
        _rig.Run("64:60 60:02 60:ee =ee");
        Assert.That(edges, Is.Empty);
    }

    [Test]
    public void Interrupt_12_follows_the_mouses_bytes_where_enabled()
    {
        var edges = new List<bool>();
        _rig.Model.Irq12.Changed += edges.Add;
        _rig.Run("64:d4 60:f2 m=fa m=00 64:d3 60:11 m=11");
        Assert.That(edges, Is.EqualTo(new[] { true, false, true, false, true, false }));
        Assert.That(_rig.Model.Irq1.Level, Is.False);
        edges.Clear();
        _rig.Run("64:60 60:01 64:d4 60:f2 m=fa m=00");
        Assert.That(edges, Is.Empty);
    }

    [Test]
    public void Enabling_the_interrupt_with_a_byte_in_the_buffer_raises_it()
    {
        _rig.Run("64:60 60:00 60:ee");
        Assert.That(_rig.Model.Irq1.Level, Is.False);
        _rig.Run("64:60 60:01");
        Assert.That(_rig.Model.Irq1.Level, Is.True);
        _rig.Run("64:60 60:00");
        Assert.That(_rig.Model.Irq1.Level, Is.False);
    }

    [TestCase("64:fe", 1)]
    [TestCase("64:f0", 1)]
    [TestCase("64:ff", 0)]
    [TestCase("64:fd", 0)]
    [TestCase("64:d1 60:fe", 1)]
    [TestCase("64:d1 60:ff", 0)]
    public void Bit_0_of_the_output_port_resets_the_CPU(string script, int pulses)
    {
        var rises = 0;
        _rig.Model.SystemReset.Changed += level => rises += level ? 1 : 0;
        _rig.Run(script);
        Assert.That(rises, Is.EqualTo(pulses));
        Assert.That(_rig.Model.SystemReset.Level, Is.False);
    }

    [Test]
    public void A_reset_line_that_resets_the_board_finds_a_controller_at_power_on()
    {
        _rig.Model.SystemReset.Changed += level =>
        {
            if (level) _rig.Model.Reset();
        };
        _rig.Run("64:60 60:47 60:ed =fa 60:07 =fa 64:d1 60:00 s=18 - 64:20 =03 64:d0 =cf");
        Assert.That(_rig.Keyboard.Leds, Is.Zero);
    }

    [Test]
    public void A20_follows_the_output_port_and_its_commands()
    {
        Assert.That(_rig.Model.A20.Level, Is.True);
        _rig.Run("64:dd");
        Assert.That(_rig.Model.A20.Level, Is.False);
        _rig.Run("64:df");
        Assert.That(_rig.Model.A20.Level, Is.True);
        _rig.Run("64:d1 60:cd");
        Assert.That(_rig.Model.A20.Level, Is.False);
        _rig.Run("64:d1 60:cf");
        var edges = new List<bool>();
        _rig.Model.A20.Changed += edges.Add;
        _rig.Run("64:fd");
        Assert.That(edges, Is.EqualTo(new[] { false, true }), "pulsed low");
    }

    [Test]
    public void Ports_between_the_two_are_not_the_controllers([Range(1, 3)] int offset)
    {
        Assert.That(() => _rig.Model.Read(offset, 1), Throws.TypeOf<BusFaultException>());
        Assert.That(() => _rig.Model.Write(offset, 1, 0), Throws.TypeOf<BusFaultException>());
        Assert.That(_rig.Status, Is.EqualTo(0x18));
    }

    [Test]
    public void It_says_what_it_is()
    {
        Assert.That(_rig.Model.Compatible, Is.EqualTo(new[] { "intel,8042" }));
        Assert.That(_rig.Model.Sizes, Is.EqualTo(AccessSizes.One));
        Assert.That(_rig.Model.LeavesOut, Does.Contain("parity"));
        Assert.That(() => new I8042Model(null!), Throws.ArgumentNullException);
    }

    [Test]
    public void Reset_is_power_on()
    {
        _rig.Run("64:60 60:77 64:61 60:ee 64:d4 60:f3 60:f0 64:d1 60:01 64:aa");
        _rig.Model.Reset();
        _rig.Run("s=18 - 64:20 =03 64:21 =00 64:d0 =cf 60:ee =ee 64:d4 60:f2 m=fa m=00 -");
        Assert.That(_rig.Model.Irq1.Level || _rig.Model.Irq12.Level, Is.False);
        Assert.That(_rig.Model.A20.Level, Is.True);
    }
}
