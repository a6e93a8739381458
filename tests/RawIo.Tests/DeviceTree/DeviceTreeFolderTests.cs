namespace RawIo.Tests;

/// <summary>A tree as the kernel shows it in files, and trees from files.</summary>
[TestFixture]
internal sealed class DeviceTreeFolderTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("rawio").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    private static DeviceTree Small() => new FdtBuilder().Begin().Prop("model", "M").Prop("flag")
        .Begin("soc").Prop("#address-cells", 1).Prop("ranges")
        .Begin("b@2").Prop("phandle", 5).Prop("reg", 2, 1).End().Begin("b@1").Prop("reg", 1, 1).End().End().End().Tree();

    [Test]
    public void A_folder_says_the_same_as_the_flattened_tree()
    {
        DeviceTreeFiles.WriteFolder(Small(), _folder);
        var tree = DeviceTree.FromFolder(_folder);
        Assert.That(TreeWalk.Describe(tree), Is.EqualTo(TreeWalk.Describe(Small())));
        Assert.That(tree.Nodes.Select(n => n.Path), Is.EqualTo(new[] { "/", "/soc", "/soc/b@1", "/soc/b@2" }), "sorted by name");
        Assert.That(tree.FindPhandle(5)!.Resources.Single().Start, Is.EqualTo(2));
        Assert.That((tree.Reservations, tree.BootCpuId), Is.EqualTo((Array.Empty<DeviceTreeReservation>(), 0U)));
    }

    [TestCase(DeviceTreeFiles.Pi3)]
    [TestCase(DeviceTreeFiles.Pi4)]
    public void A_folder_says_the_same_as_a_kernels_tree(string name)
    {
        var tree = DeviceTree.Parse(DeviceTreeFiles.ReadKernel(name));
        DeviceTreeFiles.WriteFolder(tree, _folder);
        Assert.That(TreeWalk.Describe(DeviceTree.FromFolder(_folder)), Is.EqualTo(TreeWalk.Describe(tree)));
    }

    [Test]
    public void A_name_file_that_the_kernel_did_not_make_is_a_property()
    {
        DeviceTreeFiles.WriteFolder(Small(), _folder);
        File.WriteAllText(Path.Combine(_folder, "soc", "name"), "other\0");
        Assert.That(DeviceTree.FromFolder(_folder).Find("/soc")!["name"]!.AsString(), Is.EqualTo("other"));
    }

    [Test]
    public void Links_inside_are_not_followed_but_the_folder_itself_may_be_one()
    {
        DeviceTreeFiles.WriteFolder(Small(), Path.Combine(_folder, "tree"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "tree", "soc", "loop"), Path.Combine(_folder, "tree"));
        File.CreateSymbolicLink(Path.Combine(_folder, "tree", "soc", "file"), Path.Combine(_folder, "tree", "model"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "link"), Path.Combine(_folder, "tree"));
        Assert.That(TreeWalk.Describe(DeviceTree.FromFolder(Path.Combine(_folder, "link"))), Is.EqualTo(TreeWalk.Describe(Small())));
    }

    [Test]
    public void Folders_nest_64_deep_and_no_deeper()
    {
        var deep = Path.Combine([_folder, .. Enumerable.Repeat("n", 63)]);
        Directory.CreateDirectory(deep);
        Assert.That(DeviceTree.FromFolder(_folder).Nodes.Count(), Is.EqualTo(64));
        Directory.CreateDirectory(Path.Combine(deep, "n"));
        Assert.That(() => DeviceTree.FromFolder(_folder), Throws.InstanceOf<MalformedInputException>().With.Message.Contains("64"));
    }

    [Test]
    public void Names_and_phandles_are_held_to_the_same_rules()
    {
        File.WriteAllBytes(Path.Combine(_folder, "a b"), [1]);
        Assert.That(() => DeviceTree.FromFolder(_folder), Throws.InstanceOf<MalformedInputException>());
        File.Delete(Path.Combine(_folder, "a b"));
        File.WriteAllBytes(Path.Combine(_folder, "phandle"), [1]);
        var error = Assert.Throws<MalformedInputException>(() => DeviceTree.FromFolder(_folder))!;
        Assert.That((error.Position, error.Unit), Is.EqualTo((0L, "byte")));
    }

    [Test]
    public void A_folder_or_file_that_is_not_there_is_ENOENT_with_the_path()
    {
        var none = Path.Combine(_folder, "none");
        foreach (var read in new Func<string, DeviceTree>[] { DeviceTree.FromFolder, DeviceTree.Load })
        {
            var error = Assert.Throws<RawIoException>(() => read(none))!;
            Assert.That(error.Errno, Is.EqualTo(Errno.ENOENT));
            Assert.That(error.Message, Does.Contain(none));
            Assert.That(() => read(""), Throws.ArgumentException);
        }
    }

    [Test]
    [Platform("Linux")]
    public void A_file_that_fails_to_read_is_EIO()
    {
        // Nothing is mapped at address 0, where a read of this one starts.
        Assert.That(() => DeviceTree.Load("/proc/self/mem"), Throws.InstanceOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EIO));
    }

    [Test]
    public void A_folder_is_no_blob_and_a_blob_no_folder()
    {
        Assert.That(() => DeviceTree.Load(_folder), Throws.InstanceOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EINVAL));
        var file = Path.Combine(_folder, "file");
        File.WriteAllBytes(file, [1, 2, 3]);
        Assert.That(() => DeviceTree.FromFolder(file), Throws.InstanceOf<RawIoException>().With.Property("Errno").EqualTo(Errno.EINVAL));
        Assert.That(() => DeviceTree.Load(file), Throws.InstanceOf<MalformedInputException>());
    }

    [Test]
    public void A_dtb_file_is_loaded_and_one_beyond_the_limit_is_not()
    {
        var file = Path.Combine(_folder, "x.dtb");
        File.WriteAllBytes(file, new FdtBuilder().Begin().Prop("model", "X").End().Build());
        Assert.That(DeviceTree.Load(file).Model, Is.EqualTo("X"));
        using (var stream = File.OpenWrite(file)) stream.SetLength((64 << 20) + 1);
        Assert.That(() => DeviceTree.Load(file), Throws.InstanceOf<MalformedInputException>().With.Property("Position").EqualTo(64L << 20));
    }
}
