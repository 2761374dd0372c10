namespace LayerPeeled.Solver.Analysis.Dynamics;

/// <summary>The steps that are recorded: 0, and the whole numbers nearest above 10^{i/d}, i = 0, 1, ….</summary>
internal struct RecordSchedule(int perDecade)
{
    private int exponent;
    private double next;

    /// <summary>Whether a step is due; steps are asked for in ascending order, none twice.</summary>
    public bool IsDue(int step)
    {
        if (step < next)
        {
            return false;
        }

        while (next <= step)
        {
            next = Math.Ceiling(Math.Pow(10, (double)exponent++ / perDecade));
        }

        return true;
    }
}
