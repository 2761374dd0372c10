using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Data;

/// <summary>The bias of the classes of each group.</summary>
public static class GroupBiases
{
    /// <summary>
    /// One number for each of the groups of the model, the average where its classes differ; null where the model has no bias.
    /// </summary>
    /// <param name="factors">The point.</param>
    public static IReadOnlyList<double>? Of(GroupedFactors factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        NuclearNormProgram program = factors.Program;
        int groups = program.Model.Groups.Count;
        if (factors.Bias.IsEmpty)
        {
            return null;
        }

        var biases = new double[groups];
        if (program.IsReduced)
        {
            for (int g = 0; g < groups; g++)
            {
                int block = program.BlockOfGroup[g];
                biases[g] = factors.Bias[block] / Math.Sqrt(program.Sizes[block]);
            }
        }
        else
        {
            for (int k = 0; k < factors.Bias.Length; k++)
            {
                int g = program.Model.GroupOfClass[k];
                biases[g] += factors.Bias[k] / program.Model.Groups[g].Classes;
            }
        }

        return biases;
    }
}
