using LayerPeeled.Solver.LinearAlgebra.Bounds;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Certificates;

/// <summary>
/// The exact weights ω = n·w/Σ n·w that the counts say, as far as a proof needs them: each to two units of rounding for a common denominator, which
/// <see cref="Total"/> corrects. A common factor changes a bound by itself alone, separate ones by what value and spectral norm differ.
/// </summary>
internal readonly struct ClassWeights
{
    /// <summary>What <see cref="OfGroup"/> is off by at most, relatively, in units of u.</summary>
    public const int Error = 2;
    private const double SmallestNormal = 2.2250738585072014e-308;
    private readonly LayerPeeledModel model;

    public ClassWeights(NuclearNormProgram program)
    {
        LayerPeeledModel own = model = program.Model;
        double[] classes = new double[own.Groups.Count], shares = new double[classes.Length];
        for (int i = 0; i < classes.Length; i++)
        {
            ClassGroup group = own.Groups[i];
            (classes[i], shares[i]) = (group.Classes, OfGroup(i));
            HasSubnormal |= group.Count > 0 && group.LossWeight > 0 && Math.Min(shares[i], group.EffectiveCount) < SmallestNormal;
        }

        Total = Rounding.SumOfProducts(classes, shares);
        Members = program.IsReduced
            ? program.BlockOfGroup.ToArray().Select((block, i) => (block, i, classes[i])).ToArray()
            : Enumerable.Range(0, program.GroupCount).Select(k => (k, own.GroupOfClass[k], 1.0)).ToArray();
    }

    /// <summary>Σ over all classes of <see cref="OfGroup"/>, within ten units: the factor by which they are too large.</summary>
    public double Total { get; }

    /// <summary>Which classes the columns of the program stand for: a column, a group of the model and how many of its classes.</summary>
    public IReadOnlyList<(int Column, int Group, double Classes)> Members { get; }

    /// <summary>Whether a weight is so small that its relative accuracy is lost, or all of it.</summary>
    public bool HasSubnormal { get; }

    /// <summary>ω of one class of a group of the model, times <see cref="Total"/>.</summary>
    public double OfGroup(int group) => model.WeightOf(group);
}
