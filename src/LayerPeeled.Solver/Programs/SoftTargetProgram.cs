using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// A model with soft targets as one with n = max(V, contexts) columns: a column that is no context has no weight, and a row that is no token no loss sees, so both are zero in
/// every solution, and the budgets V·E_W and m·E_H are those of n classes in other units. Contexts with the same target and the same weight have the same embedding at the optimum (Jensen) and
/// may be held together, as one whose squared norm counts as often as it occurs.
/// </summary>
internal sealed class SoftTargetProgram
{
    private readonly int[] columnOfContext;

    /// <param name="model">The model.</param>
    /// <param name="merge">Whether equal contexts are held together. Then features count per sample.</param>
    public SoftTargetProgram(SoftTargetModel model, bool merge)
    {
        Model = model;
        SoftTargets targets = model.Targets;
        columnOfContext = merge ? EqualContexts(targets) : [.. Enumerable.Range(0, targets.Contexts)];
        Columns = columnOfContext.Max() + 1;
        IsMerged = Columns < targets.Contexts;
        int n = Math.Max(Columns, targets.Tokens);
        var columns = new ClassGroup[n];
        var first = new int[Columns];
        Array.Fill(columns, new ClassGroup(1, 0));
        for (int c = targets.Contexts - 1; c >= 0; c--)
        {
            int column = columnOfContext[c];
            first[column] = c;
            columns[column] = IsMerged ? new ClassGroup(1, columns[column].Count + 1, targets.Occurrences[c]) : new ClassGroup(1, targets.Occurrences[c]);
        }

        FirstContexts = first;
        double share = (double)targets.Contexts / n;
        var budgets = new Budgets(model.ClassifierBudget * targets.Tokens / n, IsMerged ? model.FeatureBudget : model.FeatureBudget * share)
        {
            FeatureNorm = IsMerged ? FeatureNorm.PerSample : FeatureNorm.PerClass,
        };
        var loss = new SoftTargetLoss(IsMerged ? Select(targets, first) : targets.Columns);
        Square = LayerPeeledModel.OfColumns(columns, budgets, Math.Min(model.FeatureDimension, n), loss);
    }

    /// <summary>The model.</summary>
    public SoftTargetModel Model { get; }

    /// <summary>The same as a model with one class for each column.</summary>
    public LayerPeeledModel Square { get; }

    /// <summary>How many different contexts there are.</summary>
    public int Columns { get; }

    /// <summary>The first context of each of them.</summary>
    public ReadOnlyMemory<int> FirstContexts { get; }

    /// <summary>Whether contexts are held together.</summary>
    public bool IsMerged { get; }

    /// <summary>W, V×p.</summary>
    public Matrix<double> Classifier(GroupedFactors factors)
    {
        FactorExpansion.RequireFit(factors);
        (double[] core, int n) = (factors.ClassifierCoreArray, factors.Program.GroupCount);
        _ = MatrixShape.Length(Model.Targets.Tokens, Square.FeatureDimension);
        return Matrix<double>.Build.Dense(Model.Targets.Tokens, Square.FeatureDimension, (j, i) => i < factors.Rank ? core[j + (i * n)] : 0);
    }

    /// <summary>H, p×m.</summary>
    public Matrix<double> Features(GroupedFactors factors)
    {
        FactorExpansion.RequireFit(factors);
        (double[] core, int n, double[] roots) = (factors.FeatureCoreArray, factors.Program.GroupCount, factors.Program.FeatureRoots.ToArray());
        _ = MatrixShape.Length(Square.FeatureDimension, columnOfContext.Length);
        return Matrix<double>.Build.Dense(
            Square.FeatureDimension, columnOfContext.Length, (i, c) => i < factors.Rank ? core[columnOfContext[c] + (i * n)] / roots[columnOfContext[c]] : 0);
    }

    // The column of each context, numbered in order of their first one
    private static int[] EqualContexts(SoftTargets targets)
    {
        var seen = new Dictionary<int, List<int>>();
        int[] column = new int[targets.Contexts];
        int columns = 0;
        for (int c = 0; c < column.Length; c++)
        {
            int key = Hash(targets, c);
            if (!seen.TryGetValue(key, out List<int>? alike))
            {
                seen.Add(key, alike = []);
            }

            int same = alike.FindIndex(other => AreEqual(targets, other, c));
            column[c] = same >= 0 ? column[alike[same]] : columns++;
            if (same < 0)
            {
                alike.Add(c);
            }
        }

        return column;
    }

    private static int Hash(SoftTargets targets, int context)
    {
        var hash = default(HashCode);
        hash.Add(targets.Occurrences[context]);
        foreach (int row in targets.Distributions.RowsOf(context))
        {
            hash.Add(row);
        }

        return hash.ToHashCode();
    }

    private static bool AreEqual(SoftTargets targets, int left, int right) =>
        targets.Occurrences[left] == targets.Occurrences[right]
        && targets.Distributions.RowsOf(left).SequenceEqual(targets.Distributions.RowsOf(right))
        && targets.Distributions.ValuesOf(left).SequenceEqual(targets.Distributions.ValuesOf(right));

    private static TargetColumns Select(SoftTargets targets, int[] contexts)
    {
        var starts = new int[contexts.Length + 1];
        var rows = new List<int>();
        var values = new List<double>();
        for (int i = 0; i < contexts.Length; i++)
        {
            rows.AddRange(targets.Distributions.RowsOf(contexts[i]));
            values.AddRange(targets.Distributions.ValuesOf(contexts[i]));
            starts[i + 1] = rows.Count;
        }

        return new TargetColumns(targets.Tokens, starts, [.. rows], [.. values]);
    }
}
