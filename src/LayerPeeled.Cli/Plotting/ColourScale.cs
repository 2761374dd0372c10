using System.Globalization;

namespace LayerPeeled.Cli.Plotting;

/// <summary>From dark blue to light yellow through green; lightness rises all the way, so that the order survives a print in grey.</summary>
internal static class ColourScale
{
    // Viridis (S. van der Walt and N. Smith, 2015), every eighth of it
    private static readonly (double R, double G, double B)[] Stops =
    [
        (68, 1, 84), (71, 44, 122), (59, 81, 139), (44, 113, 142), (33, 144, 141), (39, 173, 129), (92, 200, 99), (170, 220, 50), (253, 231, 37),
    ];

    /// <summary>The colour at a position from 0 to 1; positions outside take the colour of the end.</summary>
    public static string At(double position)
    {
        double scaled = Math.Clamp(position, 0, 1) * (Stops.Length - 1);
        int i = Math.Min((int)scaled, Stops.Length - 2);
        (double R, double G, double B) a = Stops[i], b = Stops[i + 1];
        double t = scaled - i;
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(a.R, b.R, t):x2}{Mix(a.G, b.G, t):x2}{Mix(a.B, b.B, t):x2}");
    }

    private static int Mix(double from, double to, double t) => (int)Math.Round(from + ((to - from) * t));
}
