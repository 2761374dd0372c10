using System.Diagnostics;

namespace LayerPeeled.Cli.Tests.Support;

/// <summary>A disk of some kilobytes, in memory. Whoever makes one has to be allowed to mount it.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SmallDisk(int kilobytes)
    {
        if (!Mount($"-t tmpfs -o size={kilobytes}k tmpfs {folder.Path}"))
        {
            folder.Dispose();
            throw new InvalidOperationException("The disk could not be mounted.");
        }
    }

    /// <summary>Whether disks can be made here.</summary>
    public static bool IsAvailable { get; } = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Try();

    public string File(string name) => folder.File(name);

    /// <summary>Makes room.</summary>
    public void Grow(int kilobytes) => Assert.True(Mount($"-o remount,size={kilobytes}k {folder.Path}"));

    /// <summary>From now on nothing can be written.</summary>
    public void MakeReadOnly() => Assert.True(Mount($"-o remount,ro {folder.Path}"));

    public string[] Files() => [.. Directory.GetFiles(folder.Path, "*", new EnumerationOptions { AttributesToSkip = 0, RecurseSubdirectories = true })];

    public void Dispose()
    {
        Run("umount", folder.Path);
        folder.Dispose();
    }

    private static bool Try()
    {
        try
        {
            using var disk = new SmallDisk(64);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool Mount(string arguments) => Run("mount", arguments);

    private static bool Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
