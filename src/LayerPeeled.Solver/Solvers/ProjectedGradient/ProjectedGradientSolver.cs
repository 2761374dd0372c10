using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers.ProjectedGradient;

/// <summary>
/// Euclidean projected gradient on classifiers and features themselves, at the level of class means or of single examples: the method that
/// shows how training would get there. Nonconvex, but its class means are certified globally. Thread-safe.
/// </summary>
/// <remarks>
/// The adaptive rules minimise φ = log f where the loss is shift-invariant (the softmax family, which is positive), so that losses of 1e-100
/// are no harder than losses of order one, and φ = f over its first value otherwise. The gradient arcs P(x − t·∇φ) are those of f with
/// another t. The constant rule steps on f itself.
/// </remarks>
public sealed class ProjectedGradientSolver : ISolver
{
    private readonly ProjectedGradientOptions options;

    /// <summary>A solver with the given options, or the default ones.</summary>
    /// <param name="options">The options.</param>
    public ProjectedGradientSolver(ProjectedGradientOptions? options = null) => this.options = options ?? new ProjectedGradientOptions();

    /// <inheritdoc/>
    public string Name => "projected-gradient";

    /// <summary>Solves a model as the program that <see cref="ProjectedGradientOptions.Level"/> names.</summary>
    /// <inheritdoc cref="ISolver.Solve"/>
    /// <exception cref="ArgumentException">The options do not fit the model; see the other overload.</exception>
    public LayerPeeledSolution Solve(LayerPeeledModel model, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Solve(FactorizedProgram.At(model, options.Level), null, progress, cancellationToken);
    }

    /// <summary>Solves a factorised program from a given point or the one that the options name.</summary>
    /// <param name="program">The program.</param>
    /// <param name="start">A point of the program's shape (features of a real network, say); projected first, not changed. Null: the options decide.</param>
    /// <param name="progress">Called on the solving thread after each iteration.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is returned, certified.</param>
    /// <returns>The best point; at sample level with <see cref="LayerPeeledSolution.SampleFeatures"/>.</returns>
    /// <exception cref="ArgumentException">
    /// The start has another shape, or the ETF is to be the start and p is below K − 1, or the constant rule has no L and the loss is not
    /// cross-entropy, or the model needs more memory than <see cref="SolverOptions.MemoryBudget"/>.
    /// </exception>
    public LayerPeeledSolution Solve(
        FactorizedProgram program, FactorizedPoint? start = null, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default) =>
        Follow(program, start, _ => progress, cancellationToken);

    /// <summary>The same for those who want to see the points: they are given the run before its first iteration.</summary>
    /// <param name="program">The program.</param>
    /// <param name="start">A point of the program's shape, or null.</param>
    /// <param name="follow">Makes what is called after each iteration.</param>
    /// <param name="cancellationToken">Stops the solve.</param>
    internal LayerPeeledSolution Follow(
        FactorizedProgram program, FactorizedPoint? start, Func<SolverRun, IProgress<IterationReport>?> follow, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(program);
        MemoryNeed.Require(options, BytesFor(program), Name, $"{program.Model.ClassCount} classes, {program.ColumnCount} feature columns and p = {program.FeatureDimension}");
        using ProviderScope provider = LinearAlgebraProvider.Pin();
        var control = new IterationControl(options, cancellationToken);
        double[] point = StartingPoint(program, start);
        FactorizedProgram scaled = options.Metric == ProjectedGradientMetric.Budgets ? program.InBudgetUnits() : program;
        scaled.FromTrueUnits(point);
        SolverRun run = CreateRun(scaled, point);
        IProgress<IterationReport>? progress = follow(run);
        IterationOutcome outcome = IterationLoop.Run(Name, NuclearNormProgram.ForClasses(program.Model), () => run, options, control, progress);
        return new LayerPeeledSolution(Name, options.RelativeGapTolerance, outcome) { SampleFeatures = ((ISampleFeatures)run).KeptFeatures() };
    }

    /// <summary>Whether the steps are taken with a <see cref="SampleHistory"/>: the same steps, with few passes over the features.</summary>
    internal bool FusesPasses(FactorizedProgram program) =>
        program.Level == FactorizedLevel.SampleLevel && options.StepRule is StepRule.BarzilaiBorwein or StepRule.Constant
        && (long)program.FeatureDimension * program.ColumnCount >= options.FusedLength;

    // Points, gradients and the steps between them; logits or slopes of every column. Fused passes keep fewer of the former and several of the latter.
    private double BytesFor(FactorizedProgram program)
    {
        double k = program.Model.ClassCount, p = program.FeatureDimension, n = program.ColumnCount;
        double point = p * (k + n), slopes = k * n;
        return sizeof(double) * (FusesPasses(program) ? (3 * point) + (4 * slopes) : (8 * point) + slopes);
    }

    private SolverRun CreateRun(FactorizedProgram program, double[] start) => options.StepRule switch
    {
        StepRule.Constant when FusesPasses(program) =>
            new FusedConstantRun(program, options, start, options.LipschitzConstant ?? LipschitzBound(program)),
        StepRule.BarzilaiBorwein when FusesPasses(program) => new FusedSpectralRun(program, options, start),
        StepRule.Constant => new ConstantStepRun(program, options, start, options.LipschitzConstant ?? LipschitzBound(program)),
        StepRule.Armijo => new ArmijoRun(program, options, start),
        StepRule.Nesterov => new MomentumRun(program, options, start),
        _ => new SpectralRun(program, options, start),
    };

    private double[] StartingPoint(FactorizedProgram program, FactorizedPoint? start)
    {
        if (start is not null)
        {
            return program.Project(start).Values.ToArray();
        }

        if (options.Start == ProjectedGradientStart.Random)
        {
            return program.RandomPoint(options.Seed).Values.ToArray();
        }

        int needed = program.Model.ClassCount - 1;
        return program.FeatureDimension >= needed
            ? program.SimplexEtfPoint().Values.ToArray()
            : throw new ArgumentException(
                $"{nameof(ProjectedGradientOptions.Start)} is {options.Start}, which needs p ≥ {needed}; the model has p = {program.FeatureDimension}.", nameof(program));
    }

    // d²f(W + tA, H + tB)/dt² = ⟨∇²f[D], D⟩ + 2⟨G, A·B⟩ with D = A·H + W·B, ∇²L ≤ ½, ‖∇L‖ ≤ √2, ‖A‖² + ‖B‖² = 1:
    // at most ½(‖H·diag(β)^½‖² + β_max·‖W‖²) + ‖G‖, and ‖H·diag(β)^½‖_F² ≤ max_k (β_k/a_k)·K·E_H with β_k/a_k = ω_k/ρ_k. Units scale logits.
    private static double LipschitzBound(FactorizedProgram program)
    {
        if (program.Model.Loss is not CrossEntropyLoss)
        {
            throw new ArgumentException(
                $"The constant step rule knows a Lipschitz constant for cross-entropy only; set {nameof(ProjectedGradientOptions.LipschitzConstant)} "
                + $"for the loss {program.Model.Loss.Name}.", nameof(program));
        }

        double column = 0, weight = 0, slopes = 0;
        for (int k = 0; k < program.Model.ClassCount; k++)
        {
            double unit = program.LogitUnit(k), beta = program.LossWeights[k] * unit;
            column = Math.Max(column, beta * unit);
            weight = Math.Max(weight, beta * unit / program.BudgetWeights[k]);
            slopes += 2 * program.ColumnsOf(k).Count * beta * beta;
        }

        return (0.5 * ((weight * program.FeatureBound) + (column * program.ClassifierBound))) + Math.Sqrt(slopes);
    }
}
