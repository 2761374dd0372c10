namespace LayerPeeled.Solver.Analysis.Diagnosis;

/// <summary>The minimum of a function of one number that may have several: the best point of a grid, then golden sections between its neighbours.</summary>
internal static class LeastMisfit
{
    private const int GridPoints = 33;
    private const int Sections = 40;

    // Half the digits: around a minimum the function is flat.
    private const double Width = 1e-8;
    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    /// <summary>The argument with the smallest value that was found, from high to low.</summary>
    public static double Find(double low, double high, Func<double, double> function, CancellationToken cancellationToken)
    {
        double step = (high - low) / (GridPoints - 1), best = high, least = double.PositiveInfinity;
        for (int i = 0; i < GridPoints && !cancellationToken.IsCancellationRequested; i++)
        {
            Try(high - (i * step));
        }

        double left = Math.Max(low, best - step), right = Math.Min(high, best + step);
        double inner = right - (Golden * (right - left)), outer = left + (Golden * (right - left)), innerValue = Try(inner), outerValue = Try(outer);
        for (int i = 0; i < Sections && right - left > Width && !cancellationToken.IsCancellationRequested; i++)
        {
            if (innerValue < outerValue)
            {
                (right, outer, outerValue) = (outer, inner, innerValue);
                inner = right - (Golden * (right - left));
                innerValue = Try(inner);
            }
            else
            {
                (left, inner, innerValue) = (inner, outer, outerValue);
                outer = left + (Golden * (right - left));
                outerValue = Try(outer);
            }
        }

        return best;

        double Try(double argument)
        {
            double value = function(argument);
            if (value < least)
            {
                (best, least) = (argument, value);
            }

            return value;
        }
    }
}
