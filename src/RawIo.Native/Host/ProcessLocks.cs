namespace RawIo.Native;

/// <summary>
/// Keeps programs that use RawIo off each other's devices: advisory locks on ranges of a file in /run/lock, where a
/// byte stands for an address. The kernel gives them back when a process ends.
/// </summary>
internal sealed class ProcessLocks
{
    private static readonly string[] s_folders = ["/run/lock", "/var/lock", "/tmp"];

    private readonly HostFiles _files;
    private readonly string _name;
    private int _fd = -1; // never closed: closing gives all locks of the process back

    public ProcessLocks(HostFiles files, string name) => (_files, _name) = (files, name);

    /// <summary>Locks a range, or names the process that has part of it.</summary>
    /// <param name="start">The first address.</param>
    /// <param name="length">How many.</param>
    /// <param name="holder">Who has it, for people.</param>
    /// <param name="warning">Why there is no lock although nobody is in the way.</param>
    public bool TryTake(ulong start, long length, out string? holder, out string? warning)
    {
        (holder, warning) = (null, null);
        if (_fd < 0) warning = Open();
        if (_fd < 0) return true;
        if (Kernel.TryLock(_fd, (long)start, length, out var process, out var errno)) return true;
        if (errno is not (Errno.EAGAIN or Errno.EACCES))
        {
            warning = $"no locks on {_name} ({errno}): other programs are not kept off this device.";
            return true;
        }
        var command = _files.Text($"/proc/{process}/comm")?.Trim();
        holder = process == 0 ? "another process" : command is null ? $"process {process}" : $"process {process} ({command})";
        return false;
    }

    /// <summary>Gives a range back.</summary>
    public void Release(ulong start, long length)
    {
        if (_fd >= 0) Kernel.Unlock(_fd, (long)start, length);
    }

    private string? Open()
    {
        var errno = Errno.ENOENT;
        string? passedOver = null;
        foreach (var folder in s_folders)
        {
            if (!Directory.Exists(_files.Path(folder))) continue;
            _fd = Kernel.OpenShared(_files.Path($"{folder}/{_name}"), out errno);
            if (_fd >= 0) return passedOver is null ? null : $"{passedOver}; locks are in {folder}: programs that can open the other are not kept off this device.";
            passedOver ??= $"{folder}/{_name} cannot be opened ({errno})";
        }
        return $"no lock file {_name} can be made in {string.Join(", ", s_folders)} ({errno}): other programs are not kept off this device.";
    }
}
