using System.Globalization;
using System.Text;
using RawIo.Sim;

namespace RawIo.Tests;

/// <summary>
/// docs/devices.md is what the models say of themselves: RAWIO_ACCEPT_DEVICES=1 dotnet test --filter DeviceList writes
/// it anew.
/// </summary>
public class DeviceListTests
{
    [Test]
    public void The_list_of_devices_is_what_the_models_say()
    {
        var file = Path.Combine(Repository.Root, "docs", "devices.md");
        var actual = Write();
        if (Environment.GetEnvironmentVariable("RAWIO_ACCEPT_DEVICES") == "1") File.WriteAllText(file, actual);
        Assert.That(actual, Is.EqualTo(File.Exists(file) ? File.ReadAllText(file) : ""),
            "docs/devices.md differs from the models. Set RAWIO_ACCEPT_DEVICES=1, run this test and commit the file.");
    }

    private static string Write()
    {
        var text = new StringBuilder("""
            # Devices of the simulated boards

            Written by a test from the models. An interrupt is the pin of the controller, as qtest tells it, and what the device
            tree says, the cells that the controller asks for; on a PC the interrupt request.

            """);
        foreach (var board in SimMachine.Boards)
        {
            using var machine = SimMachine.Create(board);
            text.Append(CultureInfo.InvariantCulture, $"\n## {board}: {machine.DeviceTree?.Model ?? "PC"}\n\n| range | device | interrupts | left out |\n|---|---|---|---|\n");
            foreach (var device in machine.Devices.OrderBy(d => d.IsConfiguration).ThenBy(d => d.IsPort).ThenBy(d => d.Start))
            {
                var digits = device.IsPort ? "x4" : "x8";
                var name = device.Id.Length > 0 ? $"{device.Device.Name} ({device.Id})" : device.Device.Name;
                var range = device.IsConfiguration ? "PCI" : string.Join(' ', device.Ranges.Select(r => Place(r.First) + (r.First == r.Last ? "" : "-" + Place(r.Last))));
                text.Append(CultureInfo.InvariantCulture,
                    $"| {range} | {name} | {string.Join(' ', machine.InterruptsOf(device))} | {device.Device.LeavesOut.Replace("|", "\\|", StringComparison.Ordinal)} |\n");

                string Place(ulong address) => address.ToString(digits, CultureInfo.InvariantCulture);
            }
        }
        return text.ToString();
    }
}
