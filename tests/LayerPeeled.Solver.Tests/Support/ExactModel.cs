using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>Values of small models with cross-entropy to a hundred digits, class by class, from their definitions.</summary>
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
    /// Σ_k ω_k·entropy(p_k) − r·σ_max((P − I)·diag ω), a number not above the value of the dual and next to it. Column k of <paramref name="others"/> has the
    /// probabilities of the other classes in the places j ≠ k.
    /// </summary>
    public static FixedPoint DualValue(LayerPeeledModel model, FixedPoint[][] others)
    {
        int n = model.ClassCount;
        FixedPoint[] weights = Weights(model);
        var matrix = new FixedPoint[n, n];
        FixedPoint value = 0;
        for (int k = 0; k < n; k++)
        {
            FixedPoint own = 1;
            for (int j = 0; j < n; j++)
            {
                if (j != k)
                {
                    own -= others[k][j];
                    matrix[j, k] = others[k][j] * weights[k];
                    value += weights[k] * Entropy(others[k][j]);
                }
            }

            Assert.True(own >= 0, "the dual is not a distribution");
            matrix[k, k] = (own - 1) * weights[k];
            value += weights[k] * Entropy(own);
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

    public static FixedPoint Entropy(FixedPoint p) => p > FixedPoint.Tiny ? -p * FixedPoint.Log(p) : 0;

    private static FixedPoint Sum(IEnumerable<FixedPoint> terms) => terms.Aggregate((FixedPoint)0, (sum, term) => sum + term);

    // Not below, by bisection: t² exceeds all eigenvalues of AᵀA if and only if every pivot of t²·I − AᵀA is positive.
    public static FixedPoint LargestSingularValue(FixedPoint[,] a)
    {
        int n = a.GetLength(0);
        var gram = new FixedPoint[n, n];
        FixedPoint trace = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int k = 0; k < n; k++)
                {
                    gram[i, j] += a[k, i] * a[k, j];
                }
            }

            trace += gram[i, i];
        }

        FixedPoint low = 0, high = trace + FixedPoint.Tiny;
        for (int step = 0; step < 150; step++)
        {
            FixedPoint middle = (low + high) / 2;
            (low, high) = Exceeds(middle) ? (low, middle) : (middle, high);
        }

        return FixedPoint.Sqrt(high + FixedPoint.Tiny) + FixedPoint.Tiny;

        bool Exceeds(FixedPoint square)
        {
            var rest = new FixedPoint[n, n];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
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
                    for (int j = k + 1; j < n; j++)
                    {
                        rest[i, j] -= factor * rest[k, j];
                    }
                }
            }

            return true;
        }
    }
}
