using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.NuclearNorm;

namespace LayerPeeled.Solver.Tests.Solvers;

public sealed class SolverCatalogTests
{
    [Fact]
    public void All_EveryPublicMethod_IsThereUnderItsName()
    {
        Assert.All(SolverCatalog.All, entry => Assert.Equal(entry.Name, entry.Create(entry.Defaults).Name));
        string[] types = SolverCatalog.All.Select(entry => entry.Create(entry.Defaults).GetType().Name).Order().ToArray();
        Assert.Equal(typeof(ISolver).Assembly.GetExportedTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(ISolver))).Select(type => type.Name).Order(), types);
        Assert.Equal(SolverCatalog.Default, SolverCatalog.Find(SolverCatalog.Default)?.Name);
        Assert.Null(SolverCatalog.Find("simplex"));
    }

    [Fact]
    public void Create_OptionsOfAnotherMethod_AreRefusedByName()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => SolverCatalog.Find("low-rank")!.Create(new NuclearNormOptions()));
        Assert.Contains("low-rank", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(LowRankOptions), error.Message, StringComparison.Ordinal);
    }
}
