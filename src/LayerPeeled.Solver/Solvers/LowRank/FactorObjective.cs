using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>
/// The model in factor form on the product of two spheres: φ(x̂) = log f(Z), Z with spread ŝ∘t̂/(K_g − 1) and core U·Vᵀ, where
/// (ŝ, U) and (t̂, V) are the two halves of x = D·x̂, each scaled to squared norm r. The logarithm makes losses of any size alike; the scaling
/// D_g = ω_g^{-1/4} of the rows evens out the curvature of classes with different weights. Both budgets are tight at a cross-entropy optimum,
/// so nothing is lost on the spheres. φ does not depend on the norms of the halves.
/// </summary>
internal sealed class FactorObjective
{
    // Classes of (nearly) no weight would otherwise dominate the metric.
    private const double SmallestRelativeWeight = 1e-8;
    private readonly NuclearNormProgram program;
    private readonly IDenseBackend blas = LinearAlgebraProvider.Backend;
    private readonly int n;
    private readonly int rank;
    private readonly double[] scaling;
    private readonly double[] inverseMultiplicity;
    private readonly double[] point;
    private readonly double[] tangent;
    private readonly double[] direction;
    private readonly double[] curved;
    private readonly GroupedMatrix logits;
    private readonly GroupedMatrix gradient;
    private GroupedMatrix? logitDirection;
    private GroupedMatrix? gradientDirection;
    private double classifierScale;
    private double featureScale;

    public FactorObjective(NuclearNormProgram program, int rank)
    {
        this.program = program;
        this.rank = rank;
        n = program.GroupCount;
        Half = n * (rank + 1);
        scaling = new double[Half];
        inverseMultiplicity = new double[n];
        point = new double[2 * Half];
        tangent = new double[2 * Half];
        direction = new double[2 * Half];
        curved = new double[2 * Half];
        logits = program.CreateMatrix();
        gradient = program.CreateMatrix();
        double top = TensorPrimitives.Max(program.Weights);
        for (int g = 0; g < n; g++)
        {
            double d = Math.Pow(Math.Max(program.Weights[g] / top, SmallestRelativeWeight), -0.25);
            inverseMultiplicity[g] = program.Sizes[g] > 1 ? 1 / (program.Sizes[g] - 1) : 0;
            for (int i = 0; i <= rank; i++)
            {
                scaling[g + (i * n)] = d;
            }
        }
    }

    /// <summary>Length of x̂: spread and core of the classifiers, then of the features.</summary>
    public int Dimension => 2 * Half;

    /// <summary>f(Z) at the last evaluated point.</summary>
    public double Value { get; private set; }

    /// <summary>Norm of the Riemannian gradient over that of the Euclidean one, λ√(2r), at the last evaluated point.</summary>
    public double Stationarity { get; private set; }

    /// <summary>λ = −⟨G, Z⟩/r at the last evaluated point.</summary>
    public double Multiplier { get; private set; }

    private int Half { get; }

    /// <summary>x̂ of the centred identity, the pattern of the simplex ETF.</summary>
    public double[] CentredIdentity()
    {
        // Core: an orthonormal basis Q of the complement of u = (√K_g)/√K, as columns of a Householder reflection; QQᵀ = I − uuᵀ.
        var start = new double[Dimension];
        double total = TensorPrimitives.Sum(program.Sizes);
        double last = Math.Sqrt(program.Sizes[n - 1] / total), pivot = 1 + last;
        for (int i = 0; i < Math.Min(rank, n); i++)
        {
            double u = i == n - 1 ? last : Math.Sqrt(program.Sizes[i] / total);
            for (int g = 0; g < n; g++)
            {
                double v = g == n - 1 ? pivot : Math.Sqrt(program.Sizes[g] / total);
                start[g + ((i + 1) * n)] = rank >= n
                    ? (g == i ? 1 : 0) - (Math.Sqrt(program.Sizes[g] / total) * u)
                    : (g == i ? 1 : 0) - (v * u / pivot);
            }
        }

        for (int g = 0; g < n; g++)
        {
            start[g] = program.Sizes[g] > 1 ? Math.Sqrt(program.Sizes[g] - 1) : 0;
        }

        start.AsSpan(0, Half).CopyTo(start.AsSpan(Half));
        return Unscale(start);
    }

    /// <summary>x̂ with independent Gaussian entries.</summary>
    public double[] Random(int seed)
    {
        var random = new Random(seed);
        var start = new double[Dimension];
        for (int i = 0; i < start.Length; i++)
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
            start[g] = root * factors.ClassifierSpread[g];
            start[Half + g] = root * factors.FeatureSpread[g];
        }

        int kept = n * Math.Min(rank, factors.Rank);
        factors.ClassifierCore.AsSpan(0, kept).CopyTo(start.AsSpan(n));
        factors.FeatureCore.AsSpan(0, kept).CopyTo(start.AsSpan(Half + n));
        return Unscale(start);
    }

    /// <summary>The feasible point of the nonconvex program that x̂ stands for, both budgets tight.</summary>
    public GroupedFactors ToFactors(ReadOnlySpan<double> scaled)
    {
        Load(scaled);
        var factors = new GroupedFactors(program, rank);
        // ‖x‖² = r on each side; W = √(K·E_W/r)·x
        double classes = program.Model.ClassCount;
        double classifier = Math.Sqrt(classes * program.Model.ClassifierBudget / program.Radius);
        double feature = Math.Sqrt(classes * program.Model.FeatureBudget / program.Radius);
        for (int g = 0; g < n; g++)
        {
            double root = Math.Sqrt(inverseMultiplicity[g]);
            factors.ClassifierSpread[g] = classifier * root * point[g];
            factors.FeatureSpread[g] = feature * root * point[Half + g];
        }

        TensorPrimitives.Multiply(point.AsSpan(n, n * rank), classifier, factors.ClassifierCore);
        TensorPrimitives.Multiply(point.AsSpan(Half + n, n * rank), feature, factors.FeatureCore);
        return factors;
    }

    /// <summary>φ(x̂) and its gradient.</summary>
    public double Evaluate(ReadOnlySpan<double> scaled, Span<double> slope)
    {
        Load(scaled);
        Span<double> spread = logits.Spread;
        TensorPrimitives.Multiply(point.AsSpan(0, n), point.AsSpan(Half, n), spread);
        TensorPrimitives.Multiply(spread, inverseMultiplicity, spread);
        Product(Core(point, 0), Core(point, 1), 0, logits.Core);
        Value = program.Gradient(logits, gradient);
        double inner = gradient.Inner(logits), radius = program.Radius;
        Multiplier = -inner / radius;
        ApplyGradient(gradient, point, 0, tangent);
        // ∇_L φ = (G·x_R − (⟨G, Z⟩/r)·x_L)/f: the radial part cancels because φ ignores the norm
        TensorPrimitives.MultiplyAdd(point, Multiplier, tangent, tangent);
        Stationarity = TensorPrimitives.Norm<double>(tangent) / (Math.Abs(Multiplier) * Math.Sqrt(2 * radius));
        TensorPrimitives.Multiply(tangent, 1 / Value, tangent);
        Unload(tangent, slope);
        return Math.Log(Value);
    }

    /// <summary>∇²φ(x̂)·d at the last evaluated point.</summary>
    public void CurvatureProduct(ReadOnlySpan<double> scaledDirection, Span<double> product)
    {
        logitDirection ??= program.CreateMatrix();
        gradientDirection ??= program.CreateMatrix();
        Scale(scaledDirection, direction);
        ProjectToTangent(direction);
        // dZ = ξ_L·x_Rᵀ + x_L·ξ_Rᵀ
        for (int g = 0; g < n; g++)
        {
            logitDirection.Spread[g] = ((direction[g] * point[Half + g]) + (point[g] * direction[Half + g])) * inverseMultiplicity[g];
        }

        Product(Core(direction, 0), Core(point, 1), 0, logitDirection.Core);
        Product(Core(point, 0), Core(direction, 1), 1, logitDirection.Core);
        program.CurvatureProduct(gradient, logitDirection, gradientDirection);
        // Hessian on the spheres: P(dG·x + G·ξ + λξ)
        ApplyGradient(gradientDirection, point, 0, curved);
        ApplyGradient(gradient, direction, 1, curved);
        TensorPrimitives.MultiplyAdd(direction, Multiplier, curved, curved);
        ProjectToTangent(curved);
        // of the logarithm: H/f − ggᵀ/f²  (tangent holds g/f)
        TensorPrimitives.Multiply(curved, 1 / Value, curved);
        TensorPrimitives.MultiplyAdd(tangent, -TensorPrimitives.Dot<double>(tangent, direction), curved, curved);
        Unload(curved, product);
    }

    private Span<double> Core(double[] x, int half) => x.AsSpan((half * Half) + n, n * rank);

    private void Product(ReadOnlySpan<double> left, ReadOnlySpan<double> right, double beta, Span<double> destination) =>
        blas.Multiply(false, true, n, n, rank, 1, left, n, right, n, beta, destination, n);

    // (α∘t̂, Γ·V) and (α∘ŝ, Γᵀ·U)
    private void ApplyGradient(GroupedMatrix matrix, double[] x, double beta, double[] destination)
    {
        for (int g = 0; g < n; g++)
        {
            double alpha = inverseMultiplicity[g] == 0 ? 0 : matrix.Spread[g];
            destination[g] = (beta * destination[g]) + (alpha * x[Half + g]);
            destination[Half + g] = (beta * destination[Half + g]) + (alpha * x[g]);
        }

        blas.Multiply(false, false, n, rank, n, 1, matrix.Core, n, Core(x, 1), n, beta, Core(destination, 0), n);
        blas.Multiply(true, false, n, rank, n, 1, matrix.Core, n, Core(x, 0), n, beta, Core(destination, 1), n);
    }

    private void ProjectToTangent(double[] x)
    {
        for (int half = 0; half < 2; half++)
        {
            Span<double> part = x.AsSpan(half * Half, Half), normal = point.AsSpan(half * Half, Half);
            TensorPrimitives.MultiplyAdd(normal, -TensorPrimitives.Dot<double>(normal, part) / program.Radius, part, part);
        }
    }

    private void Load(ReadOnlySpan<double> scaled)
    {
        TensorPrimitives.Multiply(scaled[..Half], scaling, point.AsSpan(0, Half));
        TensorPrimitives.Multiply(scaled[Half..], scaling, point.AsSpan(Half));
        classifierScale = Math.Sqrt(program.Radius) / TensorPrimitives.Norm<double>(point.AsSpan(0, Half));
        featureScale = Math.Sqrt(program.Radius) / TensorPrimitives.Norm<double>(point.AsSpan(Half));
        TensorPrimitives.Multiply(point.AsSpan(0, Half), classifierScale, point.AsSpan(0, Half));
        TensorPrimitives.Multiply(point.AsSpan(Half), featureScale, point.AsSpan(Half));
    }

    // A direction of x̂ as one of the point on the spheres.
    private void Scale(ReadOnlySpan<double> scaled, double[] destination)
    {
        TensorPrimitives.Multiply(scaled[..Half], scaling, destination.AsSpan(0, Half));
        TensorPrimitives.Multiply(scaled[Half..], scaling, destination.AsSpan(Half));
        TensorPrimitives.Multiply(destination.AsSpan(0, Half), classifierScale, destination.AsSpan(0, Half));
        TensorPrimitives.Multiply(destination.AsSpan(Half), featureScale, destination.AsSpan(Half));
    }

    // The adjoint of Scale.
    private void Unload(double[] x, Span<double> destination)
    {
        TensorPrimitives.Multiply(x.AsSpan(0, Half), scaling, destination[..Half]);
        TensorPrimitives.Multiply(x.AsSpan(Half), scaling, destination[Half..]);
        TensorPrimitives.Multiply(destination[..Half], classifierScale, destination[..Half]);
        TensorPrimitives.Multiply(destination[Half..], featureScale, destination[Half..]);
    }

    // Zero-weight classes keep zero features: any other value costs budget and gains nothing.
    private double[] Unscale(double[] x)
    {
        for (int half = 0; half < 2; half++)
        {
            Span<double> part = x.AsSpan(half * Half, Half);
            TensorPrimitives.Divide(part, scaling, part);
            for (int g = 0; g < n && half == 1; g++)
            {
                for (int i = 0; i <= rank && program.Weights[g] == 0; i++)
                {
                    part[g + (i * n)] = 0;
                }
            }
        }

        return x;
    }
}
