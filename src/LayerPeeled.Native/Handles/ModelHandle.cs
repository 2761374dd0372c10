using LayerPeeled.Native.Border;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Native.Handles;

/// <summary>A model of classes, or of soft targets: one of the two is there.</summary>
internal sealed class ModelHandle : Handle, IHandle
{
    private readonly LayerPeeledModel? classes;
    private readonly SoftTargetModel? targets;

    public ModelHandle(LayerPeeledModel model) => classes = model;

    public ModelHandle(SoftTargetModel model) => targets = model;

    public static string TypeName => "lp_model";

    /// <summary>The model of soft targets; null for classes.</summary>
    public SoftTargetModel? Targets => targets;

    /// <summary>The model of classes.</summary>
    /// <exception cref="NotSupportedException">It is one of soft targets.</exception>
    public LayerPeeledModel Classes => classes ?? throw new NotSupportedException("A model of classes is expected; this one is of soft targets.");

    public LpModelInfo Info() => targets is { } model ? InfoOf(model) : InfoOf(Classes);

    private LpModelInfo InfoOf(LayerPeeledModel model)
    {
        RegulariserFields fields = RegulariserFields.Of(model.Regulariser);
        return new LpModelInfo
        {
            Kind = ModelKinds.Classes,
            Regulariser = fields.Kind,
            FeatureNorm = fields.FeatureNorm,
            Bias = fields.Bias,
            Classes = model.ClassCount,
            Columns = model.ClassCount,
            Groups = model.Groups.Count,
            FeatureDimension = model.FeatureDimension,
            Classifier = fields.Classifier,
            Feature = fields.Feature,
            BiasPenalty = fields.BiasPenalty,
            Examples = model.Examples,
            EffectiveTotal = model.EffectiveTotal,
            EntropyFloor = double.NaN,
            Loss = Text(model.Loss.Name),
        };
    }

    private LpModelInfo InfoOf(SoftTargetModel model) => new()
    {
        Kind = ModelKinds.Targets,
        FeatureNorm = 1 + (int)FeatureNorm.PerClass,
        Classes = model.Targets.Tokens,
        Columns = model.Targets.Contexts,
        Groups = model.Targets.Contexts,
        FeatureDimension = model.FeatureDimension,
        Classifier = model.ClassifierBudget,
        Feature = model.FeatureBudget,
        Examples = double.NaN,
        EffectiveTotal = double.NaN,
        EntropyFloor = model.Targets.EntropyFloor,
        GivenContexts = model.Targets.GivenContexts,
        AreCounts = model.Targets.AreCounts ? 1 : 0,
        Loss = Text("cross-entropy"),
    };
}
