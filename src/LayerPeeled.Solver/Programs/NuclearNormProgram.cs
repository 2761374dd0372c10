using System.Buffers;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// The convex form of the model: minimise f(Z) = Σ_k ω_k·L(z_k, k) over ‖Z‖_* ≤ r = K√(E_W·E_H), with Z = W·H̄ the logits of the class
/// means, one column a class; or f(Z) + λ·‖Z‖_* where the model has penalties, λ² = λ_W·λ_H. Where features count per sample it is Z·diag(√ρ), ρ_k = n_k·K/N,
/// whose norm counts, and every matrix of this program, gradients and duals too, is the one of those scaled columns. Either class by class (<see cref="ForClasses"/>, the literal K×K program) or over groups of equal classes
/// (<see cref="ForGroups"/>), where the unique optimum is invariant under permutations inside the groups and only G×G numbers remain.
/// Immutable and thread-safe.
/// </summary>
public sealed partial class NuclearNormProgram
{
    private readonly double[] roots;
    private readonly double[] inverseRoots;
    private readonly double[] featureRoots;
    private readonly ILoss[]? lossOfColumn;
    private readonly int[]? ownRows;

    private readonly int[]? blockOfGroup;

    private NuclearNormProgram(LayerPeeledModel model, double[] sizes, double[] weights, IEnumerable<ClassGroup> groups, int[]? blockOfGroup)
    {
        Model = model;
        this.blockOfGroup = blockOfGroup;
        SizesArray = sizes;
        WeightsArray = weights;
        ClassGroup[] classes = groups.ToArray();
        featureRoots = Array.ConvertAll(classes, group => Math.Sqrt(CollapseLaw.FeatureCost(model, group)));
        double[] counts = Array.ConvertAll(classes, group => group.Count);
        lossOfColumn = model.Loss.DependsOnClass ? Enumerable.Range(0, sizes.Length).Select(h => model.Loss.OfClass(sizes, counts, h)).ToArray() : null;
        ownRows = lossOfColumn?[0] is ITargetLoss ? Array.ConvertAll(lossOfColumn, loss => ((ITargetLoss)loss).OwnRow) : null;
        var penalties = model.Regulariser as Penalties;
        Term = penalties is null
            ? new NuclearBall(model)
            : new NuclearPenalty(penalties.Classifier, penalties.FeatureNorm == FeatureNorm.PerClass ? penalties.Feature : penalties.Feature / (model.ClassCount / model.Examples));
        Bias = penalties?.Bias is { } penalty ? new BiasTerm(this, penalty) : null;
        roots = sizes.Select(Math.Sqrt).ToArray();
        inverseRoots = roots.Select(root => 1 / root).ToArray();
        HasUnitSizes = Array.TrueForAll(sizes, size => size == 1);
    }

    /// <summary>The model this program belongs to.</summary>
    public LayerPeeledModel Model { get; }

    /// <summary>True when equal classes are held together, false when every class stands alone.</summary>
    public bool IsReduced => blockOfGroup is not null;

    /// <summary>True when groups with different weights are held together as if they were equal.</summary>
    public bool IsMerged => IsReduced && GroupCount < Model.Groups.Count;

    /// <summary>G, the number of groups (K for the program class by class).</summary>
    public int GroupCount => SizesArray.Length;

    /// <summary>K_g, the number of classes in each group.</summary>
    public ReadOnlySpan<double> Sizes => SizesArray;

    /// <summary>ω_g, the loss weight of each single class of a group; Σ_g K_g·ω_g = 1.</summary>
    public ReadOnlySpan<double> Weights => WeightsArray;

    /// <summary>r = K√(E_W·E_H).</summary>
    /// <exception cref="InvalidOperationException">The model has penalties.</exception>
    public double Radius => Model.Radius;

    /// <summary>√ρ_g, by which the columns of Z are scaled: 1 unless features count per sample.</summary>
    public ReadOnlySpan<double> FeatureRoots => featureRoots;

    /// <summary>
    /// Which of this program's groups (0 to G − 1) each of <see cref="LayerPeeledModel.Groups"/> belongs to: itself, unless groups were merged.
    /// Empty for the program class by class.
    /// </summary>
    public ReadOnlySpan<int> BlockOfGroup => blockOfGroup;

    /// <summary>How the singular values are held down.</summary>
    internal SpectralTerm Term { get; }

    /// <summary>The loss of each column in a unit.</summary>
    internal ColumnLosses Losses(double logUnit) => new(Model.Loss.InUnit(logUnit), lossOfColumn, logUnit);

    /// <summary>The row that the loss of column h holds apart: that of its class, or the likeliest of its target.</summary>
    internal int OwnRow(int h) => ownRows is null ? h : ownRows[h];

    /// <summary>Whether targets are distributions, so that columns have no class of their own.</summary>
    internal bool HasTargets => ownRows is not null;

    /// <summary>The bias; null where the model has none.</summary>
    internal BiasTerm? Bias { get; }

    internal double[] SizesArray { get; }

    internal double[] WeightsArray { get; }

    /// <summary>√K_g.</summary>
    internal ReadOnlySpan<double> Roots => roots;

    internal bool HasUnitSizes { get; }

    /// <summary>The K×K program, every class on its own.</summary>
    /// <param name="model">The model.</param>
    public static NuclearNormProgram ForClasses(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var sizes = new double[model.ClassCount];
        Array.Fill(sizes, 1);
        var weights = new double[model.ClassCount];
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = model.WeightOf(model.GroupOfClass[k]);
        }

        return new NuclearNormProgram(model, sizes, weights, Enumerable.Range(0, weights.Length).Select(k => model.Groups[model.GroupOfClass[k]]), blockOfGroup: null);
    }

    /// <summary>The symmetry-reduced program over <see cref="LayerPeeledModel.Groups"/>.</summary>
    /// <param name="model">The model.</param>
    public static NuclearNormProgram ForGroups(LayerPeeledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        double[] sizes = model.Groups.Select(g => (double)g.Classes).ToArray();
        double[] weights = Enumerable.Range(0, sizes.Length).Select(model.WeightOf).ToArray();
        return new NuclearNormProgram(model, sizes, weights, model.Groups, Enumerable.Range(0, sizes.Length).ToArray());
    }

    /// <summary>
    /// The program in which groups of nearly equal classes are held together, with the average of their weights. Its objective at any point
    /// is that of the model itself; its optimum is the model's over the points that do not tell merged groups apart.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="blockOfGroup">Block of each of <see cref="LayerPeeledModel.Groups"/>; blocks are numbered from 0 without gaps.</param>
    /// <exception cref="ArgumentException">There is not one block for each group, a number is left out, or features count per sample.</exception>
    public static NuclearNormProgram ForMergedGroups(LayerPeeledModel model, ReadOnlySpan<int> blockOfGroup)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (blockOfGroup.Length != model.Groups.Count)
        {
            throw new ArgumentException($"There must be one block for each of the {model.Groups.Count} groups, got {blockOfGroup.Length}.", nameof(blockOfGroup));
        }

        if (model.Regulariser.FeatureNorm == FeatureNorm.PerSample || model.Loss.DependsOnClass || model.Loss.NeedsLogits)
        {
            string what = model.Loss.NeedsLogits ? $"certificates need logits cannot be merged: those of '{model.Loss.Name}' do."
                : model.Loss.DependsOnClass ? $"losses differ cannot be merged: '{model.Loss.Name}' depends on the class."
                : "features count differently cannot be merged: the features of the model count per sample.";
            throw new ArgumentException($"Groups whose {what}", nameof(model));
        }

        int[] blocks = blockOfGroup.ToArray();
        if (blocks.Min() < 0 || blocks.Distinct().Count() != blocks.Max() + 1)
        {
            throw new ArgumentException("Blocks must be numbered from 0 without gaps.", nameof(blockOfGroup));
        }

        var sizes = new double[blocks.Max() + 1];
        var weights = new double[sizes.Length];
        for (int g = 0; g < blocks.Length; g++)
        {
            sizes[blocks[g]] += model.Groups[g].Classes;
            weights[blocks[g]] += model.Groups[g].Classes * model.WeightOf(g);
        }

        for (int b = 0; b < sizes.Length; b++)
        {
            weights[b] /= sizes[b];
        }

        // One group of each block will do: features count alike.
        return new NuclearNormProgram(model, sizes, weights, sizes.Select(_ => model.Groups[0]), blocks);
    }

    /// <summary>Which of this program's groups a class belongs to.</summary>
    /// <param name="classIndex">The class, 0 to K − 1.</param>
    public int BlockOfClass(int classIndex) => blockOfGroup is null ? classIndex : blockOfGroup[Model.GroupOfClass[classIndex]];

    /// <summary>A zero matrix of this program's shape.</summary>
    public GroupedMatrix CreateMatrix() => new(SizesArray);

    /// <summary>f(Z).</summary>
    /// <param name="logits">Z; not changed.</param>
    public double Value(GroupedMatrix logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return Evaluate(0, logits, null);
    }

    /// <summary>log f(Z), also where f(Z) is too small for a double.</summary>
    /// <param name="logits">Z; not changed.</param>
    public double LogValue(GroupedMatrix logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        double logUnit = LogUnit(logits);
        return Math.Log(Evaluate(logUnit, logits, null)) + logUnit;
    }

    /// <summary>f(Z) and its gradient.</summary>
    /// <param name="logits">Z; not changed.</param>
    /// <param name="gradient">Receives ∇f(Z), whose inner product with a direction is the derivative along it.</param>
    /// <returns>f(Z).</returns>
    public double Gradient(GroupedMatrix logits, GroupedMatrix gradient)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(gradient);
        return Evaluate(0, logits, gradient);
    }

    /// <summary>∇²f(Z)[D].</summary>
    /// <param name="gradient">∇f(Z) at the point, from <see cref="Gradient"/>.</param>
    /// <param name="direction">D; not changed.</param>
    /// <param name="product">Receives the product.</param>
    /// <exception cref="ArgumentException">The loss needs the logits.</exception>
    public void CurvatureProduct(GroupedMatrix gradient, GroupedMatrix direction, GroupedMatrix product) =>
        CurvatureProductInUnit(gradient, direction, product, 0);

    /// <summary>The same for any loss, also one whose gradient does not say all that its curvature depends on (<see cref="ILoss.NeedsLogits"/>).</summary>
    /// <param name="logits">Z, the point; not changed.</param>
    /// <param name="gradient">∇f(Z), from <see cref="Gradient"/>.</param>
    /// <param name="direction">D; not changed.</param>
    /// <param name="product">Receives the product.</param>
    public void CurvatureProduct(GroupedMatrix logits, GroupedMatrix gradient, GroupedMatrix direction, GroupedMatrix product) =>
        CurvatureProductInUnit(gradient, direction, product, 0, logits);

    /// <summary>
    /// The Hessian product in a unit, from the gradient in that unit; the point is asked for by losses that need logits alone. The product may take the place of the direction.
    /// </summary>
    internal void CurvatureProductInUnit(GroupedMatrix gradient, GroupedMatrix direction, GroupedMatrix product, double logUnit, GroupedMatrix? logits = null)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(direction);
        ArgumentNullException.ThrowIfNull(product);
        int n = GroupCount;
        ColumnLosses losses = Losses(logUnit);
        if (Model.Loss.NeedsLogits && logits is null)
        {
            throw new ArgumentException($"The curvature of the loss '{Model.Loss.Name}' is not a function of its gradient: the logits are needed.", nameof(gradient));
        }

        int threads = n < LeastParallelGroups ? 1 : LinearAlgebraProvider.Backend.Threads;
        if (threads > 1)
        {
            CurvatureParallel(losses, threads, gradient, direction, product, logits);
        }
        else
        {
            CurvatureColumns(losses, 0, n, gradient, direction, product, logits);
        }
    }

    private void CurvatureParallel(ColumnLosses losses, int threads, GroupedMatrix gradient, GroupedMatrix direction, GroupedMatrix product, GroupedMatrix? logits) =>
        Parallel.For(0, (GroupCount + ColumnBlock - 1) / ColumnBlock, new ParallelOptions { MaxDegreeOfParallelism = threads }, block =>
            CurvatureColumns(losses, block * ColumnBlock, Math.Min(GroupCount, (block + 1) * ColumnBlock), gradient, direction, product, logits));

    private void CurvatureColumns(
        ColumnLosses losses, int first, int end, GroupedMatrix gradient, GroupedMatrix direction, GroupedMatrix product, GroupedMatrix? logits)
    {
        int n = GroupCount;
        bool atLogits = Model.Loss.NeedsLogits;
        double[] rented = ArrayPool<double>.Shared.Rent(5 * n);
        Span<double> probabilities = rented.AsSpan(0, n), column = rented.AsSpan(n, n), result = rented.AsSpan(2 * n, n);
        Span<double> multiplicities = rented.AsSpan(3 * n, n), point = rented.AsSpan(4 * n, n);
        SizesArray.CopyTo(multiplicities);
        for (int h = first; h < end; h++)
        {
            if (WeightsArray[h] == 0)
            {
                product.Core.AsSpan(h * n, n).Clear();
                product.Spread[h] = 0;
                continue;
            }

            int row = OwnRow(h);
            multiplicities[row] -= 1;
            double own = ReadGradient(gradient, h, probabilities);
            double ownDirection = ReadColumn(direction, h, column);
            double ownProduct;
            if (atLogits)
            {
                double ownLogit = ReadColumn(logits!, h, point);
                losses[h].CurvatureProduct(ownLogit, point, own, probabilities, multiplicities, ownDirection, column, out ownProduct, result);
            }
            else
            {
                losses[h].CurvatureProduct(own, probabilities, multiplicities, ownDirection, column, out ownProduct, result);
            }

            WriteColumn(product, h, ownProduct, result);
            multiplicities[row] += 1;
        }

        ArrayPool<double>.Shared.Return(rented);
    }
}
