using System.Text.Json.Nodes;
using LayerPeeled.Solver.Model;

namespace LayerPeeled.Data.Tests;

public class SolutionVersionTests
{
    private static readonly string First = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ReferenceData", "solutions", "version1.json"));

    [Fact]
    public void Read_FirstVersion_IsALayerPeeledModelAndHolds()
    {
        SavedSolution saved = SolutionJsonTests.Read(First);
        Assert.Equal(new Budgets(1, 2), saved.Model.Regulariser);
        Assert.Equal("cross-entropy", saved.Model.Loss.Name);
        Assert.Equal([new ClassGroup(2, 10), new ClassGroup(1, 4)], saved.Model.Groups);
        Assert.Equal(0.19914855498970152, saved.Objective);
        Assert.Equal(double.NaN, saved.MeanLoss);
        Assert.Null(saved.Bias);
        Assert.Null(saved.GroupBiases);
        SolutionVerification verification = SolutionVerifier.Verify(saved);
        Assert.All(verification.Checks, check => Assert.Equal(VerificationOutcome.Holds, check.Outcome));
        Assert.True(verification.Certified);
    }

    [Fact]
    public void Read_FirstVersionChanged_Fails() =>
        Assert.False(SolutionVerifier.Verify(SolutionJsonTests.Read(JsonEdit.Change(First, "model.featureBudget", x => x * 1.001))).Holds);

    [Fact]
    public void Read_SecondVersionWithoutRegulariser_IsNamed()
    {
        string text = JsonEdit.Replace(First, "formatVersion", "2");
        Assert.Contains("model.featureNorm is missing", Assert.Throws<SolutionFormatException>(() => SolutionJsonTests.Read(text)).Message, StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse(text)!;
        json["model"]!["featureNorm"] = "per-class";
        Assert.Contains("model.regulariser is missing",
            Assert.Throws<SolutionFormatException>(() => SolutionJsonTests.Read(json.ToJsonString())).Message, StringComparison.Ordinal);
    }
}
