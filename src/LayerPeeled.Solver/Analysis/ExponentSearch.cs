namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// Brackets the sign change of an increasing function on [0, 1] to a given width. Trial points lie a third of the width to both sides of the
/// secant's estimate, so that a good estimate closes the bracket in two evaluations; a bracket that does not shrink by half is bisected.
/// </summary>
internal sealed class ExponentSearch(double tolerance)
{
    private double lowValue;
    private double highValue;
    private double lastWidth = double.PositiveInfinity;
    private bool above;
    private int stuck;

    /// <summary>Largest argument known to give a value that is not positive.</summary>
    public double Low { get; private set; }

    /// <summary>Smallest argument known to give a positive value.</summary>
    public double High { get; private set; } = 1;

    /// <summary>Takes the values at 0 and 1.</summary>
    /// <returns>Whether the value at 0 is already positive.</returns>
    public bool Begin(double atZero, double atOne)
    {
        (lowValue, highValue) = (atZero, atOne);
        return atZero > 0;
    }

    /// <summary>Where to evaluate next; null when the bracket is narrow enough.</summary>
    public double? Next()
    {
        double width = High - Low;
        if (width <= tolerance)
        {
            return null;
        }

        stuck = width > 0.5 * lastWidth ? stuck + 1 : 0;
        lastWidth = width;
        if (stuck >= 2)
        {
            stuck = 0;
            return Low + (0.5 * width);
        }

        double secant = Low + (width * lowValue / (lowValue - highValue));
        above = !above;
        double margin = Math.Min(tolerance / 3, width / 4);
        double trial = secant + (above ? tolerance / 3 : -tolerance / 3);
        return Math.Clamp(double.IsFinite(trial) ? trial : Low + (0.5 * width), Low + margin, High - margin);
    }

    /// <summary>Takes the value at a trial point.</summary>
    public void Add(double argument, double value)
    {
        if (value > 0)
        {
            (High, highValue) = (argument, value);
        }
        else
        {
            (Low, lowValue) = (argument, value);
        }
    }
}
