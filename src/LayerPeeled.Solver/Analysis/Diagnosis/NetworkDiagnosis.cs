using LayerPeeled.Solver.Analysis.Metrics;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>
/// A trained network against the Layer-Peeled Model with its class counts and measured budgets: what geometry the model predicts, which classes
/// are too small to keep a direction of their own, and how far the network is from it. Immutable.
/// </summary>
public sealed class NetworkDiagnosis
{
    // A vector this much smaller than the largest of an optimum is zero to the accuracy of the solve.
    private const double SolverResolution = 1e-7;

    private NetworkDiagnosis(
        NeuralCollapseReport measured, NeuralCollapseReport predicted, LayerPeeledSolution solution, double[] weights, List<string> notes)
    {
        Measured = measured;
        Predicted = predicted;
        Solution = solution;
        LossWeights = weights;
        long largest = measured.Counts.Max();
        CollapsedClasses = Below(solution, weights)
            .Select(k => new CollapsedClass(k, measured.Labels[k], measured.Counts[k], Size(solution, weights, k), (double)largest / measured.Counts[k]))
            .ToArray();
        var collapsed = CollapsedClasses.Select(c => c.Index).ToHashSet();
        Groups = measured.Groups.Zip(predicted.Groups, (m, p) => new ClassGroupComparison
        {
            Measured = m,
            Predicted = p,
            ClassesBelowCriticalSize = m.Classes.Count(collapsed.Contains),
        }).ToArray();
        Notes = notes;
    }

    /// <summary>What was measured, over the groups of the comparison.</summary>
    public NeuralCollapseReport Measured { get; }

    /// <summary>The same metrics of the model's optimum, by the same code and from the same origin.</summary>
    public NeuralCollapseReport Predicted { get; }

    /// <summary>The optimum of the model at the network's counts and budgets, certified if its status is optimal.</summary>
    public LayerPeeledSolution Solution { get; }

    /// <summary>w_k, the loss weights that the network was trained with, in class order.</summary>
    public IReadOnlyList<double> LossWeights { get; }

    /// <summary>n*: classes with at most this many (effective) examples collapse.</summary>
    public double CriticalClassSize => Solution.CriticalClassSize;

    /// <summary>The classes at or below n*, smallest count first.</summary>
    public IReadOnlyList<CollapsedClass> CollapsedClasses { get; }

    /// <summary>Each group of classes, measured and predicted, largest counts first.</summary>
    public IReadOnlyList<ClassGroupComparison> Groups { get; }

    /// <summary>What limits the comparison, one sentence each; the notes of the measurement come first.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Measures, solves the model at the measured budgets, and compares.</summary>
    /// <param name="statistics">The features of the network, from a pass over its training data: the counts are those of the model.</param>
    /// <param name="classifier">W, K×p, rows as in <see cref="FeatureStatistics.ForClassifier"/>.</param>
    /// <param name="bias">b, length K; only checked here, it acts in the second pass.</param>
    /// <param name="secondPass">The second pass, if one was made, with the same <see cref="GlobalMean"/>.</param>
    /// <param name="options">How to compare; defaults when null.</param>
    /// <param name="progress">Called after each iteration of the solve, on this thread.</param>
    /// <param name="cancellationToken">Stops the solve; the comparison is then with its best point.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, there are fewer than two classes, or a measured budget is zero.</exception>
    public static NetworkDiagnosis Of(
        FeatureStatistics statistics, Matrix<double> classifier, Vector<double>? bias = null, SecondPassStatistics? secondPass = null,
        NetworkDiagnosisOptions? options = null, IProgress<IterationReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(classifier);
        options ??= new NetworkDiagnosisOptions();
        FeatureStatistics aligned = ClassifierChecks.Align(statistics, classifier, bias);
        NeuralCollapseOptions metrics = Metrics(aligned, options);
        NeuralCollapseReport measured = NeuralCollapse.Measure(aligned, classifier, bias, secondPass, metrics);
        LayerPeeledModel model = Model(measured, aligned.Dimension, Weights(aligned, options), options);
        return Compare(aligned, measured, new AutomaticSolver().Solve(model, progress, cancellationToken), metrics, options);
    }

    /// <summary>Measures, and compares with an optimum that is known: that of a member of the family, from <see cref="FamilyDiagnosis"/>.</summary>
    /// <param name="solution">An optimum over the classes of the network, in class order.</param>
    /// <param name="statistics">The features of the network, from a pass over its training data.</param>
    /// <param name="classifier">W, K×p, rows as in <see cref="FeatureStatistics.ForClassifier"/>.</param>
    /// <param name="bias">b, length K; only checked here, it acts in the second pass.</param>
    /// <param name="secondPass">The second pass, if one was made, with the same <see cref="GlobalMean"/>.</param>
    /// <param name="options">How to compare; defaults when null.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or the optimum is of another number of classes.</exception>
    public static NetworkDiagnosis Against(
        LayerPeeledSolution solution, FeatureStatistics statistics, Matrix<double> classifier, Vector<double>? bias = null,
        SecondPassStatistics? secondPass = null, NetworkDiagnosisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(solution);
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(classifier);
        options ??= new NetworkDiagnosisOptions();
        FeatureStatistics aligned = ClassifierChecks.Align(statistics, classifier, bias);
        if (solution.Model.ClassCount != aligned.ClassCount)
        {
            throw new ArgumentException($"The optimum is of {solution.Model.ClassCount} classes, the network of {aligned.ClassCount}.", nameof(solution));
        }

        NeuralCollapseOptions metrics = Metrics(aligned, options);
        return Compare(aligned, NeuralCollapse.Measure(aligned, classifier, bias, secondPass, metrics), solution, metrics, options);
    }

    /// <summary>
    /// The classes that stay at or below the critical size when the loss is re-weighted: give it the certified optimum of the re-weighted model
    /// (at the budgets of <see cref="Solution"/>), whatever chose the weights.
    /// </summary>
    /// <param name="lossWeights">w_k of each class, in class order.</param>
    /// <param name="reweighted">The optimum of the model with these weights; its classes may be in any order.</param>
    /// <returns>Their indices, smallest effective count first; empty when the re-weighting separates all classes.</returns>
    /// <exception cref="ArgumentException">The weights or the optimum are not of these classes.</exception>
    public IReadOnlyList<int> ClassesStillCollapsed(IReadOnlyList<double> lossWeights, LayerPeeledSolution reweighted)
    {
        ArgumentNullException.ThrowIfNull(lossWeights);
        ArgumentNullException.ThrowIfNull(reweighted);
        int classes = Measured.Counts.Count;
        if (lossWeights.Count != classes || reweighted.Model.ClassCount != classes)
        {
            throw new ArgumentException(
                $"There are {classes} classes, {lossWeights.Count} weights and a solution for {reweighted.Model.ClassCount} classes.", nameof(lossWeights));
        }

        double total = 0;
        for (int k = 0; k < classes; k++)
        {
            total += Measured.Counts[k] * lossWeights[k];
        }

        if (!(Math.Abs(total - reweighted.Model.EffectiveTotal) <= 1e-9 * total))
        {
            throw new ArgumentException(
                $"The weighted counts sum to {total}, those of the solution to {reweighted.Model.EffectiveTotal}: it is of other weights.", nameof(reweighted));
        }

        return Below(reweighted, lossWeights).ToArray();
    }

    private IEnumerable<int> Below(LayerPeeledSolution optimum, IReadOnlyList<double> weights) => Enumerable.Range(0, Measured.Counts.Count)
        .Where(k => CollapseLaw.IsBelow(Size(optimum, weights, k), optimum.CriticalClassSize)).OrderBy(k => Size(optimum, weights, k));

    // What is compared with n*, as CollapseLaw has it.
    private double Size(LayerPeeledSolution optimum, IReadOnlyList<double> weights, int k) =>
        Measured.Counts[k] * weights[k] * (optimum.Model.Regulariser.FeatureNorm == FeatureNorm.PerClass ? 1 : weights[k]);

    private static NetworkDiagnosis Compare(
        FeatureStatistics aligned, NeuralCollapseReport measured, LayerPeeledSolution solution, NeuralCollapseOptions metrics, NetworkDiagnosisOptions options)
    {
        NeuralCollapseReport predicted = Predict(aligned, solution, metrics);
        return new NetworkDiagnosis(measured, predicted, solution, Weights(aligned, options), Remarks(measured, predicted, solution, aligned.Dimension));
    }

    private static double[] Weights(FeatureStatistics aligned, NetworkDiagnosisOptions options) =>
        options.LossWeights is not { } weights ? Enumerable.Repeat(1.0, aligned.ClassCount).ToArray()
        : weights.Count == aligned.ClassCount ? weights.ToArray()
        : throw new ArgumentException($"There are {weights.Count} loss weights and {aligned.ClassCount} classes.", nameof(options));

    private static NeuralCollapseOptions Metrics(FeatureStatistics aligned, NetworkDiagnosisOptions options) => new()
    {
        GlobalMean = options.GlobalMean,
        Groups = DisplayGroups.Of([.. aligned.Counts.Select(n => (double)n)], options.MostGroups ?? DisplayGroups.DefaultMost(aligned.ClassCount)),
    };

    private static LayerPeeledModel Model(NeuralCollapseReport measured, int dimension, double[] weights, NetworkDiagnosisOptions options)
    {
        double features = options.GlobalMean == GlobalMean.None ? measured.UncentredFeatureBudget : measured.FeatureBudget;
        if (!(measured.ClassifierBudget > 0) || !(features > 0))
        {
            throw new ArgumentException($"The measured budgets are E_W = {measured.ClassifierBudget} and E_H = {features}; the model needs both positive.", nameof(measured));
        }

        // More than K dimensions change nothing: the optimum has rank below K.
        return LayerPeeledModel.FromClassCounts(
            measured.Counts.Select(n => (double)n), measured.ClassifierBudget, features, weights, Math.Min(dimension, measured.Counts.Count), options.Loss);
    }

    private static NeuralCollapseReport Predict(FeatureStatistics measured, LayerPeeledSolution solution, NeuralCollapseOptions metrics)
    {
        double[] within = measured.Counts.Select(n => n > 0 ? 0 : double.NaN).ToArray();
        var optimum = new FeatureStatistics([.. measured.Labels], [.. measured.Counts], solution.ClassMeans.Transpose(), within, null);
        return NeuralCollapse.Measure(optimum, solution.Classifier, null, null, metrics, SolverResolution);
    }

    private static List<string> Remarks(NeuralCollapseReport measured, NeuralCollapseReport predicted, LayerPeeledSolution solution, int dimension)
    {
        List<string> notes = [.. measured.Notes];
        foreach (ClassGroupMetrics group in predicted.Groups.Where(g => g.Classes.Count > 1 && double.IsNaN(g.ClassifierCosines.Mean)))
        {
            notes.Add($"In the optimum classifiers vanish among the {group.Classes.Count} classes with {group.SmallestCount} to {group.LargestCount} examples: there is no predicted cosine.");
        }

        int classes = measured.Counts.Count;
        if (solution.Status != SolverStatus.Optimal)
        {
            notes.Add(FormattableString.Invariant(
                $"The predicted optimum is not certified: {solution.Status}, relative gap {solution.Certificate.RelativeGap:g2}."));
        }

        if (solution.Model.Loss is not CrossEntropyLoss)
        {
            notes.Add($"The critical class size is a law of cross-entropy; with {solution.Model.Loss.Name} read the predicted cosines instead.");
        }

        if (dimension < classes - 1)
        {
            notes.Add($"The features have {dimension} dimensions, fewer than K − 1 = {classes - 1}: the model is not convex then, and the prediction is a stationary point.");
        }

        double share = measured.Variability.WithinTrace / (measured.Variability.WithinTrace + measured.Variability.BetweenTrace);
        if (share > 0.1)
        {
            notes.Add(FormattableString.Invariant(
                $"{share:p0} of the features' variance is within classes. The model assumes it gone, so predicted class means are longer than measured ones; angles are comparable."));
        }

        return notes;
    }
}
