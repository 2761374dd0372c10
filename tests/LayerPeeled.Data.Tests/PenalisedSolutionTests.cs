using System.Text.Json.Nodes;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.LowRank;

namespace LayerPeeled.Data.Tests;

public class PenalisedSolutionTests
{
    private static readonly ClassGroup[] Groups = [new(5, 500), new(5, 100)];
    private static readonly ClassGroup[] Weighted = [new(3, 500, 0.5), new(1, 40, 3), new(4, 7)];
    private static readonly Penalties Penalties = new(0.002, 0.001);

    private static readonly Dictionary<string, LayerPeeledModel> Models = new()
    {
        ["cross-entropy"] = Model(Groups, Penalties),
        ["cross-entropy, weights"] = Model(Weighted, Penalties with { Bias = 0.1 }),
        ["squared-error"] = Model(Groups, Penalties, SquaredErrorLoss.Instance),
        ["squared-error, free bias"] = Model(Groups, Penalties with { Bias = 0 }, SquaredErrorLoss.Instance),
        ["bias penalty"] = Model(Groups, Penalties with { Bias = 0.01 }),
        ["free bias"] = Model(Groups, Penalties with { Bias = 0 }),
        ["per class"] = Model(Groups, Penalties with { FeatureNorm = FeatureNorm.PerClass }),
        ["budgets per sample"] = Model(Weighted, new Budgets(1, 5) { FeatureNorm = FeatureNorm.PerSample }),
        ["budgets, squared-error"] = Model(Groups, new Budgets(0.5, 0.5), SquaredErrorLoss.Instance),
        ["vs:gamma=0.3,tau=1"] = Model(Groups, Penalties, LossCatalog.Parse("vs:gamma=0.3,tau=1")),
        ["ldam:c=0.7"] = Model(Weighted, Penalties with { Bias = 0.1 }, LossCatalog.Parse("ldam:c=0.7")),
        ["smoothing:epsilon=0.1"] = Model(Groups, new Budgets(1, 3), LossCatalog.Parse("smoothing:epsilon=0.1")),
        ["ovr"] = Model(Weighted, new Budgets(1, 3), LossCatalog.Parse("ovr")),
        ["hinge:smoothing=0.5"] = Model(Groups, new Budgets(1, 0.5), LossCatalog.Parse("hinge:smoothing=0.5")),
        ["complete collapse"] = Model(Groups, new Penalties(0.02, 0.02)),
        ["complete collapse, free bias"] = Model(Groups, new Penalties(0.02, 0.02) { Bias = 0 }),
        ["complete collapse, squared-error"] = Model(Weighted, new Penalties(0.5, 0.5), SquaredErrorLoss.Instance),
    };

    private static readonly Dictionary<(string, int), string> Texts = [];

    public static TheoryData<string, int> Saved
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in Models.Keys)
            {
                data.Add(name, 500);
                data.Add(name, 0);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Saved))]
    public void Read_WhatWriteWrote_IsTheSameAndCertified(string name, int largestClassForm)
    {
        LayerPeeledSolution solution = new ReducedSolver().Solve(Models[name]).EnsureOptimal();
        SavedSolution saved = SolutionJsonTests.Read(Write(solution, largestClassForm));
        Assert.Equal(solution.Model.Regulariser, saved.Model.Regulariser);
        Assert.Equal(solution.Model.Loss.Name, saved.Model.Loss.Name);
        Assert.Equal(solution.Model.Groups, saved.Model.Groups);
        Assert.Equal(solution.Objective, saved.Objective);
        Assert.Equal(solution.Model.Regulariser is Penalties ? solution.Loss : double.NaN, saved.MeanLoss);
        Assert.Equal(solution.Groups[0].Bias is null ? null : solution.Groups.Select(group => group.Bias!.Value), saved.GroupBiases);
        if (largestClassForm == 0)
        {
            Assert.Equal(solution.Factors.FeatureCore.ToArray(), saved.Factors!.FeatureCore.ToArray());
            Assert.Equal(solution.Factors.Bias.ToArray(), saved.Factors.Bias.ToArray());
        }
        else
        {
            Assert.Equal(solution.ClassMeans, saved.ClassMeans);
            Assert.Equal(solution.Bias, saved.Bias);
        }

        SolutionVerification verification = SolutionVerifier.Verify(saved);
        Assert.All(verification.Checks, check => Assert.True(check.Outcome == VerificationOutcome.Holds, $"{check.Name}: {check.Detail}"));
        Assert.True(verification.Certified);
        Assert.Equal(saved.Model.Regulariser is Budgets, verification.Checks.Any(check => check.Name == "feature budget"));
        Assert.Equal(saved.Model.Regulariser is Penalties, verification.Checks.Any(check => check.Name == "loss"));
    }

    [Theory]
    [InlineData("free bias")]
    [InlineData("bias penalty")]
    [InlineData("budgets per sample")]
    [InlineData("complete collapse")]
    public void Read_ClassByClassPoint_Holds(string name)
    {
        LayerPeeledSolution solution = new LowRankSolver().Solve(Models[name]);
        foreach (int largest in new[] { 500, 0 })
        {
            SavedSolution saved = SolutionJsonTests.Read(Write(solution, largest));
            Assert.NotNull(saved.Classifier);
            Assert.True(SolutionVerifier.Verify(saved) is { Holds: true } verification && verification.Certified == (solution.Status == SolverStatus.Optimal));
        }
    }

    [Theory]
    [MemberData(nameof(Saved))]
    public void Verify_LowerBoundOneBitTooHigh_IsOpen(string name, int largestClassForm)
    {
        JsonNode json = JsonNode.Parse(Text(name, largestClassForm))!;
        DualityCertificate proven = SolutionVerifier.Verify(SolutionJsonTests.Read(json.ToJsonString())).Certificate;
        double lower = Math.BitIncrement(proven.LowerBound), upper = proven.PrimalUpperBound;
        (json["lowerBound"], json["objectiveUpperBound"]) = (lower, upper);
        (json["absoluteGap"], json["relativeGap"]) = (upper - lower, (upper - lower) / upper);
        SolutionVerification verification = SolutionVerifier.Verify(SolutionJsonTests.Read(json.ToJsonString()));
        Assert.Equal(VerificationOutcome.Unconfirmed, verification.Checks.Single(check => check.Name == "lower bound").Outcome);
        Assert.False(verification.Certified);
    }

    [Theory]
    [InlineData("free bias", 500, "matrices.bias.0", 1e-6, "bias")]
    [InlineData("free bias", 500, "matrices.bias.0", 1e-3, "objective")]
    [InlineData("free bias", 0, "matrices.biasCore.1", 1e-6, "bias")]
    [InlineData("bias penalty", 500, "matrices.bias.9", 1e-6, "bias")]
    [InlineData("bias penalty", 500, "groups.0.bias", 1e-6, "bias")]
    [InlineData("bias penalty", 500, "model.biasPenalty", 1e-6, "loss")]
    [InlineData("cross-entropy", 500, "model.classifierPenalty", 1e-6, "objective")]
    [InlineData("cross-entropy", 500, "model.classifierPenalty", 1e-6, "multiplier")]
    [InlineData("cross-entropy", 0, "model.featurePenalty", 1e-6, "objective")]
    [InlineData("squared-error", 500, "model.featurePenalty", -1e-6, "loss")]
    [InlineData("per class", 500, "model.featurePenalty", -1e-6, "objective")]
    [InlineData("cross-entropy", 500, "meanLoss", 1e-6, "loss")]
    [InlineData("cross-entropy", 500, "objective", 1e-6, "objective")]
    [InlineData("cross-entropy", 500, "multiplier", 1e-6, "multiplier")]
    [InlineData("cross-entropy", 500, "criticalClassSize", 1e-3, "multiplier")]
    [InlineData("cross-entropy", 500, "matrices.classMeans.0.0", 1e-4, "norms and cosines")]
    [InlineData("squared-error", 0, "matrices.featureSpread.0", 1e-4, "norms and cosines")]
    [InlineData("cross-entropy", 500, "groups.1.featureNorm2", 1e-6, "norms and cosines")]
    [InlineData("complete collapse", 500, "matrices.classifier.0.0", 1e-3, "norms and cosines")]
    [InlineData("complete collapse", 500, "groups.1.classifierNorm2", 1e-3, "norms and cosines")]
    [InlineData("budgets per sample", 500, "model.featureBudget", -1e-3, "feature budget")]
    [InlineData("budgets per sample", 0, "model.featureBudget", 1e-3, "status")]
    [InlineData("budgets per sample", 500, "groups.2.featureNorm2", 1e-6, "norms and cosines")]
    [InlineData("squared-error", 500, "lowerBound", 1e-3, "lower bound")]
    public void Verify_OneNumberChanged_Fails(string name, int largestClassForm, string path, double change, string check)
    {
        string text = JsonEdit.Change(Text(name, largestClassForm), path, x => x + (change * (path.StartsWith("model", StringComparison.Ordinal) ? x : 1)));
        SolutionVerification verification = SolutionVerifier.Verify(SolutionJsonTests.Read(text));
        Assert.False(verification.Holds);
        Assert.Contains(verification.Checks, c => c.Name == check && c.Outcome == VerificationOutcome.Fails);
    }

    [Theory]
    [InlineData("cross-entropy", "model.featureNorm", "\"per-class\"")]
    [InlineData("free bias", "model.featureNorm", "\"per-class\"")]
    [InlineData("per class", "model.featureNorm", "\"per-sample\"")]
    [InlineData("budgets per sample", "model.featureNorm", "\"per-class\"")]
    [InlineData("cross-entropy", "model.loss", "\"squared-error\"")]
    [InlineData("squared-error", "model.loss", "\"cross-entropy\"")]
    [InlineData("free bias", "model.biasPenalty", "null")]
    [InlineData("bias penalty", "model.biasPenalty", "0")]
    public void Verify_OtherModel_Fails(string name, string path, string value)
    {
        foreach (int largestClassForm in new[] { 500, 0 })
        {
            SolutionVerification verification = SolutionVerifier.Verify(SolutionJsonTests.Read(JsonEdit.Replace(Text(name, largestClassForm), path, value)));
            Assert.False(verification.Holds);
            Assert.False(verification.Certified);
        }
    }

    [Theory]
    [InlineData("cross-entropy", "model.classifierPenalty", "0", "classifierPenalty")]
    [InlineData("cross-entropy", "model.featurePenalty", "\"small\"", "model.featurePenalty")]
    [InlineData("cross-entropy", "model.biasPenalty", "-1", "biasPenalty")]
    [InlineData("cross-entropy", "model.biasPenalty", "0", "bias is missing")]
    [InlineData("cross-entropy", "model.regulariser", "\"budgets\"", "model.classifierBudget is missing")]
    [InlineData("free bias", "matrices.bias", "[1, 2]", "matrices.bias")]
    [InlineData("free bias", "matrices.bias.3", "null", "matrices.bias[3]")]
    [InlineData("free bias", "groups.0.bias", "\"0\"", "groups[0].bias")]
    [InlineData("free bias", "meanLoss", "\"0\"", "meanLoss")]
    public void Read_MalformedField_IsNamed(string name, string path, string value, string expected)
    {
        string text = JsonEdit.Replace(Text(name, 500), path, value);
        Assert.Contains(expected, Assert.Throws<SolutionFormatException>(() => SolutionJsonTests.Read(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Penalties_HaveTheFieldsOfTheModel()
    {
        JsonNode json = JsonNode.Parse(Text("bias penalty", 500))!, without = JsonNode.Parse(Text("squared-error", 0))!;
        Assert.Equal(2, (int)json["formatVersion"]!);
        Assert.Equal(
            ["groups", "regulariser", "classifierPenalty", "featurePenalty", "biasPenalty", "featureNorm", "featureDimension", "loss"],
            json["model"]!.AsObject().Select(field => field.Key));
        Assert.Equal("penalties", (string?)json["model"]!["regulariser"]);
        Assert.Equal("per-sample", (string?)json["model"]!["featureNorm"]);
        Assert.Equal(0.01, (double)json["model"]!["biasPenalty"]!);
        Assert.Equal(["form", "classifier", "classMeans", "bias"], json["matrices"]!.AsObject().Select(field => field.Key));
        Assert.True((double)json["meanLoss"]! < (double)json["objective"]!);
        Assert.Null(without["model"]!["biasPenalty"]);
        Assert.Equal("squared-error", (string?)without["model"]!["loss"]);
        Assert.False(without["groups"]![0]!.AsObject().ContainsKey("bias"));
        Assert.False(without["matrices"]!.AsObject().ContainsKey("biasCore"));
        Assert.False(JsonNode.Parse(Text("budgets per sample", 0))!.AsObject().ContainsKey("meanLoss"));
    }

    [Fact]
    public void Write_ClassMeans_AreThoseOfTheSamples()
    {
        JsonNode json = JsonNode.Parse(Text("squared-error", 500))!;
        double norm2 = json["matrices"]!["classMeans"]!.AsArray().Sum(row => Math.Pow((double)row![9]!, 2));
        Assert.Equal((double)json["groups"]![1]!["featureNorm2"]!, norm2, 1e-12);
        // W and H̄ of one class have the ratio of √(λ_H·n) to √λ_W.
        Assert.Equal((double)json["groups"]![1]!["classifierNorm2"]! * 0.002, norm2 * 0.001 * 100, 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-20)]
    public void Write_BiasThatCostsNextToNothing_IsCertifiedInTheFormOfTheFile(double penalty)
    {
        // What rounding leaves of a sum of the dual point is multiplied by a bound of the bias, or divided by its penalty: more so class by class.
        LayerPeeledModel few = Model([new(100, 1000), new(100, 3)], new Penalties(5e-4, 5e-6) { Bias = 0 }), two = Model(Groups, Penalties with { Bias = penalty });
        LayerPeeledSolution solution = new ReducedSolver().Solve(penalty == 0 ? few : two).EnsureOptimal();
        Assert.True(SolutionVerifier.Verify(SolutionJsonTests.Read(Write(solution, 500))).Certified);
    }

    private static LayerPeeledModel Model(ClassGroup[] groups, Regulariser regulariser, ILoss? loss = null) =>
        LayerPeeledModel.FromClassGroups(groups, regulariser, loss: loss);

    private static string Text(string name, int largestClassForm)
    {
        lock (Texts)
        {
            return Texts.TryGetValue((name, largestClassForm), out string? text)
                ? text : Texts[(name, largestClassForm)] = Write(new ReducedSolver().Solve(Models[name]), largestClassForm);
        }
    }

    private static string Write(LayerPeeledSolution solution, int largestClassForm) =>
        SolutionJson.ToText(solution, new SolutionJsonOptions { IncludeMatrices = true, LargestClassForm = largestClassForm });
}
