using LayerPeeled.Solver.Losses;

namespace LayerPeeled.Solver.Analysis;

/// <summary>
/// A point of the curve (r, log R_0) of two groups at the threshold of minority collapse, in closed form in one parameter w > 0.
/// </summary>
/// <remarks>
/// At a_B = 0 the optimum is Z = a·Π_A + u·vᵀ, (K_A − 1)a + ρ = r with ρ = ‖v‖. With t and s the gaps that u·vᵀ opens between the groups in
/// columns of A and of B, q = p_BA/p_sibling = e^{a/K_A − t}, x_A = R_0·K_B·p_BA = K_B·q/(K_A + K_B·q) and x_B = K_A·p_AB, dividing the KKT
/// system by λ = ω_B leaves
/// <code>
/// t = K/(K_A K_B)·ρ·x_A,   s = K/(K_A K_B)·ρ·x_B,   K·(x_A²/K_B + x_B²/K_A) = 1 (or at most 1 where v = 0)
/// </code>
/// v = 0 would need x_A ≤ K_B/K, that is q ≤ 1, while q = e^{a/K_A} > 1 there: at the threshold v never vanishes (it may above it).
/// Writing x_B = (K_A/K)·e^{−w}, everything follows without solving anything: x_A from the last equation, s = log(K_A(1 − x_B)/(K_B·x_B)),
/// ρ and t from the other two, a = K_A(log q + t); and all of them increase with w. One majority class has no a; the same formulas hold.
/// </remarks>
internal readonly struct ThresholdCurve
{
    private const int MaximumSteps = 200;
    private const double Roundoff = 1e-13;

    private ThresholdCurve(int majorityClasses, int minorityClasses, double w)
    {
        double majority = majorityClasses, minority = minorityClasses, total = majority + minority;
        W = w;
        // x_B = (K_A/K)(1 − η), 1 − η = e^{−w};  x_A = (K_B/K)(1 + δ), (1 + δ)² = 1 + (K_A/K_B)(1 − e^{−2w})
        double z = Math.Exp(-w), growth = Math.Exp(w), eta = -ExpMinusOne(-w), y = majority / minority * -ExpMinusOne(-2 * w);
        double delta = y / (1 + Math.Sqrt(1 + y)), left = 1 - (minority / majority * delta);
        LogQ = Elementary.LogOnePlus(delta) - Elementary.LogOnePlus(-minority / majority * delta);
        MinorityGap = Elementary.LogOnePlus(majority / minority * eta) + w;
        Rho = minority * MinorityGap * growth;
        MajorityGap = minority / majority * (1 + delta) * MinorityGap * growth;
        A = majority * (LogQ + MajorityGap);
        Radius = ((majority - 1) * A) + Rho;

        // R_0 = e^a(1 + (K_A − 1)e^{−a} + K_B·b)/(K_A + K_B·q), b = q·e^{−a}; R_0 − 1 = (e^a − 1)/(K_A + K_B·q)
        double q = Math.Exp(LogQ), weight = majority + (minority * q);
        LogRatio = A < 30
            ? Elementary.LogOnePlus(ExpMinusOne(A) / weight)
            : A - Math.Log(weight) + Elementary.LogOnePlus((weight - 1) * Math.Exp(-A));

        // Derivatives in w of the lines above
        double deltaSlope = majority / minority * z * z / (1 + delta);
        double logQSlope = deltaSlope * ((1 / (1 + delta)) + (minority / majority / left));
        double minorityGapSlope = 1 + (majority / minority * z / (1 + (majority / minority * eta)));
        double rhoSlope = minority * growth * (minorityGapSlope + MinorityGap);
        double majorityGapSlope = minority / majority * growth * (((1 + delta) * (minorityGapSlope + MinorityGap)) + (deltaSlope * MinorityGap));
        double aSlope = majority * (logQSlope + majorityGapSlope);
        RadiusSlope = ((majority - 1) * aSlope) + rhoSlope;
        double excessSlope = (aSlope / -ExpMinusOne(-A)) - (minority * q * logQSlope / weight);
        LogRatioSlope = w == 0 ? aSlope / total : -ExpMinusOne(-LogRatio) * excessSlope;
    }

    /// <summary>The parameter.</summary>
    public double W { get; }

    /// <summary>a, how far the majority classes stand apart.</summary>
    public double A { get; }

    /// <summary>ρ = ‖v‖.</summary>
    public double Rho { get; }

    /// <summary>t, sibling logit minus minority logit from u·vᵀ in a column of A.</summary>
    public double MajorityGap { get; }

    /// <summary>s, own logit minus majority logit in a column of B.</summary>
    public double MinorityGap { get; }

    /// <summary>log q.</summary>
    public double LogQ { get; }

    /// <summary>r = (K_A − 1)a + ρ.</summary>
    public double Radius { get; }

    /// <summary>log R_0.</summary>
    public double LogRatio { get; }

    /// <summary>dr/dw.</summary>
    public double RadiusSlope { get; }

    /// <summary>d(log R_0)/dw.</summary>
    public double LogRatioSlope { get; }

    /// <summary>d(log R_0)/d(log E_W·E_H) = ½·d(log R_0)/d(log r).</summary>
    public double Elasticity => 0.5 * LogRatioSlope * (Radius / RadiusSlope);

    /// <summary>The point with a given r.</summary>
    public static ThresholdCurve AtRadius(int majorityClasses, int minorityClasses, double radius) =>
        Solve(majorityClasses, minorityClasses, radius, c => c.Radius, c => c.RadiusSlope);

    /// <summary>The point with a given log R_0.</summary>
    public static ThresholdCurve AtLogRatio(int majorityClasses, int minorityClasses, double logRatio) =>
        Solve(majorityClasses, minorityClasses, logRatio, c => c.LogRatio, c => c.LogRatioSlope);

    // Safeguarded Newton on log value(w) = log target in log w: nearly linear at both ends, r ~ w for small w and w·e^w for large.
    private static ThresholdCurve Solve(int majorityClasses, int minorityClasses, double target, Func<ThresholdCurve, double> value, Func<ThresholdCurve, double> slope)
    {
        double linear = target / slope(new ThresholdCurve(majorityClasses, minorityClasses, 0));
        double low = 0, high = double.PositiveInfinity, w = Math.Min(linear, Elementary.LogOnePlus(linear)), last = double.PositiveInfinity;
        var curve = new ThresholdCurve(majorityClasses, minorityClasses, w);
        for (int step = 0; step < MaximumSteps; step++)
        {
            double now = value(curve), residual = Math.Log(target / now);
            // Quadratic convergence: a residual of roundoff size that no longer shrinks is as good as it gets.
            if (residual == 0 || (Math.Abs(residual) < Roundoff && Math.Abs(residual) >= 0.5 * last))
            {
                break;
            }

            last = Math.Abs(residual);
            (low, high) = residual < 0 ? (low, w) : (w, high);
            double next = w * Math.Exp(residual * (now / (w * slope(curve))));
            if (!(next > low && next < high))
            {
                next = last < Roundoff ? w : double.IsInfinity(high) ? 2 * w : low > 0 ? Math.Sqrt(low * high) : high / 2;
            }

            if (next == w)
            {
                break;
            }

            w = next;
            curve = new ThresholdCurve(majorityClasses, minorityClasses, w);
        }

        return curve;
    }

    // e^x − 1; near zero as 2·e^{x/2}·sinh(x/2), without cancellation
    private static double ExpMinusOne(double x) => Math.Abs(x) > 1 ? Math.Exp(x) - 1 : 2 * Math.Exp(x / 2) * Math.Sinh(x / 2);
}
