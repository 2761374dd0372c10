using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Programs;

public sealed class SemidefiniteProgramTests
{
    private static readonly LayerPeeledModel Model = LayerPeeledModel.FromClassCounts([7, 5, 2], 2, 3);

    [Fact]
    public void Objective_PointOfASolution_IsItsObjectiveAndThePointIsFeasible()
    {
        var program = new SemidefiniteProgram(Model);
        LayerPeeledSolution solution = new NuclearNormSolver().Solve(Model);
        Matrix<double> x = solution.SemidefinitePoint();
        Assertions.Near(solution.Objective, program.Objective(x), 1e-12);
        Assertions.Within(0, program.Violation(x), 1e-12);
    }

    [Fact]
    public void Violation_InfeasiblePoints_NamesTheLargest()
    {
        var program = new SemidefiniteProgram(Model);
        Matrix<double> x = Matrix<double>.Build.DenseIdentity(6);
        Assert.Equal(0, program.Violation(x));
        // tr X22 = 30 where K·E_W = 6 is allowed; tr X11 = 30 where 9 is.
        Assertions.Near(4, program.Violation(10 * x), 1e-12);
        x[0, 0] = -0.5;
        Assertions.Near(0.5, program.Violation(x), 1e-12);
        x[0, 0] = 1;
        x[0, 5] = 1;
        Assert.True(program.Violation(x) > 0.1);
    }

    [Fact]
    public void DualMatrix_MultipliersAtTheBoundary_AreJustPositiveSemidefinite()
    {
        var program = new SemidefiniteProgram(Model);
        Matrix<double> dual = Matrix<double>.Build.Random(3, 3, 5);
        double sigma = dual.L2Norm();
        double smallest = program.DualMatrix(sigma, sigma / 4, dual).Evd(Symmetricity.Symmetric).EigenValues.Min(v => v.Real);
        Assertions.Within(0, smallest, 1e-12 * sigma);
        Assert.True(program.DualMatrix(sigma, sigma / 5, dual).Evd(Symmetricity.Symmetric).EigenValues.Min(v => v.Real) < 0);
    }

    [Fact]
    public void Objective_WrongOrder_Throws()
    {
        var program = new SemidefiniteProgram(Model);
        Assert.Throws<ArgumentException>(() => program.Objective(Matrix<double>.Build.Dense(3, 3)));
        Assert.Throws<ArgumentException>(() => program.Violation(Matrix<double>.Build.Dense(6, 5)));
        Assert.Throws<ArgumentException>(() => program.DualMatrix(1, 1, Matrix<double>.Build.Dense(2, 3)));
    }
}
