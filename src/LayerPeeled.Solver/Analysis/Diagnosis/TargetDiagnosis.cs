using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>
/// The output projection and the context embeddings of a language model beside the optimum within the budgets that they use: how much of what could be gained it has gained, and how
/// far its geometry is from that of the optimum.
/// </summary>
public sealed class TargetDiagnosis
{
    private TargetDiagnosis(SoftTargetSolution optimum) => Optimum = optimum;

    /// <summary>E_W = ‖W‖_F²/V of the network.</summary>
    public double ClassifierBudget => Optimum.Model.ClassifierBudget;

    /// <summary>E_H = ‖H‖_F²/m of the network.</summary>
    public double FeatureBudget => Optimum.Model.FeatureBudget;

    /// <summary>The optimum within these budgets.</summary>
    public SoftTargetSolution Optimum { get; }

    /// <summary>Σ_c ω_c·KL(t_c‖softmax(W·h_c)) of the network, over the entropy floor.</summary>
    public double Excess { get; private init; }

    /// <summary>The same of logits that are all equal: what a network begins with.</summary>
    public double ExcessOfNothing { get; private init; }

    /// <summary>(nothing − network)/(nothing − optimum): 1 for a network as good as its norms allow, negative for one worse than nothing.</summary>
    public double ShareGained => (ExcessOfNothing - Excess) / (ExcessOfNothing - Optimum.Excess);

    /// <summary>‖G/‖G‖_F − G*/‖G*‖_F‖_F of the Gram matrices of the output vectors, from 0 to √2.</summary>
    public double ClassifierGramDistance { get; private init; }

    /// <summary>The same of the context embeddings.</summary>
    public double FeatureGramDistance { get; private init; }

    /// <summary>‖Z − Z*‖_F/‖Z*‖_F of the logits, their columns centred.</summary>
    public double LogitDistance { get; private init; }

    /// <summary>Diagnoses a network.</summary>
    /// <param name="targets">What it was trained on.</param>
    /// <param name="classifier">W, V×p.</param>
    /// <param name="features">H, p×m, a column for each given context, those that never occur included.</param>
    /// <param name="solver">Finds the optimum; the automatic method when null.</param>
    /// <param name="cancellationToken">Stops the solve.</param>
    /// <exception cref="ArgumentException">The shapes do not fit the targets, or an entry is not finite.</exception>
    public static TargetDiagnosis Of(
        SoftTargets targets, Matrix<double> classifier, Matrix<double> features, SoftTargetSolver? solver = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(features);
        if (classifier.RowCount != targets.Tokens || features.ColumnCount != targets.GivenContexts || features.RowCount != classifier.ColumnCount)
        {
            throw new ArgumentException(
                $"W must be V×p and H p×m with V = {targets.Tokens} and m = {targets.GivenContexts}; got {classifier.RowCount}×{classifier.ColumnCount} and {features.RowCount}×{features.ColumnCount}.",
                nameof(classifier));
        }

        Matrix<double> kept = targets.Contexts == targets.GivenContexts ? features
            : Matrix<double>.Build.DenseOfColumnVectors(targets.KeptContexts.ToArray().Select(features.Column));
        double classifierNorm = classifier.FrobeniusNorm(), featureNorm = kept.FrobeniusNorm();
        if (!double.IsFinite(classifierNorm * featureNorm) || classifierNorm * featureNorm == 0)
        {
            throw new ArgumentException("W and H must be finite and not zero.", nameof(classifier));
        }

        var model = new SoftTargetModel(
            targets, classifierNorm * classifierNorm / targets.Tokens, featureNorm * featureNorm / targets.Contexts);
        SoftTargetSolution optimum = (solver ?? new SoftTargetSolver()).Solve(model, null, cancellationToken);
        Matrix<double> logits = classifier * kept, best = optimum.Logits();
        return new TargetDiagnosis(optimum)
        {
            Excess = TargetExcess.Of(targets, classifier, kept).Value,
            ExcessOfNothing = Math.Log(targets.Tokens) - targets.EntropyFloor,
            ClassifierGramDistance = Distance(classifier.TransposeAndMultiply(classifier), optimum.ClassifierGram()),
            FeatureGramDistance = Distance(kept.TransposeThisAndMultiply(kept), optimum.FeatureGram()),
            LogitDistance = (Centred(logits) - Centred(best)).FrobeniusNorm() / Centred(best).FrobeniusNorm(),
        };
    }

    private static double Distance(Matrix<double> gram, Matrix<double> optimum) => ((gram / gram.FrobeniusNorm()) - (optimum / optimum.FrobeniusNorm())).FrobeniusNorm();

    private static Matrix<double> Centred(Matrix<double> logits)
    {
        Vector<double> means = logits.ColumnSums() / logits.RowCount;
        return Matrix<double>.Build.Dense(logits.RowCount, logits.ColumnCount, (j, c) => logits[j, c] - means[c]);
    }
}
