using LayerPeeled.Solver.Model;

namespace LayerPeeled.Benchmarks;

/// <summary>The models that are measured. All have E_W = 1 and E_H = 5 unless said otherwise.</summary>
internal static class Problems
{
    private const double ClassifierBudget = 1;
    private const double FeatureBudget = 5;

    /// <summary>Places-LT has this many classes; its stand-in spreads them from 4980 to 5 images.</summary>
    private const int PlacesClasses = 365;

    /// <summary>Imbalance ratios of figure 3: 10^{0, 0.1, …, 4}.</summary>
    public static double[] Figure3Ratios => Enumerable.Range(0, 41).Select(i => Math.Pow(10, i / 10.0)).ToArray();

    /// <summary>K_A majority classes with R examples for each of the minority's K_B.</summary>
    public static LayerPeeledModel TwoGroups(double ratio, int majority = 5, int minority = 5) =>
        LayerPeeledModel.FromClassGroups([new ClassGroup(majority, 10 * ratio), new ClassGroup(minority, 10)], ClassifierBudget, FeatureBudget);

    /// <summary>n_k = ⌊top·ratio^{−k/(K−1)}⌋, the usual exponential long tail.</summary>
    public static LayerPeeledModel LongTail(int classes, double top, double ratio) =>
        FromCounts(Enumerable.Range(0, classes).Select(k => Math.Floor(top * Math.Pow(ratio, -(double)k / (classes - 1)))));

    /// <summary>1203 classes with 40 000 down to 55 examples, ⌊40000·k^−0.93⌉: some 400 different counts.</summary>
    public static LayerPeeledModel ManyClasses() => FromCounts(Enumerable.Range(1, 1203).Select(k => Math.Round(40_000 * Math.Pow(k, -0.93))));

    /// <summary>K classes with different weights, log-normal with σ = 1.</summary>
    public static LayerPeeledModel DistinctWeights(int classes)
    {
        var random = new Random(1);
        return FromCounts(Enumerable.Range(0, classes).Select(_ =>
            100 * Math.Exp(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))));
    }

    /// <summary>G groups of four equal classes, counts falling exponentially by 100.</summary>
    public static LayerPeeledModel Groups(int groups) =>
        LayerPeeledModel.FromClassGroups(
            Enumerable.Range(0, groups).Select(g => new ClassGroup(4, 1000 * Math.Pow(100, -(double)g / Math.Max(1, groups - 1)))),
            ClassifierBudget, FeatureBudget);

    /// <summary>A million classes with ⌈10⁶/k⌉ examples.</summary>
    public static LayerPeeledModel Million()
    {
        const int Classes = 1_000_000;
        return FromCounts(Enumerable.Range(1, Classes).Select(k => (double)((Classes + k - 1) / k)));
    }

    /// <summary>Counts like those of a vocabulary: 50 000 classes with ⌈2·10⁷/(k + 2.7)^1.07⌉ examples, E_H = 10.</summary>
    public static LayerPeeledModel Vocabulary() =>
        LayerPeeledModel.FromClassCounts(Enumerable.Range(1, 50_000).Select(k => Math.Ceiling(2e7 / Math.Pow(k + 2.7, 1.07))), 1, 10);

    /// <summary>
    /// Counts of next words as those of a text, V words before V words: contexts occur by Zipf's law, and after one come words by the same law, words of its topic, and a few of its own.
    /// </summary>
    public static SoftTargetModel NextWords(int words)
    {
        const int Topics = 25, Favourites = 6, CountsPerWord = 600;
        var random = new Random(1);
        var entries = new Dictionary<(int Next, int Context), double>();
        double harmonic = Enumerable.Range(1, words).Sum(k => 1.0 / k);
        for (int c = 0; c < words; c++)
        {
            int topic = random.Next(Topics);
            int[] favourites = [.. Enumerable.Range(0, Favourites).Select(_ => random.Next(words))];
            for (int i = (int)Math.Ceiling(CountsPerWord * words / (harmonic * (c + 1))); i > 0; i--)
            {
                double kind = random.NextDouble();
                int next = kind < 0.35 ? Zipf(words) : kind < 0.75 ? (Topics * Zipf(words / Topics)) + topic : favourites[random.Next(Favourites)];
                entries[(next, c)] = entries.GetValueOrDefault((next, c)) + 1;
            }
        }

        SparseColumns table = SparseColumns.FromTriplets(words, words, entries.Select(entry => (entry.Key.Next, entry.Key.Context, entry.Value)));
        return new SoftTargetModel(SoftTargets.From(table), ClassifierBudget, FeatureBudget);

        // P(k) ∝ 1/k, nearly
        int Zipf(int count) => (int)Math.Exp(random.NextDouble() * Math.Log(count));
    }

    /// <summary>Class counts from the last column of a CSV file with a header line; a stand-in for Places-LT when there is no file.</summary>
    public static LayerPeeledModel Places(string? file) =>
        file is null
            ? LongTail(PlacesClasses, 4980, 996)
            : FromCounts(File.ReadLines(file).Skip(1).Where(line => line.Length > 0).Select(line => double.Parse(line[(line.LastIndexOf(',') + 1)..])));

    /// <summary>The counts in the tests' reference data, looked for upwards from the current directory; null when they are not there.</summary>
    public static string? FindPlacesCounts()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (folder.EnumerateFiles("*.sln").Any())
            {
                string file = Path.Combine(folder.FullName, "tests", "LayerPeeled.Solver.Tests", "ReferenceData", "places_lt_counts.csv");
                return File.Exists(file) ? file : null;
            }
        }

        return null;
    }

    private static LayerPeeledModel FromCounts(IEnumerable<double> counts) =>
        LayerPeeledModel.FromClassCounts(counts, ClassifierBudget, FeatureBudget);
}
