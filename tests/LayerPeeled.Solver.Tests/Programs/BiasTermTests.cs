using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Tests.Support;

namespace LayerPeeled.Solver.Tests.Programs;

public sealed class BiasTermTests
{
    private const double Roundoff = 1e-12;

    public static TheoryData<double, double, bool> Members()
    {
        var data = new TheoryData<double, double, bool>();
        foreach (bool squared in new[] { false, true })
        {
            // A free bias, one whose penalty is next to nothing, one where it decides, and one whose optimum is not known to be small
            data.Add(0, 1.5, squared);
            data.Add(1e-9, 1.5, squared);
            data.Add(0.4, 1.5, squared);
            data.Add(0.4, double.PositiveInfinity, squared);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Misfit_AnyDual_IsItsProductWithTheBiasAndThePenaltyAndWhatItCosts(double penalty, double upper, bool squared)
    {
        NuclearNormProgram program = Program(penalty, squared);
        BiasTerm term = program.Bias!;
        var random = new Random(3);
        for (int run = 0; run < 20; run++)
        {
            GroupedMatrix dual = RandomPoints.Draw(program, random, 0.01), shift = program.CreateMatrix();
            double[] bias = Enumerable.Range(0, program.GroupCount).Select(_ => RandomPoints.Normal(random)).ToArray();
            // ⟨Y, b·√ρᵀ⟩ + (λ_b/2)·‖b‖² + the conjugate, with the bias in the place of its bound where that is less
            program.AddBias(shift, bias);
            double cost = term.SupportAbove(dual, 0, new double[program.GroupCount], upper);
            double expected = dual.Inner(shift) + (0.5 * penalty * bias.Sum(b => b * b)) + cost;
            Assertions.Within(expected, term.Misfit(dual, bias, upper), Roundoff * (Math.Abs(dual.Inner(shift)) + cost));
            Assert.True(expected >= 0);
        }
    }

    [Fact]
    public void Misfit_BiasThatIsBestForTheDual_IsZero()
    {
        NuclearNormProgram program = Program(0.4, squared: false);
        GroupedMatrix dual = RandomPoints.Draw(program, new Random(4), 0.01);
        double[] slope = new double[program.GroupCount];
        program.BiasGradient(dual, slope);
        // β = −Y·ν/λ_b
        Assertions.Within(0, program.Bias!.Misfit(dual, Array.ConvertAll(slope, q => -q / 0.4), 1.5), 1e-30);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SupportAbove_EntriesThatAreOff_IsNotBelowTheCostOfTheMatrixThatTheyStandFor(bool squared)
    {
        var random = new Random(6);
        for (int run = 0; run < 200; run++)
        {
            double[] counts = Enumerable.Range(0, random.Next(2, 6)).Select(_ => Math.Pow(10, 8 * random.NextDouble())).ToArray();
            var penalties = new Penalties(0.1, 0.02) { FeatureNorm = run % 2 == 0 ? FeatureNorm.PerSample : FeatureNorm.PerClass, Bias = run % 3 == 0 ? 0 : Math.Pow(10, -20 * random.NextDouble()) };
            LayerPeeledModel model = LayerPeeledModel.FromClassCounts(counts, penalties, loss: squared ? SquaredErrorLoss.Instance : CrossEntropyLoss.Instance);
            NuclearNormProgram program = NuclearNormProgram.ForClasses(model);
            int n = counts.Length;
            double off = Math.Pow(10, -2 - (14 * random.NextDouble()));
            GroupedMatrix computed = RandomPoints.Draw(program, random);
            double[] errors = Enumerable.Range(0, n).Select(_ => off * random.NextDouble()).ToArray();
            // Y·√ρ of entries that are off by as much as they may be
            var costly = new FixedPoint[n];
            FixedPoint total = counts.Aggregate((FixedPoint)0, (sum, count) => sum + count);
            for (int h = 0; h < n; h++)
            {
                FixedPoint root = penalties.FeatureNorm == FeatureNorm.PerClass ? 1 : FixedPoint.Sqrt(counts[h] * (FixedPoint)n / total);
                for (int g = 0; g < n; g++)
                {
                    FixedPoint entry = computed.Core[g + (h * n)] * (1 + ((FixedPoint)off * (random.Next(3) - 1)));
                    costly[g] += (entry + (g == h ? errors[g] * (FixedPoint)(random.Next(3) - 1) : 0)) * root;
                }
            }

            double upper = Math.Pow(10, -3 * random.NextDouble()), bound = program.Bias!.SupportAbove(computed, off, errors, upper);
            FixedPoint cost = ExactPenalties.BiasCost(model, ExactModel.Weights(model), costly, upper);
            Assert.True(bound >= cost, $"run {run}: {bound:R} below {cost}");
        }
    }

    private static NuclearNormProgram Program(double penalty, bool squared) => NuclearNormProgram.ForGroups(LayerPeeledModel.FromClassGroups(
        [new(3, 9), new(1, 4), new(2, 2)], new Penalties(0.1, 0.02) { Bias = penalty }, loss: squared ? SquaredErrorLoss.Instance : CrossEntropyLoss.Instance));
}
