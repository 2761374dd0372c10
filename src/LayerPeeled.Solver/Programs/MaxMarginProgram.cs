using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// What is left of the model when budgets grow without limit or penalties vanish: the support-vector machine with free features, minimise ‖Z·diag(√ρ)‖_* with every
/// margin z_y − z_c at least 1, or the margin of another <see cref="MarginKind"/> (UF-SVM: Thrampoulidis, Kini, Vakilian, Behnia, NeurIPS 2022; with temperatures:
/// Behnia et al., AISTATS 2023). ρ is what features count (<see cref="FeatureNorm"/>): per sample ρ_k = n_k·K/N, and the UF-SVM's own norm, with n_k in place of ρ_k,
/// is √(N/K) times this one. Counts enter through ρ alone, and loss weights do not. Immutable and thread-safe.
/// </summary>
public sealed class MaxMarginProgram
{
    private readonly double[] temperatures;

    private MaxMarginProgram(LayerPeeledModel model, double[] temperatures, MarginKind kind)
    {
        (Model, Kind, this.temperatures) = (model, kind, temperatures);
        Groups = NuclearNormProgram.ForGroups(model);
    }

    private MaxMarginProgram(MaxMarginProgram program, NuclearNormProgram classes, double[] temperatures) =>
        (Model, Kind, Groups, this.temperatures) = (program.Model, program.Kind, classes, temperatures);

    /// <summary>The classes; of the regulariser, how features count and the ratio of the two sides.</summary>
    public LayerPeeledModel Model { get; }

    /// <summary>Where the temperatures stand.</summary>
    public MarginKind Kind { get; }

    /// <summary>δ of each group of <see cref="Groups"/>.</summary>
    public IReadOnlyList<double> Temperatures => temperatures;

    /// <summary>The groups of equal classes, in which the program's matrices are held.</summary>
    public NuclearNormProgram Groups { get; }

    /// <summary>The limit of a model: no temperatures with cross-entropy, those of its labels with <see cref="LogitAdjustedLoss"/>.</summary>
    /// <param name="model">The model; every class has examples and weight.</param>
    /// <exception cref="ArgumentException">The loss is another one, or a class has no examples or no weight.</exception>
    public static MaxMarginProgram Of(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        // Adjustments and margins are nothing beside logits that grow without limit.
        MarginKind kind = model.Loss is LogitAdjustedLoss { IsTemperatureOfLabel: false } ? MarginKind.ClassTemperature : MarginKind.LabelTemperature;
        return model.Loss is CrossEntropyLoss or LogitAdjustedLoss
            ? Of(model, Enumerable.Range(0, model.Groups.Count).Select(g => model.LossOf(g).CollapseFactor), kind)
            : throw new ArgumentException($"The limit is known for cross-entropy and its adjusted form; the model's loss is {model.Loss.Name}.", nameof(model));
    }

    /// <summary>The program with temperatures of one's own; the loss of the model does not matter.</summary>
    /// <param name="model">The model; every class has examples and weight.</param>
    /// <param name="temperatures">δ of each of <see cref="LayerPeeledModel.Groups"/>, between 1e-50 and 1e50.</param>
    /// <param name="kind">Where they stand.</param>
    /// <exception cref="ArgumentException">A temperature is out of range, there is not one for each group, or a class has no examples or no weight.</exception>
    public static MaxMarginProgram Of(LayerPeeledModel model, IEnumerable<double> temperatures, MarginKind kind)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(temperatures);
        double[] delta = temperatures.ToArray();
        if (delta.Length != model.Groups.Count)
        {
            throw new ArgumentException($"There must be one temperature for each of the {model.Groups.Count} groups, got {delta.Length}.", nameof(temperatures));
        }

        ModelValidation.FeaturesPerSample(model.Groups, model.Regulariser.FeatureNorm);
        for (int g = 0; g < delta.Length; g++)
        {
            if (!(delta[g] is >= 1e-50 and <= 1e50))
            {
                throw new ArgumentException($"The temperature of group {g} is {delta[g]}; it must be between 1e-50 and 1e50.", nameof(temperatures));
            }

            if (!(model.Groups[g].EffectiveCount > 0))
            {
                throw new ArgumentException($"Every class must have a margin; group {g} has the count {model.Groups[g].Count} and the weight {model.Groups[g].LossWeight}.", nameof(model));
            }
        }

        return Enum.IsDefined(kind)
            ? new MaxMarginProgram(model, delta, kind)
            : throw new ArgumentOutOfRangeException(nameof(kind), kind, "It must be a value of the enumeration.");
    }

    /// <summary>The smallest margin of a point.</summary>
    /// <param name="logits">Z̃ = Z·diag(√ρ), over <see cref="Groups"/>; not changed.</param>
    public double Margin(GroupedMatrix logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return LeastMargin(logits, (_, _) => 0);
    }

    /// <summary>The smallest margin less what it may be off by.</summary>
    /// <param name="logits">Z̃.</param>
    /// <param name="error">A bound of the error of an entry of Z̃, by the groups of its row and its column.</param>
    internal double LeastMargin(GroupedMatrix logits, Func<int, int, double> error)
    {
        double least = double.PositiveInfinity;
        for (int h = 0; h < Groups.GroupCount; h++)
        {
            double own = OwnFactor(h) * (logits.OffDiagonal(h, h) + logits.Spread[h] - error(h, h)), root = Groups.FeatureRoots[h];
            for (int g = 0; g < Groups.GroupCount; g++)
            {
                if (g != h || Groups.Sizes[h] > 1)
                {
                    least = Math.Min(least, (own - (OtherFactor(g, h) * (logits.OffDiagonal(g, h) + error(g, h)))) / root);
                }
            }
        }

        return least;
    }

    /// <summary>
    /// Z̃ = (I − vvᵀ/‖v‖²)·diag(√ρ/δ), the optimum: v = 1 with temperatures of labels, which are the simplex-encoded labels, and v_k = 1/δ_k with temperatures of
    /// classes. All margins are 1.
    /// </summary>
    internal GroupedMatrix Interpolant()
    {
        int n = Groups.GroupCount;
        GroupedMatrix logits = Groups.CreateMatrix();
        double[] normal = Normal();
        for (int h = 0; h < n; h++)
        {
            double length = Length(h);
            for (int g = 0; g < n; g++)
            {
                // 1 − u_h² as the sum of the other squares, where u_h is nearly 1
                logits.Core[g + (h * n)] = g == h ? length * OtherSquares(normal, h) : -length * normal[g] * normal[h];
            }

            logits.Spread[h] = Groups.Sizes[h] == 1 ? 0 : length;
        }

        return logits;
    }

    /// <summary>v/‖v‖ over the groups, length G: its class-wise entries times √K_g.</summary>
    internal double[] Normal()
    {
        double[] normal = Enumerable.Range(0, Groups.GroupCount)
            .Select(g => Math.Sqrt(Groups.Sizes[g]) / (Kind == MarginKind.LabelTemperature ? 1 : temperatures[g])).ToArray();
        double norm = Math.Sqrt(normal.Sum(x => x * x));
        return Array.ConvertAll(normal, x => x / norm);
    }

    /// <summary>√ρ/δ, the length that the label of a class has.</summary>
    internal double Length(int group) => Groups.FeatureRoots[group] / temperatures[group];

    /// <summary>What z_y counts in a margin of a class of group h.</summary>
    internal double OwnFactor(int group) => temperatures[group];

    /// <summary>What z_c counts in a margin of a class of group h, c in group g.</summary>
    internal double OtherFactor(int group, int own) => temperatures[Kind == MarginKind.LabelTemperature ? own : group];

    /// <summary>A point over <see cref="Groups"/>, or over the classes where it was over those.</summary>
    /// <exception cref="ArgumentException">Its classes are others, or its features count otherwise.</exception>
    internal GroupedFactors Fitted(GroupedFactors point)
    {
        ArgumentNullException.ThrowIfNull(point);
        LayerPeeledModel other = point.Program.Model;
        if (!other.Groups.SequenceEqual(Model.Groups) || !other.GroupOfClass.SequenceEqual(Model.GroupOfClass) || other.Regulariser.FeatureNorm != Model.Regulariser.FeatureNorm)
        {
            throw new ArgumentException("The classes of the point, or how their features count, are not those of the program.", nameof(point));
        }

        return point.Program.IsMerged ? point.Refine(Groups) : point;
    }

    /// <summary>The same program with every class on its own.</summary>
    internal MaxMarginProgram OfClasses()
    {
        int[] group = Model.GroupOfClass.ToArray();
        return new MaxMarginProgram(this, NuclearNormProgram.ForClasses(Model), Array.ConvertAll(group, g => temperatures[g]));
    }

    private static double OtherSquares(double[] normal, int except)
    {
        double sum = 0;
        for (int g = 0; g < normal.Length; g++)
        {
            sum += g == except ? 0 : normal[g] * normal[g];
        }

        return sum;
    }
}
