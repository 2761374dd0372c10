namespace LayerPeeled.Cli.Tests.Support;

/// <summary>A fact about disks that are full or cannot be written; visibly skipped where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        if (!SmallDisk.IsAvailable)
        {
            Skip = "No disk can be mounted here: that takes Linux and an administrator.";
        }
    }
}
