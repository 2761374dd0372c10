using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Tests.Losses;

public sealed class LossCatalogTests
{
    [Fact]
    public void Entries_EachByItsSyntax_NamesALossThatIsMadeAgainFromItsName()
    {
        Assert.Equal(LossCatalog.Entries.Count, LossCatalog.Entries.Select(entry => entry.Name).Distinct().Count());
        foreach (LossEntry entry in LossCatalog.Entries)
        {
            ILoss loss = LossCatalog.Parse(entry.Syntax), standard = LossCatalog.Parse(entry.Name), again = LossCatalog.Parse(loss.Name);
            Assert.Equal(entry.Syntax, loss.Name);
            Assert.Equal((loss.Name, loss.GetType()), (standard.Name, standard.GetType()));
            Assert.Equal((loss.Name, loss.GetType()), (again.Name, again.GetType()));
            Assert.All(entry.Parameters, p => Assert.True(p.Default >= p.Least && p.Default <= p.Largest));
            Assert.All(entry.Aliases, alias => Assert.Equal(standard.Name, LossCatalog.Parse(alias).Name));
        }
    }

    [Theory]
    [InlineData("vs:tau=0.30000000000000004,gamma=-1e-3", "vs:gamma=-0.001,tau=0.30000000000000004")]
    [InlineData("vs:tau=2", "vs:gamma=0.2,tau=2")]
    [InlineData("temperature:value=2", "temperature:value=2")]
    [InlineData("mse", "squared-error")]
    public void Parse_SomeParameters_KeepsTheOthersAndAllDigits(string text, string name) => Assert.Equal(name, LossCatalog.Parse(text).Name);

    [Theory]
    [InlineData("", "one of cross-entropy, ")]
    [InlineData("VS", "'VS' is not a loss")]
    [InlineData("cross-entropy:gamma=1", "has no parameters")]
    [InlineData("vs:", "gamma= a number from -2 to 2, tau= a number from -10 to 10 is expected")]
    [InlineData("vs:gamma", "gamma= a number from -2 to 2")]
    [InlineData("vs:gamma=1=2", "gamma= a number from -2 to 2")]
    [InlineData("vs:gamma=one", "'gamma=one' is not allowed")]
    [InlineData("vs:gamma=NaN", "'gamma=NaN' is not allowed")]
    [InlineData("vs:gamma=2.1", "gamma= a number from -2 to 2")]
    [InlineData("vs:gamma=1,gamma=1", "given twice")]
    [InlineData("smoothing:epsilon=1", "epsilon= a number from 0 to 0.99")]
    public void Parse_WhatIsNoLoss_SaysWhatIsAllowed(string text, string message)
    {
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => LossCatalog.Parse(text)).Message, StringComparison.Ordinal);
        Assert.False(LossCatalog.TryParse(text, out ILoss? loss, out string? error));
        Assert.Null(loss);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_EachParameterAtItsEndsAndBeyond_IsTakenOrRefusedByName()
    {
        foreach (LossEntry entry in LossCatalog.Entries)
        {
            double[] standard = [.. entry.Parameters.Select(p => p.Default)];
            Assert.Contains($"'{entry.Name}' has {standard.Length} parameters, got {standard.Length + 1}", Assert.Throws<ArgumentException>(() => entry.Create([.. standard, 1])).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentNullException>(() => entry.Create(null!));
            for (int i = 0; i < standard.Length; i++)
            {
                LossParameter parameter = entry.Parameters[i];
                foreach (double value in new[] { parameter.Least, parameter.Largest })
                {
                    string name = entry.Create(With(standard, i, value)).Name;
                    Assert.Contains(FormattableString.Invariant($"{parameter.Name}={value}"), name, StringComparison.Ordinal);
                    Assert.Equal(name, LossCatalog.Parse(name).Name);
                }

                foreach (double value in new[] { Math.BitDecrement(parameter.Least), Math.BitIncrement(parameter.Largest), double.NaN })
                {
                    var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => entry.Create(With(standard, i, value)));
                    Assert.Contains($"'{parameter.Name}'", refusal.Message, StringComparison.Ordinal);
                    Assert.Equal(value, refusal.ActualValue);
                }
            }
        }
    }

    [Theory]
    [InlineData(-1e-9)]
    [InlineData(10.001)]
    [InlineData(double.NaN)]
    public void FocalLoss_PowerOutOfRange_Throws(double gamma) =>
        Assert.Contains("between 0 and 10", Assert.Throws<ArgumentOutOfRangeException>(() => new FocalLoss(gamma)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => LossCatalog.Parse(null!));
        Assert.Throws<ArgumentNullException>(() => LossCatalog.TryParse(null!, out _, out _));
    }

    private static double[] With(double[] values, int index, double value)
    {
        double[] changed = [.. values];
        changed[index] = value;
        return changed;
    }
}
