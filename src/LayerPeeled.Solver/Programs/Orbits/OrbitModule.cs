using System.Numerics.Tensors;

namespace LayerPeeled.Solver.Programs.Orbits;

/// <summary>
/// Orthonormal bases of the module that a vector v over tokens generates: {Xᵀ·v} among contexts, and {X·w} among tokens for any w ≠ 0 of those. Each basis vector lives on one class and holds
/// the entries of that class.
/// </summary>
internal sealed class OrbitModule
{
    private readonly double newDirection;

    public OrbitModule(PairColouring colouring, RandomElements elements, EigenSpace space, double newDirection)
    {
        this.newDirection = newDirection;
        int v = colouring.TokenClass.Length, m = colouring.ContextClass.Length;
        double[] vector = new double[v], image = new double[m];
        Scatter(space[0], colouring.TokenLists[space.TokenClass], vector);
        Tokens.Add((space.TokenClass, space[0].ToArray()));
        // A random element brings a new direction as long as there is one.
        for (int q = 0; ; q++)
        {
            double[] element = elements[q];
            for (int c = 0; c < m; c++)
            {
                image[c] = TensorPrimitives.Dot<double>(element.AsSpan(c * v, v), vector);
            }

            if (!Extend(Contexts, colouring.ContextLists, image))
            {
                break;
            }
        }

        // A generic w of the contexts' part
        var random = new Random(3);
        Array.Clear(image);
        foreach ((int contextClass, double[] basis) in Contexts)
        {
            double factor = 0.5 + random.NextDouble();
            foreach ((int context, double entry) in colouring.ContextLists[contextClass].Zip(basis))
            {
                image[context] += factor * entry;
            }
        }

        for (int q = 0; ; q++)
        {
            double[] element = elements[q];
            Array.Clear(vector);
            for (int c = 0; c < m; c++)
            {
                TensorPrimitives.MultiplyAdd(element.AsSpan(c * v, v), image[c], vector, vector);
            }

            if (!Extend(Tokens, colouring.TokenLists, vector))
            {
                break;
            }
        }
    }

    /// <summary>The basis among tokens.</summary>
    public List<(int Class, double[] Vector)> Tokens { get; } = [];

    /// <summary>The basis among contexts.</summary>
    public List<(int Class, double[] Vector)> Contexts { get; } = [];

    /// <summary>‖P·U‖_F², P the projection onto a space: how many dimensions of the module lie in it.</summary>
    public double Overlap(EigenSpace space)
    {
        double sum = 0;
        foreach ((_, double[] vector) in Tokens.Where(basis => basis.Class == space.TokenClass))
        {
            for (int i = 0; i < space.Dimension; i++)
            {
                double product = TensorPrimitives.Dot(space[i], vector);
                sum += product * product;
            }
        }

        return sum;
    }

    private static void Scatter(ReadOnlySpan<double> entries, int[] places, double[] vector)
    {
        for (int i = 0; i < places.Length; i++)
        {
            vector[places[i]] = entries[i];
        }
    }

    // Adds what the parts of a vector on the classes have beyond the bases there.
    private bool Extend(List<(int Class, double[] Vector)> bases, int[][] lists, double[] vector)
    {
        double least = newDirection * TensorPrimitives.Norm<double>(vector);
        bool any = false;
        for (int i = 0; i < lists.Length; i++)
        {
            double[] part = Array.ConvertAll(lists[i], place => vector[place]);
            // Twice, for rounding
            for (int pass = 0; pass < 2; pass++)
            {
                foreach ((int other, double[] basis) in bases)
                {
                    if (other == i)
                    {
                        TensorPrimitives.MultiplyAdd(basis, -TensorPrimitives.Dot<double>(basis, part), part, part);
                    }
                }
            }

            double norm = TensorPrimitives.Norm<double>(part);
            if (norm > least)
            {
                TensorPrimitives.Divide(part, norm, part);
                bases.Add((i, part));
                any = true;
            }
        }

        return any;
    }
}
