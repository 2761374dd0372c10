using LayerPeeled.Solver.Analysis.Diagnosis;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers.Targets;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Analysis.Diagnosis;

public sealed class TargetDiagnosisTests
{
    // An optimum turned in its common coordinates is one; the budgets come out of the matrices.
    [Fact]
    public void Of_TheOptimumItself_HasGainedEverything()
    {
        SoftTargets targets = SoftTargetCases.All["cyclic7"].Model.Targets;
        SoftTargetSolution optimum = new SoftTargetSolver().Solve(new SoftTargetModel(targets, 1.5, 0.7)).EnsureOptimal();
        Matrix<double> turn = Matrix<double>.Build.Random(optimum.Classifier.ColumnCount, optimum.Classifier.ColumnCount, 3).QR().Q;
        TargetDiagnosis diagnosis = TargetDiagnosis.Of(targets, optimum.Classifier * turn, turn.Transpose() * optimum.Features);
        Assertions.Near(1.5, diagnosis.ClassifierBudget, 1e-9);
        Assertions.Near(0.7, diagnosis.FeatureBudget, 1e-9);
        Assertions.Near(1, diagnosis.ShareGained, 1e-8);
        Assert.InRange(diagnosis.ClassifierGramDistance, 0, 1e-6);
        Assert.InRange(diagnosis.FeatureGramDistance, 0, 1e-6);
        Assert.InRange(diagnosis.LogitDistance, 0, 1e-6);
    }

    [Fact]
    public void Of_SomethingElse_HasGainedLessAndLooksDifferent()
    {
        SoftTargets targets = SoftTargetCases.All["cyclic7"].Model.Targets;
        SoftTargetSolution optimum = new SoftTargetSolver().Solve(new SoftTargetModel(targets, 1, 1)).EnsureOptimal();
        Matrix<double> w = optimum.Classifier.Clone();
        w.SetRow(0, optimum.Classifier.Row(3));
        w.SetRow(3, optimum.Classifier.Row(0));
        TargetDiagnosis diagnosis = TargetDiagnosis.Of(targets, w, optimum.Features);
        Assert.InRange(diagnosis.ShareGained, -1, 0.9);
        Assert.True(diagnosis.ClassifierGramDistance > 0.1 && diagnosis.LogitDistance > 0.1);
        Assert.InRange(diagnosis.FeatureGramDistance, 0, 1e-6);
        Assertions.Near(Math.Log(7) - targets.EntropyFloor, diagnosis.ExcessOfNothing, 1e-12);
        Assert.True(diagnosis.Excess > diagnosis.Optimum.Excess);
    }

    [Fact]
    public void Of_ContextThatNeverOccurs_IsLeftOutOfTheBudgetToo()
    {
        SoftTargets targets = SoftTargets.From(SparseColumns.FromDense(Matrix<double>.Build.DenseOfArray(new double[,] { { 3, 0, 1 }, { 1, 0, 2 }, { 0, 0, 5 } })));
        Matrix<double> w = Matrix<double>.Build.Random(3, 2, 1), h = Matrix<double>.Build.Random(2, 3, 2);
        TargetDiagnosis diagnosis = TargetDiagnosis.Of(targets, w, h);
        Assertions.Near((Math.Pow(h.Column(0).L2Norm(), 2) + Math.Pow(h.Column(2).L2Norm(), 2)) / 2, diagnosis.FeatureBudget, 1e-12);
        Assert.Throws<ArgumentException>(() => TargetDiagnosis.Of(targets, w, h.SubMatrix(0, 2, 0, 2)));
        Assert.Throws<ArgumentException>(() => TargetDiagnosis.Of(targets, w * 0, h));
    }
}
