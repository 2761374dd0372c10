namespace LayerPeeled.Solver.Model;

/// <summary>A permutation of the V tokens together with one of the contexts: (token j, context c) goes to (token π_j, context σ_c). Immutable.</summary>
public sealed class TargetPermutation
{
    private readonly int[] tokens;
    private readonly int[] contexts;

    /// <summary>A permutation by its images.</summary>
    /// <param name="tokens">π_0, π_1, …: each of 0 to V − 1 once.</param>
    /// <param name="contexts">σ_0, σ_1, …: each of 0 to the number of contexts of the table less one, those that never occur included, once.</param>
    /// <exception cref="ArgumentException">An image is missing.</exception>
    public TargetPermutation(IEnumerable<int> tokens, IEnumerable<int> contexts)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(contexts);
        this.tokens = Checked(tokens.ToArray(), "token", nameof(tokens));
        this.contexts = Checked(contexts.ToArray(), "context", nameof(contexts));
    }

    /// <summary>π, length V.</summary>
    public ReadOnlySpan<int> Tokens => tokens;

    /// <summary>σ, a number for each context of the table.</summary>
    public ReadOnlySpan<int> Contexts => contexts;

    /// <summary>A permutation by its cycles: (0 1 2) takes 0 to 1, 1 to 2 and 2 to 0. What is in no cycle stays.</summary>
    /// <param name="tokens">V.</param>
    /// <param name="tokenCycles">Cycles of tokens.</param>
    /// <param name="contexts">The number of contexts of the table.</param>
    /// <param name="contextCycles">Cycles of contexts.</param>
    /// <exception cref="ArgumentException">A number is in no range, or in the cycles twice.</exception>
    public static TargetPermutation OfCycles(int tokens, IEnumerable<IReadOnlyList<int>> tokenCycles, int contexts, IEnumerable<IReadOnlyList<int>> contextCycles)
    {
        ArgumentNullException.ThrowIfNull(tokenCycles);
        ArgumentNullException.ThrowIfNull(contextCycles);
        return new TargetPermutation(Images(tokens, tokenCycles, "Token", nameof(tokenCycles)), Images(contexts, contextCycles, "Context", nameof(contextCycles)));
    }

    /// <summary>A step of all tokens and of all contexts: j goes to j + 1, and the last one to the first.</summary>
    /// <param name="count">How many there are of both, at least 1.</param>
    public static TargetPermutation Step(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        IEnumerable<int> next = Enumerable.Range(1, count).Select(j => j % count);
        return new TargetPermutation(next, next);
    }

    private static int[] Images(int count, IEnumerable<IReadOnlyList<int>> cycles, string what, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int[] images = [.. Enumerable.Range(0, count)];
        var moved = new bool[count];
        foreach (IReadOnlyList<int> cycle in cycles)
        {
            for (int i = 0; i < cycle.Count; i++)
            {
                int from = cycle[i];
                if (from < 0 || from >= count)
                {
                    throw new ArgumentException($"{what} {from} is in a cycle; they are numbered from 0 to {count - 1}.", parameter);
                }

                if (moved[from])
                {
                    throw new ArgumentException($"{what} {from} is in the cycles twice.", parameter);
                }

                moved[from] = true;
                images[from] = cycle[(i + 1) % cycle.Count];
            }
        }

        return images;
    }

    private static int[] Checked(int[] images, string what, string parameter)
    {
        var seen = new bool[images.Length];
        for (int i = 0; i < images.Length; i++)
        {
            int image = images[i];
            if (image < 0 || image >= images.Length || seen[image])
            {
                throw new ArgumentException($"The image of {what} {i} is {image}; it must be from 0 to {images.Length - 1}, and no image of another one.", parameter);
            }

            seen[image] = true;
        }

        return images;
    }
}
