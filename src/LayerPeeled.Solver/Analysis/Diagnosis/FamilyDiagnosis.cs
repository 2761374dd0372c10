using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>
/// A trained network against the members of the family: each is set up with what is known of the network, solved, and ranked by one misfit of norms and angles
/// (<see cref="GeometryMisfit"/>). Immutable.
/// </summary>
public sealed class FamilyDiagnosis
{
    /// <summary>A member whose misfit is at most this describes a network: cosines within 0.1 and norms within 10 %, as root mean squares over groups.</summary>
    public const double Agreement = 0.1;

    // Optima are known to this; below, the order of the candidates decides.
    private const double Resolution = 1e-6;

    internal FamilyDiagnosis(
        IEnumerable<FamilyMember> members, GeometryMisfit simplexEtf, GeometryMisfit? bestWithoutVariation, IReadOnlyList<string> notes)
    {
        Members = members.OrderBy(member => Math.Max(member.Misfit.Total, Resolution)).ToArray();
        (SimplexEtf, BestWithoutVariation, Notes) = (simplexEtf, bestWithoutVariation, notes);
    }

    /// <summary>The members, that with the least misfit first.</summary>
    public IReadOnlyList<FamilyMember> Members { get; }

    /// <summary>The first of them; null where none could be solved.</summary>
    public FamilyMember? Best => Members.Count > 0 ? Members[0] : null;

    /// <summary>What <see cref="FamilyMember.Goodness"/> is relative to: the misfit of a simplex ETF of the measured budgets.</summary>
    public GeometryMisfit SimplexEtf { get; }

    /// <summary>Whether the best member describes the network: its misfit is at most <see cref="Agreement"/>.</summary>
    public bool IsDescribed => Best?.Misfit.Total <= Agreement;

    /// <summary>
    /// The misfit of the best member where variation within classes is accounted for: its feature budget is that of the class means alone, and its class means are those of as
    /// many examples that scatter around the optimum as was measured. Null without features.
    /// </summary>
    public GeometryMisfit? BestWithoutVariation { get; }

    /// <summary>The part of the best member's squared misfit that goes with the variation within classes, from 0 to 1; NaN without features or misfit.</summary>
    public double VariationShare => Best is { Misfit.Total: > 0 and var total } && BestWithoutVariation is { Total: var rest }
        ? Math.Max(0, 1 - (rest * rest / (total * total))) : double.NaN;

    /// <summary>Members that were left out and optima that are not certified, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Which member describes the network, or that none does, in a sentence.</summary>
    public string Verdict
    {
        get
        {
            if (Best is not { } best)
            {
                return "No member could be solved.";
            }

            string which = FormattableString.Invariant($"{best.Title}, misfit {(best.Misfit.Total < Resolution ? "below 1e-6" : $"{best.Misfit.Total:g2}")}");
            string[] equal = [.. Members.Skip(1).TakeWhile(member => member.Misfit.Total <= Math.Max(best.Misfit.Total, Resolution)).Select(member => member.Title)];
            which += equal.Length == 0 ? "" : $" (as by {string.Join("; ", equal)})";
            string against = SimplexEtf.Total <= best.Misfit.Total ? "; a simplex ETF is as near" : "";
            return IsDescribed ? FormattableString.Invariant($"The network is described best by {which}{against}.")
                : BestWithoutVariation is { Total: <= Agreement and var rest }
                ? FormattableString.Invariant($"But for the variation within classes the network is described best by {which}, {rest:g2} without it{against}.")
                : FormattableString.Invariant($"No member describes the network: the nearest is {which}, where at most {Agreement} is agreement{against}.");
        }
    }

    /// <summary>Compares a network.</summary>
    /// <param name="statistics">The features of the network, from a pass over its training data.</param>
    /// <param name="classifier">W, K×p, rows as in <see cref="FeatureStatistics.ForClassifier"/>.</param>
    /// <param name="bias">b, length K; null for a network without: members with a bias are left out then.</param>
    /// <param name="options">What is known of the training; defaults when null.</param>
    /// <param name="progress">Called after each iteration of every solve, on this thread.</param>
    /// <param name="cancellationToken">Stops the solves; members that are finished are compared.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, there are fewer than two classes, a measured budget is zero, or options do not go together.</exception>
    public static FamilyDiagnosis Of(
        FeatureStatistics statistics, Matrix<double> classifier, Vector<double>? bias = null, FamilyDiagnosisOptions? options = null,
        IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(classifier);
        options ??= new FamilyDiagnosisOptions();
        FeatureStatistics aligned = ClassifierChecks.Align(statistics, classifier, bias);
        FamilyRun.Require(options, bias is not null);
        MeasuredNetwork network = MeasuredNetwork.Of(aligned, classifier, bias is not null, options.Network);
        return new FamilyRun(network, cancellationToken).Compare(new FamilyCandidates(network, options, progress, cancellationToken).All());
    }

    /// <summary>
    /// Compares a classifier alone, by its norms and cosines. Without features nothing says what the feature budget is: each member takes the one that fits best, which is one
    /// number chosen a member.
    /// </summary>
    /// <param name="counts">n_k, examples of each class, in the order of the rows of W: finite, not negative, not all zero.</param>
    /// <param name="classifier">W, K×p, one row a class.</param>
    /// <param name="hasBias">Whether the network has a bias: members with one are left out otherwise.</param>
    /// <param name="options">What is known of the training; defaults when null.</param>
    /// <param name="progress">Called after each iteration of every solve, on this thread.</param>
    /// <param name="cancellationToken">Stops the solves; members that are finished are compared.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, there are fewer than two classes, W is zero or not finite, or options do not go together.</exception>
    public static FamilyDiagnosis OfClassifier(
        IEnumerable<double> counts, Matrix<double> classifier, bool hasBias = false, FamilyDiagnosisOptions? options = null,
        IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(classifier);
        options ??= new FamilyDiagnosisOptions();
        double[] n = counts.ToArray();
        if (n.Length != classifier.RowCount || !classifier.Enumerate().All(double.IsFinite))
        {
            throw new ArgumentException(
                $"The classifier has {classifier.RowCount} rows for {n.Length} counts; it must have one a class, of finite numbers.", nameof(classifier));
        }

        FamilyRun.Require(options, hasBias);
        MeasuredNetwork network = MeasuredNetwork.Of(n, classifier, hasBias, options.Network);

        // Refuses counts and weights, whatever the loss.
        _ = network.Model(new Model.Budgets(1e-3, 1e-3));
        return new FamilyRun(network, cancellationToken).Compare(new FittedCandidates(network, options, progress, cancellationToken).All());
    }
}
