using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.FrankWolfe;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.ProjectedGradient;
using LayerPeeled.Solver.Solvers.Semidefinite;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.LinearAlgebra.Backends;

/// <summary>What holds while the provider of the whole process is switched: nothing else may run beside these tests.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProviderSwitchTestGroup
{
    public const string Name = "switches the provider of the process";
}

[Collection(ProviderSwitchTestGroup.Name)]
public sealed class ProviderSwitchTests : IDisposable
{
    private static readonly LayerPeeledModel Model =
        LayerPeeledModel.FromClassCounts(Enumerable.Range(1, 40).Select(k => Math.Ceiling(400.0 / k) + k), 1, 5);

    public static TheoryData<string> Methods => [.. Solvers.Keys];

    private static Dictionary<string, ISolver> Solvers { get; } = new()
    {
        ["auto"] = new AutomaticSolver(),
        ["reduced"] = new ReducedSolver(),
        ["low-rank"] = new LowRankSolver(),
        ["nuclear-norm"] = new NuclearNormSolver(new() { MaxIterations = 30 }),
        ["frank-wolfe"] = new FrankWolfeSolver(new() { MaxIterations = 10 }),
        ["sdp"] = new SemidefiniteSolver(new() { MaxIterations = 10 }),
        ["projected-gradient"] = new ProjectedGradientSolver(new() { MaxIterations = 30 }),
    };

    public static TheoryData<LinearAlgebraProviderKind> Installed =>
    [
        .. new[] { LinearAlgebraProviderKind.Mkl, LinearAlgebraProviderKind.OpenBlas, LinearAlgebraProviderKind.MathNet, LinearAlgebraProviderKind.Managed }
            .Where(kind => ProviderSelection.Load(kind).Backend is not null),
    ];

    public void Dispose() => LinearAlgebraProvider.Use(LinearAlgebraProviderKind.Auto);

    [Theory]
    [MemberData(nameof(Methods))]
    public void Solve_ProviderSwitchedInACallback_FinishesOnTheOneItBeganWith(string method)
    {
        ISolver solver = Solvers[method];
        LinearAlgebraProvider.Use(LinearAlgebraProviderKind.Managed);
        LayerPeeledSolution undisturbed = solver.Solve(Model);
        var other = new CountingBackend();
        LayerPeeledSolution disturbed = solver.Solve(Model, new SwitchOnce(() => LinearAlgebraProvider.Install(Only(other))));
        Assert.Equal("counting", LinearAlgebraProvider.Name);
        Assert.Equal(0, other.Calls);
        Assert.Equal(undisturbed.Objective, disturbed.Objective);
        Assert.Equal(undisturbed.Certificate.LowerBound, disturbed.Certificate.LowerBound);
        Assert.Equal(undisturbed.Classifier, disturbed.Classifier);
    }

    [Fact]
    public void Solve_InACallbackAfterASwitch_RunsOnTheNewOne()
    {
        var other = new CountingBackend();
        LinearAlgebraProvider.Use(LinearAlgebraProviderKind.Managed);
        new ReducedSolver().Solve(Model, new SwitchOnce(() =>
        {
            LinearAlgebraProvider.Install(Only(other));
            new ReducedSolver().Solve(Model);
        }));
        Assert.True(other.Calls > 0);
    }

    [Fact]
    public void LimitThreads_ProviderSwitchedInside_CapsBothAndRestoresBoth()
    {
        var before = new ManagedBackend { Threads = 8 };
        var after = new ManagedBackend { Threads = 6 };
        LinearAlgebraProvider.Install(Only(before));
        Assert.Equal("managed", LinearAlgebraProvider.Name);
        using (LinearAlgebraProvider.LimitThreads(1))
        {
            LinearAlgebraProvider.Install(Only(after));
            Assert.Equal((1, 1), (before.Threads, after.Threads));
        }

        Assert.Equal((8, 6), (before.Threads, after.Threads));
    }

    [Fact]
    public void Solve_SmallProblem_SetsUpNoProvider()
    {
        bool chosen = false;
        LinearAlgebraProvider.Install(new DeferredBackend(() =>
        {
            chosen = true;
            return Only(new ManagedBackend());
        }));
        LayerPeeledSolution solution = LayerPeeledSolver.Solve(LayerPeeledModel.FromClassGroups([new(5, 1000), new(5, 10)], 1, 5));
        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.False(chosen);
        _ = LinearAlgebraProvider.Name;
        Assert.True(chosen);
    }

    [Theory]
    [MemberData(nameof(Installed))]
    public void Solve_EachProviderInstalled_IsCertifiedRepeatableAndAgrees(LinearAlgebraProviderKind kind)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Enumerable.Range(0, 200).Select(k => Math.Ceiling(2000 * Math.Pow(0.97, k)) + k), 1, 5);
        LinearAlgebraProvider.Use(LinearAlgebraProviderKind.Managed);
        LayerPeeledSolution managed = LayerPeeledSolver.Solve(model);
        LinearAlgebraProvider.Use(kind);
        LayerPeeledSolution first = LayerPeeledSolver.Solve(model), second = LayerPeeledSolver.Solve(model);
        Assert.Equal((SolverStatus.Optimal, SolverStatus.Optimal), (managed.Status, first.Status));
        Assertions.Near(managed.Objective, first.Objective, 2e-10);
        Assert.Equal(first.Objective, second.Objective);
        Assert.Equal(first.Classifier, second.Classifier);
    }

    private static ProviderSelection Only(IDenseBackend backend) => new(backend, []);

    private sealed class SwitchOnce(Action act) : IProgress<IterationReport>
    {
        private bool done;

        public void Report(IterationReport value)
        {
            if (!done)
            {
                done = true;
                act();
            }
        }
    }

    /// <summary>The managed code, and how often it was called.</summary>
    private sealed class CountingBackend : IDenseBackend
    {
        private readonly ManagedBackend managed = new();

        public int Calls { get; private set; }

        public string Name => "counting";

        public string Description => Name;

        public int Threads { get; set; } = 1;

        public void Multiply(
            bool transposeA, bool transposeB, int m, int n, int k,
            double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb, double beta, Span<double> c, int ldc)
        {
            Calls++;
            managed.Multiply(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        }

        public void SymmetricProduct(bool transpose, int n, int k, double alpha, ReadOnlySpan<double> a, int lda, double beta, Span<double> c, int ldc)
        {
            Calls++;
            managed.SymmetricProduct(transpose, n, k, alpha, a, lda, beta, c, ldc);
        }

        public void SymmetricEigen(int n, Span<double> a, Span<double> values)
        {
            Calls++;
            managed.SymmetricEigen(n, a, values);
        }

        public void SingularValueDecomposition(int m, int n, Span<double> a, Span<double> u, Span<double> s, Span<double> vt)
        {
            Calls++;
            managed.SingularValueDecomposition(m, n, a, u, s, vt);
        }

        public bool TryCholesky(int n, Span<double> a)
        {
            Calls++;
            return managed.TryCholesky(n, a);
        }
    }
}
