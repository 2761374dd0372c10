using System.Text.Json.Nodes;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers;
using LayerPeeled.Solver.Solvers.Automatic;
using LayerPeeled.Solver.Solvers.LowRank;
using LayerPeeled.Solver.Solvers.Merged;

namespace LayerPeeled.Data.Tests;

public class SolutionVerifierTests
{
    private static readonly string ClassForm = Solve(500);
    private static readonly string GroupForm = Solve(0);

    private static string Tiny() => SolutionJson.ToText(
        new AutomaticSolver(new AutomaticOptions { RelativeGapTolerance = 1e-9 }).Solve(LayerPeeledModel.FromClassGroups([new(5, 100), new(5, 10)], 1e4, 1e4)),
        new SolutionJsonOptions { IncludeMatrices = true });

    [Theory]
    [InlineData("classes")]
    [InlineData("groups")]
    public void Verify_Untouched_IsCertified(string form)
    {
        SolutionVerification verification = SolutionVerifier.Verify(SolutionJsonTests.Read(Text(form)));
        Assert.All(verification.Checks, check => Assert.Equal(VerificationOutcome.Holds, check.Outcome));
        Assert.True(verification.Certified);
    }

    [Theory]
    [InlineData("classes", "matrices.classifier.0.0", "objective")]
    [InlineData("classes", "matrices.classifier.9.9", "classifier budget")]
    [InlineData("classes", "matrices.classMeans.0.2", "objective")]
    [InlineData("groups", "matrices.classifierSpread.0", "objective")]
    [InlineData("groups", "matrices.featureCore.1.0", "objective")]
    [InlineData("classes", "objective", "objective")]
    [InlineData("classes", "lowerBound", "lower bound")]
    [InlineData("classes", "absoluteGap", "gap")]
    [InlineData("classes", "relativeGap", "gap")]
    [InlineData("classes", "multiplier", "multiplier")]
    [InlineData("classes", "criticalClassSize", "multiplier")]
    [InlineData("classes", "groups.0.classifierNorm2", "norms and cosines")]
    [InlineData("classes", "groups.0.featureCosine", "norms and cosines")]
    [InlineData("classes", "classifierCosines.0.1", "norms and cosines")]
    [InlineData("groups", "model.featureDimension", "feature dimension")]
    public void Verify_OneNumberChanged_Fails(string form, string path, string check)
    {
        SolutionVerification verification = SolutionVerifier.Verify(SolutionJsonTests.Read(JsonEdit.Change(Text(form), path, x => path.EndsWith("Dimension", StringComparison.Ordinal) ? 2 : x + 1e-3)));
        Assert.False(verification.Holds);
        Assert.False(verification.Certified);
        Assert.Contains(verification.Checks, c => c.Name == check && c.Outcome == VerificationOutcome.Fails);
    }

    [Theory]
    [InlineData("classes", 0, VerificationOutcome.Holds)]
    [InlineData("groups", 0, VerificationOutcome.Holds)]
    [InlineData("classes", 1, VerificationOutcome.Unconfirmed)]
    [InlineData("groups", 1, VerificationOutcome.Unconfirmed)]
    public void Verify_BoundsClaimedByOneBitMoreThanProven_AreOpen(string form, int bits, VerificationOutcome expected)
    {
        JsonNode json = JsonNode.Parse(Text(form))!;
        DualityCertificate proven = SolutionVerifier.Verify(SolutionJsonTests.Read(json.ToJsonString())).Certificate;
        double lower = bits == 0 ? proven.LowerBound : Math.BitIncrement(proven.LowerBound);
        double upper = bits == 0 ? proven.PrimalUpperBound : Math.BitDecrement(proven.PrimalUpperBound);
        (json["lowerBound"], json["objectiveUpperBound"]) = (lower, upper);
        (json["absoluteGap"], json["relativeGap"]) = (upper - lower, (upper - lower) / upper);
        SolutionVerification verification = SolutionVerifier.Verify(SolutionJsonTests.Read(json.ToJsonString()));
        Assert.Equal(expected, verification.Checks.Single(check => check.Name == "lower bound").Outcome);
        Assert.Equal(expected, verification.Checks.Single(check => check.Name == "upper bound").Outcome);
        Assert.Equal(bits == 0, verification.Certified);
    }

    [Fact]
    public void Verify_RelativeGapOneBitAboveTheTolerance_Fails()
    {
        JsonNode json = JsonNode.Parse(ClassForm)!;
        double gap = (double)json["relativeGap"]!;
        Assert.NotEqual(VerificationOutcome.Fails, Status(gap));
        Assert.Equal(VerificationOutcome.Fails, Status(Math.BitDecrement(gap)));

        VerificationOutcome Status(double tolerance)
        {
            json["gapTolerance"] = tolerance;
            return SolutionVerifier.Verify(SolutionJsonTests.Read(json.ToJsonString())).Checks.Single(check => check.Name == "status").Outcome;
        }
    }

    [Fact]
    public void Verify_FileWithoutUpperBound_IsReadAsBefore()
    {
        JsonNode json = JsonNode.Parse(ClassForm)!;
        json.AsObject().Remove("objectiveUpperBound");
        (double objective, double lower) = ((double)json["objective"]!, (double)json["lowerBound"]!);
        (json["absoluteGap"], json["relativeGap"]) = (objective - lower, (objective - lower) / objective);
        Assert.True(SolutionVerifier.Verify(SolutionJsonTests.Read(json.ToJsonString())).Certified);
    }

    [Fact]
    public void Verify_LossesTooSmallForADouble_IsCertifiedByItsLogarithms()
    {
        string text = Tiny();
        SolutionVerification verification = SolutionVerifier.Verify(SolutionJsonTests.Read(text));
        Assert.All(verification.Checks, check => Assert.Equal(VerificationOutcome.Holds, check.Outcome));
        Assert.True(verification.Certified);
        Assert.Equal(0, verification.Saved.Objective);
        Assert.InRange(verification.Saved.Log10Objective, -4900, -4800);
    }

    [Theory]
    [InlineData("log10Objective", "objective")]
    [InlineData("log10LowerBound", "lower bound")]
    [InlineData("log10AbsoluteGap", "gap")]
    [InlineData("log10Multiplier", "multiplier")]
    [InlineData("log10CriticalClassSize", "multiplier")]
    [InlineData("objective", "objective")]
    public void Verify_LossesTooSmallForADoubleWithOneChanged_Fails(string path, string check)
    {
        SolutionVerification verification = SolutionVerifier.Verify(SolutionJsonTests.Read(JsonEdit.Change(Tiny(), path, x => x + 1e-3)));
        Assert.False(verification.Certified);
        Assert.Contains(verification.Checks, c => c.Name == check && c.Outcome == VerificationOutcome.Fails);
    }

    [Fact]
    public void Verify_ObjectiveAndItsLogarithmApart_Fails()
    {
        SolutionVerification verification = SolutionVerifier.Verify(SolutionJsonTests.Read(JsonEdit.Change(ClassForm, "log10Objective", x => x + 1e-3)));
        Assert.Contains(verification.Checks, c => c.Name == "objective" && c.Outcome == VerificationOutcome.Fails);
    }

    [Theory]
    [InlineData("model.classifierBudget", "classifier budget")]
    [InlineData("model.featureBudget", "feature budget")]
    public void Verify_BudgetLowered_Fails(string path, string check)
    {
        SolutionVerification verification = SolutionVerifier.Verify(SolutionJsonTests.Read(JsonEdit.Change(ClassForm, path, x => x * 0.999)));
        Assert.Contains(verification.Checks, c => c.Name == check && c.Outcome == VerificationOutcome.Fails);
    }

    [Theory]
    [InlineData("model.classifierBudget")]
    [InlineData("model.featureBudget")]
    public void Verify_BudgetRaised_IsNoLongerOptimal(string path)
    {
        SolutionVerification verification = SolutionVerifier.Verify(SolutionJsonTests.Read(JsonEdit.Change(ClassForm, path, x => x * 1.001)));
        Assert.Contains(verification.Checks, c => c.Name == "status" && c.Outcome == VerificationOutcome.Fails);
    }

    [Fact]
    public void Verify_MergedSolution_RoundTripsAndHolds()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups(Enumerable.Range(0, 120).Select(g => new ClassGroup(6, 500 * Math.Pow(0.97, g))), 1, 5);
        LayerPeeledSolution solution = new MergedSolver(new LowRankOptions { RelativeGapTolerance = 1e-3, GeometryErrorTolerance = 1 }).Solve(model);
        Assert.True(solution.Factors.Program.IsMerged);
        string text = SolutionJson.ToText(solution, new SolutionJsonOptions { IncludeMatrices = true });
        SavedSolution saved = SolutionJson.Read(Stream(text));
        Assert.Equal(solution.Factors.Program.GroupCount, saved.Factors!.Program.GroupCount);
        Assert.True(SolutionVerifier.Verify(saved).Certified);
        JsonNode spoilt = JsonNode.Parse(text)!;
        spoilt["matrices"]!["mergedGroup"]![0] = 7777;
        Assert.Throws<SolutionFormatException>(() => SolutionJson.Read(Stream(spoilt.ToJsonString())));
    }

    [Fact]
    public void Verify_OtherCounts_Fails()
    {
        string text = JsonEdit.Change(JsonEdit.Change(ClassForm, "model.groups.1.count", _ => 11), "groups.1.count", _ => 11);
        Assert.False(SolutionVerifier.Verify(SolutionJsonTests.Read(text)).Holds);
    }

    [Fact]
    public void Verify_CollapsedFlipped_Fails()
    {
        JsonNode json = JsonNode.Parse(ClassForm)!;
        json["groups"]![1]!["collapsed"] = false;
        Assert.Contains(SolutionVerifier.Verify(SolutionJsonTests.Read(json.ToJsonString())).Checks, c => c.Name == "multiplier" && c.Outcome == VerificationOutcome.Fails);
    }

    [Fact]
    public void Verify_OptimalClaimedForAnUnfinishedPoint_Fails()
    {
        string honest = Unfinished();
        Assert.True(SolutionVerifier.Verify(SolutionJsonTests.Read(honest)) is { Holds: true, Certified: false });
        JsonNode json = JsonNode.Parse(honest)!;
        json["status"] = "Optimal";
        json["lowerBound"] = (double)json["objective"]!;
        json["absoluteGap"] = 0;
        json["relativeGap"] = 0;
        Assert.False(SolutionVerifier.Verify(SolutionJsonTests.Read(json.ToJsonString())).Holds);
    }

    [Theory]
    [InlineData("objective", "\"NaN\"", "objective")]
    [InlineData("status", "\"Excellent\"", "status")]
    [InlineData("status", "0", "status")]
    [InlineData("formatVersion", "0", "formatVersion")]
    [InlineData("formatVersion", "3", "formatVersion")]
    [InlineData("model.regulariser", "\"weight-decay\"", "model.regulariser")]
    [InlineData("model.regulariser", "\"penalties\"", "model.classifierPenalty")]
    [InlineData("model.featureNorm", "\"per-batch\"", "model.featureNorm")]
    [InlineData("classCount", "11", "classCount")]
    [InlineData("matrices.form", "\"sparse\"", "matrices.form")]
    [InlineData("matrices.classifier.3.2", "\"NaN\"", "matrices.classifier[3][2]")]
    [InlineData("matrices.classifier.3.2", "null", "matrices.classifier[3][2]")]
    [InlineData("matrices.classifier.3.2", "1e999", "matrices.classifier[3][2]")]
    [InlineData("matrices.classifier.3", "[1, 2]", "matrices.classifier[3]")]
    [InlineData("matrices.classMeans", "[[1]]", "matrices.classMeans")]
    [InlineData("matrices.classifier", "[]", "matrices.classifier")]
    [InlineData("matrices", "null", "matrices")]
    [InlineData("model.loss", "\"svm\"", "model.loss")]
    [InlineData("model.classifierBudget", "-1", "classifierBudget")]
    [InlineData("model.featureDimension", "0", "featureDimension")]
    [InlineData("model.groups.0.count", "-5", "model")]
    [InlineData("groups.1.classes", "4", "groups[1]")]
    [InlineData("groups", "[]", "groups")]
    public void Read_MalformedField_IsNamed(string path, string value, string name)
    {
        // Spliced in as text: a node would refuse 1e999.
        string text = JsonEdit.Replace(ClassForm, path, value);
        var error = Assert.Throws<SolutionFormatException>(() => SolutionJsonTests.Read(text));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingField_IsNamed()
    {
        JsonObject json = JsonNode.Parse(ClassForm)!.AsObject();
        json.Remove("matrices");
        var error = Assert.Throws<SolutionFormatException>(() => SolutionJsonTests.Read(json.ToJsonString()));
        Assert.Contains("matrices is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TruncatedOrNotJson_IsRejected()
    {
        Assert.Throws<SolutionFormatException>(() => SolutionJsonTests.Read(ClassForm[..(ClassForm.Length / 2)]));
        Assert.Throws<SolutionFormatException>(() => SolutionJsonTests.Read(""));
        Assert.Throws<SolutionFormatException>(() => SolutionJsonTests.Read("[]"));
        Assert.Throws<SolutionFormatException>(() => SolutionJsonTests.Read(ClassForm.Replace("\"tool\"", "\"objective\"", StringComparison.Ordinal)));
    }

    private static string Text(string form) => form == "classes" ? ClassForm : GroupForm;

    private static string Solve(int largestClassForm)
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassGroups([new ClassGroup(5, 1000), new ClassGroup(5, 10)], 1, 5);
        return SolutionJson.ToText(new ReducedSolver().Solve(model), new SolutionJsonOptions { IncludeMatrices = true, LargestClassForm = largestClassForm });
    }

    private static string Unfinished()
    {
        LayerPeeledModel model = LayerPeeledModel.FromClassCounts(LongTail.Counts(20, 500, 100), 1, 5);
        return SolutionJson.ToText(
            new ReducedSolver(new LowRankOptions { MaxIterations = 2 }).Solve(model), new SolutionJsonOptions { IncludeMatrices = true });
    }

    private static MemoryStream Stream(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));
}
