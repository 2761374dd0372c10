using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.LinearAlgebra.Kernels;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>
/// The model in factor form on the product of two spheres: φ(x̂) = log f(Z), Z with spread ŝ∘t̂/(K_g − 1) and core U·Vᵀ, where
/// (ŝ, U) and (t̂, V) are the two halves of x = D·x̂, each scaled to squared norm r. The logarithm makes losses of any size alike; the scaling
/// D_g = ω_g^{-1/4} of the rows evens out the curvature of classes with different weights; of tokens and contexts, each by weights of their own. Both budgets are tight at a cross-entropy optimum,
/// so nothing is lost on the spheres. φ does not depend on the norms of the halves. With penalties there are no spheres: φ(x̂) = log(f(Z) + (λ/2)·‖x‖²), and
/// the bias, if there is one, follows the two halves in x̂.
/// </summary>
internal sealed partial class FactorObjective : ICurvedObjective
{
    /// <summary>Roundoff of φ, relative to 1 + |φ|: the sums over hundreds of classes lose a few digits.</summary>
    public const double Noise = 1e-13;

    // Classes of (nearly) no weight would otherwise dominate the metric.
    private const double SmallestRelativeWeight = 5e-3;

    // Of φ/λ, which no ‖x‖²/2 exceeds at an optimum: below, the size of a point says nothing about that of its gradient.
    private const double SmallestShare = 1e-3;
    private readonly NuclearNormProgram program;
    private readonly IDenseBackend blas = LinearAlgebraProvider.Backend;
    private readonly int n;
    private readonly int rank;
    private readonly double[] classifierScaling;
    private readonly double[] featureScaling;
    private readonly double[] inverseMultiplicity;
    private readonly double[] point;
    private readonly double[] image;
    private readonly GroupedMatrix gradient;

    // Where targets are distributions, of which there may be thousands, the gradient takes the place of the logits column by column, and so does the product of a direction.
    private readonly GroupedMatrix logits;

    // Z with the bias added, where there is one
    private readonly GroupedMatrix? shifted;
    private double[]? direction;
    private GroupedMatrix? logitDirection;
    private GroupedMatrix? gradientDirection;
    private readonly bool onSpheres;
    private double classifierScale;
    private double featureScale;

    public FactorObjective(NuclearNormProgram program, int rank)
    {
        this.program = program;
        this.rank = rank;
        n = program.GroupCount;
        Half = MatrixShape.Length(n, rank + 1L);
        _ = MatrixShape.Length(2, Half);
        inverseMultiplicity = new double[n];
        point = new double[2 * Half];
        image = new double[2 * Half];
        gradient = program.CreateMatrix();
        logits = program.HasTargets ? gradient : program.CreateMatrix();
        onSpheres = program.Term is NuclearBall;
        if (program.Bias is not null)
        {
            shifted = program.CreateMatrix();
        }

        featureScaling = ScalingOf(Enumerable.Range(0, n).Select(g => program.Weights[g] / (program.FeatureRoots[g] * program.FeatureRoots[g])).ToArray());
        classifierScaling = program.HasTargets ? ScalingOf(program.RowWeights()) : featureScaling;
        for (int g = 0; g < n; g++)
        {
            inverseMultiplicity[g] = program.Sizes[g] > 1 ? 1 / (program.Sizes[g] - 1) : 0;
        }
    }

    /// <summary>Length of x̂: spread and core of the classifiers, then of the features, then the bias β if there is one.</summary>
    public int Dimension => (2 * Half) + (shifted is null ? 0 : n);

    /// <summary>log u at the last evaluated point: f(Z), its gradient and λ are in units of u.</summary>
    public double LogUnit { get; private set; }

    /// <summary>The objective at the last evaluated point, in units of u: f(Z), and what penalties add to it.</summary>
    public double Value { get; private set; }

    /// <summary>r, or with penalties ‖x‖²/2 at the last evaluated point, unless that is nearly nothing.</summary>
    public double Radius { get; private set; }

    /// <summary>Norm of the Riemannian gradient over that of the Euclidean one, λ√(2r), at the last evaluated point.</summary>
    public double Stationarity { get; private set; }

    /// <summary>λ/u at the last evaluated point: −⟨G, Z⟩/r, or that of the penalties.</summary>
    public double Multiplier { get; private set; }

    /// <summary>log λ at the last evaluated point.</summary>
    public double LogMultiplier => Math.Log(Multiplier) + LogUnit;

    /// <summary>D of one half, one factor for each row: classifiers 0, features 1.</summary>
    public ReadOnlySpan<double> Scaling(int half) => half == 0 ? classifierScaling : featureScaling;

    /// <summary>Z with the bias at the last evaluated point; not where targets are distributions.</summary>
    public GroupedMatrix AllLogits => shifted ?? logits;

    /// <summary>Z at the last evaluated point; not where targets are distributions.</summary>
    public GroupedMatrix Logits => logits;

    /// <summary>∇f(Z) at the last evaluated point.</summary>
    public GroupedMatrix Gradient => gradient;

    private int Half { get; }

    /// <summary>D·x̂ of the last evaluated point, spread and core of one half: classifiers 0, features 1.</summary>
    public ReadOnlySpan<double> Point(int half) => point.AsSpan(half * Half, Half);

    /// <summary>The factor that brings a half of <see cref="Point"/> to squared norm r.</summary>
    public double Scale(int half) => half == 0 ? classifierScale : featureScale;

    /// <summary>φ(x̂) and its gradient.</summary>
    public double Evaluate(ReadOnlySpan<double> scaled, Span<double> slope)
    {
        Load(scaled);
        double scale = classifierScale * featureScale;
        for (int g = 0; g < n; g++)
        {
            logits.Spread[g] = scale * point[g] * point[Half + g] * inverseMultiplicity[g];
        }

        blas.Multiply(false, true, n, n, rank, scale, Core(point, 0), n, Core(point, 1), n, 0, logits.Core, n);
        EvaluateLoss(scaled);
        ApplyGradient(gradient, point, 1, 1, 0, image);
        if (program.HasTargets)
        {
            // ⟨Γ, U·Vᵀ⟩ = ⟨U, Γ·V⟩
            Multiplier = program.Term.Multiplier(scale * TensorPrimitives.Dot<double>(Core(point, 0), Core(image, 0)));
        }

        // With x = c·D·x̂ on the spheres: ∇_L φ = c_L·D·(c_R·G·D·x̂_R + λ·c_L·D·x̂_L)/f; the radial part cancels because φ ignores the norms.
        double square = Tangent(0, featureScale, classifierScale, slope[..Half]) + Tangent(1, classifierScale, featureScale, slope[Half..(2 * Half)]);
        if (program.Bias is { } bias)
        {
            // Γ·ν + λ_b·β
            Span<double> tail = slope[(2 * Half)..];
            program.BiasGradient(gradient, tail);
            TensorPrimitives.MultiplyAdd(scaled[(2 * Half)..], bias.Penalty, tail, tail);
            // Against the objective, whatever λ is: a bias is of order one
            square += TensorPrimitives.SumOfSquares<double>(tail) * Multiplier / Value;
            TensorPrimitives.Divide(tail, Value, tail);
        }

        Stationarity = Math.Sqrt(square) / (Math.Abs(Multiplier) * Math.Sqrt(2 * Radius));
        return Math.Log(Value) + LogUnit;
    }

    /// <summary>
    /// The largest norm of a row of one half of a step, spread and core, relative to that of the point, zero rows aside. Rows whose classes are shorter than
    /// <see cref="LayerPeeledSolution.ShortVector"/> of the root mean square count as that long.
    /// </summary>
    public double LargestChange(ReadOnlySpan<double> scaled, ReadOnlySpan<double> step)
    {
        double largest = 0;
        double leastShare = LayerPeeledSolution.ShortVector * LayerPeeledSolution.ShortVector * Radius / program.Model.ClassCount;
        double[] squares = new double[2 * n];
        Span<double> sizes = squares.AsSpan(0, n), changes = squares.AsSpan(n);
        for (int half = 0; half < 2; half++)
        {
            squares.AsSpan().Clear();
            for (int i = 0; i <= rank; i++)
            {
                ReadOnlySpan<double> column = scaled.Slice((half * Half) + (i * n), n), change = step.Slice((half * Half) + (i * n), n);
                TensorPrimitives.MultiplyAdd(column, column, sizes, sizes);
                TensorPrimitives.MultiplyAdd(change, change, changes, changes);
            }

            for (int g = 0; g < n; g++)
            {
                // ‖x‖² = r on each side, a row is c·D_g times as long, and has K_g classes
                double length = Scale(half) * Scaling(half)[g], least = leastShare * program.Sizes[g] / (length * length);
                largest = sizes[g] > 0 ? Math.Max(largest, changes[g] / Math.Max(sizes[g], least)) : largest;
            }
        }

        return Math.Sqrt(largest);
    }

    /// <summary>D² entry by entry: the metric in which the halves lie on spheres.</summary>
    public double[] MetricWeights() => Enumerable.Range(0, 2 * Half).Select(i => Scaling(i / Half)[i % n] * Scaling(i / Half)[i % n]).ToArray();

    private static double[] ScalingOf(double[] curvatures)
    {
        double top = TensorPrimitives.Max<double>(curvatures);
        return Array.ConvertAll(curvatures, curvature => Math.Pow(Math.Max(curvature / top, SmallestRelativeWeight), -0.25));
    }

    private Span<double> Core(double[] x, int half) => x.AsSpan((half * Half) + n, n * rank);

    // (α∘t̂, Γ·V) and (α∘ŝ, Γᵀ·U), with a factor for each
    private void ApplyGradient(GroupedMatrix matrix, double[] x, double classifier, double feature, double beta, double[] destination)
    {
        for (int g = 0; g < n; g++)
        {
            double alpha = inverseMultiplicity[g] == 0 ? 0 : matrix.Spread[g];
            destination[g] = (beta * destination[g]) + (classifier * alpha * x[Half + g]);
            destination[Half + g] = (beta * destination[Half + g]) + (feature * alpha * x[g]);
        }

        blas.Multiply(false, false, n, rank, n, classifier, matrix.Core, n, Core(x, 1), n, beta, Core(destination, 0), n);
        blas.Multiply(true, false, n, rank, n, feature, matrix.Core, n, Core(x, 0), n, beta, Core(destination, 1), n);
    }

    // ⟨n, x⟩/‖n‖², with n one half of the point: x − that·n is tangent to its sphere
    private double AlongNormal(ReadOnlySpan<double> x, int half) =>
        onSpheres ? Scale(half) * Scale(half) * TensorPrimitives.Dot(point.AsSpan(half * Half, Half), x) / Radius : 0;

    // The loss with its gradient, and what penalties add
    private void EvaluateLoss(ReadOnlySpan<double> scaled)
    {
        GroupedMatrix all = logits;
        if (shifted is not null)
        {
            shifted.CopyFrom(logits);
            program.AddBias(shifted, scaled[(2 * Half)..]);
            all = shifted;
        }

        LogUnit = program.LogUnit(all);
        Value = program.GradientInUnit(all, gradient, LogUnit);
        Multiplier = program.HasTargets ? double.NaN : program.Term.Multiplier(onSpheres ? gradient.Inner(logits) : 0);
        if (!onSpheres)
        {
            // W and H̃ are x in units in which both penalties are λ.
            Value += (Multiplier * Radius) + (program.Bias?.Value(scaled[(2 * Half)..]) ?? 0);
            Radius = Math.Max(Radius, SmallestShare * Value / Multiplier);
        }
    }

    // point ← D·x̂, and the factors that bring its halves to squared norm r
    private void Load(ReadOnlySpan<double> scaled)
    {
        double classifier = RowScaling.Scale(classifierScaling, scaled[..Half], point.AsSpan(0, Half));
        double feature = RowScaling.Scale(featureScaling, scaled[Half..(2 * Half)], point.AsSpan(Half));
        Radius = onSpheres ? program.Radius : 0.5 * (classifier + feature);
        (classifierScale, featureScale) = onSpheres ? (Math.Sqrt(Radius / classifier), Math.Sqrt(Radius / feature)) : (1, 1);
    }

    // slope ← c_L·D·t/f with the tangent t = c_R·G·x_R + λ·c_L·x_L of one half, whose squared norm is returned
    private double Tangent(int half, double otherScale, double ownScale, Span<double> slope) => RowScaling.CombineAndScale(
        Scaling(half), otherScale, image.AsSpan(half * Half, Half), Multiplier * ownScale, point.AsSpan(half * Half, Half), ownScale / Value, slope);
}
