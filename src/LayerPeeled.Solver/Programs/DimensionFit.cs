using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Programs;

/// <summary>Brings a point down to the feature dimension p of its model.</summary>
internal static class DimensionFit
{
    // Up to this many classes the logits are written out and truncated direction by direction; beyond it group by group.
    private const int LargestExpansion = 2000;

    // Singular values below this share of the largest are roundoff of a rank-deficient product.
    private const double Negligible = 1e-12;

    /// <summary>
    /// The point itself when it fits; otherwise the nearest one that does (the largest singular directions of Z), scaled to the budgets it used.
    /// </summary>
    /// <param name="factors">The point; not changed.</param>
    /// <param name="needed">Dimensions that the point needs, its numerical rank where that was looked at.</param>
    public static GroupedFactors Fit(GroupedFactors factors, out int needed)
    {
        NuclearNormProgram program = factors.Program;
        int dimension = program.Model.FeatureDimension;
        needed = Needed(factors);
        if (needed <= dimension)
        {
            return factors;
        }

        GroupedMatrix logits = program.CreateMatrix();
        factors.Product(logits);
        GroupedFactors compressed = WithBiasOf(factors, DropNegligible(GroupedFactors.FromLogits(program, logits)));
        needed = Needed(compressed);
        if (needed > dimension)
        {
            compressed = program.IsReduced && program.Model.ClassCount <= LargestExpansion
                ? WithBiasOf(factors, TruncateClasses(program, logits, dimension))
                : TruncateGroups(compressed, dimension);
        }

        return Rescale(compressed, factors.NuclearNormBound());
    }

    /// <summary>A point that fits, made of coordinates of this one, where its singular directions cannot be had.</summary>
    /// <param name="factors">A point that does not fit; not changed.</param>
    public static GroupedFactors WithoutDecomposition(GroupedFactors factors) =>
        TruncateGroups(factors, factors.Program.Model.FeatureDimension);

    private static int Needed(GroupedFactors factors) =>
        (int)Math.Min(int.MaxValue, (long)factors.Rank + FactorExpansion.OwnCoordinates(factors));

    private static GroupedFactors DropNegligible(GroupedFactors factors)
    {
        int n = factors.Program.GroupCount;
        double top = 0;
        for (int g = 0; g < n; g++)
        {
            top = Math.Max(top, Math.Abs(factors.ClassifierSpreadArray[g] * factors.FeatureSpreadArray[g]));
        }

        // The columns of both cores are orthogonal, in decreasing order: their norms are the roots of the singular values.
        double Value(int i) => TensorPrimitives.Norm<double>(factors.ClassifierCoreArray.AsSpan(i * n, n))
            * TensorPrimitives.Norm<double>(factors.FeatureCoreArray.AsSpan(i * n, n));
        top = factors.Rank > 0 ? Math.Max(top, Value(0)) : top;
        int rank = factors.Rank;
        while (rank > 0 && Value(rank - 1) <= Negligible * top)
        {
            rank--;
        }

        GroupedFactors kept = Truncate(factors, rank);
        for (int g = 0; g < n; g++)
        {
            if (Math.Abs(kept.ClassifierSpreadArray[g] * kept.FeatureSpreadArray[g]) <= Negligible * top)
            {
                (kept.ClassifierSpreadArray[g], kept.FeatureSpreadArray[g]) = (0, 0);
            }
        }

        return kept;
    }

    private static GroupedFactors TruncateClasses(NuclearNormProgram program, GroupedMatrix logits, int dimension)
    {
        NuclearNormProgram classes = NuclearNormProgram.ForClasses(program.Model);
        GroupedMatrix full = classes.CreateMatrix();
        logits.Expand(program).ToColumnMajorArray().CopyTo(full.Core, 0);
        return GroupedFactors.FromLogits(classes, full, dimension);
    }

    private static GroupedFactors TruncateGroups(GroupedFactors factors, int dimension)
    {
        int n = factors.Program.GroupCount;
        GroupedFactors kept = Truncate(factors, Math.Min(factors.Rank, dimension));
        int left = dimension - kept.Rank;
        foreach (int g in Enumerable.Range(0, n).OrderByDescending(g => kept.ClassifierSpreadArray[g] * kept.FeatureSpreadArray[g]))
        {
            double own = factors.Program.Sizes[g] - 1;
            if (own <= left)
            {
                left -= (int)own;
            }
            else
            {
                (kept.ClassifierSpreadArray[g], kept.FeatureSpreadArray[g]) = (0, 0);
            }
        }

        return kept;
    }

    private static GroupedFactors Truncate(GroupedFactors factors, int rank)
    {
        int n = factors.Program.GroupCount;
        var kept = new GroupedFactors(factors.Program, rank);
        factors.ClassifierSpreadArray.CopyTo(kept.ClassifierSpreadArray);
        factors.FeatureSpreadArray.CopyTo(kept.FeatureSpreadArray);
        factors.ClassifierCoreArray.AsSpan(0, n * rank).CopyTo(kept.ClassifierCoreArray);
        factors.FeatureCoreArray.AsSpan(0, n * rank).CopyTo(kept.FeatureCoreArray);
        factors.BiasArray.CopyTo(kept.BiasArray);
        return kept;
    }

    // The bias b of another point of the same model, class by class where this one's program is.
    private static GroupedFactors WithBiasOf(GroupedFactors source, GroupedFactors factors)
    {
        NuclearNormProgram own = source.Program;
        for (int k = 0; k < factors.BiasArray.Length; k++)
        {
            int g = factors.Program.GroupCount == own.GroupCount ? k : own.BlockOfClass(k);
            factors.BiasArray[k] = source.BiasArray[g] / own.Roots[g] * factors.Program.Roots[k];
        }

        return factors;
    }

    private static GroupedFactors Rescale(GroupedFactors factors, double bound)
    {
        double now = factors.NuclearNormBound();
        if (now > 0 && now < bound && factors.Program.Term is NuclearBall)
        {
            double scale = Math.Sqrt(Math.Min(bound, factors.Program.Radius) / now);
            foreach (double[] part in new[] { factors.ClassifierSpreadArray, factors.FeatureSpreadArray, factors.ClassifierCoreArray, factors.FeatureCoreArray })
            {
                TensorPrimitives.Multiply(part, scale, part);
            }
        }

        return factors;
    }
}
