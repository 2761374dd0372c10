using System.Globalization;
using LayerPeeled.Cli.Input;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Cli.Output.Solve;

/// <summary>A solution as people read it: the headline, then norms and cosines of each group.</summary>
internal sealed class SolutionReport(Sheet sheet, ClassInput input, LayerPeeledSolution solution, bool allGroups)
{
    // Logits that are smaller are those of vectors of zeros.
    private const double ZeroLogits = 1e-14;

    private readonly GroupTables tables = new(sheet, input, solution.Groups, allGroups);
    private readonly bool isZero = solution.Model.Regulariser is Penalties && solution.Factors.NuclearNormBound() < ZeroLogits;

    public void Write()
    {
        sheet.Line(Headline());
        sheet.Line();
        sheet.Facts([.. input.Facts(), .. ModelFacts.Of(solution.Model), .. Facts()]);
        sheet.Line();
        if (isZero)
        {
            sheet.Line(solution.Status == SolverStatus.Optimal ? "complete collapse: W = 0 and H = 0 are optimal" : "W = 0 and H = 0 at this point");
            sheet.Line();
        }

        tables.WriteGroups();
        WriteBiases();
        tables.WriteRanges();
        tables.WriteClasses();
        tables.WriteCollapsed("Below the critical class size");
        if (!isZero)
        {
            tables.WriteCosines("Cosines between classifiers", () => solution.ClassifierCosines);
            tables.WriteCosines("Cosines between class means", () => solution.FeatureCosines);
        }

        foreach (string note in input.Notes)
        {
            sheet.Line(note);
        }
    }

    private string Headline()
    {
        string gap = $"relative gap {Gap(solution.Certificate.RelativeGap)}, tolerance {Gap(solution.RelativeGapTolerance)}";
        return solution is { Status: SolverStatus.Stationary, ExcessRank: { } rank }
            ? $"Stationary: a stationary point within p = {solution.Model.FeatureDimension}; the relaxation is not tight for p below its optimal rank {rank}, " +
                $"so the certificate cannot close ({gap})"
            : StatusLine.Of(solution.Status, gap);
    }

    private IEnumerable<(string, string)> Facts()
    {
        yield return ("objective", Sheet.Exact(solution.Objective, solution.Log10Objective));
        if (solution.Model.Regulariser is Penalties)
        {
            yield return ("loss", $"{Sheet.Exact(solution.Loss)}, without penalties");
        }

        yield return ("lower bound", Sheet.Exact(solution.Certificate.LowerBound, solution.Certificate.Log10LowerBound));
        yield return ("multiplier λ", Sheet.Exact(solution.Multiplier, solution.Certificate.Log10Multiplier));
        yield return ("critical class size n*", solution.CriticalClassSize == 0 ? Sheet.Exact(0, solution.Log10CriticalClassSize) : Sheet.Short(solution.CriticalClassSize));
        yield return ("collapsed", $"{solution.ClassesBelowCriticalSize} of {solution.Model.ClassCount} classes below the critical class size");
        if (!isZero)
        {
            yield return ("norms and cosines", Sheet.Accuracy(solution.GeometryError));
        }

        if (KnownOptimum.Of(solution) is { } closedForm)
        {
            yield return ("closed form", closedForm);
        }

        yield return ("method", $"{solution.Method}, {solution.Iterations} iterations, {solution.Elapsed.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s");
        if (solution.Reason.Length > 0)
        {
            yield return ("reason", solution.Reason);
        }

        if (solution.ExcessRank is { } rank)
        {
            yield return ("feature dimension", $"p = {solution.Model.FeatureDimension} is less than the {rank} dimensions of the relaxation's optimum");
        }
        else if (solution.Status != SolverStatus.Optimal && solution.Model.FeatureDimension < solution.Model.ClassCount - 1)
        {
            yield return ("feature dimension",
                $"p = {solution.Model.FeatureDimension} is less than K − 1 = {solution.Model.ClassCount - 1}: if it is below the optimal rank, the certificate cannot close");
        }
    }

    // Apart from the other columns, which fill a line of 80
    private void WriteBiases()
    {
        if (solution.Groups[0].Bias is not null)
        {
            sheet.Line();
            sheet.Line("Bias of each class");
            sheet.Table(["group", "bias"], tables.Shown.Select(g => (string[])[(g + 1).ToString(CultureInfo.InvariantCulture), Sheet.Short(solution.Groups[g].Bias!.Value)]));
        }
    }

    private static string Gap(double value) => Sheet.Small(value);
}
