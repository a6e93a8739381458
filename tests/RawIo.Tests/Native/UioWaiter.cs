using RawIo.Native;

namespace RawIo.Tests;

/// <summary>A thread that waits, and whether it sleeps yet.</summary>
internal sealed class UioWaiter : IDisposable
{
    private readonly TaskCompletionSource<string> _task = new();
    private readonly Thread _thread;
    private UioInterrupt _result;
    private Exception? _error;

    public UioWaiter(Func<UioInterrupt> wait)
    {
        _thread = new(() =>
        {
            _task.SetResult(new FileInfo("/proc/thread-self").LinkTarget!);
            try
            {
                _result = wait();
            }
            catch (Exception error)
            {
                _error = error;
            }
        })
        { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Returns when the kernel has it in poll(2).</summary>
    public void UntilAsleep()
    {
        var stat = $"/proc/{_task.Task.Result}/syscall";
        // poll is 7 on x64; arm64 has only ppoll, 73.
        Assert.That(SpinWait.SpinUntil(() => File.ReadAllText(stat).Split(' ')[0] is "7" or "73" or "271", TimeSpan.FromSeconds(30)), Is.True, "it waits");
    }

    public UioInterrupt Result()
    {
        Assert.That(_thread.Join(TimeSpan.FromSeconds(30)), Is.True, "the wait ends");
        return _error is null ? _result : throw _error;
    }

    public void Dispose() => _thread.Join(TimeSpan.FromSeconds(30));
}
