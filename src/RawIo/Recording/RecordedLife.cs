namespace RawIo;

/// <summary>Whether something was given back; shared by its windows.</summary>
/// <param name="giveBack">Gives it back; null where that is another's business.</param>
internal sealed class RecordedLife(Action? giveBack)
{
    private volatile bool _ended;

    public bool HasEnded => _ended;

    public Action GiveBack => giveBack ?? (static () => { });

    /// <summary>It ends now.</summary>
    /// <returns>False where it had ended before.</returns>
    public bool End() => !Interlocked.Exchange(ref _ended, true);
}
