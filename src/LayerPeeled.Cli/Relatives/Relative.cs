using System.CommandLine;
using LayerPeeled.Cli.Input;
using LayerPeeled.Cli.Output;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Cli.Relatives;

/// <summary>A relative of the Layer-Peeled Model as <c>solve</c> has it: which options it takes, and how it is solved.</summary>
/// <param name="options">The options of the command.</param>
internal abstract class Relative(SolveOptions options)
{
    /// <summary>A gap of closed forms that is taken for closed, that of a default solve.</summary>
    protected const double ClosedFormGap = 1e-10;

    // Cosines of classes that share one vector, up to the digits of the solves
    private const double CollapsedCosine = 1 - 1e-6;

    /// <summary>The options of the command.</summary>
    protected SolveOptions Options { get; } = options;

    /// <summary>The options that it takes, besides those that say how a result is shown.</summary>
    public abstract IReadOnlyList<Option> Takes { get; }

    /// <summary>Solves it.</summary>
    /// <exception cref="UsageException">An option is missing or wrong.</exception>
    /// <exception cref="ArgumentException">It is not for these classes.</exception>
    public abstract RelativeResult Solve(RelativeRun run);

    /// <summary>Refuses options that others have.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="common">Those that every model takes.</param>
    /// <exception cref="UsageException">One is given.</exception>
    public void RequireOwnOptions(ParseResult parsed, IEnumerable<Option> common)
    {
        if (GivenOption.First(parsed, parsed.CommandResult.Command.Options.Except(Takes).Except(common)) is { } given)
        {
            string takes = string.Join(", ", Takes.Except(Options.Classes.Sources).Select(option => option.Name));
            throw new UsageException($"{given.Text} has no meaning with --model {Options.Regulariser.Entry(parsed).Name}, which takes {takes}.");
        }
    }

    /// <summary>How a descent from several starts ended, in a line.</summary>
    /// <param name="status">How.</param>
    /// <param name="starts">From how many starts.</param>
    /// <param name="gap">What is known of the gap, in words; null where there is no certificate.</param>
    protected static string Headline(SolverStatus status, int starts, string? gap)
    {
        string best = starts == 1 ? "from one start" : $"the best of {starts} starts";
        return status switch
        {
            SolverStatus.Stationary => $"Stationary: a local solution, {best}; {(gap is null ? "nothing is proven of it" : $"the certificate did not close ({gap})")}",
            _ when gap is null => $"{status}: the best point so far, {best}; nothing is proven of it",
            _ => Output.Solve.StatusLine.Of(status, gap),
        };
    }

    /// <summary>A gap and what it is held against, in words.</summary>
    protected static string Gap(double gap, double tolerance, string of = "") => $"relative gap{of} {Sheet.Small(gap)}, tolerance {Sheet.Small(tolerance)}";

    /// <summary>Norms and cosines of vectors class by class.</summary>
    /// <param name="model">The classes.</param>
    /// <param name="classifier">W, K×p.</param>
    /// <param name="classMeans">H̄, p×K.</param>
    protected static ClassGeometry Measured(LayerPeeledModel model, Matrix<double> classifier, Matrix<double> classMeans) =>
        new(GroupedFactors.OfClasses(NuclearNormProgram.ForClasses(model), classifier, classMeans), 0);

    /// <summary>Groups with what has become of them by their vectors, where no law says it.</summary>
    protected static IReadOnlyList<GroupGeometry> WithCollapse(IEnumerable<GroupGeometry> groups) =>
        [.. groups.Select(group => group with { Collapsed = group.Classes > 1 && !(group.LeastClassifierCosine < CollapsedCosine) })];

    /// <summary>A matrix with a column a class, in the order of the classes where it was in that of their groups.</summary>
    protected static Matrix<double> InOrderOf(ClassInput input, Matrix<double> columns)
    {
        int[] classes = [.. input.ClassesByGroup().SelectMany(group => group)];
        Matrix<double> ordered = columns.Clone();
        for (int k = 0; k < classes.Length; k++)
        {
            ordered.SetColumn(classes[k], columns.Column(k));
        }

        return ordered;
    }

    /// <summary>Starts that ended at the best objective.</summary>
    protected static Fact StartsAtBest(IReadOnlyList<double> objectives, double best)
    {
        int count = objectives.Count(value => value <= best * (1 + 1e-6));
        return new Fact("starts that ended there", "startsAtBest", count, $"{count} of {objectives.Count}");
    }

    /// <summary>How the features of a model count, and its budgets or penalties.</summary>
    protected static IEnumerable<Fact> Regularised(LayerPeeledModel model)
    {
        yield return Fact.Words("features", "featureNorm", model.Regulariser.FeatureNorm == FeatureNorm.PerSample ? "counted per sample" : "counted per class");
        if (model.Regulariser is Penalties penalties)
        {
            yield return Fact.Short("penalty λ_W", "classifierPenalty", penalties.Classifier);
            yield return Fact.Short("penalty λ_H", "featurePenalty", penalties.Feature);
        }
        else
        {
            yield return Fact.Short("budget E_W", "classifierBudget", model.ClassifierBudget);
            yield return Fact.Short("budget E_H", "featureBudget", model.FeatureBudget);
        }
    }

    /// <summary>p.</summary>
    protected static Fact DimensionOf(LayerPeeledModel model) => new("feature dimension p", "featureDimension", model.FeatureDimension, $"{model.FeatureDimension}");
}
