namespace LayerPeeled.Solver.LinearAlgebra.Backends;

/// <summary>Where native libraries are looked for: beside the application and where the system keeps its libraries, and never in the current directory.</summary>
internal static class LibrarySearch
{
    private const string LoaderVariable = "LD_LIBRARY_PATH";

    /// <summary>The folders of the application, full paths.</summary>
    public static IEnumerable<string> ApplicationFolders =>
        Rooted(AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string, Path.PathSeparator).Append(AppContext.BaseDirectory);

    /// <summary>
    /// Why Linux's loader is not to be asked for a library by name, or null: an entry of LD_LIBRARY_PATH that is empty or relative is one of the current directory
    /// to it, and this one has libraries. Those would be taken for parts of a library elsewhere, too.
    /// </summary>
    public static string? FindHazard(string? loaderPath)
    {
        foreach (string entry in string.IsNullOrEmpty(loaderPath) ? [] : loaderPath.Split(':', ';'))
        {
            if (!Path.IsPathRooted(entry) && HasLibraries(Path.GetFullPath(entry.Length == 0 ? "." : entry)))
            {
                return $"not tried: the loader takes the entry '{entry}' of {LoaderVariable} for a folder of the current directory, which has libraries in it";
            }
        }

        return null;
    }

    /// <summary><see cref="FindHazard(string?)"/> of this process.</summary>
    public static string? FindHazard() => FindHazard(Environment.GetEnvironmentVariable(LoaderVariable));

    /// <summary>The files that there are of some names, full paths, where the system's own search would look into the current directory (Windows, macOS).</summary>
    public static string[] Files(IEnumerable<string> names)
    {
        string[] folders =
        [
            .. ApplicationFolders,
            .. OperatingSystem.IsWindows()
                ? Rooted(Environment.GetEnvironmentVariable("PATH"), ';').Prepend(Environment.SystemDirectory)
                : Rooted(Environment.GetEnvironmentVariable("DYLD_LIBRARY_PATH"), ':').Concat(["/usr/local/lib", "/opt/homebrew/lib", "/opt/local/lib"]),
        ];
        return [.. names.SelectMany(name => Path.IsPathRooted(name) ? [name] : folders.Select(folder => Path.Combine(folder, name))).Where(File.Exists)];
    }

    private static IEnumerable<string> Rooted(string? path, char separator) => (path ?? "").Split(separator).Where(Path.IsPathFullyQualified);

    private static bool HasLibraries(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder, "lib*.so*").Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
