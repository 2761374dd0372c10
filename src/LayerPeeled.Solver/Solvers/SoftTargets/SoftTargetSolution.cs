using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Solvers.SoftTargets;

/// <summary>The best point of a solve with soft targets and its certificate. Immutable: matrices are formed at each call.</summary>
public sealed class SoftTargetSolution
{
    private readonly SoftTargetProgram? program;
    private readonly LayerPeeledSolution? solution;
    private readonly Matrix<double>? classifier;
    private readonly Matrix<double>? features;

    internal SoftTargetSolution(SoftTargetProgram program, LayerPeeledSolution solution)
    {
        (this.program, this.solution, Model, Method, Status) = (program, solution, program.Model, solution.Method, solution.Status);
        Excess = solution.Objective;
        ExcessUpperBound = solution.Certificate.PrimalUpperBound;
        ExcessLowerBound = solution.Certificate.LowerBound;
        IsProof = solution.Certificate.IsProof;
        RelativeGap = solution.Certificate.RelativeGap;
        Multiplier = solution.Multiplier;
        Iterations = solution.Iterations;
        Elapsed = solution.Elapsed;
    }

    private SoftTargetSolution(SoftTargetModel model, Matrix<double> classifier, Matrix<double> features)
    {
        (Model, this.classifier, this.features, Method) = (model, classifier, features, "closed-form");
        BudgetsAreSlack = true;
        (Excess, ExcessUpperBound) = ExcessOf(model.Targets, classifier, features);
        IsProof = true;
        RelativeGap = ExcessUpperBound / (Excess + model.Targets.EntropyFloor);
        Status = RelativeGap <= 1e-12 ? SolverStatus.Optimal : SolverStatus.NumericalError;
    }

    /// <summary>The model that was solved.</summary>
    public SoftTargetModel Model { get; }

    /// <summary>Name of the method that found the point; <c>closed-form</c> where the budgets are slack.</summary>
    public string Method { get; }

    /// <summary>How the solve ended. Never <see cref="SolverStatus.Optimal"/> without a closed certificate.</summary>
    public SolverStatus Status { get; }

    /// <summary>Why a method was chosen and how the solve went, where there is something to say; empty otherwise.</summary>
    public string Reason => solution?.Reason ?? "the centred logarithm of the targets is within the budgets";

    /// <summary>The average cross-entropy at the point: the entropy floor and the excess over it.</summary>
    public double Objective => Model.Targets.EntropyFloor + Excess;

    /// <summary>Σ_c ω_c·KL(t_c‖softmax z_c), the mean divergence: what the point loses beside a model without budgets.</summary>
    public double Excess { get; }

    /// <summary>A number not below the excess at the point, every rounding allowed for, if <see cref="IsProof"/>.</summary>
    public double ExcessUpperBound { get; }

    /// <summary>A lower bound of the excess of every point within the budgets, never negative.</summary>
    public double ExcessLowerBound { get; }

    /// <summary>Whether both bounds hold in exact arithmetic.</summary>
    public bool IsProof { get; }

    /// <summary>(upper bound − lower bound)/upper bound of the excess; of the objective where the budgets are slack, whose excess is nothing but rounding.</summary>
    public double RelativeGap { get; }

    /// <summary>Whether the budgets are not used up: the model fits the targets exactly, and λ = 0.</summary>
    public bool BudgetsAreSlack { get; }

    /// <summary>λ, the multiplier of ‖Z‖_* ≤ r: by how much the loss falls when r grows.</summary>
    public double Multiplier { get; }

    /// <summary>Estimate of how far norms and cosines are from those of the optimum; see <see cref="LayerPeeledSolution.GeometryError"/>.</summary>
    public double GeometryError => solution?.GeometryError ?? 0;

    /// <summary>Common coordinates that the point uses.</summary>
    public int Rank => solution?.Factors.Rank ?? Enumerable.Range(0, classifier!.ColumnCount).Count(i => classifier.Column(i).AbsoluteMaximum() > 0);

    /// <summary>Contexts that differ in target or weight: equal ones have the same embedding.</summary>
    public int DistinctContexts => program?.Columns ?? Model.Targets.Contexts;

    /// <summary>Iterations of the method.</summary>
    public int Iterations { get; }

    /// <summary>Time of the solve, certificate included.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>A report of every iteration, if the options asked for it.</summary>
    public IReadOnlyList<IterationReport> Trace => solution?.Trace ?? [];

    /// <summary>W, V×p: row j is the output vector of token j. Formed at each call.</summary>
    /// <exception cref="InvalidOperationException">The point needs more than p dimensions.</exception>
    public Matrix<double> Classifier => classifier?.Clone() ?? program!.Classifier(solution!.Factors);

    /// <summary>H, p×m: column c is the embedding of context c. Formed at each call.</summary>
    /// <exception cref="InvalidOperationException">The point needs more than p dimensions.</exception>
    public Matrix<double> Features => features?.Clone() ?? program!.Features(solution!.Factors);

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

    internal static SoftTargetSolution OfSlackBudgets(SoftTargetModel model, Matrix<double> classifier, Matrix<double> features) => new(model, classifier, features);

    // Σ_c ω_c·KL(t_c‖softmax z_c), and a number not below it
    private static (double Value, double Above) ExcessOf(Model.SoftTargets targets, Matrix<double> classifier, Matrix<double> features)
    {
        Matrix<double> logits = classifier * features;
        Vector<double> rows = classifier.RowNorms(2), columns = features.ColumnNorms(2);
        // of a product of p terms in any order, and of the norms
        double rounding = Rounding.Gamma((2 * classifier.ColumnCount) + 8);
        var loss = new SoftTargetLoss(targets.Columns);
        double[] multiplicities = new double[targets.Tokens], errors = new double[targets.Tokens];
        Array.Fill(multiplicities, 1);
        double value = 0, above = 0;
        for (int c = 0; c < targets.Contexts; c++)
        {
            var column = (SoftTargetLoss)loss.OfClass(multiplicities, multiplicities, c);
            double[] z = logits.Column(c).ToArray();
            multiplicities[column.OwnRow] = 0;
            for (int j = 0; j < errors.Length; j++)
            {
                errors[j] = rounding * rows[j] * columns[c];
            }

            value += targets.Weights[c] * column.Value(z[column.OwnRow], z, multiplicities);
            above += targets.Weights[c] * column.ValueAbove(z[column.OwnRow], z, multiplicities, errors[column.OwnRow], errors);
            multiplicities[column.OwnRow] = 1;
        }

        return (value, above * (1 + Rounding.Gamma(4 * (targets.Contexts + 4))));
    }
}
