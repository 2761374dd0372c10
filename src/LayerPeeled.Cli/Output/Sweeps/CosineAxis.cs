using LayerPeeled.Cli.Plotting;

namespace LayerPeeled.Cli.Output.Sweeps;

/// <summary>The vertical axis of cosines: up to 1 with a little air, down to a round number below all of them.</summary>
internal static class CosineAxis
{
    private const double Air = 0.05;

    public static Axis Of(string title, IEnumerable<double> cosines)
    {
        double least = cosines.Where(double.IsFinite).DefaultIfEmpty(0).Min();
        return new Axis(title, AxisScale.Linear, Math.Max(-1, Math.Floor((least - (Air / 2)) * 10) / 10) - (least < -0.95 ? Air : 0), 1 + Air);
    }
}
