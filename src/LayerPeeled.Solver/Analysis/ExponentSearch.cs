namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// Brackets the sign change of an increasing function on [0, 1] to a given width. The function is known roughly at little cost and to all digits at
/// some: rough values lead to the neighbourhood of the root, where exact ones at both sides of the secant's estimate close the bracket, in two
/// evaluations where the estimate is good. Only exact values move the bracket. The function has a kink at the root, where classes collapse: it is
/// approached from above by secants of positive values alone, which know nothing of the other branch, and by regula falsi (Illinois) after a
/// negative one.
/// </summary>
internal sealed class ExponentSearch(double tolerance)
{
    // Exact values take over this many widths from the root: the estimate is good to a fraction of the way left.
    private const double Near = 8;
    private const int MostRough = 16;
    private const int PatientTrials = 4;
    private double roughLow;
    private double roughLowValue;
    private double roughHigh = 1;
    private double roughHighValue;
    private double lowValue;
    private double highValue;
    private int side;
    private int rough;
    private int exact;
    private double root;
    private double slope;
    private (double Argument, double Value) last;
    private (double Argument, double Value) above;

    /// <summary>Largest argument known to give a value that is not positive.</summary>
    public double Low { get; private set; }

    /// <summary>Smallest argument known to give a positive value.</summary>
    public double High { get; private set; } = 1;

    /// <summary>Whether the next value need only be rough.</summary>
    public bool IsRough { get; private set; } = true;

    /// <summary>About how large the next value will be: what its error should be small to.</summary>
    public double ExpectedSize { get; private set; } = 1;

    /// <summary>Takes the values at 0, not positive, and at 1, positive.</summary>
    public void Begin(double atZero, double atOne)
    {
        (roughLowValue, lowValue) = (atZero, atZero);
        (roughHighValue, highValue) = (atOne, atOne);
        last = (0, atZero);
        above = (1, atOne);
        root = Secant();
    }

    /// <summary>Takes an exact value at an argument inside the bracket before the search begins to ask.</summary>
    public void Know(double argument, double value)
    {
        Bracket(argument, value);
        (roughLow, roughLowValue, roughHigh, roughHighValue) = (Low, lowValue, High, highValue);
        last = (argument, value);
        above = value > 0 ? last : above;
        root = Secant();
    }

    /// <summary>Where to evaluate next; null when the bracket is narrow enough.</summary>
    public double? Next()
    {
        double width = High - Low;
        if (width <= tolerance)
        {
            return null;
        }

        if (IsRough)
        {
            return root;
        }

        if (exact >= PatientTrials && exact % 2 == 0)
        {
            double low = roughLow > Low && roughLow < High ? roughLow : Low;
            return low + (0.5 * (High - low));
        }

        // First above the root, then below it, until both are near.
        bool above = High - root > tolerance / 2;
        double margin = Math.Min(tolerance / 3, width / 4);
        return Math.Clamp(root + (above ? tolerance / 3 : -tolerance / 3), Low + margin, High - margin);
    }

    /// <summary>Takes the value at a trial point.</summary>
    public void Add(double argument, double value)
    {
        if (!IsRough)
        {
            exact++;
            Bracket(argument, value);
            Slope(argument, value);
            root = argument - (value / slope);
            root = root > Low && root < High ? root : Low + ((High - Low) * lowValue / (lowValue - highValue));
            return;
        }

        rough++;
        Slope(argument, value);
        // Illinois: an end that stays counts half, so that both move in.
        if (value > 0)
        {
            (roughHigh, roughHighValue) = (argument, value);
            roughLowValue *= side > 0 ? 0.5 : 1;
            side = 1;
        }
        else
        {
            (roughLow, roughLowValue) = (argument, value);
            roughHighValue *= side < 0 ? 0.5 : 1;
            side = -1;
        }

        root = value > 0 ? FromAbove(argument, value) : Secant();
        ExpectedSize = Math.Abs(value);
        IsRough = Math.Abs(root - argument) > Near * tolerance && roughHigh - roughLow > tolerance && rough < MostRough;
    }

    // Of the last two values; but closer together than the tolerance their difference is that of their errors.
    private void Slope(double argument, double value)
    {
        double secant = (value - last.Value) / (argument - last.Argument);
        if (secant > 0 && Math.Abs(argument - last.Argument) > tolerance)
        {
            slope = secant;
        }

        last = (argument, value);
    }

    private double FromAbove(double argument, double value)
    {
        double estimate = argument - (value * (above.Argument - argument) / (above.Value - value));
        above = (argument, value);
        return estimate > roughLow && estimate < argument ? estimate : Secant();
    }

    private double Secant()
    {
        double secant = roughLow + ((roughHigh - roughLow) * roughLowValue / (roughLowValue - roughHighValue));
        return secant > roughLow && secant < roughHigh ? secant : 0.5 * (roughLow + roughHigh);
    }

    private void Bracket(double argument, double value)
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
