using System.Globalization;
using System.Text.Json;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>Norms and cosines of one side (classifiers or features) of a two-group optimum.</summary>
public sealed record ReferenceSide(double Norm2A, double Norm2B, double CosAA, double CosBB, double CosAB);

/// <summary>One line of step_imbalance.json: K_A classes of R examples and K_B of one, and the optimum to 20 digits.</summary>
public sealed record ReferenceCase(
    int Majority, int Minority, double Ratio, double ClassifierBudget, double FeatureBudget, bool Collapsed,
    double Objective, double Multiplier, ReferenceSide Classifier, ReferenceSide Feature)
{
    public int ClassCount => Majority + Minority;

    public LayerPeeledModel Model(int? dimension = null) =>
        LayerPeeledModel.FromClassGroups([new(Majority, Ratio), new(Minority, 1)], ClassifierBudget, FeatureBudget, dimension);

    public override string ToString() => FormattableString.Invariant($"{Majority}+{Minority} R={Ratio} E={ClassifierBudget}x{FeatureBudget}");
}

public static class ReferenceCases
{
    public static IReadOnlyList<ReferenceCase> All { get; } = Load();

    public static TheoryData<int> Indices(int largestClassCount = int.MaxValue)
    {
        var data = new TheoryData<int>();
        for (int i = 0; i < All.Count; i++)
        {
            if (All[i].ClassCount <= largestClassCount)
            {
                data.Add(i);
            }
        }

        return data;
    }

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "ReferenceData", file);

    private static List<ReferenceCase> Load()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(PathOf("step_imbalance.json")));
        return document.RootElement.GetProperty("cases").EnumerateArray().Select(c => new ReferenceCase(
            c.GetProperty("K_A").GetInt32(), c.GetProperty("K_B").GetInt32(), c.GetProperty("R").GetDouble(),
            c.GetProperty("E_W").GetDouble(), c.GetProperty("E_H").GetDouble(), c.GetProperty("collapsed").GetBoolean(),
            Number(c, "objective"), Number(c, "multiplier"), Side(c.GetProperty("W")), Side(c.GetProperty("H")))).ToList();
    }

    private static ReferenceSide Side(JsonElement e) =>
        new(Number(e, "norm2_A"), Number(e, "norm2_B"), Number(e, "cos_AA"), Number(e, "cos_BB"), Number(e, "cos_AB"));

    private static double Number(JsonElement e, string name) => double.Parse(e.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
