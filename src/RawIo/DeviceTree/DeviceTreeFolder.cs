using System.Text;

namespace RawIo;

/// <summary>Reads a device tree from folders and files, without recursion.</summary>
internal static class DeviceTreeFolder
{
    public static DeviceTree Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path)) throw new RawIoException(Errno.EINVAL, $"{path} is a file: read it with DeviceTree.Load.");
        return DeviceTreeFile.Guard(path, () => ReadAll(path));
    }

    private static DeviceTree ReadAll(string path)
    {
        var tree = new DeviceTree();
        var assembler = new TreeAssembler(tree);
        var open = new Stack<(DeviceTreeNode? Parent, string Name, string Folder, int Depth)>();
        open.Push((null, "", path, 1));
        while (open.TryPop(out var next))
        {
            var node = next.Parent is null ? tree.Root : assembler.AddNode(next.Parent, Encoding.UTF8.GetBytes(next.Name), 0);
            var entries = new DirectoryInfo(next.Folder).GetFileSystemInfos();
            Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
            foreach (var entry in entries)
                if (entry is FileInfo file && file.LinkTarget is null) ReadProperty(assembler, node, file);

            // Pushed from the last to the first, so that they come off the stack in order.
            for (var i = entries.Length - 1; i >= 0; i--)
            {
                if (entries[i] is not DirectoryInfo folder || folder.LinkTarget is not null) continue;
                if (next.Depth == TreeAssembler.MaxDepth)
                    throw TreeAssembler.Error(0, $"{folder.FullName}: nodes nested deeper than {TreeAssembler.MaxDepth}");
                open.Push((node, folder.Name, folder.FullName, next.Depth + 1));
            }
        }
        return tree;
    }

    private static void ReadProperty(TreeAssembler assembler, DeviceTreeNode node, FileInfo file)
    {
        var name = TreeAssembler.Name(Encoding.UTF8.GetBytes(file.Name), 0);
        var value = file.Length == 0 ? [] : DeviceTreeFile.Read(file.FullName);
        // The kernel gives every node a 'name', which a flattened tree has no need of.
        if (name == "name" && value is [.., 0] && Encoding.ASCII.GetString(value, 0, value.Length - 1) == node.BaseName) return;
        assembler.AddProperty(node, name, value, 0);
    }
}
