using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LayerPeeled.Solver.Losses;

/// <summary>
/// All losses by name, with their parameters: <c>cross-entropy</c>, <c>vs:gamma=0.2,tau=1</c>. The <see cref="ILoss.Name"/> of each loss is such a text, from which it can be made again.
/// </summary>
public static class LossCatalog
{
    private const string Power = "γ of the temperatures δ_k = (n_k/n_max)^γ";
    private const string Factor = "τ of the adjustments ι_k = τ·log(n_k/N)";

    /// <summary>The losses, in the order in which they are shown.</summary>
    public static IReadOnlyList<LossEntry> Entries { get; } =
    [
        new("cross-entropy", "cross-entropy after softmax", "–", [], _ => CrossEntropyLoss.Instance, "ce"),
        new("squared-error", "half the squared distance of the logits from the one-hot target", "Zhou et al. 2022", [], _ => SquaredErrorLoss.Instance, "mse"),
        new("vs", "vector scaling: class-dependent temperatures and adjustments", "Kini et al. 2021",
            [Number("gamma", 0.2, -2, 2, Power), Number("tau", 1, -10, 10, Factor)], p => LogitAdjustedLoss.VectorScaling(p[0], p[1])),
        new("cdt", "class-dependent temperatures", "Ye et al. 2020", [Number("gamma", 0.2, -2, 2, Power)], p => LogitAdjustedLoss.ClassDependentTemperature(p[0])),
        new("ldt", "label-dependent temperatures, and adjustments if tau is given", "Behnia et al. 2023",
            [Number("gamma", 0.2, -2, 2, Power), Number("tau", 0, -10, 10, Factor)], p => LogitAdjustedLoss.LabelDependentTemperature(p[0], p[1])),
        new("la", "logit adjustment", "Menon et al. 2021", [Number("tau", 1, -10, 10, Factor)], p => LogitAdjustedLoss.LogitAdjustment(p[0])),
        new("balanced-softmax", "logit adjustment with tau = 1", "Ren et al. 2020", [], _ => LogitAdjustedLoss.BalancedSoftmax()),
        new("ldam", "label-distribution-aware margin of the own logit", "Cao et al. 2019", [Number("c", 0.5, 0, 100, "C of the margin C/n^(1/4)")],
            p => LogitAdjustedLoss.DistributionAwareMargin(p[0])),
        new("temperature", "cross-entropy of the logits times one number", "Hinton et al. 2015", [Number("value", 1, 1e-3, 1e3, "that number")], p => LogitAdjustedLoss.Tempered(p[0])),
        new("smoothing", "cross-entropy with smoothed labels", "Szegedy et al. 2016", [Number("epsilon", 0.1, 0, 0.99, "ε of the target (1 − ε)e + ε/K")], p => new LabelSmoothingLoss(p[0])),
        new("ovr", "one-vs-rest logistic loss", "Rifkin and Klautau 2004", [], _ => OneVsRestLoss.Instance),
        new("hinge", "multiclass hinge, smoothed by a squared norm", "Crammer and Singer 2001; Nesterov 2005",
            [Number("smoothing", 0.1, 1e-3, 1e3, "μ: the loss is at most μ/2 below the hinge")], p => new SmoothedHingeLoss(p[0])),
        new("focal", "focal loss, which is not convex: local solutions", "Lin et al. 2017", [Number("gamma", 2, 0, 10, "γ of (1 − p)^γ")], p => new FocalLoss(p[0])),
    ];

    /// <summary>The loss that a text names.</summary>
    /// <param name="text">A name of the catalogue, and values of its parameters if they are not those by default: <c>NAME[:param=value,…]</c>.</param>
    /// <exception cref="ArgumentException">The text names no loss, or a parameter is unknown, given twice, no number or out of its range; the message says what is allowed.</exception>
    public static ILoss Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out ILoss? loss, out string? error) ? loss : throw new ArgumentException(error, nameof(text));
    }

    /// <summary>The loss that a text names, or what is wrong with the text.</summary>
    /// <param name="text">As for <see cref="Parse"/>.</param>
    /// <param name="loss">The loss; null if there is none.</param>
    /// <param name="error">What is wrong, and what is allowed; null if nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ILoss? loss, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        loss = null;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? text : text[..colon];
        LossEntry? entry = Entries.FirstOrDefault(e => e.Name == name || e.Aliases.Contains(name));
        if (entry is null)
        {
            error = $"'{name}' is not a loss: one of {string.Join(", ", Entries.Select(e => e.Name))} is expected.";
            return false;
        }

        double[] values = entry.Parameters.Select(p => p.Default).ToArray();
        error = colon < 0 ? null : Read(entry, text[(colon + 1)..], values);
        loss = error is null ? entry.Create(values) : null;
        return loss is not null;
    }

    private static string? Read(LossEntry entry, string text, double[] values)
    {
        var given = new HashSet<string>();
        foreach (string item in text.Split(','))
        {
            string[] sides = item.Split('=');
            LossParameter? parameter = entry.Parameters.FirstOrDefault(p => p.Name == sides[0].Trim());
            if (parameter is null || sides.Length != 2)
            {
                return entry.Parameters.Count == 0 ? $"the loss '{entry.Name}' has no parameters, but '{item}' is given."
                    : $"'{item}' is not a parameter of the loss '{entry.Name}': {string.Join(", ", entry.Parameters.Select(Allowed))} is expected.";
            }

            bool isNumber = double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
            if (!isNumber || !(value >= parameter.Least && value <= parameter.Largest))
            {
                return $"'{item}' is not allowed for the loss '{entry.Name}': {Allowed(parameter)} is expected.";
            }

            if (!given.Add(parameter.Name))
            {
                return $"'{parameter.Name}' of the loss '{entry.Name}' is given twice.";
            }

            values[entry.Parameters.ToList().IndexOf(parameter)] = value;
        }

        return null;
    }

    private static string Allowed(LossParameter parameter) => FormattableString.Invariant($"{parameter.Name}= a number from {parameter.Least} to {parameter.Largest}");

    private static LossParameter Number(string name, double value, double least, double largest, string description) => new(name, value, least, largest, description);
}
