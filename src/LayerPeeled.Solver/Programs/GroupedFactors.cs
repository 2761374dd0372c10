using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Programs;

/// <summary>
/// A point (W, H̄) of the nonconvex program, invariant under permutations inside groups of equal classes. The classes of group g are
/// w_j = s_g·c_j + U_g/√K_g and √ρ_g·h_j = t_g·c_j + V_g/√K_g (<see cref="NuclearNormProgram.FeatureRoots"/>), where the c_j are the rows of an orthonormal basis of the centred vectors of
/// the group (in coordinates of the group's own) and U, V have q common coordinates. Then Z = W·H̄ has spread s∘t and core U·Vᵀ.
/// With one class a group, U is W and V is H̄ᵀ. Immutable to callers, and thread-safe.
/// </summary>
public sealed partial class GroupedFactors
{
    // What a point on the border may exceed a budget by, relatively
    private const double BudgetRounding = 1e-12;

    /// <summary>A zero point.</summary>
    /// <param name="program">The program whose groups the point is over.</param>
    /// <param name="rank">q, the number of common coordinates.</param>
    internal GroupedFactors(NuclearNormProgram program, int rank)
    {
        Program = program;
        Rank = rank;
        ClassifierSpreadArray = new double[program.GroupCount];
        FeatureSpreadArray = new double[program.GroupCount];
        ClassifierCoreArray = new double[MatrixShape.Length(program.GroupCount, rank)];
        FeatureCoreArray = new double[MatrixShape.Length(program.GroupCount, rank)];
        BiasArray = program.Bias is null ? [] : new double[program.GroupCount];
    }

    /// <summary>A point from its parts, which are copied.</summary>
    /// <param name="program">The program whose groups the point is over.</param>
    /// <param name="rank">q, the number of common coordinates.</param>
    /// <param name="classifierSpread">s_g, length G.</param>
    /// <param name="featureSpread">t_g, length G.</param>
    /// <param name="classifierCore">U, G×q, column-major.</param>
    /// <param name="featureCore">V, G×q, column-major.</param>
    /// <param name="bias">β, length G; empty without a bias, or for one of zero.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the rank is negative.</exception>
    public GroupedFactors(
        NuclearNormProgram program, int rank, ReadOnlySpan<double> classifierSpread, ReadOnlySpan<double> featureSpread,
        ReadOnlySpan<double> classifierCore, ReadOnlySpan<double> featureCore, ReadOnlySpan<double> bias = default)
        : this(Checked(program, rank), rank)
    {
        Fill(ClassifierSpreadArray, classifierSpread, nameof(classifierSpread));
        Fill(FeatureSpreadArray, featureSpread, nameof(featureSpread));
        Fill(ClassifierCoreArray, classifierCore, nameof(classifierCore));
        Fill(FeatureCoreArray, featureCore, nameof(featureCore));
        if (!bias.IsEmpty)
        {
            Fill(BiasArray, bias, nameof(bias));
        }
    }

    /// <summary>The program whose groups the point is over.</summary>
    public NuclearNormProgram Program { get; }

    /// <summary>q, the number of common coordinates.</summary>
    public int Rank { get; }

    /// <summary>s_g, length G; not used where a group has one class.</summary>
    public ReadOnlySpan<double> ClassifierSpread => ClassifierSpreadArray;

    /// <summary>t_g, length G.</summary>
    public ReadOnlySpan<double> FeatureSpread => FeatureSpreadArray;

    /// <summary>U, G×q, column-major.</summary>
    public ReadOnlySpan<double> ClassifierCore => ClassifierCoreArray;

    /// <summary>V, G×q, column-major.</summary>
    public ReadOnlySpan<double> FeatureCore => FeatureCoreArray;

    /// <summary>β, length G: each class of group g has the bias β_g/√K_g. Empty where the model has none.</summary>
    public ReadOnlySpan<double> Bias => BiasArray;

    internal double[] BiasArray { get; }

    internal double[] ClassifierSpreadArray { get; }

    internal double[] FeatureSpreadArray { get; }

    internal double[] ClassifierCoreArray { get; }

    internal double[] FeatureCoreArray { get; }

    /// <summary>The point of a program class by class.</summary>
    /// <param name="program">The program.</param>
    /// <param name="classifier">W, K×q.</param>
    /// <param name="classMeans">H̄, q×K.</param>
    /// <param name="bias">b, length K, or null for none.</param>
    /// <exception cref="ArgumentException">A shape does not fit, an entry is not finite, or there is a bias and the model has none.</exception>
    public static GroupedFactors OfClasses(NuclearNormProgram program, Matrix<double> classifier, Matrix<double> classMeans, Vector<double>? bias = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(classMeans);
        int k = program.Model.ClassCount, p = classifier.ColumnCount;
        if (program.GroupCount != k || classifier.RowCount != k || classMeans.ColumnCount != k || classMeans.RowCount != p)
        {
            throw new ArgumentException(
                $"W must be K×p and H̄ p×K with K = {k}; got {classifier.RowCount}×{p} and {classMeans.RowCount}×{classMeans.ColumnCount}.", nameof(classifier));
        }

        ModelValidation.Finite(classifier, nameof(classifier));
        ModelValidation.Finite(classMeans, nameof(classMeans));
        if (bias?.Find(entry => !double.IsFinite(entry), Zeros.Include) is { } wrong)
        {
            throw new ArgumentException($"The bias has {wrong.Item2} in place {wrong.Item1}; every entry must be finite.", nameof(bias));
        }

        if (bias is not null && (program.Bias is null || bias.Count != k))
        {
            throw new ArgumentException(program.Bias is null ? "The model has no bias." : $"The bias must have K = {k} entries, got {bias.Count}.", nameof(bias));
        }

        var factors = new GroupedFactors(program, classifier.ColumnCount);
        classifier.ToColumnMajorArray().CopyTo(factors.ClassifierCoreArray, 0);
        classMeans.ToRowMajorArray().CopyTo(factors.FeatureCoreArray, 0);
        for (int i = 0; i < factors.Rank; i++)
        {
            Span<double> column = factors.FeatureCoreArray.AsSpan(i * program.GroupCount, program.GroupCount);
            TensorPrimitives.Multiply(column, program.FeatureRoots, column);
        }

        bias?.ToArray().CopyTo(factors.BiasArray, 0);
        return factors;
    }

    /// <summary>‖W‖_F².</summary>
    public double ClassifierNorm2() => Norm2(ClassifierSpread, ClassifierCore);

    /// <summary>‖H̄‖_F², of the scaled features √ρ_k·h_k where the features of the model count per sample.</summary>
    public double FeatureNorm2() => Norm2(FeatureSpread, FeatureCore);

    /// <summary>‖W‖_F·‖H̄‖_F, an upper bound on the nuclear norm of Z.</summary>
    public double NuclearNormBound() => Math.Sqrt(ClassifierNorm2()) * Math.Sqrt(FeatureNorm2());

    /// <summary>Σ_k b_k².</summary>
    public double BiasNorm2() => TensorPrimitives.SumOfSquares<double>(BiasArray);

    /// <summary>Z = W·H̄, without the bias.</summary>
    /// <param name="logits">Receives Z.</param>
    public void Product(GroupedMatrix logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Product(LinearAlgebraProvider.Backend, logits);
    }

    /// <summary>Z = W·H̄ with errors that are known (<see cref="ManagedBackend.ProductDepth"/>), whatever native library is in use.</summary>
    internal void ProvenProduct(GroupedMatrix logits) => Product(ManagedBackend.ForProofs(Program.GroupCount), logits);

    private void Product(IDenseBackend backend, GroupedMatrix logits)
    {
        int n = Program.GroupCount;
        for (int g = 0; g < n; g++)
        {
            logits.Spread[g] = Program.Sizes[g] == 1 ? 0 : ClassifierSpread[g] * FeatureSpread[g];
        }

        backend.Multiply(false, true, n, n, Rank, 1, ClassifierCore, n, FeatureCore, n, 0, logits.Core, n);
    }

    /// <summary>Whether all entries are numbers.</summary>
    internal bool IsFinite => double.IsFinite(ClassifierNorm2()) && double.IsFinite(FeatureNorm2()) && double.IsFinite(BiasNorm2());

    /// <summary>This point, or the one scaled back into the budgets where it exceeds them by more than rounding.</summary>
    internal GroupedFactors WithinBudgets()
    {
        if (Program.Model.Regulariser is not Budgets budgets)
        {
            return this;
        }

        double classifier = Excess(ClassifierNorm2() / (Program.Model.ClassCount * budgets.Classifier));
        double feature = Excess(FeatureNorm2() / (Program.Model.ClassCount * budgets.Feature));
        if (classifier == 1 && feature == 1)
        {
            return this;
        }

        var within = new GroupedFactors(Program, Rank);
        TensorPrimitives.Divide(ClassifierSpread, classifier, within.ClassifierSpreadArray);
        TensorPrimitives.Divide(ClassifierCore, classifier, within.ClassifierCoreArray);
        TensorPrimitives.Divide(FeatureSpread, feature, within.FeatureSpreadArray);
        TensorPrimitives.Divide(FeatureCore, feature, within.FeatureCoreArray);
        BiasArray.CopyTo(within.BiasArray, 0);
        return within;

        static double Excess(double share) => share <= 1 + BudgetRounding ? 1 : Math.Sqrt(share);
    }

    /// <summary>f, the average loss, without what penalties add to it.</summary>
    public double Loss() => Program.Value(AllLogits());

    /// <summary>What penalties add to the average loss; 0 with budgets.</summary>
    public double Penalty() => Program.Term.Value(ClassifierNorm2(), FeatureNorm2()) + (Program.Bias?.Value(Bias) ?? 0);

    /// <summary>
    /// The point with Z = <paramref name="logits"/>, both budgets used in the ratio that makes them tight together when ‖Z‖_* = r:
    /// W = c·U₁S^{1/2}, H̄ᵀ = V₁S^{1/2}/c with c² = √(E_W/E_H), or √(λ_H/λ_W) where the model has penalties, and singular values below roundoff dropped.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="logits">Z; not changed.</param>
    /// <param name="maximumRank">At most so many common coordinates are kept.</param>
    public static GroupedFactors FromLogits(NuclearNormProgram program, GroupedMatrix logits, int maximumRank = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(logits);
        int n = program.GroupCount;
        GroupedSpectrum spectrum = GroupedSpectrum.Of(logits);
        (double[] u, double[] vt) = (spectrum.Left, spectrum.Right);
        ReadOnlySpan<double> s = spectrum.Values;
        double top = Math.Max(s[0], TensorPrimitives.MaxMagnitude<double>(logits.Spread));
        int rank = 0;
        while (rank < Math.Min(n, maximumRank) && s[rank] > 1e-15 * n * Math.Abs(top))
        {
            rank++;
        }

        var factors = new GroupedFactors(program, rank);
        double c = Math.Sqrt(program.Term.Balance);
        for (int i = 0; i < rank; i++)
        {
            double root = Math.Sqrt(s[i]);
            TensorPrimitives.Multiply(u.AsSpan(i * n, n), c * root, factors.ClassifierCoreArray.AsSpan(i * n, n));
            for (int g = 0; g < n; g++)
            {
                factors.FeatureCoreArray[g + (i * n)] = vt[i + (g * n)] * (root / c);
            }
        }

        for (int g = 0; g < n; g++)
        {
            double a = program.Sizes[g] == 1 ? 0 : logits.Spread[g], root = Math.Sqrt(Math.Abs(a));
            factors.ClassifierSpreadArray[g] = c * root;
            factors.FeatureSpreadArray[g] = Math.Sign(a) * root / c;
        }

        return factors;
    }

    private static NuclearNormProgram Checked(NuclearNormProgram program, int rank)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        return program;
    }

    private static void Fill(double[] part, ReadOnlySpan<double> values, string name)
    {
        if (values.Length != part.Length)
        {
            throw new ArgumentException($"The {name} of the point has {part.Length} numbers, got {values.Length}.", name);
        }

        values.CopyTo(part);
    }

    /// <summary>Z with the bias added where there is one.</summary>
    internal GroupedMatrix AllLogits()
    {
        GroupedMatrix logits = Program.CreateMatrix();
        ProvenProduct(logits);
        if (Program.Bias is not null)
        {
            Program.AddBias(logits, Bias);
        }

        return logits;
    }

    private double Norm2(ReadOnlySpan<double> spread, ReadOnlySpan<double> core)
    {
        double sum = TensorPrimitives.SumOfSquares(core);
        for (int g = 0; g < spread.Length; g++)
        {
            sum += (Program.Sizes[g] - 1) * spread[g] * spread[g];
        }

        return sum;
    }
}
