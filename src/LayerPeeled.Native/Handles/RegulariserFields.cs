using LayerPeeled.Solver.Model;

namespace LayerPeeled.Native.Handles;

/// <summary>A regulariser as structs of the header have it.</summary>
internal readonly record struct RegulariserFields(int Kind, int FeatureNorm, double Classifier, double Feature, int Bias, double BiasPenalty)
{
    public const int OfBudgets = 0;
    public const int OfPenalties = 1;
    public const int NoBias = 0;
    public const int FreeBias = 1;
    public const int PenalisedBias = 2;

    public static RegulariserFields Of(Regulariser regulariser) => regulariser switch
    {
        Budgets budgets => new(OfBudgets, 1 + (int)budgets.FeatureNorm, budgets.Classifier, budgets.Feature, NoBias, 0),
        Penalties penalties => new(
            OfPenalties, 1 + (int)penalties.FeatureNorm, penalties.Classifier, penalties.Feature,
            penalties.Bias switch { null => NoBias, 0 => FreeBias, _ => PenalisedBias }, penalties.Bias ?? 0),
        _ => throw new NotSupportedException($"The regulariser {regulariser.GetType().Name} is none of this interface."),
    };

    /// <summary>The regulariser that the fields say.</summary>
    /// <exception cref="ArgumentException">They do not go together, or hold no constant of the header.</exception>
    public Regulariser ToRegulariser()
    {
        if (Kind is not (OfBudgets or OfPenalties))
        {
            throw new ArgumentOutOfRangeException("config.regulariser", Kind, "LP_BUDGETS or LP_PENALTIES is expected.");
        }

        if (Bias is not (NoBias or FreeBias or PenalisedBias))
        {
            throw new ArgumentOutOfRangeException("config.bias", Bias, "LP_BIAS_NONE, LP_BIAS_FREE or LP_BIAS_PENALISED is expected.");
        }

        if (FeatureNorm is not (0 or 1 or 2))
        {
            throw new ArgumentOutOfRangeException(
                "config.feature_norm", FeatureNorm, "LP_FEATURE_NORM_DEFAULT, LP_FEATURE_NORM_PER_CLASS or LP_FEATURE_NORM_PER_SAMPLE is expected.");
        }

        if (Kind == OfBudgets && Bias != NoBias)
        {
            throw new ArgumentException("A model with budgets has no bias; LP_BIAS_NONE is expected.", "config.bias");
        }

        if (Bias != PenalisedBias && BiasPenalty != 0)
        {
            throw new ArgumentException($"The bias penalty {BiasPenalty} has no meaning without LP_BIAS_PENALISED.", "config.bias_penalty");
        }

        Regulariser regulariser = Kind == OfBudgets ? new Budgets(Classifier, Feature)
            : new Penalties(Classifier, Feature) { Bias = Bias switch { NoBias => null, FreeBias => 0, _ => NotFree(BiasPenalty) } };
        return FeatureNorm == 0 ? regulariser : regulariser with { FeatureNorm = (FeatureNorm)(FeatureNorm - 1) };
    }

    private static double NotFree(double penalty) => penalty != 0 ? penalty
        : throw new ArgumentException("LP_BIAS_PENALISED needs a penalty that is not 0; LP_BIAS_FREE has none.", "config.bias_penalty");
}
