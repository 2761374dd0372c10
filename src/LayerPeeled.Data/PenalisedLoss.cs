using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Data;

/// <summary>The two parts of the objective of a model with penalties, from the matrices of a point.</summary>
/// <param name="Loss">The average loss.</param>
/// <param name="Penalty">What the penalties add to it.</param>
internal readonly record struct PenalisedLoss(double Loss, double Penalty)
{
    public static PenalisedLoss Of(GroupedFactors point, Penalties penalties)
    {
        NuclearNormProgram program = point.Program;
        LayerPeeledModel model = program.Model;
        GroupedMatrix logits = program.CreateMatrix();
        point.Product(logits);
        int n = program.GroupCount;
        for (int i = 0; !point.Bias.IsEmpty && i < logits.Core.Length; i++)
        {
            // b_g in every column, of which the groups hold √K_g·b_g·√(K_h·ρ_h)
            int g = i % n, h = i / n;
            logits.Core[i] += point.Bias[g] * Math.Sqrt(program.Sizes[h]) * program.FeatureRoots[h];
        }

        // Of ρ_k·‖h_k‖² with ρ_k = n_k·K/N
        double feature = penalties.FeatureNorm == FeatureNorm.PerSample ? penalties.Feature * (model.Examples / model.ClassCount) : penalties.Feature;
        return new PenalisedLoss(program.Value(logits), 0.5 * ((penalties.Classifier * point.ClassifierNorm2()) + (feature * point.FeatureNorm2())
            + ((penalties.Bias ?? 0) * point.BiasNorm2())));
    }
}
