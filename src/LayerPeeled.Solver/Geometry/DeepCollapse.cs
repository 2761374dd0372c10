using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Geometry;

/// <summary>
/// The best fully collapsed point of balanced classes with cross-entropy and M linear layers: Z = α·(I − 11ᵀ/K), a simplex ETF in every layer, with the α ≥ 0 that
/// makes log(1 + (K−1)·e^{−α}) + ((M+1)/2)·Λ^{1/(M+1)}·(K−1)·α^{2/(M+1)} least. For M = 1 it is the global optimum; for M ≥ 2 it need not be (Súkeník, Lampert,
/// Mondelli, NeurIPS 2024: points of lower rank can be better). Immutable.
/// </summary>
public sealed class DeepCollapse
{
    private const int MaximumSteps = 2000;

    private DeepCollapse(DeepProgram program, double margin, double objective) => (Program, Margin, Objective) = (program, margin, objective);

    /// <summary>The program.</summary>
    public DeepProgram Program { get; }

    /// <summary>α, the margin; 0 where no collapsed point is better than W = 0, H = 0.</summary>
    public double Margin { get; }

    /// <summary>The objective, penalties included.</summary>
    public double Objective { get; }

    /// <summary>The best collapsed point.</summary>
    /// <param name="program">A program of balanced classes and cross-entropy, p at least K − 1.</param>
    /// <exception cref="ArgumentException">The classes are not balanced, the loss is another one, or p is below K − 1.</exception>
    public static DeepCollapse Of(DeepProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        _ = SimplexEtf.BalancedMargin(program.Model);
        double classes = program.Model.ClassCount, zero = ValueAt(program, 0);
        if (program.Layers == 1)
        {
            double margin = SimplexEtf.BalancedMargin(program.Model);
            return new DeepCollapse(program, margin, ValueAt(program, margin));
        }

        // α of log-slope (1 − 2/(M+1))·log α − log(e^α + K − 1) = log Λ^{1/(M+1)}: the left side rises to one maximum and falls; the minimum is on the falling side.
        double power = 1 - program.Exponent;
        double Side(double margin) => (power * Math.Log(margin)) - (margin + Elementary.LogOnePlus((classes - 1) * Math.Exp(-margin)));
        double top = Bisect(0, power * (classes + 1), margin => (power / margin) - (1 / (1 + ((classes - 1) * Math.Exp(-margin)))));
        if (!(Side(top) > program.LogPenalty))
        {
            return new DeepCollapse(program, 0, zero);
        }

        double far = top + 1;
        while (Side(far) > program.LogPenalty)
        {
            far = 2 * far;
        }

        double best = Bisect(top, far, margin => Side(margin) - program.LogPenalty), value = ValueAt(program, best);
        return value < zero ? new DeepCollapse(program, best, value) : new DeepCollapse(program, 0, zero);
    }

    private static double ValueAt(DeepProgram program, double margin)
    {
        double classes = program.Model.ClassCount;
        return Elementary.LogOnePlus((classes - 1) * Math.Exp(-margin))
            + (0.5 * (program.Layers + 1) * program.Penalty * (classes - 1) * Math.Pow(margin, program.Exponent));
    }

    // Where a function that is positive at first becomes negative
    private static double Bisect(double low, double high, Func<double, double> function)
    {
        for (int step = 0; step < MaximumSteps; step++)
        {
            double middle = 0.5 * (low + high);
            if (!(middle > low && middle < high))
            {
                break;
            }

            (low, high) = function(middle) > 0 ? (middle, high) : (low, middle);
        }

        return low;
    }
}
