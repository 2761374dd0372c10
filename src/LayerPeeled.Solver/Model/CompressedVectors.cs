namespace LayerPeeled.Solver.Model;

/// <summary>Entries of a sparse matrix, vector after vector: <c>starts</c> of the vectors and the indices within them.</summary>
internal static class CompressedVectors
{
    /// <summary>The starts that belong to the number of entries of each vector: their running sum, from 0.</summary>
    public static int[] Starts(ReadOnlySpan<int> vectors, int vectorCount)
    {
        var starts = new int[vectorCount + 1];
        foreach (int v in vectors)
        {
            starts[v + 1]++;
        }

        for (int v = 0; v < vectorCount; v++)
        {
            starts[v + 1] += starts[v];
        }

        return starts;
    }

    /// <summary>
    /// The same entries by the other index: a counting sort, O(entries + vectors of both kinds). What was the number of the vector is now the index, and ascends;
    /// entries that occur twice stay so, next to each other in their old order.
    /// </summary>
    /// <param name="indexCount">How many vectors the result has.</param>
    /// <param name="starts">Starts of the vectors.</param>
    /// <param name="indices">Indices within the vectors, below <paramref name="indexCount"/>, in any order.</param>
    /// <param name="values">The values of the entries.</param>
    public static (int[] Starts, int[] Indices, double[] Values) Transpose(
        int indexCount, ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<double> values)
    {
        int[] turned = Starts(indices, indexCount), next = turned[..^1];
        var vectors = new int[indices.Length];
        var moved = new double[indices.Length];
        for (int v = 0; v + 1 < starts.Length; v++)
        {
            for (int e = starts[v]; e < starts[v + 1]; e++)
            {
                int place = next[indices[e]]++;
                (vectors[place], moved[place]) = (v, values[e]);
            }
        }

        return (turned, vectors, moved);
    }

    /// <summary>Whether the indices of every vector ascend strictly and no value is zero.</summary>
    public static bool IsCanonical(ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<double> values)
    {
        for (int v = 0; v + 1 < starts.Length; v++)
        {
            for (int e = starts[v] + 1; e < starts[v + 1]; e++)
            {
                if (indices[e] <= indices[e - 1])
                {
                    return false;
                }
            }
        }

        return !values.Contains(0);
    }

    /// <summary>Adds up entries that occur twice and drops zeros, in place. The indices of every vector ascend.</summary>
    /// <returns>How many entries are left.</returns>
    public static int Compact(int[] starts, int[] indices, double[] values)
    {
        int kept = 0, begin = starts[0];
        for (int v = 0; v + 1 < starts.Length; v++)
        {
            int end = starts[v + 1];
            for (int e = begin; e < end;)
            {
                (int index, double sum) = (indices[e], 0);
                for (; e < end && indices[e] == index; e++)
                {
                    sum += values[e];
                }

                if (sum != 0)
                {
                    (indices[kept], values[kept]) = (index, sum);
                    kept++;
                }
            }

            (begin, starts[v + 1]) = (end, kept);
        }

        return kept;
    }
}
