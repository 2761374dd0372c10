using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Geometry;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.NuclearNorm;
using LayerPeeled.Solver.Solvers.Spectral;
using LayerPeeled.Solver.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Certificates;

public sealed class DualityGapTests
{
    private const double Roundoff = 1e-12;

    public static TheoryData<int> SmallCases => ReferenceCases.Indices(20);

    public static TheoryData<bool> Forms => [false, true];

    [Theory]
    [MemberData(nameof(SmallCases))]
    public void Certify_RandomFeasiblePoints_BoundsTheReferenceOptimum(int index)
    {
        ReferenceCase expected = ReferenceCases.All[index];
        var random = new Random(index);
        foreach (NuclearNormProgram program in Both(expected.Model()))
        {
            var projection = new NuclearNormProjection(program.SizesArray);
            for (int i = 0; i < 10; i++)
            {
                GroupedMatrix point = RandomPoints.Draw(program, random, Math.Pow(10, i - 5));
                projection.Project(point, program.Radius);
                AssertBrackets(expected, DualityGap.Certify(program, point));
            }
        }
    }

    [Fact]
    public void Certify_WhatIsMissingOrNotFinite_Throws()
    {
        NuclearNormProgram program = NuclearNormProgram.ForGroups(LayerPeeledModel.FromClassGroups([new(3, 10), new(2, 1)], 1, 5));
        Assert.Throws<ArgumentNullException>(() => DualityGap.Certify(null!, Matrix<double>.Build.Dense(5, 5), Matrix<double>.Build.Dense(5, 5)));
        Assert.Throws<ArgumentNullException>(() => DualityGap.Certify((GroupedFactors)null!));
        Assert.Throws<ArgumentNullException>(() => DualityGap.Certify(null!, program.CreateMatrix()));
        Assert.Throws<ArgumentNullException>(() => DualityGap.Certify(program, null!));
        DualityCertificate zero = DualityGap.Certify(program, program.CreateMatrix());
        Assert.Throws<ArgumentNullException>(() => DualityGap.WithBound(zero, null!));
        Assert.Throws<ArgumentNullException>(() => DualityGap.WithBound(null!, zero));
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            GroupedMatrix core = program.CreateMatrix(), spread = program.CreateMatrix();
            (core.Core[1], spread.Spread[0]) = (bad, bad);
            Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => DualityGap.Certify(program, core)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => DualityGap.Certify(program, spread));
        }
    }

    // Where the program holds groups together, or adds penalties, the bound is that of the model all the same.
    [Fact]
    public void Certify_LogitsOfMergedGroupsAndOfPenalties_BracketsTheOptimum()
    {
        LayerPeeledModel budgets = LayerPeeledModel.FromClassGroups([new(3, 100), new(2, 12), new(2, 11)], 1, 2);
        LayerPeeledModel penalties = LayerPeeledModel.FromClassGroups([new(3, 100), new(2, 12), new(2, 11)], new Penalties(5e-3, 1e-3));
        foreach (NuclearNormProgram program in new[] { NuclearNormProgram.ForMergedGroups(budgets, [0, 1, 1]), NuclearNormProgram.ForGroups(penalties) })
        {
            DualityCertificate optimum = LayerPeeledSolver.Solve(program.Model).EnsureOptimal().Certificate;
            var random = new Random(1);
            for (int i = 0; i < 10; i++)
            {
                DualityCertificate certificate = DualityGap.Certify(program, RandomPoints.Draw(program, random, Math.Pow(10, (i % 5) - 3)));
                Assert.True(certificate.IsProof);
                Assert.True(certificate.LowerBound <= optimum.PrimalUpperBound, $"{certificate.LowerBound:R} above {optimum.PrimalUpperBound:R}");
                Assert.True(certificate.PrimalUpperBound >= optimum.LowerBound, $"{certificate.PrimalUpperBound:R} below {optimum.LowerBound:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(SmallCases))]
    public void Certify_PerturbedOptima_BoundsTheReferenceOptimum(int index)
    {
        ReferenceCase expected = ReferenceCases.All[index];
        var random = new Random(index);
        foreach (NuclearNormProgram program in Both(expected.Model()))
        {
            GroupedMatrix optimum = Optimum(program);
            double gap = double.PositiveInfinity;
            foreach (double epsilon in new[] { 1e-1, 1e-2, 1e-3, 1e-5, 1e-7, 1e-9 })
            {
                DualityCertificate certificate = DualityGap.Certify(program, Perturbed(program, optimum, epsilon, random));
                AssertBrackets(expected, certificate);
                gap = certificate.RelativeGap;
            }

            // Of first order where classes are collapsed: noise in vanished directions costs budget.
            Assert.True(gap < 1e-8, $"relative gap {gap} at 1e-9 from the optimum");
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Certify_NearTheOptimum_IsOfSecondOrderWhereTheGradientGapIsOfFirst(bool reduced)
    {
        ReferenceCase expected = ReferenceCases.All.Single(c => c.ToString() == "5+5 R=5 E=1x5");
        NuclearNormProgram program = Both(expected.Model())[reduced ? 1 : 0];
        GroupedMatrix optimum = Optimum(program);
        double[] plain = new double[3], levelled = new double[3], aligned = new double[3];
        for (int i = 0; i < 3; i++)
        {
            GroupedMatrix point = Perturbed(program, optimum, Math.Pow(10, -3 - i), new Random(11)), gradient = program.CreateMatrix();
            point.CentreColumns();
            double value = program.Gradient(point, gradient);
            var evaluation = new DualEvaluation(program, point, gradient, value, 0, [], 1);
            plain[i] = evaluation.Certificate(gradient.Clone(), DualKind.Gradient)!.AbsoluteGap;
            var level = new LevelledGradient(program, gradient);
            levelled[i] = level.CandidateTolerances(evaluation.Multiplier)
                .Min(t => evaluation.Certificate(level.Dual(evaluation.Multiplier, t), DualKind.Levelled)!.AbsoluteGap);
            var directions = new AlignedDirections(program, point);
            aligned[i] = directions.CandidateCuts()
                .Min(cut => evaluation.Certificate(directions.AlignedDual(gradient, evaluation.Multiplier, cut), DualKind.Aligned)!.AbsoluteGap);
            Assert.Equal(Math.Min(plain[i], Math.Min(levelled[i], aligned[i])), DualityGap.Certify(program, point).AbsoluteGap, 1e-13);
        }

        for (int i = 1; i < 3; i++)
        {
            Assert.InRange(Math.Log10(plain[i - 1] / plain[i]), 0.8, 1.2);
            Assert.InRange(Math.Log10(levelled[i - 1] / levelled[i]), 1.7, 2.3);
            Assert.InRange(Math.Log10(aligned[i - 1] / aligned[i]), 1.7, 2.3);
        }
    }

    [Fact]
    public void Certify_HeavyTail_LevelledDualIsFarTighterThanTheGradient()
    {
        // Thousands of classes of one example: tiny probabilities, which the dual must not push below zero.
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(Enumerable.Range(1, 3000).Select(k => Math.Ceiling(3000.0 / k)), 1, 5);
        LayerPeeledSolution solution = new ReducedSolver(new LowRankOptions { RelativeGapTolerance = 1e-6, GeometryErrorTolerance = 1 }).Solve(model);
        GroupedMatrix point = solution.Factors.Program.CreateMatrix(), gradient = solution.Factors.Program.CreateMatrix();
        solution.Factors.Product(point);
        double value = solution.Factors.Program.Gradient(point, gradient);
        DualityCertificate plain = new DualEvaluation(solution.Factors.Program, point, gradient, value, 0, [], 1).Certificate(gradient, DualKind.Gradient)!;
        Assert.True(solution.Certificate.AbsoluteGap < 1e-2 * plain.AbsoluteGap, $"{solution.Certificate.AbsoluteGap} against {plain.AbsoluteGap}");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Certify_PointOutsideTheBall_IsScaledBackAndTheExcessReported(bool reduced)
    {
        NuclearNormProgram program = Both(ReferenceCases.All[2].Model())[reduced ? 1 : 0];
        GroupedMatrix optimum = Optimum(program), outside = optimum.Clone();
        outside.Scale(1.25);
        double[] before = [.. outside.Core];
        DualityCertificate certificate = DualityGap.Certify(program, outside);
        Assertions.Near(0.25, certificate.ConstraintViolation, 1e-9);
        Assertions.Near(program.Value(optimum), certificate.PrimalValue, 1e-9);
        Assert.Equal(before, outside.Core);
        Assertions.Within(0, DualityGap.Certify(program, optimum).ConstraintViolation, 1e-9);
    }

    [Fact]
    public void Certify_FactorsOverOneBudget_AreScaledBackOnThatSide()
    {
        LayerPeeledModel model = ReferenceCases.All[2].Model();
        LayerPeeledSolution solution = new NuclearNormSolver().Solve(model);
        DualityCertificate certificate = DualityGap.Certify(model, 2 * solution.Classifier, solution.ClassMeans);
        Assertions.Near(1, certificate.ConstraintViolation, 1e-9);
        Assertions.Near(solution.Objective, certificate.PrimalValue, 1e-9);
        // Half of W with twice H̄ has the same logits but breaks a budget: it only counts after H̄ was halved.
        DualityCertificate shifted = DualityGap.Certify(model, 0.5 * solution.Classifier, 2 * solution.ClassMeans);
        Assert.True(shifted.PrimalValue > solution.Objective * 1.1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Certify_BalancedOptimumOfTinyLoss_ClosesToRelativePrecision(int classes)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new(classes, 3)], 100, 100);
        foreach (NuclearNormProgram program in Both(model))
        {
            DualityCertificate certificate = DualityGap.Certify(program, SpectralStart.CentredIdentity(program));
            // log(1 + x) = x for x = (K − 1)·e^{−Kr/(K(K−1))}, near 1e-47 for ten classes
            double expected = (classes - 1) * Math.Exp(-classes * 100.0 / (classes - 1));
            Assertions.Near(expected, certificate.PrimalValue, 1e-11);
            Assertions.Near(SimplexEtf.BalancedObjective(model), certificate.PrimalValue, 1e-11);
            Assert.True(certificate.RelativeGap < 1e-10, $"relative gap {certificate.RelativeGap}");
            Assert.True(certificate.LowerBound > 0);
        }
    }

    [Fact]
    public void Certify_ShiftedColumns_AreCentredFirst()
    {
        NuclearNormProgram program = Both(ReferenceCases.All[0].Model())[0];
        GroupedMatrix point = Optimum(program);
        point.Scale(0.9);
        DualityCertificate centred = DualityGap.Certify(program, point);
        for (int i = 0; i < point.Core.Length; i++)
        {
            point.Core[i] += 1e-3;
        }

        DualityCertificate shifted = DualityGap.Certify(program, point);
        Assertions.Near(centred.PrimalValue, shifted.PrimalValue, Roundoff);
        Assertions.Near(centred.LowerBound, shifted.LowerBound, 1e-9);
    }

    [Fact]
    public void WithBound_BetterBoundFromElsewhere_IsInherited()
    {
        NuclearNormProgram program = Both(ReferenceCases.All[0].Model())[0];
        GroupedMatrix optimum = Optimum(program);
        DualityCertificate far = DualityGap.Certify(program, program.CreateMatrix()), near = DualityGap.Certify(program, optimum);
        DualityCertificate merged = DualityGap.WithBound(far, near);
        Assert.Equal(DualKind.Inherited, merged.Kind);
        Assert.Equal((far.PrimalValue, near.LowerBound), (merged.PrimalValue, merged.LowerBound));
        Assert.Same(near, DualityGap.WithBound(near, far));
    }

    [Fact]
    public void Certify_WrongShapesAndNumbers_Throw()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([3, 2, 1], 1, 1);
        Matrix<double> square = Matrix<double>.Build.DenseIdentity(3), wide = Matrix<double>.Build.Dense(3, 4, 1);
        Assert.Throws<ArgumentException>(() => DualityGap.Certify(model, wide, square));
        Assert.Throws<ArgumentException>(() => DualityGap.Certify(model, Matrix<double>.Build.Dense(2, 3), square));
        square[1, 1] = double.NaN;
        Assert.Throws<ArgumentException>(() => DualityGap.Certify(model, square, square));
    }

    private static NuclearNormProgram[] Both(LayerPeeledModel model) => [NuclearNormProgram.ForClasses(model), NuclearNormProgram.ForGroups(model)];

    private static GroupedMatrix Optimum(NuclearNormProgram program)
    {
        LayerPeeledSolution solution = new NuclearNormSolver(new NuclearNormOptions { RelativeGapTolerance = 1e-13 }).Solve(program);
        GroupedMatrix optimum = program.CreateMatrix();
        solution.Factors.Product(optimum);
        return optimum;
    }

    // A feasible point at a relative distance ε or so.
    private static GroupedMatrix Perturbed(NuclearNormProgram program, GroupedMatrix optimum, double epsilon, Random random)
    {
        GroupedMatrix noise = RandomPoints.Draw(program, random);
        GroupedMatrix point = optimum.Plus(epsilon * optimum.FrobeniusNorm() / noise.FrobeniusNorm(), noise);
        point.CentreColumns();
        point.Scale(program.Radius / new NuclearNormProjection(program.SizesArray).NuclearNorm(point));
        return point;
    }

    private static void AssertBrackets(ReferenceCase expected, DualityCertificate certificate)
    {
        Assert.True(certificate.IsProof);
        Assert.True(certificate.LowerBound <= expected.Objective, $"lower bound {certificate.LowerBound} above {expected.Objective}");
        Assert.True(certificate.PrimalUpperBound >= expected.Objective);
        Assert.True(certificate.AbsoluteGap >= 0);
    }
}
