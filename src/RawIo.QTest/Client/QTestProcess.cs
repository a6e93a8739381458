using System.Diagnostics;

namespace RawIo.QTest;

/// <summary>A server's process: ended with the connection, and also where this process ends without a word.</summary>
internal sealed class QTestProcess : IDisposable
{
    // The first words say what was wrong; after them QEMU may print every register of its processors (hw_error).
    private const int MostFirstLines = 3, MostLastLines = 3;

    // The shell waits for the end of its input, which is the end of whoever started it, and then ends the program.
    private const string Guard = "exec 3<&0; \"$@\" </dev/null 3<&- & p=$!; { read -r _ <&3; kill -9 $p; } 2>/dev/null & g=$!; exec 3<&-; wait $p; c=$?; kill $g 2>/dev/null; exit $c";

    private readonly string _name;
    private readonly Process _process;
    private readonly List<string> _firstLines = [];
    private readonly Queue<string> _lastLines = new();
    private int _lines;
    private bool _disposed;
    private readonly Thread _listener;

    private QTestProcess(string name, Process process, bool talks)
    {
        (_name, _process) = (name, process);
        if (talks) Talk = new DuplexStream(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
        _listener = new(Listen) { IsBackground = true, Name = $"{name} messages" };
        _listener.Start();
    }

    /// <summary>Its standard input and output.</summary>
    public Stream Talk { get; } = Stream.Null;

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts a program.</summary>
    /// <param name="fileName">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="talks">Whether it speaks qtest on its standard input and output; else these are nobody's.</param>
    public static QTestProcess Start(string fileName, IReadOnlyList<string> arguments, bool talks)
    {
        var path = Find(fileName) ?? throw new RawIoException(Errno.ENOENT, $"{fileName} is not installed{Remedy(fileName)}");
        var guarded = !talks && !OperatingSystem.IsWindows();
        var start = guarded ? new ProcessStartInfo("/bin/sh", ["-c", Guard, "sh", path, .. arguments]) : new ProcessStartInfo(path, arguments);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            var process = Process.Start(start)!;
            if (!talks) _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return new(Path.GetFileName(fileName), process, talks);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new RawIoException(Errno.EACCES, $"{path} cannot be started: {error.Message}.", error);
        }
    }

    /// <summary>How it ended and what it said last; waits a moment for it.</summary>
    public string Farewell()
    {
        try
        {
            if (!_process.WaitForExit(TimeSpan.FromSeconds(2))) return $"{_name} still runs, but its connection is closed";
            _listener.Join(TimeSpan.FromSeconds(2));
            lock (_firstLines)
            {
                string[] gap = _lines > MostFirstLines + MostLastLines ? ["..."] : [];
                return $"{_name} ended with code {_process.ExitCode}{(_lines == 0 ? ", without a word" : ", saying: " + string.Join(" / ", [.. _firstLines, .. gap, .. _lastLines]))}";
            }
        }
        catch (InvalidOperationException)
        {
            return $"{_name} was ended"; // disposed meanwhile
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        try
        {
            // What guards it ends it as its input ends; so does a program that reads requests there.
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(2))) _process.Kill(entireProcessTree: true);
            _process.WaitForExit(TimeSpan.FromSeconds(5));
        }
        catch (Exception error) when (error is InvalidOperationException or IOException or System.ComponentModel.Win32Exception)
        {
            // It has ended meanwhile.
        }
        _process.Dispose();
    }

    private static string? Find(string fileName)
    {
        if (fileName.Contains('/')) return File.Exists(fileName) ? Path.GetFullPath(fileName) : null;
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            if (File.Exists(Path.Join(folder, fileName))) return Path.Join(folder, fileName);
        return OperatingSystem.IsWindows() ? fileName : null;
    }

    private static string Remedy(string fileName) => Path.GetFileName(fileName) switch
    {
        "qemu-system-x86_64" or "qemu-system-i386" => "; on Debian: apt install qemu-system-x86",
        "qemu-system-aarch64" or "qemu-system-arm" => "; on Debian: apt install qemu-system-arm",
        _ => ".",
    };

    private void Listen()
    {
        try
        {
            while (_process.StandardError.ReadLine() is { } line)
            {
                if (string.IsNullOrWhiteSpace(line)) continue;
                lock (_firstLines)
                {
                    if (_lines++ < MostFirstLines) _firstLines.Add(line.Trim());
                    else _lastLines.Enqueue(line.Trim());
                    if (_lastLines.Count > MostLastLines) _lastLines.Dequeue();
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed meanwhile.
        }
    }

    /// <summary>Two one-way streams as one.</summary>
    private sealed class DuplexStream(Stream from, Stream to) : Stream
    {
        public override bool CanRead => true;
        public override bool CanWrite => true;
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => from.Read(buffer, offset, count);
        public override int Read(Span<byte> buffer) => from.Read(buffer);
        public override void Write(byte[] buffer, int offset, int count) => to.Write(buffer, offset, count);
        public override void Write(ReadOnlySpan<byte> buffer) => to.Write(buffer);
        public override void Flush() => to.Flush();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                to.Dispose();
                from.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
