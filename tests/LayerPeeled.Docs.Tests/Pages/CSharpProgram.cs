using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LayerPeeled.Docs.Tests.Pages;

/// <summary>A program of a page, compiled as that of a new console project that references the packages of the library.</summary>
public static class CSharpProgram
{
    /// <summary>The assemblies beside the framework that such a project has.</summary>
    private static readonly string[] Referenced = ["LayerPeeled.Solver.dll", "LayerPeeled.Data.dll", "MathNet.Numerics.dll", "System.Numerics.Tensors.dll", "System.IO.Hashing.dll", "Sep.dll", "csFastFloat.dll"];

    // What ImplicitUsings brings to a console project.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] References =
    [
        .. Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll").Where(IsManaged).Select(file => MetadataReference.CreateFromFile(file)),
        .. Referenced.Select(name => MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, name))),
    ];

    /// <summary>Compiles a program into a folder, with all it needs to run there.</summary>
    /// <param name="text">Its source. Using directives may stand anywhere, as they do where one block continues another.</param>
    /// <param name="folder">The folder, which is made.</param>
    /// <returns>The file to start with <c>dotnet</c>, and what the compiler has to say; errors leave the file out.</returns>
    public static (string? File, string Errors) Compile(string text, string folder)
    {
        string[] lines = text.Split('\n');
        IEnumerable<string> usings = lines.Where(IsUsing).Distinct(), rest = lines.Where(line => !IsUsing(line));
        var compilation = CSharpCompilation.Create(
            "program",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, Parsing), CSharpSyntaxTree.ParseText(string.Join('\n', usings.Concat(rest)), Parsing)],
            References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release));
        string file = Path.Combine(Directory.CreateDirectory(folder).FullName, "program.dll");
        // Warnings too: a reader should get none.
        IEnumerable<Diagnostic> diagnostics = compilation.Emit(file).Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
        string errors = string.Join('\n', diagnostics);
        if (errors is not "")
        {
            return (null, errors);
        }

        foreach (string name in Referenced)
        {
            System.IO.File.Copy(Path.Combine(AppContext.BaseDirectory, name), Path.Combine(folder, name));
        }

        System.IO.File.Copy(Path.ChangeExtension(Surroundings.Tool, ".runtimeconfig.json"), Path.ChangeExtension(file, ".runtimeconfig.json"));
        return (file, errors);
    }

    private static bool IsUsing(string line) => line.StartsWith("using ", StringComparison.Ordinal) && line.TrimEnd().EndsWith(';') && !line.Contains('=') && !line.Contains('(');

    private static bool IsManaged(string file)
    {
        using FileStream stream = System.IO.File.OpenRead(file);
        using var reader = new System.Reflection.PortableExecutable.PEReader(stream);
        return reader.HasMetadata;
    }
}
