namespace RawIo.QTest;

/// <summary>A change of an interrupt line: <c>IRQ raise 1</c>.</summary>
/// <param name="Number">The line, as the intercepted device numbers them.</param>
/// <param name="Raised">Whether it was raised, else lowered.</param>
public readonly record struct QTestInterruptChange(int Number, bool Raised);

/// <summary>What a server answered to a line.</summary>
/// <param name="Ok">Whether it is <c>OK</c>.</param>
/// <param name="Text">What follows <c>OK</c>, or the reason of <c>FAIL</c>.</param>
/// <param name="Interrupts">The interrupt lines that changed before it, while nobody listens to them on their own.</param>
public readonly record struct QTestAnswer(bool Ok, string Text, IReadOnlyList<QTestInterruptChange> Interrupts);
