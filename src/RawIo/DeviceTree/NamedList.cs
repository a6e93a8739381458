using System.Collections;

namespace RawIo;

/// <summary>Has a name that is unique beside its siblings.</summary>
internal interface INamed
{
    string Name { get; }
}

/// <summary>Items in the order they came, found by name: by looking where they are few, by a table where they are many, so that a tree of any shape is read in linear time.</summary>
internal sealed class NamedList<T> : IReadOnlyList<T> where T : class, INamed
{
    private const int Few = 16;
    private T[] _items = [];
    private Dictionary<string, T>? _index;

    public int Count { get; private set; }

    public T this[int index] => index < Count ? _items[index] : throw new ArgumentOutOfRangeException(
        nameof(index), index, $"There are {Count} items, counted from 0.");

    public T? Find(string name)
    {
        if (_index is not null) return _index.GetValueOrDefault(name);
        foreach (var item in _items.AsSpan(0, Count))
            if (item.Name == name) return item;
        return null;
    }

    /// <summary>Adds at the end; false when the name is taken.</summary>
    public bool TryAdd(T item)
    {
        if (Find(item.Name) is not null) return false;
        if (Count == _items.Length) Array.Resize(ref _items, Count == 0 ? 4 : Count * 2);
        _items[Count++] = item;
        if (_index is not null) _index.Add(item.Name, item);
        else if (Count > Few) _index = Index();
        return true;
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return _items[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Dictionary<string, T> Index()
    {
        var index = new Dictionary<string, T>(Count * 2, StringComparer.Ordinal);
        foreach (var item in _items.AsSpan(0, Count)) index.Add(item.Name, item);
        return index;
    }
}
