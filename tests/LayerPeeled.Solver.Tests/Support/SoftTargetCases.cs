using System.Text.Json;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>One case of soft_targets.json: targets, and the optimum to some ten digits.</summary>
public sealed record SoftTargetCase(string Name, SoftTargetModel Model, double Objective, double Entropy, double Multiplier, int Rank, Matrix<double> Gram)
{
    public override string ToString() => Name;
}

public static class SoftTargetCases
{
    public static IReadOnlyDictionary<string, SoftTargetCase> All { get; } = Load();

    /// <summary>Counts as those of a text: few large ones, and most of them zero.</summary>
    public static SparseColumns RandomCounts(int tokens, int contexts, int seed)
    {
        var random = new Random(seed);
        var entries = new List<(int, int, double)>();
        for (int c = 0; c < contexts; c++)
        {
            for (int draw = 0; draw < 4 + (200 / (c + 1)); draw++)
            {
                entries.Add(((int)(tokens * Math.Pow(random.NextDouble(), 2)), c, 1));
            }
        }

        return SparseColumns.FromTriplets(tokens, contexts, entries);
    }

    private static Dictionary<string, SoftTargetCase> Load()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(ReferenceCases.PathOf("soft_targets.json")));
        return document.RootElement.GetProperty("cases").EnumerateArray().Select(c => new SoftTargetCase(
            c.GetProperty("name").GetString()!,
            new SoftTargetModel(
                SoftTargets.From(SparseColumns.FromDense(ToMatrix(c.GetProperty("targets"))), c.GetProperty("weights").EnumerateArray().Select(w => w.GetDouble())),
                c.GetProperty("EW").GetDouble(), c.GetProperty("EH").GetDouble()),
            c.GetProperty("objective").GetDouble(),
            c.GetProperty("entropyOfTargets").GetDouble(),
            c.GetProperty("multiplier").GetDouble(),
            c.GetProperty("rank").GetInt32(),
            ToMatrix(c.GetProperty("gramW")))).ToDictionary(c => c.Name);
    }

    private static Matrix<double> ToMatrix(JsonElement rows) => Matrix<double>.Build.DenseOfRows(rows.EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetDouble())));
}
