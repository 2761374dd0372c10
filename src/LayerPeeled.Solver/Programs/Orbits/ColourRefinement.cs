using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Programs.Orbits;

/// <summary>
/// How far tokens and contexts can be told apart by their entries alone, in a few passes over the nonzero targets: two that a symmetry exchanges never are. Where there are (nearly) as
/// many classes as tokens and contexts, there is nothing to reduce.
/// </summary>
internal static class ColourRefinement
{
    // Sums of equal terms in another order differ by less.
    private const double Roundoff = 1e-11;
    private const int Rounds = 20;

    /// <summary>Classes of tokens and of contexts, at most as many as a colour refinement to the end finds.</summary>
    public static (int Tokens, int Contexts) Count(SoftTargets targets)
    {
        SparseColumns table = targets.Distributions;
        int v = targets.Tokens, m = targets.Contexts;
        var random = new Random(1);
        int[] tokenClass = new int[v], contextClass = new int[m];
        double[] tokenSums = new double[v], contextSums = targets.Weights.ToArray();
        int tokens = 1, contexts = Split(contextClass, contextSums);
        for (int round = 0; round < Rounds; round++)
        {
            double[] ofTokens = Draw(tokens), ofContexts = Draw(contexts);
            Array.Clear(tokenSums);
            Array.Clear(contextSums);
            for (int c = 0; c < m; c++)
            {
                ReadOnlySpan<int> rows = table.RowsOf(c);
                ReadOnlySpan<double> values = table.ValuesOf(c);
                double factor = ofContexts[contextClass[c]], sum = 0;
                for (int i = 0; i < rows.Length; i++)
                {
                    double value = values[i] * (1 + values[i]);
                    tokenSums[rows[i]] += factor * value;
                    sum += ofTokens[tokenClass[rows[i]]] * value;
                }

                contextSums[c] = sum;
            }

            (int tokensBefore, int contextsBefore) = (tokens, contexts);
            (tokens, contexts) = (Split(tokenClass, tokenSums), Split(contextClass, contextSums));
            if ((tokens == tokensBefore && contexts == contextsBefore) || (tokens == v && contexts == m))
            {
                break;
            }
        }

        return (tokens, contexts);

        double[] Draw(int count)
        {
            double[] drawn = new double[count];
            for (int i = 0; i < count; i++)
            {
                drawn[i] = 1 + random.NextDouble();
            }

            return drawn;
        }
    }

    // Classes within which the values agree to rounding
    private static int Split(int[] classes, double[] values)
    {
        int[] order = [.. Enumerable.Range(0, classes.Length)];
        Array.Sort(order, (left, right) => classes[left] != classes[right] ? classes[left].CompareTo(classes[right]) : values[left].CompareTo(values[right]));
        int[] split = new int[classes.Length];
        int count = 0;
        for (int i = 0; i < order.Length; i++)
        {
            bool same = i > 0 && classes[order[i]] == classes[order[i - 1]] && values[order[i]] - values[order[i - 1]] <= Roundoff * values[order[i]];
            split[order[i]] = same ? count - 1 : count++;
        }

        split.CopyTo(classes, 0);
        return count;
    }
}
