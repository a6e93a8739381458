namespace RawIo.Sim;

/// <summary>The cells of a flash memory, by sectors that exist once they were written to; snapshots share them until they change.</summary>
internal sealed class FlashArray(int size)
{
    private const int Sector = 4096;

    private byte[]?[] _sectors = new byte[]?[size / Sector];
    private bool[] _isShared = new bool[size / Sector];

    public int Size => size;

    public byte this[int address]
    {
        get => _sectors[address / Sector] is { } sector ? sector[address % Sector] : (byte)0xff;
        set
        {
            ref var sector = ref _sectors[address / Sector];
            if (sector is null)
            {
                sector = new byte[Sector];
                Array.Fill(sector, (byte)0xff);
            }
            else if (_isShared[address / Sector]) sector = [.. sector];
            _isShared[address / Sector] = false;
            sector[address % Sector] = value;
        }
    }

    /// <summary>Erases whole sectors.</summary>
    public void Erase(int start, int length) => Array.Clear(_sectors, start / Sector, length / Sector);

    public object Save()
    {
        Array.Fill(_isShared, true);
        return _sectors.Clone();
    }

    public void Restore(object saved)
    {
        _sectors = (byte[]?[])((byte[]?[])saved).Clone();
        _isShared = new bool[_sectors.Length];
        Array.Fill(_isShared, true);
    }
}
