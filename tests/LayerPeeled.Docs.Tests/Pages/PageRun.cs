namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>
/// A page followed from top to bottom, as a reader would: in a fresh clone of the repository, with the tool installed, each block where the one before it left
/// the files.
/// </summary>
public sealed class PageRun : IDisposable
{
    private readonly Page page;
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("layerpeeled-docs-");
    private readonly Dictionary<string, string?> variables, slowVariables;
    private int compiled;

    // The program that a block with 'continues' goes on with.
    private string program = "";

    private PageRun(Page page)
    {
        this.page = page;
        Folder = root.CreateSubdirectory("clone").FullName;
        Surroundings.CopyCloneTo(Folder);
        string path = Environment.GetEnvironmentVariable("PATH") ?? "", tool = Path.Combine(root.FullName, "tool"), host = Path.Combine(root.FullName, "host");
        string start = $"exec '{Surroundings.DotnetHost}' '{Surroundings.Tool}' \"$@\"\n";
        Script(Path.Combine(tool, "layerpeeled"), start);
        Script(Path.Combine(host, "dotnet"), $"""
            if [ "$1 $2 $3 $4 $5 $6" != "run -c Release --project src/LayerPeeled.Cli --" ]; then
                echo "a block with 'dotnet $*' is marked 'slow' or 'not run'" >&2
                exit 1
            fi
            shift 6
            {start}
            """);
        slowVariables = new()
        {
            // A tool that the page installs comes before the built one.
            ["PATH"] = string.Join(Path.PathSeparator, Path.Combine(root.FullName, "home", ".dotnet", "tools"), tool, path),
            ["TMPDIR"] = root.CreateSubdirectory("tmp").FullName,
            ["MPLBACKEND"] = "Agg",
            ["PYTHONPATH"] = Surroundings.PythonPackage,
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["LAYERPEELED_LIBRARY"] = Surroundings.NativeLibrary,
            ["LAYERPEELED_DOCS"] = null,
            // What was packed must not come from, or stay in, the caller's caches.
            ["DOTNET_CLI_HOME"] = Path.Combine(root.FullName, "home"),
            ["NUGET_PACKAGES"] = Path.Combine(root.FullName, "packages"),
            ["DOTNET_NOLOGO"] = "1",
            // Nothing stays running in a folder that is deleted.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
            // Of what is compiled here again the build has looked at every line.
            ["RunAnalyzers"] = "false",
        };
        variables = new(slowVariables) { ["PATH"] = $"{host}{Path.PathSeparator}{tool}{Path.PathSeparator}{path}" };
        // Of several, the one that has most of what the pages import.
        if (new[] { "matplotlib", "numpy", "sys" }.Select(module => Python([module])).FirstOrDefault(found => found is not null) is string python)
        {
            Script(Path.Combine(tool, "python3"), $"exec '{python}' \"$@\"\n");
        }
    }

    /// <summary>Where the page's programs run and leave their files.</summary>
    public string Folder { get; }

    /// <summary>Runs every block of a page.</summary>
    /// <returns>What became of each, in the order of <see cref="Page.Blocks"/>.</returns>
    public static IReadOnlyList<BlockResult> Of(Page page) => Of(page, (_, results) => results);

    /// <summary>Runs every block of a page and looks at the files before they are deleted.</summary>
    /// <param name="page">The page.</param>
    /// <param name="finish">What to do in the end with the run and what became of each block.</param>
    public static T Of<T>(Page page, Func<PageRun, IReadOnlyList<BlockResult>, T> finish)
    {
        using var run = new PageRun(page);
        return finish(run, page.Blocks.Select(run.Run).ToArray());
    }

    public void Dispose() => root.Delete(recursive: true);

    private BlockResult Run(Block block)
    {
        if (block.Directives.NotRun is null && block.Directives.IsSlow && !Surroundings.RunsSlowBlocks)
        {
            return new BlockResult("slow: LAYERPEELED_DOCS=slow runs it", null);
        }

        if (block.Directives.Needs.FirstOrDefault(command => !Has(command.Split(' '))) is string missing)
        {
            return new BlockResult($"{missing} is not installed", null);
        }

        if (block.Directives.FileName is string name)
        {
            string file = Path.Combine(Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, block.Text + "\n");
        }

        return block.Kind switch
        {
            BlockKind.File => new BlockResult(null, null),
            BlockKind.Commands => RunCommands(block),
            BlockKind.CSharp => RunCSharp(block),
            _ => RunPython(block),
        };
    }

    private BlockResult RunCommands(Block block)
    {
        if (block.Directives.NotRun is string reason)
        {
            return new BlockResult(reason, null);
        }

        return Find("bash") is not string bash ? new BlockResult("bash is not installed", null)
            : Judge(block, ProgramRun.Of(bash, ["-e", "-o", "pipefail", "-c", block.Text], Folder, block.Directives.IsSlow ? slowVariables : variables));
    }

    private BlockResult RunCSharp(Block block)
    {
        const string Boundary = "Console.WriteLine(\"\\u001e\");";
        program = block.Directives.Continues ? $"{program}\n{Boundary}\n{block.Text}" : block.Text;
        (string? file, string errors) = CSharpProgram.Compile(program, Path.Combine(root.FullName, $"program-{++compiled}"));
        if (file is null)
        {
            return new BlockResult(null, errors);
        }

        if (block.Directives.NotRun is string reason)
        {
            return new BlockResult($"compiled only: {reason}", null);
        }

        ProgramRun run = ProgramRun.Of(Surroundings.DotnetHost, [file], Folder, variables);
        return Judge(block, run with { Output = run.Output[(run.Output.LastIndexOf('\u001e') + 1)..].TrimStart('\r', '\n') });
    }

    private BlockResult RunPython(Block block)
    {
        string[] modules = block.Text.Split('\n').Where(line => line.StartsWith("import ", StringComparison.Ordinal) || line.StartsWith("from ", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ', 2)[1].Split(" import ")[0].Split(',')).Select(module => module.Split(" as ")[0].Trim()).Distinct().ToArray();
        if (Python([]) is not string any)
        {
            return new BlockResult("Python is not installed", null);
        }

        ProgramRun check = ProgramRun.Of(any, ["-c", "import ast, sys; ast.parse(sys.argv[1])", block.Text], Folder);
        if (check.ExitCode != 0)
        {
            return new BlockResult(null, check.Output);
        }

        if (block.Directives.NotRun is string reason)
        {
            return new BlockResult($"parsed only: {reason}", null);
        }

        return Python(modules) is string python ? Judge(block, ProgramRun.Of(python, ["-W", "ignore", "-c", block.Text], Folder, variables))
            : new BlockResult($"no Python here has all of {string.Join(", ", modules)}", null);
    }

    private static BlockResult Judge(Block block, ProgramRun run)
    {
        if (run.ExitCode != block.Directives.ExitCode)
        {
            return new BlockResult(null, $"exit code {run.ExitCode} in place of {block.Directives.ExitCode}:\n{run.Output}");
        }

        string? difference = block.Output is null ? null : OutputComparison.Difference(block.Output.Text, run.Output, block.Directives);
        return new BlockResult(null, difference is null ? null : $"{difference}\n\nAll that was printed:\n{run.Output}") { Printed = difference is null ? null : run.Output };
    }

    // A program on the path; a distribution's Python may stand behind another one.
    private static IEnumerable<string> OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name)).Where(File.Exists);

    // A program, or one that has to succeed with its arguments: 'Rscript -e library(jsonlite)'.
    private bool Has(string[] command) =>
        Find(command[0]) is not null && (command.Length == 1 || ProgramRun.Of("env", command, Path.GetTempPath(), variables).ExitCode == 0);

    private static string? Find(string name) => OnPath(name).FirstOrDefault();

    private string? Python(string[] modules) => OnPath("python3").FirstOrDefault(python =>
        ProgramRun.Of(python, ["-c", string.Join('\n', modules.Select(module => "import " + module))], Path.GetTempPath(), variables).ExitCode == 0);

    private static void Script(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "#!/bin/sh\n" + text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
