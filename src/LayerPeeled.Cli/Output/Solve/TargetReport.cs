using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Output.Solve;

/// <summary>A solution with soft targets as people and programs read it.</summary>
internal sealed class TargetReport(TargetInput input, SoftTargetSolution solution, double tolerance, bool allTokens)
{
    // Gram matrices of more tokens take too long for a report.
    private const int LargestFrame = 4000;
    private const int Shown = 12;

    // Up to the digits of a default solve
    private const double FrameTolerance = 1e-6;
    private const double EqualCosines = 1e-6;
    private readonly SoftTargets targets = input.Model.Targets;
    private readonly Matrix<double>? classifier = Vectors(solution);
    private FrameCheck? frame;

    private FrameCheck? Frame => targets.Tokens > LargestFrame || classifier is null ? null : frame ??= FrameCheck.Of(classifier);

    public void Write(Sheet sheet)
    {
        sheet.Line(StatusLine.Of(solution.Status, solution.BudgetsAreSlack
            ? "the budgets are slack, so the targets are met exactly"
            : $"relative gap of the excess {Sheet.Small(solution.RelativeGap)}, tolerance {Sheet.Small(tolerance)}"));
        sheet.Line();
        sheet.Facts(Facts());
        sheet.Line();
        WriteTokens(sheet);
        foreach (string note in input.Notes())
        {
            sheet.Line(note);
        }
    }

    public string ToJson() => NotedJson.Document(input.Notes(), json =>
    {
        json.Text("status", solution.Status.ToString());
        json.Text("method", solution.Method);
        json.Number("tokens", (long)targets.Tokens);
        json.Number("contexts", (long)targets.Contexts);
        json.Number("contextsLeftOut", (long)(targets.GivenContexts - targets.Contexts));
        json.Number("distinctContexts", (long)solution.DistinctContexts);
        if (solution.Symmetry is { } orbits)
        {
            json.Object("symmetry", () =>
            {
                json.Number("tokenOrbits", (long)orbits.Tokens);
                json.Number("contextOrbits", (long)orbits.Contexts);
                json.Number("pairOrbits", (long)orbits.Pairs);
            });
        }

        json.Number("nonZeroTargets", (long)targets.Distributions.NonZeroCount);
        json.Text("source", input.Source);
        json.Number("classifierBudget", input.Model.ClassifierBudget);
        json.Number("featureBudget", input.Model.FeatureBudget);
        json.Number("featureDimension", (long)input.Model.FeatureDimension);
        json.Number("entropyFloor", targets.EntropyFloor);
        json.Number("objective", solution.Objective);
        json.Number("excess", solution.Excess);
        json.Number("excessUpperBound", solution.ExcessUpperBound);
        json.Number("excessLowerBound", solution.ExcessLowerBound);
        json.Truth("boundsAreProofs", solution.IsProof);
        json.Number("relativeGap", solution.RelativeGap);
        json.Number("gapTolerance", tolerance);
        json.Truth("budgetsAreSlack", solution.BudgetsAreSlack);
        json.Number("multiplier", solution.Multiplier);
        json.Number("rank", (long)solution.Rank);
        json.Number("geometryError", solution.GeometryError);
        json.Number("iterations", (long)solution.Iterations);
        json.Number("seconds", solution.Elapsed.TotalSeconds);
        json.Text("reason", solution.Reason);
        if (Frame is { } check)
        {
            json.Object("classifiers", () =>
            {
                json.Truth("isSimplexEtf", check.IsSimplexEtf(FrameTolerance));
                json.Number("normDeviation", check.NormDeviation);
                json.Number("angleDeviation", check.AngleDeviation);
                json.Number("etfDistance", check.EtfDistance);
                json.Number("circulantDistance", check.CirculantDistance);
            });
        }
    });

    // W at its rank; null where it needs more than p dimensions
    private static Matrix<double>? Vectors(SoftTargetSolution solution)
    {
        try
        {
            Matrix<double> all = solution.Classifier;
            return all.SubMatrix(0, all.RowCount, 0, Math.Clamp(solution.Rank, 1, all.ColumnCount));
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private IEnumerable<(string, string)> Facts()
    {
        string different = solution.DistinctContexts < targets.Contexts ? $", {solution.DistinctContexts} of them different" : "";
        yield return ("tokens", $"{targets.Tokens} (read from {input.Source})");
        yield return ("contexts", targets.Contexts.ToString(CultureInfo.InvariantCulture) + different);
        if (solution.Symmetry is { } orbits)
        {
            yield return ("symmetry", $"orbits: {orbits.Tokens} of tokens, {orbits.Contexts} of contexts, {orbits.Pairs} of pairs");
        }

        yield return ("budgets", $"E_W = {Sheet.Short(input.Model.ClassifierBudget)}, E_H = {Sheet.Short(input.Model.FeatureBudget)}");
        yield return ("entropy floor", Sheet.Exact(targets.EntropyFloor));
        yield return ("objective", Sheet.Exact(solution.Objective));
        yield return ("excess over the floor", Sheet.Exact(solution.Excess));
        yield return ("lower bound of it", Sheet.Exact(solution.ExcessLowerBound));
        yield return ("multiplier λ", Sheet.Exact(solution.Multiplier));
        yield return ("rank", solution.Rank.ToString(CultureInfo.InvariantCulture));
        if (Frame is { } check)
        {
            yield return ("W a simplex ETF?", $"{(check.IsSimplexEtf(FrameTolerance) ? "yes" : "no")} (distance {Sheet.Small(check.EtfDistance)})");
            yield return ("W·Wᵀ circulant?", $"{(check.CirculantDistance <= FrameTolerance ? "yes" : "no")} (distance {Sheet.Small(check.CirculantDistance)})");
        }

        yield return ("norms and cosines", Sheet.Accuracy(solution.GeometryError));
        yield return ("method", $"{solution.Method}, {solution.Iterations} iterations, {solution.Elapsed.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s");
        int needed = Math.Min(targets.Tokens - 1, targets.Contexts);
        if (solution.Status == SolverStatus.Optimal)
        {
            yield break;
        }

        if (input.Model.FeatureDimension < needed)
        {
            yield return ("feature dimension", $"p = {input.Model.FeatureDimension} is less than {needed}: if it is below the optimal rank, the certificate cannot close");
        }

        if (solution.Reason.Length > 0)
        {
            yield return ("reason", solution.Reason);
        }
    }

    // The commonest tokens with the one whose vector is nearest in angle
    private void WriteTokens(Sheet sheet)
    {
        if (classifier is null)
        {
            return;
        }

        double[] shares = Shares();
        int[] tokens = [.. Enumerable.Range(0, targets.Tokens).OrderByDescending(j => shares[j])];
        int shown = allTokens || tokens.Length <= Shown ? tokens.Length : Shown;
        Vector<double> norms = classifier.RowNorms(2);
        sheet.Table(["-token", "share", "‖w‖²", "-nearest", "cosine"], tokens.Take(shown).Select(j =>
        {
            (int nearest, double cosine) = Nearest(classifier, norms, j);
            return (string[])[input.NameOf(j), Sheet.Short(shares[j]), Sheet.Short(norms[j] * norms[j]), input.NameOf(nearest), Sheet.Short(cosine)];
        }));
        if (shown < tokens.Length)
        {
            sheet.Line($"The {shown} commonest of {tokens.Length} tokens; --all-groups shows all.");
        }
    }

    private double[] Shares()
    {
        var shares = new double[targets.Tokens];
        for (int c = 0; c < targets.Contexts; c++)
        {
            ReadOnlySpan<int> rows = targets.Distributions.RowsOf(c);
            ReadOnlySpan<double> values = targets.Distributions.ValuesOf(c);
            for (int i = 0; i < rows.Length; i++)
            {
                shares[rows[i]] += targets.Weights[c] * values[i];
            }
        }

        return shares;
    }

    private static (int Token, double Cosine) Nearest(Matrix<double> vectors, Vector<double> norms, int token)
    {
        Vector<double> products = vectors * vectors.Row(token);
        int nearest = token == 0 ? 1 : 0;
        double best = double.NegativeInfinity;
        for (int j = 0; j < norms.Count; j++)
        {
            double cosine = products[j] / (norms[j] * norms[token]);
            // Of several that are equally near, the first
            (nearest, best) = j != token && cosine > best + EqualCosines ? (j, cosine) : (nearest, best);
        }

        return (nearest, double.IsFinite(best) ? best : double.NaN);
    }
}
