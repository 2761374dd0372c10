using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Programs;

public sealed class NuclearNormProjectionTests
{
    private const double Roundoff = 1e-12;

    public static TheoryData<bool> Forms => [false, true];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Project_PointOutside_LandsOnTheBoundaryAndStaysThere(bool reduced)
    {
        (NuclearNormProgram program, NuclearNormProjection projection, Random random) = Setting(reduced);
        for (int i = 0; i < 20; i++)
        {
            GroupedMatrix point = RandomPoints.Draw(program, random, 30);
            projection.Project(point, program.Radius);
            Assertions.Near(program.Radius, projection.NuclearNorm(point), Roundoff, "nuclear norm");
            GroupedMatrix again = point.Clone();
            projection.Project(again, program.Radius);
            Assert.True(again.Plus(-1, point).FrobeniusNorm() <= Roundoff * point.FrobeniusNorm());
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Project_PointInside_IsLeftAsItIs(bool reduced)
    {
        (NuclearNormProgram program, NuclearNormProjection projection, Random random) = Setting(reduced);
        GroupedMatrix point = RandomPoints.Draw(program, random);
        point.Scale(0.9 * program.Radius / projection.NuclearNorm(point));
        GroupedMatrix before = point.Clone();
        projection.Project(point, program.Radius);
        Assert.Equal(before.Core, point.Core);
        Assert.Equal(before.Spread, point.Spread);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Shrink_AnyPoint_IsTheProximalStepOfTheNuclearNorm(bool reduced)
    {
        // X − P is τ times a subgradient of ‖·‖_* at P: ‖C‖_* ≥ ‖P‖_* + ⟨X − P, C − P⟩/τ for every C, and it is returned what ‖P‖_* is.
        (NuclearNormProgram program, NuclearNormProjection projection, Random random) = Setting(reduced);
        for (int i = 0; i < 20; i++)
        {
            const double Threshold = 2.5;
            GroupedMatrix point = RandomPoints.Draw(program, random, i), near = point.Clone();
            double left = projection.Shrink(near, Threshold);
            Assert.Equal(projection.NuclearNorm(near), left, Roundoff * (1 + left));
            GroupedMatrix residual = point.Plus(-1, near);
            for (int j = 0; j < 50; j++)
            {
                GroupedMatrix other = j == 0 ? program.CreateMatrix() : j == 1 ? point : near.Plus(Math.Pow(10, -j % 5), RandomPoints.Draw(program, random, 1));
                double norm = projection.NuclearNorm(other);
                Assert.True(norm >= left + (residual.Inner(other.Plus(-1, near)) / Threshold) - (Roundoff * (1 + norm + left)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Project_AnyPoint_SatisfiesTheProjectionInequality(bool reduced)
    {
        // ⟨X − P(X), C − P(X)⟩ ≤ 0 for every C in the ball: this and feasibility characterise the projection.
        (NuclearNormProgram program, NuclearNormProjection projection, Random random) = Setting(reduced);
        for (int i = 0; i < 20; i++)
        {
            GroupedMatrix point = RandomPoints.Draw(program, random, 10), nearest = point.Clone();
            projection.Project(nearest, program.Radius);
            GroupedMatrix residual = point.Plus(-1, nearest);
            for (int j = 0; j < 50; j++)
            {
                GroupedMatrix other = j == 0 ? residual.Clone() : RandomPoints.Draw(program, random, 10);
                other.Scale(program.Radius / projection.NuclearNorm(other));
                Assert.True(residual.Inner(other.Plus(-1, nearest)) <= Roundoff * residual.FrobeniusNorm() * program.Radius);
            }
        }
    }

    [Fact]
    public void Project_DiagonalMatrix_ShrinksByTheKnownThreshold()
    {
        NuclearNormProgram program = NuclearNormProgram.ForClasses(LayerPeeledModel.FromClassCounts([3, 2, 1], 1, 1));
        GroupedMatrix point = program.CreateMatrix();
        (point.Core[0], point.Core[4], point.Core[8]) = (5, -3, 1);
        // radius 3: τ = (5 + 3 − 3)/2 = 2.5 leaves 2.5, −0.5, 0
        new NuclearNormProjection(program.SizesArray).Project(point, 3);
        Assertions.Within(2.5, point.Core[0], Roundoff);
        Assertions.Within(-0.5, point.Core[4], Roundoff);
        Assertions.Within(0, point.Core[8], Roundoff);
    }

    [Fact]
    public void Project_OverGroups_IsTheProjectionOfTheFullMatrix()
    {
        (NuclearNormProgram program, NuclearNormProjection projection, Random random) = Setting(reduced: true);
        NuclearNormProgram full = NuclearNormProgram.ForClasses(program.Model);
        GroupedMatrix point = RandomPoints.Draw(program, random, 10);
        GroupedMatrix expanded = RandomPoints.OfClasses(full, point.Expand(program));
        projection.Project(point, program.Radius);
        new NuclearNormProjection(full.SizesArray).Project(expanded, full.Radius);
        GroupedMatrix difference = RandomPoints.OfClasses(full, point.Expand(program)).Plus(-1, expanded);
        Assert.True(difference.FrobeniusNorm() <= Roundoff * expanded.FrobeniusNorm());
    }

    [Fact]
    public void Project_LeadingBlock_IsTheProjectionOfTheWholeMatrix()
    {
        (NuclearNormProgram program, NuclearNormProjection projection, Random random) = Setting(reduced: false);
        int n = program.GroupCount;
        GroupedMatrix block = RandomPoints.Draw(program, random, 10);
        for (int i = 0; i < block.Core.Length; i++)
        {
            block.Core[i] = i % n < 3 && i / n < 4 ? block.Core[i] : 0;
        }

        GroupedMatrix whole = block.Clone();
        projection.Project(block, program.Radius, 3, 4);
        projection.Project(whole, program.Radius);
        Assert.True(block.Plus(-1, whole).FrobeniusNorm() <= Roundoff * whole.FrobeniusNorm());
    }

    private static (NuclearNormProgram Program, NuclearNormProjection Projection, Random Random) Setting(bool reduced)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts([9, 4, 9, 4, 9, 2], 1, 2);
        NuclearNormProgram program = reduced ? NuclearNormProgram.ForGroups(model) : NuclearNormProgram.ForClasses(model);
        return (program, new NuclearNormProjection(program.SizesArray), new Random(7));
    }
}
