using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>Values of small models within budgets to a hundred digits, class by class, from their definitions.</summary>
internal static class ExactModel
{
    /// <summary>ω_k = n_k·w_k/Σ n·w of each class.</summary>
    public static FixedPoint[] Weights(LayerPeeledModel model)
    {
        FixedPoint[] counts = model.GroupOfClass.ToArray().Select(g => (FixedPoint)model.Groups[g].Count * model.Groups[g].LossWeight).ToArray();
        FixedPoint total = Sum(counts);
        return Array.ConvertAll(counts, count => count / total);
    }

    /// <summary>r = K·√(E_W·E_H).</summary>
    public static FixedPoint Radius(LayerPeeledModel model) =>
        model.ClassCount * FixedPoint.Sqrt((FixedPoint)model.ClassifierBudget * model.FeatureBudget);

    /// <summary>
    /// −Σ_k ω_k·L*(y_k) − r·σ_max(Y·diag ω), a number not above the value of the dual and next to it. Column k of <paramref name="duals"/> is y_k: with
    /// cross-entropy the probabilities of the other classes in the places j ≠ k, which say what its own entry is; with squared error its own entry too.
    /// </summary>
    public static FixedPoint DualValue(LayerPeeledModel model, FixedPoint[][] duals)
    {
        int n = model.ClassCount;
        FixedPoint[] weights = Weights(model);
        var matrix = new FixedPoint[n, n];
        FixedPoint value = 0;
        for (int k = 0; k < n; k++)
        {
            FixedPoint[] dual = [.. duals[k]];
            if (model.Loss is CrossEntropyLoss)
            {
                dual[k] = dual[k] - Sum(dual);
            }

            value += weights[k] * (model.Loss is CrossEntropyLoss ? Entropies(dual, k) : Squares(dual, k));
            for (int j = 0; j < n; j++)
            {
                matrix[j, k] = dual[j] * weights[k];
            }
        }

        return value - (Radius(model) * LargestSingularValue(matrix));
    }

    /// <summary>The average loss of W and H̄ after each was scaled back into its budget, class by class; p columns in each row.</summary>
    public static FixedPoint Loss(LayerPeeledModel model, double[,] classifier, double[,] means)
    {
        int n = model.ClassCount, p = classifier.GetLength(1);
        FixedPoint scale = Within(classifier, model.ClassifierBudget) * Within(means, model.FeatureBudget), value = 0;
        FixedPoint[] weights = Weights(model);
        for (int k = 0; k < n; k++)
        {
            FixedPoint[] logits = new FixedPoint[n];
            for (int j = 0; j < n; j++)
            {
                for (int i = 0; i < p; i++)
                {
                    logits[j] += (FixedPoint)classifier[j, i] * means[k, i];
                }

                logits[j] *= scale;
            }

            FixedPoint total = 0;
            for (int j = 0; j < n; j++)
            {
                total += FixedPoint.Exp(logits[j] - logits[k]);
            }

            value += weights[k] * FixedPoint.Log(total);
        }

        return value;

        FixedPoint Within(double[,] rows, double budget)
        {
            FixedPoint square = 0, allowed = (FixedPoint)budget * n;
            foreach (double entry in rows)
            {
                square += (FixedPoint)entry * entry;
            }

            return square <= allowed ? 1 : FixedPoint.Sqrt(allowed / square);
        }
    }

    /// <summary>−L*(y) of cross-entropy: the entropy of y + e_own.</summary>
    public static FixedPoint Entropies(FixedPoint[] dual, int own)
    {
        FixedPoint value = 0;
        for (int j = 0; j < dual.Length; j++)
        {
            FixedPoint p = dual[j] + (j == own ? 1 : 0);
            Assert.True(p >= 0, "the dual is not a distribution");
            value += Entropy(p);
        }

        return value;
    }

    /// <summary>−L*(y) of squared error.</summary>
    public static FixedPoint Squares(FixedPoint[] dual, int own) => -dual[own] - (Sum(dual.Select(y => y * y)) / 2);

    public static FixedPoint Entropy(FixedPoint p) => p > FixedPoint.Tiny ? -p * FixedPoint.Log(p) : 0;

    private static FixedPoint Sum(IEnumerable<FixedPoint> terms) => terms.Aggregate((FixedPoint)0, (sum, term) => sum + term);

    // Not below, by bisection
    public static FixedPoint LargestSingularValue(FixedPoint[,] a)
    {
        FixedPoint[,] gram = Gram(a);
        FixedPoint low = 0, high = FixedPoint.Tiny;
        for (int i = 0; i < gram.GetLength(0); i++)
        {
            high += gram[i, i];
        }

        for (int step = 0; step < 150; step++)
        {
            FixedPoint middle = (low + high) / 2;
            (low, high) = IsBelow(gram, middle) ? (low, middle) : (middle, high);
        }

        return FixedPoint.Sqrt(high + FixedPoint.Tiny) + FixedPoint.Tiny;
    }

    /// <summary>Whether t > σ_max(A), for a matrix of any shape.</summary>
    public static bool ExceedsNorm(FixedPoint t, FixedPoint[,] a) => IsBelow(Gram(a), t * t);

    // AᵀA or AAᵀ, the smaller one; its lower half
    private static FixedPoint[,] Gram(FixedPoint[,] a)
    {
        bool isTall = a.GetLength(0) >= a.GetLength(1);
        int n = a.GetLength(isTall ? 1 : 0), length = a.GetLength(isTall ? 0 : 1);
        var gram = new FixedPoint[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                for (int k = 0; k < length; k++)
                {
                    gram[i, j] += isTall ? a[k, i] * a[k, j] : a[i, k] * a[j, k];
                }
            }
        }

        return gram;
    }

    // All eigenvalues are below t² if and only if every pivot of t²·I − AᵀA is positive.
    private static bool IsBelow(FixedPoint[,] gram, FixedPoint square)
    {
        int n = gram.GetLength(0);
        var rest = new FixedPoint[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                rest[i, j] = (i == j ? square : 0) - gram[i, j];
            }
        }

        for (int k = 0; k < n; k++)
        {
            if (rest[k, k] <= FixedPoint.Tiny)
            {
                return false;
            }

            for (int i = k + 1; i < n; i++)
            {
                FixedPoint factor = rest[i, k] / rest[k, k];
                for (int j = k + 1; j <= i; j++)
                {
                    rest[i, j] -= factor * rest[j, k];
                }
            }
        }

        return true;
    }
}
