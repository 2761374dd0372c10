using LayerPeeled.Solver.LinearAlgebra;
using LayerPeeled.Solver.LinearAlgebra.Backends;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Tests.LinearAlgebra;
using LayerPeeled.Solver.Tests.LinearAlgebra.Backends;

namespace LayerPeeled.MathNetProvider.Tests;

public sealed class MathNetProviderTests
{
    // Two certified optima differ by at most the sum of their relative gaps.
    private const double TwoGaps = 2e-10;

    private static IDenseBackend Backend
    {
        get
        {
            Assert.True(MathNetBackend.TryCreate(out MathNetBackend? backend, out string reason), reason);
            return backend;
        }
    }

    [MathNetFact]
    public void Multiply_AllTransposesAndOddSizes_AgreesWithThreeLoopsAndTouchesNothingElse() => DenseBackendContract.Multiply(Backend);

    [MathNetFact]
    public void SymmetricProduct_OddSizes_AgreesWithThreeLoopsAndIsSymmetric() => DenseBackendContract.SymmetricProduct(Backend);

    [MathNetFact]
    public void TryCholesky_DefiniteAndIndefinite_FactorsOrRefuses() => DenseBackendContract.Cholesky(Backend);

    [MathNetFact]
    public void SymmetricEigen_EasyAndDegenerateMatrices_GivesOrthonormalVectors() => DenseBackendContract.SymmetricEigen(Backend);

    [MathNetFact]
    public void SingularValueDecomposition_EasyAndDegenerateMatrices_GivesOrthonormalFactors() => DenseBackendContract.SingularValues(Backend);

    [MathNetFact]
    public void Decompositions_NonFiniteEntry_Throw() => DenseBackendContract.NonFinite(Backend);

    [MathNetFact]
    public void Solve_ProviderSwitchedOnByTheApplication_IsCertifiedAndAgreesWithManaged()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Enumerable.Range(0, 100).Select(k => Math.Ceiling(500 * Math.Pow(0.96, k)) + k), 1, 5);
        LinearAlgebraProvider.Use(LinearAlgebraProviderKind.Managed);
        LayerPeeledSolution managed = LayerPeeledSolver.Solve(model).EnsureOptimal();
        LinearAlgebraProvider.Use(LinearAlgebraProviderKind.MathNet);
        Assert.StartsWith("mathnet-", LinearAlgebraProvider.Name, StringComparison.Ordinal);
        LayerPeeledSolution native = LayerPeeledSolver.Solve(model).EnsureOptimal();
        Assert.Equal(managed.Objective, native.Objective, TwoGaps * managed.Objective);
    }
}
