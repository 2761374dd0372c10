using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>Where a solve begins that is given no point: a pattern at the size that pays, with the bias that suits it.</summary>
internal static class FactorStart
{
    private const int BiasSteps = 30;
    private const double BiasStationarity = 1e-3;

    // A share of the time: any bias will do.
    private const double LongestBias = 0.1;

    /// <summary>The point x̂, and the objective that it belongs to: of one column where nothing but the bias pays yet.</summary>
    /// <param name="objective">The objective at full rank.</param>
    /// <param name="program">The program.</param>
    /// <param name="options">Which pattern.</param>
    /// <param name="control">The clock of the solve, and its token.</param>
    public static (FactorObjective Objective, double[] Point) Of(FactorObjective objective, NuclearNormProgram program, LowRankOptions options, IterationControl control)
    {
        double[] pattern = options.Start == LowRankStart.Random ? objective.Random(options.Seed) : objective.CentredIdentity();
        if (program.Bias is null)
        {
            return objective.AtLeastLoss(pattern, []) is { } scaled ? (objective, scaled) : FromNothing(program, []);
        }

        double[] bias = BestBias(program, control.Within(LongestBias));
        if (objective.AtLeastLoss((double[])pattern.Clone(), bias) is not { } first)
        {
            return FromNothing(program, bias);
        }

        // Weak penalties of all but the bias leave nothing to it.
        double[]? without = objective.AtLeastLoss(pattern, new double[bias.Length]);
        return (objective, without is not null && objective.ValueAt(without) < objective.ValueAt(first) ? without : first);
    }

    // Only what pays grows.
    private static (FactorObjective Objective, double[] Point) FromNothing(NuclearNormProgram program, double[] bias)
    {
        var objective = new FactorObjective(program, 1);
        double[] nothing = new double[objective.Dimension];
        bias.CopyTo(nothing, nothing.Length - bias.Length);
        return (objective, nothing);
    }

    // The best bias without classifiers and features
    private static double[] BestBias(NuclearNormProgram program, IterationControl control)
    {
        (FactorObjective objective, double[] nothing) = FromNothing(program, []);
        var iterate = new FactorIterate(objective, nothing);
        var quasiNewton = new QuasiNewton(objective.Dimension, BiasSteps);
        for (int i = 0; i < BiasSteps && objective.Stationarity > BiasStationarity && !control.ShouldStop && quasiNewton.Step(iterate, control); i++)
        {
        }

        var newton = new TrustRegionNewton(objective, null, BiasSteps);
        for (int i = 0; i < BiasSteps && objective.Stationarity > 0 && !control.ShouldStop && newton.Step(iterate, control); i++)
        {
        }

        return objective.BiasOf(iterate.Point);
    }
}
