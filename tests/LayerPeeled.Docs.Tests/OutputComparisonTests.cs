using LayerPeeled.Docs.Tests.Pages;

namespace LayerPeeled.Docs.Tests;

public class OutputComparisonTests
{
    [Theory]
    // Rounding of the last digit, and zeros at the end that are not written.
    [InlineData("λ 0.01409170785159839", "λ 0.01409170785159841")]
    [InlineData("cos -0.228283", "cos -0.228284")]
    [InlineData("norm 0.034153 cos 1", "norm 0.034152 cos 0.999999")]
    [InlineData("R_0 = 6350.846", "R_0 = 6350.847")]
    [InlineData("margin -0.0309", "margin -0.0308")]
    // Widths of columns.
    [InlineData("  group   cos\n────────────\n      1   0.5", "  group  cos\n──────────\n      1  0.5\n")]
    // Gaps and residuals at the level of rounding; measured times; iterations.
    [InlineData("relative gap 6.54e-15", "relative gap 0")]
    [InlineData("gap 1.6e-014", "gap 9.7e-11")]
    [InlineData("found with gap 2e-07", "found with gap 9e-07")]
    [InlineData("reduced, 19 iterations, 0.087 s", "reduced, 23 iterations, 1.2 s")]
    // Elisions.
    [InlineData("first\n…\nlast 2", "first\nthis\nthat\nlast 1\nlast 2")]
    [InlineData("first\n…", "first\nthis")]
    [InlineData("version … of today", "version 1.2.3 of today")]
    public void Difference_WithinTheRules_IsNone(string shown, string actual) => Assert.Null(OutputComparison.Difference(shown, actual, new Directives()));

    [Theory]
    [InlineData("cos -0.228283", "cos -0.228286")]
    [InlineData("cos -0.228283", "cos 0.228283")]
    [InlineData("margin -0.0309", "margin -0.0311")]
    [InlineData("objective 0.09129916407512821", "objective 0.09129916417512821")]
    [InlineData("log R_0 = 2.2222224183813552e-08", "log R_0 = 2.2222225183813552e-08")]
    [InlineData("8736 of 100000 points", "8736 of 10000 points")]
    [InlineData("collapsed 5 of 10", "collapsed 4 of 10")]
    [InlineData("gap 1.6e-014", "gap 1.6e-04")]
    [InlineData("residual 1.6e-14", "residual 1.6e-08")]
    [InlineData("gap 1.6e0", "gap 8.2e-1")]
    [InlineData("cos(w, w') 0.5", "cos(h, h') 0.5")]
    [InlineData("E_5 is 1", "E_6 is 1")]
    [InlineData("R = 1", "R = NaN")]
    [InlineData("1 2 3", "1 2")]
    [InlineData("version 1.2.3", "version 1.2.4")]
    [InlineData("first\nlast", "first\nmiddle\nlast")]
    [InlineData("first", "first\nlast")]
    [InlineData("first\nlast", "first")]
    [InlineData("first\n…\nlast", "first\nmiddle\nlast\nmore")]
    [InlineData("first\n…\nlast", "first\nmiddle")]
    [InlineData("version … of today", "versions 1.2.3 of today")]
    public void Difference_OutsideTheRules_IsNamed(string shown, string actual) => Assert.NotNull(OutputComparison.Difference(shown, actual, new Directives()));

    [Fact]
    public void Difference_DigitsGiven_ComparesThatMany()
    {
        Directives three = new Directives().With("<!-- digits: 3 -->");
        Assert.Null(OutputComparison.Difference("NC1 20.156672", "NC1 20.150874", three));
        Assert.NotNull(OutputComparison.Difference("NC1 20.156672", "NC1 20.250874", three));
    }

    [Fact]
    public void Difference_NumberSaidToVary_IsNotCompared()
    {
        Directives varies = new Directives().With("<!-- varies: 8736 -->");
        Assert.Null(OutputComparison.Difference("8736 of 100000 points", "16 of 100000 points", varies));
        Assert.NotNull(OutputComparison.Difference("8736 of 100000 points", "16 of 10000 points", varies));
    }

    [Theory]
    [InlineData("<!-- slwo -->")]
    [InlineData("<!-- digits -->")]
    [InlineData("<!-- a remark -->")]
    public void Directives_UnknownComment_IsRefused(string comment) => Assert.Throws<FormatException>(() => new Directives().With(comment));
}
