using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace RawIo.Tests;

/// <summary>Runs on a thread of its own that lives till the end of the test method, step by step.</summary>
internal sealed class Worker : IDisposable
{
    private readonly BlockingCollection<Action> _steps = [];
    private readonly Thread _thread;

    public Worker()
    {
        _thread = new(() =>
        {
            foreach (var step in _steps.GetConsumingEnumerable()) step();
        })
        { IsBackground = true };
        _thread.Start();
    }

    public void Post(Action step) => _steps.Add(step);

    public T Do<T>(Func<T> step)
    {
        var done = new TaskCompletionSource<T>();
        _steps.Add(() =>
        {
            try
            {
                done.SetResult(step());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    public void Do(Action step) => Do(() =>
    {
        step();
        return 0;
    });

    public void Dispose()
    {
        _steps.CompleteAdding();
        _thread.Join();
        _steps.Dispose();
    }
}

/// <summary>Awaited, it goes on on the next of some threads, so that no await stays where it was.</summary>
internal sealed class Carousel(int threads) : IDisposable
{
    private readonly Worker[] _workers = [.. Enumerable.Range(0, threads).Select(_ => new Worker())];
    private int _next;

    public Hop GetAwaiter() => new(this);

    public void Dispose() => Array.ForEach(_workers, worker => worker.Dispose());

    internal readonly struct Hop(Carousel carousel) : INotifyCompletion
    {
        public bool IsCompleted => false;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) =>
            carousel._workers[(Interlocked.Increment(ref carousel._next) & int.MaxValue) % carousel._workers.Length].Post(continuation);
    }
}
