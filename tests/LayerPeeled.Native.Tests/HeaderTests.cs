using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using LayerPeeled.Data;
using LayerPeeled.Native.Border;
using LayerPeeled.Native.Handles;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis.Comparison;
using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Native.Tests;

/// <summary>The header and the code say the same: functions, structs, constants.</summary>
public sealed partial class HeaderTests
{
    // Constants of the header, and the enumerations that have the same numbers.
    private static readonly (string Prefix, Type Enumeration)[] Constants =
    [
        ("LP_STATUS_", typeof(SolverStatus)), ("LP_DUAL_", typeof(DualKind)), ("LP_CHECK_", typeof(VerificationOutcome)), ("LP_STRENGTH_", typeof(StrengthSource)),
        ("LP_MEMBER_", typeof(FamilyMemberKind)), ("LP_RULE_", typeof(RuleKind)), ("LP_MITIGATION_", typeof(MitigationKind)), ("LP_MEASURED_", typeof(MeasuredMatrix)),
        ("LP_", typeof(ElementType)), ("LP_", typeof(MatrixKind)), ("LP_ERROR_", typeof(ErrorCode)),
    ];

    private static string Header => Comment().Replace(File.ReadAllText(NativeLibrary.Header), "");

    [SkippableFact]
    public void Functions_OfTheHeader_AreThoseExported()
    {
        NativeLibrary.Require();
        string[] declared = Declaration().Matches(Header).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ToArray();
        nint library = System.Runtime.InteropServices.NativeLibrary.Load(NativeLibrary.File);
        Assert.All(declared, name => Assert.True(System.Runtime.InteropServices.NativeLibrary.TryGetExport(library, name, out _), name));
        IEnumerable<string> exported = typeof(LpArray).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()?.EntryPoint).OfType<string>().Order(StringComparer.Ordinal);
        Assert.Equal(declared, exported);
    }

    [SkippableFact]
    public void Structs_OfTheHeader_HaveTheLayoutOfTheCode()
    {
        Type[] types = typeof(LpArray).Assembly.GetTypes().Where(type => type.Namespace == typeof(LpArray).Namespace && type.IsValueType).ToArray();
        Assert.Equal(StructName().Matches(Header).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal), types.Select(Name).Order(StringComparer.Ordinal));
        var expected = new StringBuilder();
        var program = new StringBuilder("#include <stdio.h>\n#include \"layerpeeled.h\"\nint main(void) {\n");
        foreach (Type type in types)
        {
            expected.Append(CultureInfo.InvariantCulture, $"{Name(type)} {Marshal.SizeOf(type)}\n");
            program.Append(CultureInfo.InvariantCulture, $"    printf(\"{Name(type)} %d\\n\", (int)sizeof({Name(type)}));\n");
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public))
            {
                string name = Snake(field.Name);
                expected.Append(CultureInfo.InvariantCulture, $"{name} {Marshal.OffsetOf(type, field.Name)}\n");
                program.Append(CultureInfo.InvariantCulture, $"    printf(\"{name} %d\\n\", (int)offsetof({Name(type)}, {name}));\n");
            }
        }

        Assert.Equal(expected.ToString(), Print(program));
    }

    [SkippableFact]
    public void Constants_OfTheHeader_AreTheNumbersOfTheEnumerations()
    {
        var expected = new StringBuilder();
        var program = new StringBuilder("#include <stdio.h>\n#include \"layerpeeled.h\"\nint main(void) {\n");
        foreach ((string prefix, Type enumeration) in Constants)
        {
            foreach (object value in Enum.GetValues(enumeration))
            {
                string name = value is ErrorCode.Ok ? "LP_OK" : prefix + Snake(value.ToString()!).ToUpperInvariant();
                expected.Append(CultureInfo.InvariantCulture, $"{name} {Convert.ToInt32(value, CultureInfo.InvariantCulture)}\n");
                program.Append(CultureInfo.InvariantCulture, $"    printf(\"{name} %d\\n\", {name});\n");
            }
        }

        foreach ((string name, GlobalMean mean) in new[] { ("LP_MEAN_CLASSES", GlobalMean.ClassMeans), ("LP_MEAN_SAMPLES", GlobalMean.Samples), ("LP_MEAN_NONE", GlobalMean.None) })
        {
            expected.Append(CultureInfo.InvariantCulture, $"{name} {(int)mean}\n");
            program.Append(CultureInfo.InvariantCulture, $"    printf(\"{name} %d\\n\", {name});\n");
        }

        Assert.Equal(expected.ToString(), Print(program));
    }

    private static string Print(StringBuilder program)
    {
        string compiler = Shell.Has("gcc") ? "gcc" : "clang";
        using var compiled = new CProgram();
        string source = Path.Combine(compiled.Folder, "print.c");
        File.WriteAllText(source, program.Append("    return 0;\n}\n").ToString());
        return compiled.Run(source, compiler, ["-std=c99", "-x", "c"], [], linked: false);
    }

    private static string Name(Type type) => Snake(type.Name);

    // Log10UpperBound: log10_upper_bound
    private static string Snake(string name) => Capital().Replace(name, match => (match.Index > 0 ? "_" : "") + match.Value.ToLowerInvariant());

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?:int32_t|const char \*) ?(lp_\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^typedef struct (\w+) \{", RegexOptions.Multiline)]
    private static partial Regex StructName();
}
