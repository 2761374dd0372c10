using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Analysis.Comparison;

/// <summary>
/// The same classes in several models and with several losses, within the same budgets: which of them keep the smallest classes apart, and how. Every member is solved by its own solver or
/// closed form with its own certificate.
/// </summary>
public static class FamilyComparison
{
    // Vectors on spheres are held class by class, and start several times.
    private const int MostSphericalClasses = 300;

    // Cosines of classes that share one vector, up to the digits of the solves
    private const double CollapsedCosine = 1 - 1e-6;

    /// <summary>Solves one member.</summary>
    /// <param name="model">The classes and the budgets, features counted per class.</param>
    /// <param name="kind">Which member.</param>
    /// <param name="options">Accuracy and limits of the solves; those by default when null.</param>
    /// <param name="cancellationToken">Stops the solve; the best point so far is reported.</param>
    /// <exception cref="ArgumentException">The model has penalties, or features that count per sample.</exception>
    public static ComparedMember Of(LayerPeeledModel model, FamilyMemberKind kind, AutomaticOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelScope.RequireBudgetsPerClass(model, "comparison");
        options ??= new AutomaticOptions();
        (int majority, int minority) = Extremes(model.Groups);
        try
        {
            return kind switch
            {
                FamilyMemberKind.LayerPeeled => Solved(model, kind, options, majority, minority, cancellationToken),
                FamilyMemberKind.UnconstrainedFeatures => Solved(PerSample(model), kind, options, majority, minority, cancellationToken),
                FamilyMemberKind.MaxMargin => OfMargin(PerSample(model), majority, minority),
                FamilyMemberKind.Rectified => OfFrame(model, majority, minority),
                FamilyMemberKind.Contrastive => OfContrast(model, options, majority, minority, cancellationToken),
                FamilyMemberKind.Spherical => OfSphere(model, options, majority, minority, cancellationToken),
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "It is not a member of the family."),
            };
        }
        catch (ArgumentException error) when (error is not ArgumentOutOfRangeException { ParamName: nameof(kind) })
        {
            return new ComparedMember { Kind = kind, Loss = model.Loss.Name, Status = SolverStatus.NumericalError, Refusal = Text(error) };
        }
    }

    // On one line, without names of parameters: who compares has not set them.
    private static string Text(ArgumentException error) =>
        error.Message.Replace($" (Parameter '{error.ParamName}')", "", StringComparison.Ordinal).ReplaceLineEndings(" ");

    /// <summary>The loss of a member by its name: not all have one of a choice.</summary>
    internal static string LossOf(FamilyMemberKind kind, ILoss loss) => kind switch
    {
        FamilyMemberKind.MaxMargin => "margin",
        FamilyMemberKind.Contrastive => "contrastive",
        _ => loss.Name,
    };

    private static LayerPeeledModel PerSample(LayerPeeledModel model) =>
        model.WithRegulariser(new Budgets(model.ClassifierBudget, model.FeatureBudget) { FeatureNorm = FeatureNorm.PerSample });

    // The groups with the most and with the fewest examples per class
    private static (int Majority, int Minority) Extremes(IReadOnlyList<ClassGroup> groups)
    {
        (int majority, int minority) = (0, 0);
        for (int g = 1; g < groups.Count; g++)
        {
            majority = groups[g].EffectiveCount > groups[majority].EffectiveCount ? g : majority;
            minority = groups[g].EffectiveCount < groups[minority].EffectiveCount ? g : minority;
        }

        return (majority, minority);
    }

    private static ComparedMember Solved(
        LayerPeeledModel model, FamilyMemberKind kind, AutomaticOptions options, int majority, int minority, CancellationToken token)
    {
        LayerPeeledSolution solution = new AutomaticSolver(options).Solve(model, null, token);
        return OfGroups(kind, solution.Groups, solution.ClassifierCosines, solution.FeatureCosines, majority, minority) with
        {
            Loss = model.Loss.Name,
            Status = solution.Status,
            Objective = solution.Objective,
            RelativeGap = solution.Certificate.RelativeGap,
        };
    }

    private static ComparedMember OfMargin(LayerPeeledModel model, int majority, int minority)
    {
        SeliGeometry seli = SeliGeometry.Of(model);
        double gap = seli.Certify().RelativeGap;
        return OfGroups(FamilyMemberKind.MaxMargin, seli.Groups, seli.ClassifierCosines, seli.FeatureCosines, majority, minority) with
        {
            Loss = LossOf(FamilyMemberKind.MaxMargin, model.Loss),
            Status = gap <= new AutomaticOptions().RelativeGapTolerance ? SolverStatus.Optimal : SolverStatus.NumericalError,
            RelativeGap = gap,
        };
    }

    private static ComparedMember OfFrame(LayerPeeledModel model, int majority, int minority)
    {
        RectifiedFrame frame = RectifiedFrame.Of(model);
        // Features of classes that do not vanish are orthogonal.
        Matrix<double> cosines = Matrix<double>.Build.Dense(
            frame.Groups.Count, frame.Groups.Count, (g, h) => frame.Groups[g].FeatureNorm2 > 0 && frame.Groups[h].FeatureNorm2 > 0 ? 0 : double.NaN);
        double gap = (frame.Objective - frame.LowerBound) / frame.Objective;
        return OfGroups(FamilyMemberKind.Rectified, frame.Groups, frame.ClassifierCosines, cosines, majority, minority) with
        {
            Loss = model.Loss.Name,
            Status = gap <= new AutomaticOptions().RelativeGapTolerance ? SolverStatus.Optimal : SolverStatus.NumericalError,
            Objective = frame.Objective,
            RelativeGap = gap,
        };
    }

    private static ComparedMember OfContrast(LayerPeeledModel model, AutomaticOptions options, int majority, int minority, CancellationToken token)
    {
        ContrastiveSolution solution = new ContrastiveSolver(new ContrastiveOptions
        {
            RelativeGapTolerance = Math.Max(options.RelativeGapTolerance, new ContrastiveOptions().RelativeGapTolerance),
            TimeLimit = options.TimeLimit,
            Clock = options.Clock,
        }).Solve(ContrastiveModel.FromClassGroups(model.Groups, model.FeatureBudget), null, token);
        IReadOnlyList<ContrastiveGroup> groups = solution.Groups;
        return new ComparedMember
        {
            Kind = FamilyMemberKind.Contrastive,
            Loss = LossOf(FamilyMemberKind.Contrastive, model.Loss),
            Status = solution.Status,
            Objective = solution.Objective,
            RelativeGap = solution.Certificate.RelativeGap,
            CollapsedClasses = groups.Where(group => group.Collapsed).Sum(group => group.Classes),
            Feature = new(
                groups[majority].Norm2 / groups[minority].Norm2, groups[majority].Cosine, groups[minority].Cosine, Cross(solution.Cosines, majority, minority)),
        };
    }

    private static ComparedMember OfSphere(LayerPeeledModel model, AutomaticOptions options, int majority, int minority, CancellationToken token)
    {
        if (model.ClassCount > MostSphericalClasses)
        {
            throw new ArgumentException($"Vectors on spheres are compared up to {MostSphericalClasses} classes; the model has {model.ClassCount}.", nameof(model));
        }

        SphericalSolution solution = new SphericalSolver(new SphericalOptions { TimeLimit = options.TimeLimit, Clock = options.Clock, Seed = options.Seed }).Solve(
            SphericalModel.FromClassGroups(model.Groups, new FixedNorms(model.ClassifierBudget), new FixedNorms(model.FeatureBudget), model.FeatureDimension), null, token);
        int[] large = Members(model, majority), small = Members(model, minority);
        return new ComparedMember
        {
            Kind = FamilyMemberKind.Spherical,
            Loss = model.Loss.Name,
            Status = solution.Status,
            Objective = solution.Objective,
            RelativeGap = solution.RelativeGap,
            CollapsedClasses = solution.Groups.Where(group => group.Classes > 1 && group.LeastClassifierCosine >= CollapsedCosine).Sum(group => group.Classes),
            Classifier = new(1, solution.Groups[majority].ClassifierCosine, solution.Groups[minority].ClassifierCosine, MeanCosine(solution.Classifier, large, small)),
            Feature = new(1, solution.Groups[majority].FeatureCosine, solution.Groups[minority].FeatureCosine, MeanCosine(solution.ClassMeans.Transpose(), large, small)),
        };
    }

    private static ComparedMember OfGroups(
        FamilyMemberKind kind, IReadOnlyList<GroupGeometry> groups, Matrix<double> classifierCosines, Matrix<double> featureCosines, int majority, int minority)
    {
        GroupGeometry large = groups[majority], small = groups[minority];
        return new ComparedMember
        {
            Kind = kind,
            Loss = "",
            CollapsedClasses = groups.Where(group => group.Collapsed).Sum(group => group.Classes),
            Classifier = new(
                large.ClassifierNorm2 / small.ClassifierNorm2, classifierCosines[majority, majority], classifierCosines[minority, minority],
                Cross(classifierCosines, majority, minority)),
            Feature = new(
                large.FeatureNorm2 / small.FeatureNorm2, featureCosines[majority, majority], featureCosines[minority, minority],
                Cross(featureCosines, majority, minority)),
        };
    }

    // Of one group there is no other.
    private static double Cross(Matrix<double> cosines, int majority, int minority) => majority == minority ? double.NaN : cosines[majority, minority];

    private static int[] Members(LayerPeeledModel model, int group)
    {
        var members = new List<int>();
        for (int k = 0; k < model.ClassCount; k++)
        {
            if (model.GroupOfClass[k] == group)
            {
                members.Add(k);
            }
        }

        return [.. members];
    }

    private static double MeanCosine(Matrix<double> rows, int[] first, int[] second) => first.SequenceEqual(second) ? double.NaN
        : first.Average(j => second.Average(k => rows.Row(j).DotProduct(rows.Row(k)) / (rows.Row(j).L2Norm() * rows.Row(k).L2Norm())));
}
