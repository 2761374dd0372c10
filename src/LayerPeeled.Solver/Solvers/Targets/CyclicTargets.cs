using System.Numerics;
using System.Numerics.Tensors;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using MathNet.Numerics.IntegralTransforms;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Solvers.Targets;

/// <summary>
/// A model that is the same after a step of all tokens and all contexts, as the days of the week are: T_ij = t_{(i−j) mod n} and equal weights. Its optimum is circulant, z_ij = z_{(i−j) mod n}, and
/// the singular values of Z are the |ẑ_j| of the discrete Fourier transform, so the program is n numbers: minimise KL(t‖softmax z) over Σ_j |ẑ_j| ≤ r.
/// </summary>
internal sealed class CyclicTargets
{
    // What entries that stand for one number may differ by
    private const double Roundoff = 1e-14;
    private readonly double[] target;
    private readonly Complex[] spectrum;
    private readonly double[] magnitudes;

    private CyclicTargets(double[] target, double radius)
    {
        (this.target, Radius) = (target, radius);
        spectrum = new Complex[target.Length];
        magnitudes = new double[target.Length];
    }

    /// <summary>n.</summary>
    public int Count => target.Length;

    /// <summary>r = n·√(E_W·E_H).</summary>
    public double Radius { get; }

    /// <summary>The program; null where tokens and contexts are not alike from each of them.</summary>
    public static CyclicTargets? Of(SoftTargetModel model)
    {
        SoftTargets targets = model.Targets;
        SparseColumns table = targets.Distributions;
        int n = table.RowCount, filled = table.RowsOf(0).Length;
        if (table.ColumnCount != n || targets.GivenContexts != n || table.NonZeroCount != (long)n * filled)
        {
            return null;
        }

        double[] first = new double[n];
        for (int i = 0; i < filled; i++)
        {
            first[table.RowsOf(0)[i]] = table.ValuesOf(0)[i];
        }

        for (int c = 0; c < n; c++)
        {
            ReadOnlySpan<int> rows = table.RowsOf(c);
            ReadOnlySpan<double> values = table.ValuesOf(c);
            if (rows.Length != filled || Math.Abs((n * targets.Weights[c]) - 1) > n * Roundoff)
            {
                return null;
            }

            for (int i = 0; i < filled; i++)
            {
                double expected = first[(rows[i] - c + n) % n];
                if (Math.Abs(values[i] - expected) > Roundoff * expected)
                {
                    return null;
                }
            }
        }

        return new CyclicTargets(first, model.Radius);
    }

    /// <summary>KL(t‖softmax z), and p − t.</summary>
    public double Gradient(ReadOnlySpan<double> z, Span<double> gradient)
    {
        TensorPrimitives.Subtract(z, TensorPrimitives.Max(z), gradient);
        double logTotal = Math.Log(SumOfPowers(gradient)), sum = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            double p = Math.Exp(gradient[i] - logTotal), t = target[i];
            sum += t > 1e3 * p ? (t * (Math.Log(t) - gradient[i] + logTotal)) - t + p : p * CrossEntropyLoss.Divergence((t - p) / p);
            gradient[i] = p - t;
        }

        return sum;
    }

    /// <summary>The point of Σ|ẑ_j| ≤ r nearest to z, in place.</summary>
    public void Project(Span<double> z)
    {
        Transform(z);
        Array.Sort(magnitudes);
        double sum = 0, threshold = 0;
        for (int i = Count - 1, taken = 1; i >= 0; i--, taken++)
        {
            sum += magnitudes[i];
            double candidate = (sum - Radius) / taken;
            if (candidate >= magnitudes[i])
            {
                break;
            }

            threshold = candidate;
        }

        if (threshold > 0)
        {
            Change(z, magnitude => Math.Max(0, magnitude - threshold));
        }
    }

    /// <summary>
    /// The best bound near the gradient at a point: its transform levelled at λ where it is within τ of it, moved into the simplex. What is returned is below the optimum but for
    /// rounding.
    /// </summary>
    /// <param name="z">The point.</param>
    /// <param name="gradient">p − t there.</param>
    /// <param name="value">KL there.</param>
    public double LowerBound(ReadOnlySpan<double> z, ReadOnlySpan<double> gradient, double value)
    {
        double multiplier = Multiplier(z, gradient), best = 0;
        double[] dual = new double[Count];
        foreach (double tolerance in (ReadOnlySpan<double>)[0, 1e-9, 1e-7, 1e-5, 1e-4, 1e-3, 1e-2])
        {
            gradient.CopyTo(dual);
            if (tolerance > 0)
            {
                Transform(dual);
                Change(dual, magnitude => magnitude >= (1 - tolerance) * multiplier ? multiplier : magnitude);
            }

            best = Math.Max(best, value - Gap(z, gradient, dual));
        }

        return best;
    }

    /// <summary>−⟨p − t, z⟩·n/r, to which every |ŷ_j| with ẑ_j ≠ 0 is equal at the optimum; λ of the matrices is 1/n of it.</summary>
    public double Multiplier(ReadOnlySpan<double> z, ReadOnlySpan<double> gradient) => (0 - TensorPrimitives.Dot(gradient, z)) * Count / Radius;

    /// <summary>The circulant matrix whose eigenvalues are |ẑ_j|^½ and, with phases, whatever makes W·H = Z: classifiers without, features with them.</summary>
    /// <param name="z">The point.</param>
    /// <param name="factor">By which all are multiplied.</param>
    /// <param name="phases">Whether eigenvalues keep the phase of ẑ_j.</param>
    public Matrix<double> Root(ReadOnlySpan<double> z, double factor, bool phases)
    {
        double[] column = z.ToArray();
        _ = MatrixShape.Length(Count, Count);
        Transform(column);
        for (int j = 0; j < Count; j++)
        {
            double magnitude = spectrum[j].Magnitude, root = factor * Math.Sqrt(magnitude);
            spectrum[j] = phases && magnitude > 0 ? spectrum[j] * (root / magnitude) : root;
        }

        Back(column);
        return Matrix<double>.Build.Dense(Count, Count, (i, j) => column[(i - j + Count) % Count]);
    }

    /// <summary>How many ẑ_j are not zero beside the largest.</summary>
    public int Rank(ReadOnlySpan<double> z)
    {
        Transform(z);
        double top = TensorPrimitives.Max<double>(magnitudes);
        return magnitudes.Count(magnitude => magnitude > 1e-9 * top);
    }

    // Fenchel–Young remainder + ⟨y, z⟩ + (r/n)·max|ŷ_j|, and what rounding may take from it
    private double Gap(ReadOnlySpan<double> z, ReadOnlySpan<double> gradient, Span<double> dual)
    {
        double total = 0, remainder = 0;
        for (int i = 0; i < Count; i++)
        {
            dual[i] = Math.Max(0, dual[i] + target[i]);
            total += dual[i];
        }

        for (int i = 0; i < Count; i++)
        {
            double p = gradient[i] + target[i], change = (dual[i] / total) - p;
            remainder += p > 0 ? p * CrossEntropyLoss.Divergence(Math.Max(-1, change / p)) : dual[i] > 0 ? double.PositiveInfinity : 0;
            dual[i] = (dual[i] / total) - target[i];
        }

        Transform(dual);
        double largest = TensorPrimitives.Max<double>(magnitudes), support = Radius / Count * largest, inner = TensorPrimitives.Dot<double>(dual, z);
        return Math.Max(0, remainder + inner + support) + (1e-15 * Math.Log2(2 * Count) * (support + remainder));
    }

    private void Transform(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < spectrum.Length; i++)
        {
            spectrum[i] = values[i];
        }

        Fourier.Forward(spectrum, FourierOptions.NoScaling);
        for (int i = 0; i < spectrum.Length; i++)
        {
            magnitudes[i] = spectrum[i].Magnitude;
        }
    }

    // Gives the values that were transformed last other magnitudes.
    private void Change(Span<double> values, Func<double, double> magnitudeOf)
    {
        for (int j = 0; j < Count; j++)
        {
            double magnitude = spectrum[j].Magnitude;
            spectrum[j] = magnitude > 0 ? spectrum[j] * (magnitudeOf(magnitude) / magnitude) : 0;
        }

        Back(values);
    }

    private void Back(Span<double> values)
    {
        Fourier.Inverse(spectrum, FourierOptions.NoScaling);
        for (int i = 0; i < Count; i++)
        {
            values[i] = spectrum[i].Real / Count;
        }
    }

    private static double SumOfPowers(ReadOnlySpan<double> exponents)
    {
        double sum = 0;
        foreach (double exponent in exponents)
        {
            sum += Math.Exp(exponent);
        }

        return sum;
    }
}
