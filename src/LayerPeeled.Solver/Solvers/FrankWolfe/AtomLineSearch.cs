using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.FrankWolfe;

/// <summary>min over γ ∈ [0, 1] of f(Z + γD): Newton's method on φ′(γ) = ⟨∇f(Z + γD), D⟩, kept inside a shrinking bracket.</summary>
internal sealed class AtomLineSearch(NuclearNormProgram program)
{
    private const int MaximumSteps = 100;
    private const double Accuracy = 1e-12;
    private readonly GroupedMatrix point = program.CreateMatrix();
    private readonly GroupedMatrix gradient = program.CreateMatrix();
    private readonly GroupedMatrix product = program.CreateMatrix();

    /// <summary>γ; zero when D does not descend.</summary>
    public double Minimise(GroupedMatrix start, GroupedMatrix direction, IterationControl control)
    {
        double end = Slope(start, direction, 1), slope = Slope(start, direction, 0);
        if (!(slope < 0))
        {
            return 0;
        }

        if (end <= 0)
        {
            return 1;
        }

        double low = 0, high = 1, gamma = 0;
        for (int i = 0; i < MaximumSteps && high - low > Accuracy * high && !control.ShouldStop; i++)
        {
            program.CurvatureProduct(point, gradient, direction, product);
            double newton = gamma - (slope / product.Inner(direction));
            double next = newton > low && newton < high ? newton : (low + high) / 2;
            if (Math.Abs(next - gamma) <= Accuracy * next)
            {
                return next;
            }

            gamma = next;
            slope = Slope(start, direction, gamma);
            (low, high) = slope < 0 ? (gamma, high) : (low, gamma);
            // Newton's method creeps where the loss is exponential: halve the bracket every few steps.
            if (i % 4 == 3)
            {
                gamma = (low + high) / 2;
                slope = Slope(start, direction, gamma);
                (low, high) = slope < 0 ? (gamma, high) : (low, gamma);
            }
        }

        // The low end descends for certain.
        return low > 0 ? low : gamma;
    }

    private double Slope(GroupedMatrix start, GroupedMatrix direction, double gamma)
    {
        point.CopyFrom(start);
        point.Add(gamma, direction);
        program.Gradient(point, gradient);
        return gradient.Inner(direction);
    }
}
