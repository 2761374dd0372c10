using System.Numerics.Tensors;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <content>Starting points, and the way between x̂ and the points of the program.</content>
internal sealed partial class FactorObjective
{
    // The size of a start with penalties: a dozen halvings of its logarithm, and the least that is looked at, relative to the largest it may have
    private const int StartTrials = 12;
    private const double SmallestStart = 1e-6;

    // Of the slope along uuᵀ, relative to that along the rest of the identity
    private const double LeastFall = 0.25;

    /// <summary>Stationarity of a point, which may be one of another program with as many groups.</summary>
    public static double StationarityOf(NuclearNormProgram program, GroupedFactors factors)
    {
        var objective = new FactorObjective(program, factors.Rank);
        double[] point = objective.FromFactors(factors);
        objective.Evaluate(point, new double[point.Length]);
        return objective.Stationarity;
    }

    /// <summary>x̂ of the centred identity, the pattern of the simplex ETF; of the identity for a loss with a use for logits that are not centred.</summary>
    public double[] CentredIdentity()
    {
        var start = new double[Dimension];
        if (program.HasTargets)
        {
            return CentredTargets(start);
        }

        // Core: an orthonormal basis Q of the complement of u = (√K_g)/√K, as columns of a Householder reflection; QQᵀ = I − uuᵀ.
        double total = program.Model.Loss.IsShiftInvariant ? TensorPrimitives.Sum(program.Sizes) : double.PositiveInfinity;
        double last = Math.Sqrt(program.Sizes[n - 1] / total), pivot = 1 + last;
        int[] order = [.. Enumerable.Range(0, n)];
        if (double.IsInfinity(total) && rank < n)
        {
            // The few columns go to the largest weights: a class without weight has no features, and a point of such classes alone is zero.
            order = [.. order.OrderByDescending(h => program.Weights[h])];
        }

        for (int i = 0; i < Math.Min(rank, n); i++)
        {
            int own = order[i];
            double u = own == n - 1 ? last : Math.Sqrt(program.Sizes[own] / total);
            for (int g = 0; g < n; g++)
            {
                double v = g == n - 1 ? pivot : Math.Sqrt(program.Sizes[g] / total);
                start[g + ((i + 1) * n)] = rank >= n
                    ? (g == own ? 1 : 0) - (Math.Sqrt(program.Sizes[g] / total) * u)
                    : (g == own ? 1 : 0) - (v * u / pivot);
            }
        }

        for (int g = 0; g < n; g++)
        {
            start[g] = program.Sizes[g] > 1 ? Math.Sqrt(program.Sizes[g] - 1) : 0;
        }

        start.AsSpan(0, Half).CopyTo(start.AsSpan(Half, Half));
        if (!program.Model.Loss.IsShiftInvariant && MeanLogitFalls())
        {
            // I − 2uuᵀ: from the identity a mean logit that has to become negative would meet a saddle at 0.
            for (int i = 0; i < rank; i++)
            {
                Span<double> column = start.AsSpan(Half + ((i + 1) * n), n);
                double along = TensorPrimitives.Dot(program.Roots, column) / program.Model.ClassCount;
                TensorPrimitives.MultiplyAdd(program.Roots, -2 * along, column, column);
            }
        }

        return Unscale(start);
    }

    // Z in proportion to the centred targets, T − 11ᵀ/V, which one-hot targets make the centred identity: contexts of the largest weights have a column each.
    private double[] CentredTargets(double[] start)
    {
        int[] contexts = [.. Enumerable.Range(0, n).Where(h => program.Weights[h] > 0).OrderByDescending(h => program.Weights[h]).Take(rank)];
        double[] target = new double[n];
        for (int i = 0; i < contexts.Length; i++)
        {
            program.CentredTarget(contexts[i], target);
            target.CopyTo(start.AsSpan((i + 1) * n));
            start[Half + ((i + 1) * n) + contexts[i]] = 1;
        }

        return Unscale(start);
    }

    // Whether f falls along −uuᵀ from zero, and not only next to what it falls along the identity
    private bool MeanLogitFalls()
    {
        GroupedMatrix slope = program.CreateMatrix();
        program.Gradient(program.CreateMatrix(), slope);
        double mean = 0, trace = 0, classes = program.Model.ClassCount;
        for (int h = 0; h < n; h++)
        {
            mean += TensorPrimitives.Dot(program.Roots, slope.Core.AsSpan(h * n, n)) * program.Roots[h] / classes;
            trace += slope.Core[h * (n + 1)] + ((program.Sizes[h] - 1) * slope.Spread[h]);
        }

        return mean > LeastFall * (mean - trace) / (classes - 1);
    }

    /// <summary>φ at a point.</summary>
    public double ValueAt(double[] scaled) => Evaluate(scaled, new double[Dimension]);

    /// <summary>Whether classifiers and features are zero.</summary>
    public bool IsZero(ReadOnlySpan<double> scaled) => scaled[..(2 * Half)].IndexOfAnyExcept(0.0) < 0;

    /// <summary>The bias of a point.</summary>
    public double[] BiasOf(double[] scaled) => scaled[(2 * Half)..];

    /// <summary>x̂ with independent Gaussian entries.</summary>
    public double[] Random(int seed)
    {
        var random = new Random(seed);
        var start = new double[Dimension];
        for (int i = 0; i < 2 * Half; i++)
        {
            // Box–Muller
            start[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        for (int g = 0; g < n; g++)
        {
            // A spread a_g < 0 pulls logits the wrong way, and a lone group could not leave it.
            start[g] = program.Sizes[g] == 1 ? 0 : Math.Abs(start[g]);
            start[Half + g] = program.Sizes[g] == 1 ? 0 : Math.Abs(start[Half + g]);
        }

        return Unscale(start);
    }

    /// <summary>x̂ of a point.</summary>
    public double[] FromFactors(GroupedFactors factors)
    {
        var start = new double[Dimension];
        for (int g = 0; g < n; g++)
        {
            double root = program.Sizes[g] > 1 ? Math.Sqrt(program.Sizes[g] - 1) : 0;
            start[g] = root * factors.ClassifierSpreadArray[g];
            start[Half + g] = root * factors.FeatureSpreadArray[g];
        }

        int kept = n * Math.Min(rank, factors.Rank);
        factors.ClassifierCoreArray.AsSpan(0, kept).CopyTo(start.AsSpan(n));
        factors.FeatureCoreArray.AsSpan(0, kept).CopyTo(start.AsSpan(Half + n));
        factors.Bias.CopyTo(start.AsSpan(2 * Half));
        if (!onSpheres)
        {
            TensorPrimitives.Divide(start.AsSpan(0, Half), program.Term.ClassifierUnit, start.AsSpan(0, Half));
            TensorPrimitives.Divide(start.AsSpan(Half, Half), program.Term.FeatureUnit, start.AsSpan(Half, Half));
        }

        return Unscale(start);
    }

    /// <summary>The feasible point of the nonconvex program that x̂ stands for, both budgets tight.</summary>
    public GroupedFactors ToFactors(ReadOnlySpan<double> scaled)
    {
        Load(scaled);
        var factors = new GroupedFactors(program, rank);
        // ‖x‖² = r on each side once scaled; W = √(K·E_W/r)·x
        double classifier = classifierScale * program.Term.ClassifierUnit, feature = featureScale * program.Term.FeatureUnit;
        for (int g = 0; g < n; g++)
        {
            double root = Math.Sqrt(inverseMultiplicity[g]);
            factors.ClassifierSpreadArray[g] = classifier * root * point[g];
            factors.FeatureSpreadArray[g] = feature * root * point[Half + g];
        }

        TensorPrimitives.Multiply(point.AsSpan(n, n * rank), classifier, factors.ClassifierCoreArray);
        TensorPrimitives.Multiply(point.AsSpan(Half + n, n * rank), feature, factors.FeatureCoreArray);
        scaled[(2 * Half)..].CopyTo(factors.BiasArray);
        return factors;
    }

    /// <summary>
    /// x̂ times the number that makes φ least along it, with penalties: ‖x‖ decides there. Null where φ grows from the beginning; as it is on the spheres.
    /// </summary>
    /// <param name="scaled">x̂ without a bias; changed.</param>
    /// <param name="bias">β, which is added to it.</param>
    public double[]? AtLeastLoss(double[] scaled, ReadOnlySpan<double> bias)
    {
        if (onSpheres)
        {
            return scaled;
        }

        bias.CopyTo(scaled.AsSpan(2 * Half));

        double[] slope = new double[Dimension], trial = new double[Dimension];
        // ½·dφ/ds along √s·x, s·‖x‖²: its sign is that of ⟨∇φ, x⟩
        Evaluate(scaled, slope);
        double size = Radius, low = 0, high = double.PositiveInfinity, step = Value / (Multiplier * size);
        if (!(SlopeAt(SmallestStart * step) < 0))
        {
            return null;
        }

        for (int i = 0; i < StartTrials; i++)
        {
            (low, high) = SlopeAt(step) < 0 ? (step, high) : (low, step);
            step = double.IsFinite(high) ? low > 0 ? Math.Sqrt(low * high) : high / 4 : 4 * low;
        }

        TensorPrimitives.Multiply(scaled.AsSpan(0, 2 * Half), Math.Sqrt(low > 0 ? low : step), scaled.AsSpan(0, 2 * Half));
        return scaled;

        double SlopeAt(double s)
        {
            scaled.CopyTo(trial, 0);
            TensorPrimitives.Multiply(scaled.AsSpan(0, 2 * Half), Math.Sqrt(s), trial.AsSpan(0, 2 * Half));
            Evaluate(trial, slope);
            return TensorPrimitives.Dot<double>(slope.AsSpan(0, 2 * Half), trial.AsSpan(0, 2 * Half));
        }
    }

    // Zero-weight classes keep zero features: any other value costs budget and gains nothing.
    private double[] Unscale(double[] x)
    {
        for (int half = 0; half < 2; half++)
        {
            for (int i = 0; i <= rank; i++)
            {
                Span<double> column = x.AsSpan((half * Half) + (i * n), n);
                TensorPrimitives.Divide(column, Scaling(half), column);
                for (int g = 0; g < n && half == 1; g++)
                {
                    column[g] = program.Weights[g] == 0 ? 0 : column[g];
                }
            }
        }

        return x;
    }
}
