using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>
/// The penalty at which the optimum uses a given classifier budget. ‖W‖² falls as all penalties rise together: the sign change of log(E_W(t)/E_W) is bracketed by growing
/// steps in log t and closed in by regula falsi (Illinois), each solve from the one before.
/// </summary>
internal sealed class PenaltyMatch
{
    private const int MostSteps = 60;

    // What a measured budget is known to is less.
    private const double Tolerance = 1e-8;

    // log(E_W(t)/E_W) of an optimum that is zero.
    private const double Nothing = -50;

    private readonly AutomaticSolver solver = new();
    private readonly Func<double, LayerPeeledModel> at;
    private readonly double target;
    private readonly IProgress<IterationReport>? progress;
    private readonly CancellationToken cancellationToken;
    private LayerPeeledSolution? last;

    /// <summary>A search.</summary>
    /// <param name="at">The model at a penalty t.</param>
    /// <param name="target">E_W.</param>
    /// <param name="progress">Called after each iteration of every solve.</param>
    /// <param name="cancellationToken">Stops the search; the last optimum is returned.</param>
    public PenaltyMatch(Func<double, LayerPeeledModel> at, double target, IProgress<IterationReport>? progress, CancellationToken cancellationToken) =>
        (this.at, this.target, this.progress, this.cancellationToken) = (at, target, progress, cancellationToken);

    /// <summary>The optimum at the penalty found.</summary>
    /// <param name="start">A first guess of it.</param>
    /// <exception cref="ArgumentException">No penalty in their range does.</exception>
    public LayerPeeledSolution Solve(double start)
    {
        double low = Math.Log(start), lowValue = Excess(low), high = low, highValue = lowValue, step = 0.25;
        for (int i = 0; lowValue < 0 && i < MostSteps && !cancellationToken.IsCancellationRequested; i++, step *= 2)
        {
            (high, highValue) = (low, lowValue);
            low -= step;
            lowValue = Excess(low);
        }

        for (int i = 0; highValue > 0 && i < MostSteps && !cancellationToken.IsCancellationRequested; i++, step *= 2)
        {
            (low, lowValue) = (high, highValue);
            high += step;
            highValue = Excess(high);
        }

        for (int side = 0, i = 0; i < MostSteps && !IsClosed(low, high) && !cancellationToken.IsCancellationRequested; i++)
        {
            double middle = low + ((high - low) * lowValue / (lowValue - highValue)), value = Excess(middle);
            if (value > 0)
            {
                (low, lowValue) = (middle, value);
                highValue *= side > 0 ? 0.5 : 1;
                side = 1;
            }
            else
            {
                (high, highValue) = (middle, value);
                lowValue *= side < 0 ? 0.5 : 1;
                side = -1;
            }
        }

        return last!;
    }

    private bool IsClosed(double low, double high) => !(high > low) || Math.Abs(Value(last!)) <= Tolerance;

    private double Excess(double logPenalty)
    {
        GroupedFactors? before = last?.Factors is { Program.IsReduced: true } factors && factors.ClassifierNorm2() > 0 ? factors : null;
        last = solver.Solve(at(Math.Exp(logPenalty)), before, progress, cancellationToken);
        return Value(last);
    }

    private double Value(LayerPeeledSolution solution)
    {
        double norm2 = solution.Factors.ClassifierNorm2();
        return norm2 > 0 ? Math.Max(Nothing, Math.Log(norm2 / solution.Model.ClassCount / target)) : Nothing;
    }
}
