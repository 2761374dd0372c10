using LayerPeeled.Cli.Tests.Support;

namespace LayerPeeled.Cli.Tests.Commands;

public class RegulariserUsageTests
{
    private const string Classes = "solve --classes 5x100,5x10 ";

    [Theory]
    [InlineData(Classes + "--model lpmm --ew 1 --eh 5", "--model 'lpmm' is not allowed: one of lpm, ufm, svm, relu, supcon, sphere, qnorm, deep, regression is expected.")]
    [InlineData(Classes + "--features all --ew 1 --eh 5", "--features 'all' is not allowed: one of per-class, per-sample is expected.")]
    [InlineData(Classes + "--loss svm --ew 1 --eh 5", "--loss 'svm' is not allowed: 'svm' is not a loss: one of cross-entropy, squared-error, vs, cdt, ldt, la, balanced-softmax, ldam, temperature, smoothing, ovr, hinge, focal is expected.")]
    [InlineData(Classes + "--loss vs:beta=1 --ew 1 --eh 5", "'beta=1' is not a parameter of the loss 'vs': gamma= a number from -2 to 2, tau= a number from -10 to 10 is expected.")]
    [InlineData(Classes + "--loss focal:gamma=-1 --ew 1 --eh 5", "'gamma=-1' is not allowed for the loss 'focal': gamma= a number from 0 to 10 is expected.")]
    [InlineData(Classes + "--loss hinge --ew 1 --eh 5", "the loss 'hinge:smoothing=0.1' can be 0, and there is nothing to solve")]
    [InlineData(Classes + "--loss smoothing --ew 1 --eh 50", "the loss 'smoothing:epsilon=0.1' can be as small as without budgets, and there is nothing to solve")]
    [InlineData(Classes + "--model ufm --ew 1 --eh 5", "--ew '1' has no meaning with --model ufm, which has penalties, --lambda-w and --lambda-h.")]
    [InlineData(Classes + "--model ufm --lambda-w 1e-3 --lambda-h 1e-3 --eh 5", "--eh '5' has no meaning with --model ufm")]
    [InlineData(Classes + "--ew 1 --eh 5 --lambda-w 1e-3", "--lambda-w '1e-3' has no meaning without --model ufm")]
    [InlineData(Classes + "--lambda-w 1e-3 --lambda-h 1e-3", "--lambda-w '1e-3' has no meaning without --model ufm")]
    [InlineData(Classes + "--model lpm --ew 1 --eh 5 --lambda-h 2", "--lambda-h '2' has no meaning without --model ufm")]
    [InlineData(Classes + "--ew 1 --eh 5 --lambda-b 2", "--lambda-b '2' has no meaning without --model ufm")]
    [InlineData(Classes + "--ew 1 --eh 5 --bias", "--bias has no meaning without --model ufm")]
    [InlineData(Classes + "--model ufm --lambda-h 1e-3", "--lambda-w is required with --model ufm: a number from 1e-100 to 1e100.")]
    [InlineData(Classes + "--model ufm --lambda-w 1e-3", "--lambda-h is required with --model ufm: a number from 1e-100 to 1e100.")]
    [InlineData(Classes + "--model ufm --lambda-w 0 --lambda-h 1e-3", "--lambda-w '0' is not allowed: it must be a number from 1e-100 to 1e100.")]
    [InlineData(Classes + "--model ufm --lambda-w 9e-101 --lambda-h 1e-3", "--lambda-w '9e-101' is not allowed")]
    [InlineData(Classes + "--model ufm --lambda-w 1 --lambda-h 2e100", "--lambda-h '2e100' is not allowed")]
    [InlineData(Classes + "--model ufm --lambda-w 1 --lambda-h -1", "--lambda-h '-1' is not allowed")]
    [InlineData(Classes + "--model ufm --lambda-w 1 --lambda-h 1 --lambda-b 0", "--lambda-b '0' is not allowed: it must be a number from 1e-100 to 1e100; --bias is a bias without a penalty.")]
    [InlineData(Classes + "--model ufm --lambda-w 1 --lambda-h 1 --lambda-b 0.5 --bias", "--lambda-b '0.5' and --bias are given")]
    [InlineData("solve --classes 3x100,2x0 --model ufm --lambda-w 1e-3 --lambda-h 1e-3 --bias", "--classes '3x100,2x0': A free bias needs examples of every class")]
    [InlineData("solve --classes 3x100,2x7 --weights 1,0 --model ufm --lambda-w 1e-3 --lambda-h 1e-3 --bias", "--classes '3x100,2x7': A free bias needs examples of every class")]
    [InlineData(Classes + "--model ufm --lambda-w 1e-3 --lambda-h 1e-3 --method sdp", "--method 'sdp': The sdp method is for budgets.")]
    [InlineData(Classes + "--model ufm --lambda-w 1e-3 --lambda-h 1e-3 --bias --method nuclear-norm", "--method 'nuclear-norm': The nuclear-norm method is for models without a bias.")]
    [InlineData(Classes + "--ew 1 --eh 5 --features per-sample --method merged", "--method 'merged': The merged method is for features that count per class.")]
    [InlineData("solve --model ufm --lambda-w 1 --lambda-h 1", "exactly one of --classes, --counts, --labels and --long-tail")]
    [InlineData("threshold --classes 5x100,5x10 --model ufm --lambda-w 1 --lambda-h 1", "--model")]
    public void Run_OptionsThatDoNotFit_OneLineOnErrorAndExitTwo(string command, string expected)
    {
        ToolRun run = ToolRun.Split(command);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith("layerpeeled: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Solve_BiasPenaltyWithEmptyClasses_IsSolved() => Assert.Equal(0,
        ToolRun.Split("solve --classes 3x100,2x0 --model ufm --lambda-w 1e-3 --lambda-h 1e-3 --lambda-b 1e-3").ExitCode);
}
