using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Solvers.Targets;

/// <summary>The best point of a solve with soft targets and its certificate. Immutable and thread-safe: matrices are formed at each call.</summary>
public sealed class SoftTargetSolution
{
    // What an optimum in closed form may miss by rounding
    private const double ClosedFormError = 1e-12;
    private readonly LayerPeeledSolution? solution;
    private readonly Func<Matrix<double>> classifier;
    private readonly Func<Matrix<double>> features;

    private SoftTargetSolution(SoftTargetModel model, string method, SolverStatus status, Func<Matrix<double>> classifier, Func<Matrix<double>> features) =>
        (Model, Method, Status, this.classifier, this.features, DistinctContexts) = (model, method, status, classifier, features, model.Targets.Contexts);

    internal SoftTargetSolution(SoftTargetProgram program, LayerPeeledSolution solution)
        : this(program.Model, solution.Method, solution.Status, () => program.Classifier(solution.Factors), () => program.Features(solution.Factors))
    {
        this.solution = solution;
        Excess = solution.Objective;
        ExcessUpperBound = solution.Certificate.PrimalUpperBound;
        ExcessLowerBound = solution.Certificate.LowerBound;
        IsProof = solution.Certificate.IsProof;
        RelativeGap = solution.Certificate.RelativeGap;
        Multiplier = solution.Multiplier;
        Iterations = solution.Iterations;
        Elapsed = solution.Elapsed;
        Rank = solution.Factors.Rank;
        DistinctContexts = program.Columns;
        GeometryError = solution.GeometryError;
        Reason = solution.Reason;
    }

    /// <summary>The model that was solved.</summary>
    public SoftTargetModel Model { get; }

    /// <summary>Name of the method that found the point; <c>closed-form</c> where the budgets are slack, <c>cyclic</c> where a step of all tokens and contexts changes nothing, <c>orbits</c> where a symmetry is used.</summary>
    public string Method { get; }

    /// <summary>How the solve ended. Never <see cref="SolverStatus.Optimal"/> without a closed certificate.</summary>
    public SolverStatus Status { get; }

    /// <summary>Why a method was chosen and how the solve went, where there is something to say; empty otherwise.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>The average cross-entropy at the point: the entropy floor and the excess over it.</summary>
    public double Objective => Model.Targets.EntropyFloor + Excess;

    /// <summary>Σ_c ω_c·KL(t_c‖softmax z_c), the mean divergence: what the point loses beside a model without budgets.</summary>
    public double Excess { get; private init; }

    /// <summary>A number not below the excess at the point, every rounding allowed for, if <see cref="IsProof"/>.</summary>
    public double ExcessUpperBound { get; private init; }

    /// <summary>A lower bound of the excess of every point within the budgets, never negative.</summary>
    public double ExcessLowerBound { get; private init; }

    /// <summary>Whether both bounds hold in exact arithmetic.</summary>
    public bool IsProof { get; private init; }

    /// <summary>(upper bound − lower bound)/upper bound of the excess; of the objective where the budgets are slack, whose excess is nothing but rounding.</summary>
    public double RelativeGap { get; private init; }

    /// <summary>Whether the budgets are not used up: the model fits the targets exactly, and λ = 0.</summary>
    public bool BudgetsAreSlack { get; private init; }

    /// <summary>λ, the multiplier of ‖Z‖_* ≤ r: by how much the loss falls when r grows.</summary>
    public double Multiplier { get; private init; }

    /// <summary>Estimate of how far norms and cosines are from those of the optimum; see <see cref="LayerPeeledSolution.GeometryError"/>.</summary>
    public double GeometryError { get; private init; }

    /// <summary>Common coordinates that the point uses.</summary>
    public int Rank { get; private init; }

    /// <summary>Contexts that differ in target or weight: equal ones have the same embedding.</summary>
    public int DistinctContexts { get; private init; }

    /// <summary>The orbits of the symmetry that was used; null for none but equal contexts.</summary>
    public TargetOrbits? Symmetry { get; internal init; }

    /// <summary>Iterations of the method.</summary>
    public int Iterations { get; private init; }

    /// <summary>Time of the solve, certificate included.</summary>
    public TimeSpan Elapsed { get; private init; }

    /// <summary>A report of every iteration, if the options asked for it.</summary>
    public IReadOnlyList<IterationReport> Trace => solution?.Trace ?? [];

    /// <summary>W, V×p: row j is the output vector of token j. Formed at each call.</summary>
    /// <exception cref="InvalidOperationException">The point needs more than p dimensions.</exception>
    public Matrix<double> Classifier => classifier();

    /// <summary>H, p×m: column c is the embedding of context c. Formed at each call.</summary>
    /// <exception cref="InvalidOperationException">The point needs more than p dimensions.</exception>
    public Matrix<double> Features => features();

    /// <summary>Z = W·H, V×m: column c holds the logits of context c. Formed at each call.</summary>
    public Matrix<double> Logits() => Classifier * Features;

    /// <summary>W·Wᵀ, V×V. Formed at each call.</summary>
    public Matrix<double> ClassifierGram()
    {
        Matrix<double> w = Classifier;
        return w.TransposeAndMultiply(w);
    }

    /// <summary>Hᵀ·H, m×m. Formed at each call.</summary>
    public Matrix<double> FeatureGram()
    {
        Matrix<double> h = Features;
        return h.TransposeThisAndMultiply(h);
    }

    /// <summary>This solution, if it is proven optimal.</summary>
    /// <exception cref="InvalidOperationException">The status is another.</exception>
    public SoftTargetSolution EnsureOptimal() => Status == SolverStatus.Optimal ? this
        : throw new InvalidOperationException($"The solve ended {Status} with a relative gap of {RelativeGap:E1}.");

    /// <summary>The optimum where the budgets are slack.</summary>
    internal static SoftTargetSolution OfSlackBudgets(SoftTargetModel model, SlackBudgets slack)
    {
        (double excess, double above) = TargetExcess.Of(model.Targets, slack.Classifier, slack.Features);
        double gap = above / (excess + model.Targets.EntropyFloor);
        return new SoftTargetSolution(
            model, "closed-form", gap <= ClosedFormError ? SolverStatus.Optimal : SolverStatus.NumericalError, slack.Classifier.Clone, slack.Features.Clone)
        {
            BudgetsAreSlack = true,
            Excess = excess,
            ExcessUpperBound = above,
            RelativeGap = gap,
            IsProof = true,
            Rank = slack.Rank,
            Reason = "the centred logarithm of the targets is within the budgets",
        };
    }

    /// <summary>The optimum of a cyclic model, whose gap is closed.</summary>
    internal static SoftTargetSolution OfCycle(SoftTargetModel model, CyclicTargets program, CyclicRun run, SolverStatus status, TimeSpan elapsed)
    {
        // c² = √(E_W/E_H)
        double balance = Math.Sqrt(Math.Sqrt(model.ClassifierBudget / model.FeatureBudget));
        return new SoftTargetSolution(
            model, "cyclic", status, () => program.Root(run.Point, balance, phases: false), () => program.Root(run.Point, 1 / balance, phases: true))
        {
            Excess = run.Value,
            ExcessUpperBound = run.Value,
            ExcessLowerBound = run.Bound,
            RelativeGap = run.RelativeGap,
            Multiplier = run.Multiplier,
            Iterations = run.Iterations,
            Elapsed = elapsed,
            Rank = program.Rank(run.Point),
            GeometryError = Math.Min(1, LayerPeeledSolution.GapToGeometry * Math.Sqrt(run.RelativeGap)),
            Symmetry = new TargetOrbits(1, 1, program.Count),
            Reason = "a step of all tokens and contexts changes nothing, so the optimum is circulant",
        };
    }
}
