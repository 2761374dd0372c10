using MathNet.Numerics.Distributions;

namespace LayerPeeled.Solver.Programs.Orbits;

/// <summary>Random matrices with one number for each colour, V×m, column by column; made as they are needed.</summary>
internal sealed class RandomElements(PairColouring colouring)
{
    private readonly Random random = new(2);
    private readonly List<(double[] Values, double[] Matrix)> all = [];

    public double[] this[int index]
    {
        get
        {
            while (all.Count <= index)
            {
                double[] values = new double[colouring.Count];
                Normal.Samples(random, values, 0, 1);
                all.Add((values, Array.ConvertAll(colouring.Colours, colour => values[colour])));
            }

            return all[index].Matrix;
        }
    }

    /// <summary>The number of each colour.</summary>
    public double[] Values(int index) => all[index].Values;
}
