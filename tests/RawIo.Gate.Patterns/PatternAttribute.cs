namespace RawIo.Gate;

/// <summary>A way to use a register, and the accesses that it is to make.</summary>
/// <param name="name">What the code does, for people.</param>
/// <param name="accesses">
/// The accesses of every path from entry to return, as a regular expression over R (read) and W (write). Without a digit
/// the width is the accessor's, else that many bytes. <c>@0x10</c> says the offset; an expression says it everywhere or nowhere.
/// </param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PatternAttribute(string name, string accesses) : Attribute
{
    public string Name { get; } = name;

    public string Accesses { get; } = accesses;
}
