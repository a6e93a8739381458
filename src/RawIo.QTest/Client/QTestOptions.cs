namespace RawIo.QTest;

/// <summary>How an emulated machine is started and seen.</summary>
public sealed record QTestOptions
{
    /// <summary>The QEMU program, a name to be found in PATH or a path; null for the one that has the machine: qemu-system-x86_64 for PCs, else qemu-system-aarch64.</summary>
    public string? Emulator { get; init; }

    /// <summary>More arguments for QEMU: <c>-device edu</c>, <c>-rtc base=2021-12-31T23:58:57</c>, a word each.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Whether the machine's processors and its clock stand still (<c>-S</c>), so that nobody but the client touches a device. Otherwise give code to run, by <see cref="Arguments"/>.</summary>
    public bool Stopped { get; init; } = true;

    /// <summary>How long the machine may take to start and then for each answer; a minute unless set. <see cref="QTestConnection.AnswerTimeout"/>.</summary>
    public TimeSpan AnswerTimeout { get; init; } = QTestConnection.DefaultAnswerTimeout;

    /// <summary>The machine's device tree, where a driver wants one: qtest cannot tell it.</summary>
    public DeviceTree? DeviceTree { get; init; }

    /// <summary>The clock that drivers wait by; null for the host's.</summary>
    public TimeProvider? Time { get; init; }
}
