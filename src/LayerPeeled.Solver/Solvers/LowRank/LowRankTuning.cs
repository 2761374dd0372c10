namespace LayerPeeled.Solver.Solvers.LowRank;

/// <summary>What <see cref="LowRankRun"/> goes by, with what it was measured on.</summary>
internal static class LowRankTuning
{
    // Up to so many variables a Newton step costs little more than a quasi-Newton one, and needs no preconditioner.
    public const int SmallDimension = 256;

    // In larger problems the preconditioned Newton steps take over at this guess of the gap, or when quasi-Newton steps have become slow. Measured on
    // long tails of 85 to 530 groups, budgets of 1 to 100: between 1e-6 and 1e-2 the work to a gap of 1e-10 is the same within a tenth.
    public const double NewtonGap = 1e-3;
    public const int SlowWindow = 100;
    public const double SlowReduction = 0.2;
    public const double SlowStationarity = 1e-2;

    public const int LargeGroupCount = 48;
    public const double AverageMemory = 0.7;

    // In large problems dying columns are looked for after this many quasi-Newton steps, four times as many, and so on; before the first Newton
    // step, and whenever the stationarity has fallen by this much since, or where none was dying by this much. It costs as much as two or three
    // iterations.
    public const int FirstShedding = 8;
    public const int SheddingSpacing = 4;
    public const double SheddingReduction = 0.2;
    public const double IdleSheddingReduction = 0.01;
    public const double Uncertainty = 4;

    // Newton steps near the end that reduce the stationarity by less than this follow a column whose pull is nearly λ, so that it dies out or grows
    // with the cube of its size only: it is looked for more boldly, after each of them.
    public const double SlowNewtonReduction = 0.3;
    public const double SlowUncertainty = 1;

    // Squared norms of columns that may be dying, relative to the largest. Left alone near the end, larger ones cost Newton steps that bring little;
    // taken out earlier, they are sometimes missed later.
    public const double SmallColumn = 1e-2;
    public const double SmallColumnNearTheEnd = 1e-1;
    public const double NearlyStationary = 1e-3;

    // Fewer columns cost the quasi-Newton memory: only many fewer are worth it.
    public const double WorthwhileRank = 0.9;

    // Of the reduction of the stationarity that closes the gap by its guess, which is good to an order of magnitude
    public const double SufficientShare = 0.3;

    // An open gap so many times the guess of it asks for columns that are missing.
    public const double DoubtfulGap = 30;

    // What language models need has a low rank, 25 of 300 contexts and 60 of 1000: more columns would only be carried along, and missing ones are added.
    public const int MostTargetColumns = 300;

    // Near the limit of double precision columns could be added and die out for ever.
    public const int MostExtensions = 20;

    // A cosine has the errors of two vectors, and the step is inaccurate itself.
    public const double ErrorOfStep = 8;

    // Steps may pass λ's value on their way, and change it little by accident: the change before the last one counts as well.
    public const double MultiplierErrorOfStep = 2;
    public const double MultiplierErrorOfEarlierStep = 0.5;
}
