using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Programs;

namespace LayerPeeled.Solver.Solvers;

/// <summary>The mutable state of one solve: owns every buffer, allocated once, and knows how to make one iteration.</summary>
internal abstract class SolverRun
{
    /// <summary>Average loss at the current point, and what penalties add to it, in units of e^{<see cref="LogUnit"/>}.</summary>
    public double Objective { get; protected set; }

    /// <summary>Logarithm of the unit of <see cref="Objective"/>: 0, or negative where the loss is too small for a double.</summary>
    public double LogUnit { get; protected set; }

    /// <summary>Relative measure of stationarity at the current point; 0 at an optimum.</summary>
    public double Stationarity { get; protected set; } = double.PositiveInfinity;

    /// <summary>
    /// An inexpensive guess of the relative gap that <see cref="Certify"/> would find; decides when it is worth while to certify.
    /// The square of the stationarity, by default: the aligned gap is of second order.
    /// </summary>
    public virtual double GapEstimate => Stationarity * Stationarity;

    /// <summary>What the method knows of the errors at the current point beside the gap.</summary>
    public virtual ErrorEstimate Error => ErrorEstimate.Unknown;

    /// <summary>
    /// Iterations after which a certificate is made although <see cref="GapEstimate"/> does not ask for one, in case the guess is too high.
    /// </summary>
    public virtual int CertificateInterval => 50;

    /// <summary>True once no further progress is possible.</summary>
    public bool Stalled { get; protected set; }

    /// <summary>
    /// True while the method wants to go on although the gap has closed (to bring the geometry, not only the value, to full accuracy).
    /// </summary>
    public virtual bool Polishing => false;

    /// <summary>True while the next iteration may find a way on from a stationary point whose certificate stayed open.</summary>
    public virtual bool MayEscape => false;

    /// <summary>One iteration. Inner searches are capped and give up when <paramref name="control"/> says so.</summary>
    public abstract void Iterate(IterationControl control);

    /// <summary>
    /// The current point, or the last finite one, as a feasible point of the nonconvex program; a copy that later iterations leave alone.
    /// </summary>
    public abstract GroupedFactors Point();

    /// <summary>Called when the loop keeps the point that <see cref="Point"/> returned last as the best so far, which it returns in the end.</summary>
    public virtual void PointKept()
    {
    }

    /// <summary>The certificate of a point, recomputed from the raw data of the program.</summary>
    public virtual DualityCertificate Certify(GroupedFactors point, double target) => DualityGap.Certify(point, target);
}
