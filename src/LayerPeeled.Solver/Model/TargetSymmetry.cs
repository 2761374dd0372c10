namespace LayerPeeled.Solver.Model;

/// <summary>
/// Which symmetry of soft targets a solve uses: permutations of tokens and contexts that leave T and the weights as they are leave the optimal W·H as it is, so only
/// one number for each orbit of (token, context) is to be found. Immutable.
/// </summary>
public sealed class TargetSymmetry
{
    // What targets and weights that stand for one number may differ by, relative to it
    private const double Roundoff = 1e-13;

    private TargetSymmetry(string name, IReadOnlyList<TargetPermutation> generators) => (Name, Generators) = (name, generators);

    /// <summary>Whatever is found in the targets, where it makes the solve shorter.</summary>
    public static TargetSymmetry Automatic { get; } = new("auto", []);

    /// <summary>None but that equal contexts are one.</summary>
    public static TargetSymmetry None { get; } = new("none", []);

    /// <summary>A step of all tokens and all contexts changes nothing: T is circulant, and the solve takes place in its Fourier transform.</summary>
    public static TargetSymmetry Cyclic { get; } = new("cyclic", []);

    /// <summary><c>auto</c>, <c>none</c>, <c>cyclic</c> or <c>generated</c>.</summary>
    public string Name { get; }

    /// <summary>Permutations that generate the group; none where it is not given by them.</summary>
    public IReadOnlyList<TargetPermutation> Generators { get; }

    /// <summary>The group that permutations generate. Whether they are symmetries is checked against the targets before a solve.</summary>
    /// <param name="generators">At least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static TargetSymmetry Generated(IEnumerable<TargetPermutation> generators)
    {
        ArgumentNullException.ThrowIfNull(generators);
        TargetPermutation[] all = generators.ToArray();
        return all.Length > 0 ? new TargetSymmetry("generated", all) : throw new ArgumentException("There must be at least one generator.", nameof(generators));
    }

    /// <summary>Makes sure that every generator, or the step of <see cref="Cyclic"/>, leaves the targets and the weights as they are, to rounding.</summary>
    /// <param name="targets">The targets.</param>
    /// <exception cref="ArgumentException">One does not fit or changes something; the message names the first entry that it changes.</exception>
    public void Require(SoftTargets targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (this == Cyclic)
        {
            Require(targets, targets.Tokens == targets.GivenContexts ? TargetPermutation.Step(targets.Tokens)
                : throw new ArgumentException($"Targets of {targets.Tokens} tokens and {targets.GivenContexts} contexts are not cyclic: there must be as many of both.", nameof(targets)), "The step");
        }

        for (int i = 0; i < Generators.Count; i++)
        {
            Require(targets, Generators[i], $"Generator {i + 1}");
        }
    }

    /// <summary>σ on the contexts that occur.</summary>
    internal static int[] OnKeptContexts(SoftTargets targets, TargetPermutation generator)
    {
        int[] place = new int[targets.GivenContexts];
        Array.Fill(place, -1);
        for (int c = 0; c < targets.Contexts; c++)
        {
            place[targets.KeptContexts[c]] = c;
        }

        int[] images = new int[targets.Contexts];
        for (int c = 0; c < images.Length; c++)
        {
            images[c] = place[generator.Contexts[targets.KeptContexts[c]]];
        }

        return images;
    }

    /// <summary>Whether two targets or weights stand for one number.</summary>
    internal static bool AreEqual(double left, double right) => Math.Abs(left - right) <= Roundoff * Math.Max(left, right);

    private static void Require(SoftTargets targets, TargetPermutation generator, string name)
    {
        if (generator.Tokens.Length != targets.Tokens || generator.Contexts.Length != targets.GivenContexts)
        {
            throw new ArgumentException(
                $"{name} permutes {generator.Tokens.Length} tokens and {generator.Contexts.Length} contexts; the targets have {targets.Tokens} and {targets.GivenContexts}.", nameof(targets));
        }

        int[] images = OnKeptContexts(targets, generator);
        for (int c = 0; c < images.Length; c++)
        {
            int image = images[c];
            if (image < 0 || !AreEqual(targets.Weights[c], targets.Weights[image]))
            {
                throw new ArgumentException(
                    $"{name} is no symmetry: it takes context {Given(c)} of weight {targets.Weights[c]:G6} to context {generator.Contexts[Given(c)]} of weight {(image < 0 ? 0 : targets.Weights[image]):G6}.",
                    nameof(targets));
            }

            // Where these agree nothing else is left in the image: both sum to 1.
            foreach (int row in targets.Distributions.RowsOf(c))
            {
                RequireEqual(row, c);
            }
        }

        void RequireEqual(int token, int context)
        {
            double here = Entry(targets, token, context), there = Entry(targets, generator.Tokens[token], images[context]);
            if (!AreEqual(here, there))
            {
                throw new ArgumentException(
                    $"{name} is no symmetry: it takes token {token} in context {Given(context)}, target {here:G6}, to token {generator.Tokens[token]} in context {Given(images[context])}, target {there:G6}.",
                    nameof(targets));
            }
        }

        int Given(int context) => targets.KeptContexts[context];
    }

    private static double Entry(SoftTargets targets, int token, int context)
    {
        int place = targets.Distributions.RowsOf(context).BinarySearch(token);
        return place < 0 ? 0 : targets.Distributions.ValuesOf(context)[place];
    }
}
