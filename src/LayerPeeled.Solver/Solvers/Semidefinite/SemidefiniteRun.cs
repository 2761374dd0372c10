using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.Spectral;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Solvers.Semidefinite;

/// <summary>
/// The state of one solve by alternating directions, in the scaled variable X′ with X = D·X′·D, D = diag(√E_H·I, √E_W·I): both traces are
/// bounded by K. Two copies: X₁ carries losses and traces, P the cone; ρU is the scaled dual, S = −ρU ⪰ 0.
/// </summary>
internal sealed class SemidefiniteRun : SolverRun
{
    private const int Patience = 400;
    private const double ResidualImbalance = 3;
    private const double PenaltyFactorLimit = 5;

    private readonly SemidefiniteProgram program;
    private readonly SemidefiniteOptions options;
    private readonly int classes;
    private readonly int order;
    private readonly double logitScale;
    private readonly LossProximal proximal;
    private readonly GroupedMatrix logits;
    private readonly double[] target;
    private readonly double[] loss;
    private readonly double[] sum;
    private readonly double[] scaledDual;
    private readonly double[] eigenvalues;
    private readonly double[] factor;
    private readonly double[] column;
    private readonly double[] gradient;
    private double[] cone;
    private double[] previousCone;
    private double penalty;
    private double featureShift;
    private double classifierShift;
    private double primalResidual = double.PositiveInfinity;
    private double dualResidual = double.PositiveInfinity;
    private double smallestResidual = double.PositiveInfinity;
    private int rank;
    private int iteration;
    private int nextAdaptation = 10;
    private double adaptationInterval = 10;
    private int idle;

    public SemidefiniteRun(SemidefiniteProgram program, GroupedMatrix start, SemidefiniteOptions options)
    {
        this.program = program;
        this.options = options;
        classes = program.Model.ClassCount;
        order = program.Order;
        logitScale = Math.Sqrt(program.Model.ClassifierBudget) * Math.Sqrt(program.Model.FeatureBudget);
        proximal = new LossProximal(program.NuclearNorm);
        logits = program.NuclearNorm.CreateMatrix();
        int entries = MatrixShape.Length(order, order);
        target = new double[entries];
        loss = new double[entries];
        sum = new double[entries];
        scaledDual = new double[entries];
        eigenvalues = new double[order];
        factor = new double[entries];
        column = new double[classes];
        gradient = new double[MatrixShape.Length(classes, classes)];
        cone = new double[entries];
        previousCone = new double[entries];
        Begin(start);
    }

    public override void Iterate(IterationControl control)
    {
        // X₁ = prox(P − U)
        TensorPrimitives.Subtract(cone, scaledDual, target);
        featureShift = ShiftTrace(0);
        classifierShift = ShiftTrace(classes);
        for (int k = 0; k < classes; k++)
        {
            if (control.ShouldStop)
            {
                return;
            }

            SolveColumn(k);
        }

        // P = Π(αX₁ + (1 − α)P + U), U = what the projection took away
        TensorPrimitives.Multiply(loss, options.Relaxation, sum);
        TensorPrimitives.MultiplyAdd(cone, 1 - options.Relaxation, sum, sum);
        TensorPrimitives.Add(sum, scaledDual, sum);
        (cone, previousCone) = (previousCone, cone);
        ProjectOntoCone();
        TensorPrimitives.Subtract(sum, cone, scaledDual);

        Measure();
        iteration++;
        if (options.AdaptPenalty && iteration >= nextAdaptation)
        {
            AdaptPenalty();
        }
    }

    public override GroupedFactors Point()
    {
        // X = [H̄ᵀ; W][H̄, Wᵀ] from the eigen-factor of P, each side rescaled onto its budget
        var point = new GroupedFactors(program.NuclearNorm, rank);
        for (int i = 0; i < rank; i++)
        {
            for (int k = 0; k < classes; k++)
            {
                point.FeatureCoreArray[k + (i * classes)] = program.NuclearNorm.Weights[k] == 0 ? 0 : factor[k + (i * order)];
                point.ClassifierCoreArray[k + (i * classes)] = factor[classes + k + (i * order)];
            }
        }

        FillBudget(point.FeatureCoreArray, program.FeatureTraceBound);
        FillBudget(point.ClassifierCoreArray, program.ClassifierTraceBound);
        return point;
    }

    /// <summary>The solution together with X and the dual variables of the last iteration.</summary>
    public SemidefiniteSolution Describe(LayerPeeledSolution solution)
    {
        double feature = penalty * featureShift / program.Model.FeatureBudget;
        double classifier = penalty * classifierShift / program.Model.ClassifierBudget;
        var dual = Matrix<double>.Build.Dense(classes, classes, (double[])gradient.Clone());
        double[] scale = Enumerable.Range(0, order)
            .Select(i => Math.Sqrt(i < classes ? program.Model.FeatureBudget : program.Model.ClassifierBudget)).ToArray();
        return new SemidefiniteSolution
        {
            Solution = solution,
            X = Matrix<double>.Build.Dense(order, order, (i, j) => scale[i] * scale[j] * cone[i + (j * order)]),
            DualMatrix = program.DualMatrix(feature, classifier, dual),
            FeatureMultiplier = feature,
            ClassifierMultiplier = classifier,
            PrimalResidual = primalResidual,
            DualResidual = dualResidual,
        };
    }

    // P from the factors of Z, U from its gradient: S = [[μI, Gᵀ/2], [G/2, μI]] with μ = σ_max(G)/2, in scaled units
    private void Begin(GroupedMatrix start)
    {
        GroupedFactors point = GroupedFactors.FromLogits(program.NuclearNorm, start);
        rank = point.Rank;
        double feature = 1 / Math.Sqrt(program.Model.FeatureBudget), classifier = 1 / Math.Sqrt(program.Model.ClassifierBudget);
        for (int i = 0; i < rank; i++)
        {
            TensorPrimitives.Multiply(point.FeatureCoreArray.AsSpan(i * classes, classes), feature, factor.AsSpan(i * order, classes));
            TensorPrimitives.Multiply(point.ClassifierCoreArray.AsSpan(i * classes, classes), classifier, factor.AsSpan((i * order) + classes, classes));
        }

        LinearAlgebraProvider.Backend.SymmetricProduct(false, order, rank, 1, factor, order, 0, cone, order);
        GroupedMatrix slope = program.NuclearNorm.CreateMatrix();
        Objective = program.NuclearNorm.Gradient(start, slope);
        GroupedMatrix pattern = SpectralStart.CentredIdentity(program.NuclearNorm);
        if (program.NuclearNorm.Value(pattern) < Objective)
        {
            // The dual and ρ are of the order of the loss, which may be 1e-80: take them where it is smaller.
            program.NuclearNorm.Gradient(pattern, slope);
        }

        slope.Core.CopyTo(gradient, 0);
        double multiplier = logitScale / 2 * SpectralNorm.UpperBound(classes, classes, slope.Core, 0);
        for (int k = 0; k < classes; k++)
        {
            start.Core.AsSpan(k * classes, classes).CopyTo(logits.Core.AsSpan(k * classes));
            scaledDual[k * (order + 1)] = -multiplier;
            scaledDual[(classes + k) * (order + 1)] = -multiplier;
            for (int j = 0; j < classes; j++)
            {
                double half = -logitScale / 2 * slope.Core[j + (k * classes)];
                scaledDual[classes + j + (k * order)] = half;
                scaledDual[k + ((classes + j) * order)] = half;
            }
        }

        // ‖X′‖ ≈ 2√K at an optimum and ‖S‖ ≈ 2μ√K: their ratio is the unit of ρ.
        penalty = multiplier > 0 ? options.Penalty * multiplier : options.Penalty;
        featureShift = classifierShift = multiplier / penalty;
        TensorPrimitives.Divide(scaledDual, penalty, scaledDual);
    }

    // The diagonal block that starts at `offset`: nearest matrix with trace at most K. Returns the shift of the diagonal.
    private double ShiftTrace(int offset)
    {
        double trace = 0;
        for (int k = offset; k < offset + classes; k++)
        {
            target.AsSpan((k * order) + offset, classes).CopyTo(loss.AsSpan((k * order) + offset));
            trace += target[k * (order + 1)];
        }

        double shift = Math.Max(0, (trace - classes) / classes);
        for (int k = offset; k < offset + classes; k++)
        {
            loss[k * (order + 1)] -= shift;
        }

        return shift;
    }

    // z_k = argmin ω_k·L(z) + (ρ/s²)‖z − s·v‖²: the logits sit in X′ twice, in units of s
    private void SolveColumn(int k)
    {
        double scaledPenalty = 2 * penalty / (logitScale * logitScale);
        Span<double> z = logits.Core.AsSpan(k * classes, classes);
        TensorPrimitives.Multiply(target.AsSpan((k * order) + classes, classes), logitScale, column);
        proximal.Solve(k, scaledPenalty, column, z);
        for (int j = 0; j < classes; j++)
        {
            double entry = z[j] / logitScale;
            loss[classes + j + (k * order)] = entry;
            loss[k + ((classes + j) * order)] = entry;
            // Y = (2ρ/s²)(s·v − z), the gradient at the minimiser
            gradient[j + (k * classes)] = scaledPenalty * (column[j] - z[j]);
        }
    }

    private void ProjectOntoCone()
    {
        sum.CopyTo(target, 0);
        LinearAlgebraProvider.Backend.SymmetricEigen(order, target, eigenvalues);
        double floor = Math.Max(0, 1e-16 * order * eigenvalues[^1]);
        rank = 0;
        for (int i = order - 1; i >= 0 && eigenvalues[i] > floor; i--)
        {
            TensorPrimitives.Multiply(target.AsSpan(i * order, order), Math.Sqrt(eigenvalues[i]), factor.AsSpan(rank * order, order));
            rank++;
        }

        LinearAlgebraProvider.Backend.SymmetricProduct(false, order, rank, 1, factor, order, 0, cone, order);
    }

    private void Measure()
    {
        double size = Math.Max(TensorPrimitives.Norm<double>(loss), TensorPrimitives.Norm<double>(cone));
        primalResidual = size == 0 ? 0 : TensorPrimitives.Distance<double>(loss, cone) / size;
        double dualSize = TensorPrimitives.Norm<double>(scaledDual);
        dualResidual = dualSize == 0 ? 0 : TensorPrimitives.Distance<double>(cone, previousCone) / dualSize;
        Objective = program.NuclearNorm.Value(logits);
        Stationarity = Math.Max(primalResidual, dualResidual);
        idle = Stationarity < 0.95 * smallestResidual ? 0 : idle + 1;
        smallestResidual = Math.Min(smallestResidual, Stationarity);
        Stalled = idle >= Patience;
    }

    // Residual balancing (He, Yang and Wang 2000; Wohlberg 2017 for relative residuals), ever more rarely so that the method converges.
    private void AdaptPenalty()
    {
        adaptationInterval *= 1.1;
        nextAdaptation = iteration + (int)adaptationInterval;
        double ratio = primalResidual / dualResidual;
        if (!double.IsFinite(ratio) || (ratio < ResidualImbalance && ratio > 1 / ResidualImbalance))
        {
            return;
        }

        double change = Math.Clamp(Math.Sqrt(ratio), 1 / PenaltyFactorLimit, PenaltyFactorLimit);
        penalty *= change;
        TensorPrimitives.Divide(scaledDual, change, scaledDual);
        featureShift /= change;
        classifierShift /= change;
    }

    private static void FillBudget(double[] core, double bound)
    {
        double norm = TensorPrimitives.Norm<double>(core);
        if (norm > 0)
        {
            TensorPrimitives.Multiply(core, Math.Sqrt(bound) / norm, core);
        }
    }
}
