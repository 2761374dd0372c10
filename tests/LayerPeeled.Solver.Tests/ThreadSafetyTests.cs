using System.Collections.Concurrent;
using LayerPeeled.Solver.Family.Contrastive;
using LayerPeeled.Solver.Family.Spherical;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Targets;
using LayerPeeled.Solver.Tests.LinearAlgebra.Backends;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests;

/// <summary>What may be shared between threads: models, losses, programs, solvers, solutions, backends. All threads begin at once and must find what one alone does.</summary>
[Collection(ProviderSwitchTestGroup.Name)]
public sealed class ThreadSafetyTests : IDisposable
{
    private const int Threads = 8;

    // By the tests of this class, and the provider by its own.
    private static readonly string[] Tested =
    [
        "LayerPeeledModel", "SoftTargetModel", "SoftTargets", "SparseColumns", "ContrastiveModel", "SphericalModel", "ILoss",
        "NuclearNormProgram", "SemidefiniteProgram", "FactorizedProgram", "MaxMarginProgram", "DeepProgram", "GroupedFactors",
        "ISolver", "AutomaticSolver", "ReducedSolver", "LowRankSolver", "MergedSolver", "NuclearNormSolver", "FrankWolfeSolver", "SemidefiniteSolver", "ProjectedGradientSolver",
        "SoftTargetSolver", "ContrastiveSolver", "SphericalSolver", "RectifiedSolver", "DeepFeaturesSolver", "ParameterSweep",
        "LayerPeeledSolution", "SoftTargetSolution", "ContrastiveSolution", "SphericalSolution", "SeliGeometry", "RectifiedFrame",
        "IDenseBackend", "LinearAlgebraProvider",
    ];

    public void Dispose() => LinearAlgebraProvider.Use(LinearAlgebraProviderKind.Auto);

    [Theory]
    [MemberData(nameof(DeterminismTests.Kinds), MemberType = typeof(DeterminismTests))]
    public void Solve_SharedByThreads_GivesTheBitsOfOneAlone(string kind)
    {
        LinearAlgebraProvider.Use(LinearAlgebraProviderKind.Managed);
        string alone = Work.All[kind]();
        Assert.All(AtOnce(_ => Work.All[kind](), 4), shared => Assert.Equal(alone, shared));
    }

    [Fact]
    public void Solve_AllKindsAtOnce_GiveTheBitsOfEachAlone()
    {
        LinearAlgebraProvider.Use(LinearAlgebraProviderKind.Managed);
        string[] kinds = [.. Work.All.Keys], alone = [.. kinds.Select(kind => Work.All[kind]())];
        (int Kind, string Bits)[] shared = AtOnce(
            thread => Enumerable.Range(0, kinds.Length / 5).Select(i => ((thread * 5) + (i * 3)) % kinds.Length).Select(kind => (kind, Work.All[kinds[kind]]())).ToArray(), Threads)
            .SelectMany(found => found).ToArray();
        Assert.All(shared, found => Assert.Equal(alone[found.Kind], found.Bits));
    }

    // What a solution works out when first asked for it, it works out once or to the same bits.
    [Fact]
    public void Solution_ReadByThreadsForTheFirstTime_HasOneValueForEach()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(3, 70), new(1, 21), new(2, 4)], 1, 5);
        var targets = new SoftTargetModel(SoftTargets.From(SoftTargetCases.RandomCounts(9, 7, 1)), 1, 5);
        ContrastiveModel contrast = ContrastiveModel.FromClassGroups(model.Groups, 5);
        SphericalModel sphere = SphericalModel.FromClassGroups(model.Groups, new FixedNorms(1), new FixedNorms(5), 3);
        for (int round = 0; round < 10; round++)
        {
            Same(() => LayerPeeledSolver.Solve(model), solution => Bits.Of(solution) + Bits.Of([solution.FeatureCosines], [.. solution.Groups.Select(group => group.ClassifierNorm2)]));
            Same(() => new SoftTargetSolver().Solve(targets), solution => Bits.Of(solution) + Bits.Of([solution.ClassifierGram()]));
            Same(() => new ContrastiveSolver().Solve(contrast), solution => Bits.Of(solution) + Bits.Of([], [.. solution.Groups.Select(group => group.Norm2)]));
            Same(() => new SphericalSolver(new SphericalOptions { Starts = 1 }).Solve(sphere), solution => Bits.Of(solution) + Bits.Of([], [.. solution.Groups.Select(group => group.FeatureCosine)]));
            Same(() => SeliGeometry.Of(model), seli => Bits.Of([seli.Classifier, seli.FeatureCosines], [.. seli.Groups.Select(group => group.ClassifierNorm2)]));
            Same(() => RectifiedFrame.Of(model), frame => Bits.Of([frame.Classifier, frame.ClassifierCosines], [.. frame.Groups.Select(group => group.ClassifierNorm2)]));
        }

        static void Same<T>(Func<T> create, Func<T, string> read)
        {
            string alone = read(create());
            T shared = create();
            Assert.All(AtOnce(_ => read(shared), Threads), bits => Assert.Equal(alone, bits));
        }
    }

    [Fact]
    public void Classes_SaidToBeThreadSafe_AreThoseTested()
    {
        string library = Path.Combine(ArchitectureTests.Root, "src", "LayerPeeled.Solver");
        IEnumerable<string> said = Directory.EnumerateFiles(library, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(library, file).StartsWith("obj", StringComparison.Ordinal))
            .Where(file => File.ReadLines(file).Any(line => line.Contains("hread-safe", StringComparison.Ordinal) && !line.Contains("ot thread-safe", StringComparison.Ordinal)))
            .Select(Path.GetFileNameWithoutExtension).OfType<string>();
        Assert.Equal(Tested.Order(StringComparer.Ordinal), said.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ProviderSwitchTests.Installed), MemberType = typeof(ProviderSwitchTests))]
    public void Backend_SharedByThreads_GivesTheBitsOfOneAlone(LinearAlgebraProviderKind kind)
    {
        LinearAlgebraProvider.Use(kind);
        using IDisposable limited = LinearAlgebraProvider.LimitThreads(1);
        foreach (int n in new[] { 3, 40, 160 })
        {
            string alone = Decompose(n);
            Assert.All(AtOnce(_ => Decompose(n), Threads), shared => Assert.Equal(alone, shared));
        }

        static string Decompose(int n)
        {
            IDenseBackend backend = LinearAlgebraProvider.Backend;
            double[] a = [.. Enumerable.Range(0, n * n).Select(i => Math.Sin(i * 1.1))], product = new double[n * n], values = new double[n];
            backend.Multiply(false, true, n, n, n, 1, a, n, a, n, 0, product, n);
            double[] vectors = (double[])product.Clone();
            backend.SymmetricEigen(n, vectors, values);
            return Bits.Of([], [.. product, .. values, .. vectors]);
        }
    }

    private static T[] AtOnce<T>(Func<int, T> work, int threads)
    {
        using var gate = new Barrier(threads);
        var results = new ConcurrentBag<T>();
        var failures = new ConcurrentBag<Exception>();
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(index => new Thread(() =>
        {
            gate.SignalAndWait();
            try
            {
                results.Add(work(index));
            }
            catch (Exception error)
            {
                failures.Add(error);
            }
        }))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        Assert.Empty(failures);
        return [.. results];
    }
}
