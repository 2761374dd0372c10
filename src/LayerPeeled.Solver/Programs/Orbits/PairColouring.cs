using LayerPeeled.Solver.Model;

namespace LayerPeeled.Solver.Programs.Orbits;

/// <summary>
/// Colours of the pairs (token, context) in whose spans of indicator matrices the optimum lies: the orbits of a group, or a stable colouring of the pairs. Each colour
/// belongs to one class of tokens and one of contexts, and stands equally often in every column of its class. Colours are numbered context class by context class.
/// </summary>
internal sealed class PairColouring
{
    private readonly int[] starts;

    private PairColouring(int[] colours, int[] tokenClass, int tokenClasses, int[] contextClass, int contextClasses)
    {
        (TokenClass, TokenClasses, ContextClass, ContextClasses) = (tokenClass, tokenClasses, contextClass, contextClasses);
        int v = tokenClass.Length;
        // Renumbered by context class, token class and first place
        var place = new Dictionary<int, int>();
        var order = new List<(int Context, int Token, int First)>();
        for (int i = 0; i < colours.Length; i++)
        {
            if (place.TryAdd(colours[i], order.Count))
            {
                order.Add((contextClass[i / v], tokenClass[i % v], order.Count));
            }
        }

        order.Sort();
        int[] number = new int[order.Count];
        (Sizes, TokenClassOf, ContextClassOf) = (new int[order.Count], new int[order.Count], new int[order.Count]);
        starts = new int[contextClasses + 1];
        for (int k = 0; k < number.Length; k++)
        {
            number[order[k].First] = k;
            (TokenClassOf[k], ContextClassOf[k]) = (order[k].Token, order[k].Context);
            starts[order[k].Context + 1] = k + 1;
        }

        Colours = Array.ConvertAll(colours, colour => number[place[colour]]);
        foreach (int colour in Colours)
        {
            Sizes[colour]++;
        }

        TokenLists = Lists(tokenClass, tokenClasses);
        ContextLists = Lists(contextClass, contextClasses);
    }

    /// <summary>How many colours there are.</summary>
    public int Count => Sizes.Length;

    /// <summary>The colour of (j, c) at j + c·V.</summary>
    public int[] Colours { get; }

    /// <summary>How many pairs have each colour.</summary>
    public int[] Sizes { get; }

    /// <summary>The class of tokens that a colour belongs to.</summary>
    public int[] TokenClassOf { get; }

    /// <summary>The class of contexts that a colour belongs to.</summary>
    public int[] ContextClassOf { get; }

    /// <summary>The class of each token.</summary>
    public int[] TokenClass { get; }

    /// <summary>How many classes of tokens there are.</summary>
    public int TokenClasses { get; }

    /// <summary>The class of each context.</summary>
    public int[] ContextClass { get; }

    /// <summary>How many classes of contexts there are.</summary>
    public int ContextClasses { get; }

    /// <summary>The tokens of each class.</summary>
    public int[][] TokenLists { get; }

    /// <summary>The contexts of each class.</summary>
    public int[][] ContextLists { get; }

    /// <summary>The colours in the columns of a class of contexts.</summary>
    public Range ColoursOf(int contextClass) => starts[contextClass]..starts[contextClass + 1];

    /// <summary>The first colour in the rows of a class of tokens and the columns of one of contexts, and the end of them.</summary>
    public (int First, int End) ColoursOf(int tokenClass, int contextClass)
    {
        (int first, int end) = (starts[contextClass], starts[contextClass + 1]);
        int length = end - first;
        int begin = first + LowerBound(TokenClassOf.AsSpan(first, length), tokenClass);
        return (begin, first + LowerBound(TokenClassOf.AsSpan(first, length), tokenClass + 1));
    }

    /// <summary>The orbits of the group that permutations generate.</summary>
    /// <param name="targets">The targets, which the permutations leave as they are.</param>
    /// <param name="generators">The permutations.</param>
    public static PairColouring OfOrbits(SoftTargets targets, IReadOnlyList<TargetPermutation> generators)
    {
        int v = targets.Tokens, m = targets.Contexts;
        var pairs = new DisjointSets(LinearAlgebra.MatrixShape.Length(v, m));
        foreach (TargetPermutation generator in generators)
        {
            int[] images = TargetSymmetry.OnKeptContexts(targets, generator);
            for (int c = 0; c < m; c++)
            {
                for (int j = 0; j < v; j++)
                {
                    pairs.Join(j + (c * v), generator.Tokens[j] + (images[c] * v));
                }
            }
        }

        return Of(pairs.Numbers(out _), v);
    }

    /// <summary>A colouring with its classes: tokens, and contexts, are of one class where they have a colour in common.</summary>
    /// <param name="colours">The colour of (j, c) at j + c·V, numbered from 0.</param>
    /// <param name="tokens">V.</param>
    public static PairColouring Of(int[] colours, int tokens)
    {
        int contexts = colours.Length / tokens;
        int[] first = new int[colours.Max() + 1];
        Array.Fill(first, -1);
        var tokenSets = new DisjointSets(tokens);
        var contextSets = new DisjointSets(contexts);
        for (int i = 0; i < colours.Length; i++)
        {
            int other = first[colours[i]];
            if (other < 0)
            {
                first[colours[i]] = i;
                continue;
            }

            tokenSets.Join(i % tokens, other % tokens);
            contextSets.Join(i / tokens, other / tokens);
        }

        int[] tokenClass = tokenSets.Numbers(out int tokenClasses), contextClass = contextSets.Numbers(out int contextClasses);
        return new PairColouring(colours, tokenClass, tokenClasses, contextClass, contextClasses);
    }

    // Of an ascending span, the first place with at least a value
    private static int LowerBound(ReadOnlySpan<int> ascending, int value)
    {
        (int low, int high) = (0, ascending.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ascending[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int[][] Lists(int[] classes, int count)
    {
        var lists = new List<int>[count];
        for (int i = 0; i < count; i++)
        {
            lists[i] = [];
        }

        for (int i = 0; i < classes.Length; i++)
        {
            lists[classes[i]].Add(i);
        }

        return Array.ConvertAll(lists, list => list.ToArray());
    }
}
