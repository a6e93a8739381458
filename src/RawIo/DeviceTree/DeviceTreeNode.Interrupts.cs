namespace RawIo;

public sealed partial class DeviceTreeNode
{
    /// <summary>The node's interrupts, in order: of <c>interrupts-extended</c>, or else of <c>interrupts</c> at the <c>interrupt-parent</c> it has or inherits. Each is followed through the <c>interrupt-map</c> of every nexus to its controller. An entry of <c>interrupts-extended</c> that is the number 0 instead of a phandle is left out.</summary>
    /// <exception cref="MalformedInputException">A phandle leads nowhere, the way to the controller goes round in circles, no line of a map matches, or a property has the wrong shape.</exception>
    public IReadOnlyList<DeviceTreeInterrupt> Interrupts => InterruptRouter.Resolve(this);

    /// <summary>Where this node's <c>interrupts</c> go first: the node its own or an inherited <c>interrupt-parent</c> names, or the nearest node above that takes interrupts. Null if there is none.</summary>
    /// <exception cref="MalformedInputException">A phandle leads nowhere, or the way goes round in circles.</exception>
    public DeviceTreeNode? InterruptParent => InterruptRouter.ParentOf(this);
}
