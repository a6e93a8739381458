namespace RawIo.Sim;

/// <summary>What a machine hands to the device models it makes.</summary>
/// <param name="Time">The machine's time; timers made of it run under the machine's lock.</param>
/// <param name="Options">How the machine is to be made: its seed, the date.</param>
/// <param name="Node">The device's node, if any.</param>
/// <param name="Bus">The bus, for a device that reads and writes memory by itself.</param>
/// <param name="Board">The board: its RAM, its device tree.</param>
/// <param name="Made">The machine's devices that were made before this one.</param>
/// <param name="Reset">The line that asks for the machine's reset.</param>
internal sealed record DeviceContext(TimeProvider Time, SimOptions Options, DeviceTreeNode? Node, IBusMaster Bus, BoardPlan Board,
    IReadOnlyList<AttachedDevice> Made, SignalLine Reset)
{
    public int Seed => Options.Seed;

    /// <summary>The time that transfers take: the machine's, or their own where they are over at once (<see cref="SimOptions.InstantTransfers"/>).</summary>
    public required TimeProvider TransferTime { get; init; }

    /// <summary>Where a PCI bus maps what its functions have behind their BARs.</summary>
    public required IBarMap Bars { get; init; }

    /// <summary>The device of that type made before this one.</summary>
    /// <exception cref="ArgumentException">There is none: this device is left out of the board.</exception>
    public T Find<T>() where T : Device => Made.Select(m => m.Device).OfType<T>().FirstOrDefault()
        ?? throw new ArgumentException($"it needs a {typeof(T).Name}, which this board has not, or only after it");
}

/// <summary>Which model answers to which <c>compatible</c> string.</summary>
internal static class DeviceModels
{
    private static readonly Dictionary<string, Func<DeviceContext, Device>> s_table = new(StringComparer.Ordinal)
    {
        ["arm,gic-400"] = _ => new Gic400Model(),
        ["arm,pl011"] = context => new Pl011Model(context.Time, Pl011Options.Of(context.Node, context.Board.DeviceTree)),
        ["brcm,bcm2711-cprman"] = context => ClockManager(context, isBcm2711: true),
        ["brcm,bcm2711-gpio"] = _ => new Bcm2711GpioModel(),
        ["brcm,bcm2711-i2c"] = context => I2c(context, 500_000_000),
        ["brcm,bcm2711-rng200"] = context => new Rng200Model(context.TransferTime, context.Seed),
        ["brcm,bcm2835-arm-timer"] = context => new Bcm2835ArmTimerModel(context.Time),
        ["brcm,bcm2835-armctrl-ic"] = _ => new Bcm2835InterruptControllerModel(),
        ["brcm,bcm2835-aux"] = _ => new Bcm2835AuxModel(),
        ["brcm,bcm2835-aux-spi"] = AuxSpi,
        ["brcm,bcm2835-aux-uart"] = context => new Bcm2835MiniUartModel(context.Time, context.Made.Select(m => m.Device).OfType<Bcm2835AuxModel>().FirstOrDefault(), CoreHertz(context)),
        ["brcm,bcm2835-cprman"] = context => ClockManager(context, isBcm2711: false),
        ["brcm,bcm2835-dma"] = context => new Bcm2835DmaModel(context.TransferTime, context.Bus, context.Node is { Reg: [{ Size: var size }, ..] } && size <= 0xb00 ? 11 : 15),
        ["brcm,bcm2835-gpio"] = _ => new Bcm2835GpioModel(),
        ["brcm,bcm2835-i2c"] = context => I2c(context, CoreHertz(context)),
        ["brcm,bcm2835-mbox"] = context => new Bcm2835MailboxModel(context.TransferTime, new(context.Bus, BoardFacts.Of(context.Board, context.Options))),
        ["brcm,bcm2835-pm"] = context => new Bcm2835PmModel(context.Time, context.Reset),
        ["brcm,bcm2835-pm-wdt"] = context => new Bcm2835PmModel(context.Time, context.Reset),
        ["brcm,bcm2835-pwm"] = Pwm,
        ["brcm,bcm2835-rng"] = context => new Bcm2835RngModel(context.TransferTime, context.Seed),
        ["brcm,bcm2835-spi"] = Spi,
        ["brcm,bcm2835-system-timer"] = context => new Bcm2835SystemTimerModel(context.Time),
        ["brcm,bcm2836-armctrl-ic"] = _ => new Bcm2835InterruptControllerModel(),
        ["brcm,bcm2836-l1-intc"] = context => new Bcm2836LocalModel(context.Time),
        ["raspberrypi,rp1-gpio"] = _ => new Rp1GpioModel(),
    };

    private static Bcm2835I2cModel I2c(DeviceContext context, long hertz) =>
        new(context.TransferTime, hertz, BusName(context.Node!)) { Bus = { Time = context.Time } };

    private static Bcm2835SpiModel Spi(DeviceContext context) =>
        new(context.TransferTime, CoreHertz(context), BusName(context.Node!)) { Bus = { Time = context.Time } };

    private static Bcm2835AuxSpiModel AuxSpi(DeviceContext context)
    {
        var name = BusName(context.Node!);
        var aux = context.Made.Select(m => m.Device).OfType<Bcm2835AuxModel>().FirstOrDefault();
        return new(context.TransferTime, CoreHertz(context), name, aux, name == "spi2" ? 2 : 1) { Bus = { Time = context.Time } };
    }

    private static string BusName(DeviceTreeNode node) => BroadcomNames.Of(node) is { Length: > 0 } id ? id : node.Name;

    /// <summary>The core clock that the firmware sets: 500 MHz on a BCM2711, else 250 MHz.</summary>
    private static long CoreHertz(DeviceContext context) =>
        context.Board.DeviceTree?.Root.Compatible.Contains("brcm,bcm2711") == true ? 500_000_000 : 250_000_000;

    /// <summary>The model for a node: of its compatible strings the first that has one; null where none has.</summary>
    public static Func<DeviceContext, Device>? For(DeviceTreeNode node)
    {
        foreach (var compatible in node.Compatible)
            if (s_table.TryGetValue(compatible, out var make)) return make;
        return null;
    }

    private static Bcm2835ClockManagerModel ClockManager(DeviceContext context, bool isBcm2711)
    {
        var board = BoardFacts.Of(context.Board, context.Options);
        return new(context.Time, isBcm2711, board.CoreClock, board.ArmClock);
    }

    // On a board whose tree has no clock manager the clock has its nominal 100 MHz (chapter 9).
    private static Bcm2835PwmModel Pwm(DeviceContext context)
    {
        var clocks = context.Made.Select(m => m.Device).OfType<Bcm2835ClockManagerModel>().FirstOrDefault();
        var pwm = new Bcm2835PwmModel(context.Time, clocks is null ? () => 100e6 : () => clocks.Hertz(CmClock.PWM));
        if (clocks is null) return pwm;
        clocks.Changing += pwm.ClockChanging;
        clocks.Changed += pwm.ClockChanged;
        return pwm;
    }
}
