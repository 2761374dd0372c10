using System.Numerics.Tensors;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Family.Descent;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Family.Rectified;

/// <summary>
/// Cross-entropy with weight decay and nonnegative features, solved in W and H̄ by projected quasi-Newton steps from random starts: the program is not convex, and a
/// start can end in a local minimum. A start that does not is proven by <see cref="RectifiedCertificate"/>, which closes at the optimum where p is at least the number
/// of classes that do not vanish.
/// </summary>
public sealed class RectifiedSolver
{
    private readonly RectifiedOptions options;

    /// <summary>The solver.</summary>
    /// <param name="options">Options; the default ones when null.</param>
    public RectifiedSolver(RectifiedOptions? options = null) => this.options = options ?? new RectifiedOptions();

    /// <summary>Solves a model, class by class.</summary>
    /// <param name="model">A model with cross-entropy and penalties, without a bias.</param>
    /// <param name="cancellationToken">Ends the solve with the best point so far.</param>
    /// <exception cref="ArgumentException">The loss is another one, or the model has budgets or a bias.</exception>
    public RectifiedSolution Solve(LayerPeeledModel model, CancellationToken cancellationToken = default)
    {
        double bound = RectifiedCertificate.Bound(model);
        if (model.Regulariser is not Penalties)
        {
            throw new ArgumentException("The rectified method is for penalties; with budgets there is the closed form.", nameof(model));
        }

        using ProviderScope provider = LinearAlgebraProvider.Pin();
        var control = new IterationControl(options, cancellationToken);
        var objective = new RectifiedObjective(model);
        var random = new Random(options.Seed);
        DescentOutcome? best = null;
        int iterations = 0, starts = 0;
        bool closed = false;
        // Half of the tolerance for what a certificate adds to rounding
        bool Closes(double[] point, double value) => value - bound <= 0.5 * options.RelativeGapTolerance * value;
        while (starts < options.Starts && !closed && (starts == 0 || !control.ShouldStop))
        {
            var descent = new ProjectedDescent(objective.RandomStart(random), objective.Evaluate, objective.FirstFeature);
            DescentOutcome outcome = descent.Run(options, control, Closes);
            iterations += outcome.Iterations;
            starts++;
            best = best is null || outcome.Value < best.Value ? outcome : best;
            closed = Closes(best.Point, best.Value);
        }

        (Matrix<double> classifier, Matrix<double> classMeans) = objective.Matrices(best!.Point);
        RectifiedCertificate certificate = RectifiedCertificate.Of(model, classifier, classMeans);
        return new RectifiedSolution(model, classifier, classMeans, certificate)
        {
            Status = certificate.Closes(options.RelativeGapTolerance) ? SolverStatus.Optimal : best.Status,
            Stationarity = best.Stationarity,
            Iterations = iterations,
            Starts = starts,
            Elapsed = control.Elapsed,
        };
    }

    /// <summary>The objective in x = (X_W, X_H) with W = unit·X_W and H̃ = unit·X_H, in units in which both penalties are λ.</summary>
    private sealed class RectifiedObjective
    {
        private readonly NuclearNormProgram program;
        private readonly GroupedMatrix logits;
        private readonly GroupedMatrix gradient;
        private readonly double lambda;
        private readonly int classes;
        private readonly int dimension;

        public RectifiedObjective(LayerPeeledModel model)
        {
            program = NuclearNormProgram.ForClasses(model);
            (logits, gradient) = (program.CreateMatrix(), program.CreateMatrix());
            lambda = ((NuclearPenalty)program.Term).Lambda;
            (classes, dimension) = (model.ClassCount, model.FeatureDimension);
            FirstFeature = MatrixShape.Length(classes, dimension);
            _ = MatrixShape.Length(2, FirstFeature);
        }

        /// <summary>Where the features begin: rows of X_W, column-major, are before them, those of X_Hᵀ behind.</summary>
        public int FirstFeature { get; }

        public double Evaluate(double[] point, double[] derivative)
        {
            IDenseBackend backend = LinearAlgebraProvider.Backend;
            ReadOnlySpan<double> w = point.AsSpan(0, FirstFeature), h = point.AsSpan(FirstFeature);
            backend.Multiply(false, true, classes, classes, dimension, 1, w, classes, h, classes, 0, logits.Core, classes);
            double loss = program.Gradient(logits, gradient);
            point.CopyTo(derivative, 0);
            backend.Multiply(false, false, classes, dimension, classes, 1, gradient.Core, classes, h, classes, lambda, derivative.AsSpan(0, FirstFeature), classes);
            backend.Multiply(true, false, classes, dimension, classes, 1, gradient.Core, classes, w, classes, lambda, derivative.AsSpan(FirstFeature), classes);
            return loss + (0.5 * lambda * TensorPrimitives.SumOfSquares<double>(point));
        }

        public double[] RandomStart(Random random)
        {
            // Logits of order one
            double scale = Math.Pow(dimension, -0.25);
            var start = new double[2 * FirstFeature];
            for (int i = 0; i < start.Length; i++)
            {
                double normal = scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                start[i] = i < FirstFeature ? normal : Math.Abs(normal);
            }

            return start;
        }

        public (Matrix<double> Classifier, Matrix<double> ClassMeans) Matrices(double[] point)
        {
            Matrix<double> classifier = Matrix<double>.Build.Dense(classes, dimension, point[..FirstFeature]) * program.Term.ClassifierUnit;
            return (classifier, Matrix<double>.Build.Dense(dimension, classes, (i, k) =>
                point[FirstFeature + k + (i * classes)] * program.Term.FeatureUnit / program.FeatureRoots[k]));
        }
    }
}
