using System.CommandLine;
using System.Text.Json;
using RawIo.Drivers;

namespace RawIo.Tool.Commands;

/// <summary><c>rawio gpio</c>: the header drawn; <c>rawio gpio PIN …</c>: one pin set and shown.</summary>
internal static class GpioCommand
{
    public static Command Create(Session session)
    {
        var pin = new Argument<ulong?>("PIN")
        {
            Description = "A GPIO number, as in GPIO16; not the header's pin number.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result =>
            {
                if (result.Tokens.Count == 0) return null;
                if (Numbers.TryParse(result.Tokens[0].Value, out var number)) return number;
                result.AddError($"PIN '{result.Tokens[0].Value}' is not a number; write GPIO16 as 16.");
                return null;
            },
        };
        var settings = new Argument<string[]>("SETTING")
        {
            Description = "in, out or alt0 to alt5; high or low; up, down or none for the resistor.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new ToolCommand("gpio", "Draws the 40-pin header, or sets and shows one pin.",
            "rawio gpio", "rawio gpio --on sim:pi4", "rawio gpio 16 out high", "rawio gpio 17 in up",
            "rawio gpio --host 16 out high --undo --for 2s   # two seconds of light, on the Pi it runs on",
            "printf 'gpio 16 out high\\ngpio\\n' | rawio shell")
        {
            Notes = "The level and the resistor are set before the function, so that an output starts with its level.\n"
                + "With --host what is set is claimed first, and refused where a driver holds it and does not share it through\n"
                + "/dev/gpiomem, unless --force; a look claims nothing.\n"
                + "With --undo the pin is put back as it was; a resistor that cannot be read (before the Pi 4) is refused.",
        };
        command.Add(pin);
        command.Add(settings);
        var time = UndoWait.Option();
        command.Add(time);
        command.SetAction(parse =>
        {
            var wanted = PinSettings.Parse(parse.GetValue(settings) ?? []);
            UndoWait.Check(parse, session, time);
            using var target = TargetOptions.Open(parse, session, noUndo: wanted.IsNone ? "it writes nothing" : null);
            var block = new GpioBlock(target);
            if (parse.GetValue(pin) is { } number)
            {
                One(parse, session, block, number, wanted);
                if (target.Undo is not null && session.Board is null) UndoWait.Hold(session, parse.GetValue(time));
            }
            else if (Json.IsWanted(parse)) PrintJson(session, block.Driver);
            else Draw(session, block.Driver);
            return Failures.Done;
        });
        return command;
    }

    private static void One(ParseResult parse, Session session, GpioBlock block, ulong number, PinSettings wanted)
    {
        var gpio = block.Driver;
        if (number >= (ulong)gpio.PinCount) throw new UsageException($"PIN {number} is out of range: it is 0 to {gpio.PinCount - 1}.");
        var pin = (int)number;
        wanted.Apply(block, pin);
        if (Json.IsWanted(parse))
        {
            Json.Print(session, json => Write(json, gpio, pin));
            return;
        }
        var pull = gpio.GetPull(pin) is { } known ? $", pull {known.ToString().ToLowerInvariant()}" : "";
        session.Text.WriteLine($"GPIO{pin}: {GpioBlock.Name(gpio.GetFunction(pin))}, {GpioBlock.Level(gpio.Read(pin))}{pull}");
    }

    private static void Draw(Session session, Bcm2835Gpio gpio)
    {
        var table = new Table("LEVEL", "FUNCTION", "NAME", "PIN", "PIN", "NAME", "FUNCTION", "LEVEL")
        {
            Right = [0, 1, 2, 3],
            Colour = (row, column) => Colour(gpio, row * 2 + (column < 4 ? 1 : 2)),
        };
        for (var pin = 1; pin < PiHeader.Count; pin += 2)
        {
            var (left, right) = (Cells(gpio, pin), Cells(gpio, pin + 1));
            table.Add(left[3], left[2], left[1], left[0], right[0], right[1], right[2], right[3]);
        }
        table.Print(session);
    }

    private static string[] Cells(Bcm2835Gpio gpio, int pin) => PiHeader.Gpio(pin) is { } number
        ? [$"{pin}", PiHeader.Name(pin), GpioBlock.Name(gpio.GetFunction(number)), GpioBlock.Level(gpio.Read(number))]
        : [$"{pin}", PiHeader.Name(pin), "", ""];

    private static string? Colour(Bcm2835Gpio gpio, int pin) => PiHeader.Gpio(pin) is { } number
        ? gpio.Read(number) ? "green" : null
        : PiHeader.Name(pin) == "GND" ? "grey" : "red";

    private static void PrintJson(Session session, Bcm2835Gpio gpio) => Json.Print(session, json =>
        json.Array(null, Enumerable.Range(0, gpio.PinCount), pin => Write(json, gpio, pin)));

    private static void Write(Utf8JsonWriter json, Bcm2835Gpio gpio, int pin) => json.Object(() =>
    {
        json.WriteNumber("gpio", pin);
        if (PiHeader.Pin(pin) is { } physical) json.WriteNumber("pin", physical);
        json.WriteString("function", GpioBlock.Name(gpio.GetFunction(pin)));
        json.WriteString("level", GpioBlock.Level(gpio.Read(pin)));
        if (gpio.GetPull(pin) is { } pull) json.WriteString("pull", pull.ToString().ToLowerInvariant());
    });
}
